"""Say dates, times, states and form errors in the words that people read on a page."""

from collections.abc import Iterable
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from flask import Flask

from jags.kernel.time import LONDON, london_date

# The words for every value that a page may show; the key is the enum's class and value.
WORDING: dict[str, str] = {
    "RequestState.draft": "Draft",
    "RequestState.unconfirmed": "E-mail not yet confirmed",
    "RequestState.in_triage": "Being considered",
    "RequestState.waiting_for_requester": "Waiting for the requester",
    "RequestState.accepted": "Accepted: finding facilitators",
    "RequestState.offered": "Offered to facilitators",
    "RequestState.facilitators_agreed": "Facilitators agreed",
    "RequestState.scheduled": "Date arranged",
    "RequestState.held": "Held",
    "RequestState.closed": "Closed",
    "RequestState.signposted": "Signposted: another route",
    "RequestState.withdrawn": "Withdrawn",
    "RequestState.cancelled": "Cancelled",
    "RequestState.duplicate": "Duplicate",
    "OfferState.offered": "Waiting for an answer",
    "OfferState.declared": "Independence declared",
    "OfferState.accepted": "Accepted",
    "OfferState.declined": "Declined",
    "OfferState.lapsed": "Not needed now",
    "OfferState.withdrawn": "Withdrawn",
    "OfferState.stepped_back": "Stepped back",
    "PairState.offered": "Offered",
    "PairState.agreed": "Facilitators agreed",
    "PairState.ended": "Ended",
}

# Colour only helps; the words carry the meaning. What is not named here is grey.
TAG_COLOURS: dict[str, str] = {
    "RequestState.unconfirmed": "yellow",
    "RequestState.in_triage": "orange",
    "RequestState.waiting_for_requester": "yellow",
    "RequestState.accepted": "blue",
    "RequestState.offered": "blue",
    "RequestState.facilitators_agreed": "teal",
    "RequestState.scheduled": "teal",
    "RequestState.held": "green",
    "OfferState.offered": "yellow",
    "OfferState.declared": "blue",
    "OfferState.accepted": "green",
    "PairState.offered": "yellow",
    "PairState.agreed": "green",
}


def register_filters(app: Flask) -> None:
    """Make every filter of this module known to the templates of `app`."""
    for function in (day, clock, moment, words, tag_colour, listing, days_left, error_links):
        app.add_template_filter(function)


def day(value: date | None) -> str:
    """Return a date as 3 March 2026; an aware instant counts as its date in London."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = london_date(value) if value.tzinfo else value.date()
    return f"{value.day} {value:%B %Y}"


def clock(value: datetime | time | None) -> str:
    """Return a time of day as 2:30pm; an aware instant counts as its wall time in London."""
    if value is None:
        return ""
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(LONDON)
    half = "am" if value.hour < 12 else "pm"  # noqa: PLR2004 - noon divides the twelve-hour clock.
    minutes = f":{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{half}"


def moment(value: datetime | None) -> str:
    """Return an aware instant as Tuesday 3 March 2026, 2:30pm, in London."""
    if value is None:
        return ""
    return f"{value.astimezone(LONDON):%A} {day(value)}, {clock(value)}"


def words(value: Enum | str | None, kind: str = "") -> str:
    """Return the words for an enum's value; `kind` names the enum's class when only its value is at hand."""
    if value is None:
        return ""
    key = _key(value, kind)
    return WORDING.get(key) or key.rpartition(".")[2].replace("_", " ").capitalize()


def tag_colour(value: Enum | str, kind: str = "") -> str:
    """Return the colour of the tag that shows a state."""
    return TAG_COLOURS.get(_key(value, kind), "grey")


def listing(values: Iterable[object], last: str = "and") -> str:
    """Return things as "a, b and c"."""
    things = [str(value) for value in values]
    if len(things) < 2:  # noqa: PLR2004 - one thing needs no joining word.
        return "".join(things)
    return f"{', '.join(things[:-1])} {last} {things[-1]}"


def days_left(due_on: date, today: date) -> str:
    """Say how many calendar days remain until a due date, or how late it is."""
    left = (due_on - today).days
    if left == 0:
        return "today"
    unit = "day" if abs(left) == 1 else "days"
    return f"{left} {unit} left" if left > 0 else f"{-left} {unit} late"


def error_links(form: Any) -> list[dict[str, str]]:
    """Return each error of a form once, with a link to the first input that it speaks of.

    Errors of the form as a whole have no link.
    """
    problems = [{"text": str(text), "href": ""} for text in getattr(form, "form_errors", ())]
    for field in form:
        problems += _field_problems(field)
    return problems


def _field_problems(field: Any) -> list[dict[str, str]]:
    # Fields of fields come first: a group repeats its members' errors, as lists or dictionaries.
    if hasattr(field, "entries"):
        inner = [problem for entry in field.entries for problem in _field_problems(entry)]
    elif hasattr(field, "form"):
        inner = error_links(field.form)
    else:
        inner = []
    own = [str(text) for text in field.errors if not isinstance(text, dict | list)] if not inner else []
    return inner or [{"text": text, "href": f"#{_first_input(field)}"} for text in own[:1]]


def _first_input(field: Any) -> str:
    # The three boxes of a date carry the name of the part; the group around them cannot take the focus.
    if type(field.widget).__name__.endswith(("DateBoxes", "DateInput")):
        return f"{field.name}-day"
    return str(field.id)


def _key(value: Enum | str, kind: str) -> str:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.value}"
    return f"{kind}.{value}"
