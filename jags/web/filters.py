"""Say dates, times, states and form errors in the words that people read on a page."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from flask import Flask
from markupsafe import Markup, escape
from wtforms.widgets import HiddenInput

from jags.kernel.time import date_in_words, day_in_words, london_date, time_in_words
from jags.kernel.words import count_in_words, hours_in_words, length_in_words, listing
from jags.practice.rules import in_pounds
from jags.web.wording import tag_colour, words

_MEGABYTE = 1_000_000

# A cell of a table; there is no table inside another.
_CELL = re.compile(r"(<t[dh]\b[^>]*>)(.*?)(</t[dh]>)", re.DOTALL)


def register_filters(app: Flask) -> None:
    """Make every filter of this module known to the templates of `app`."""
    for function in (
        day,
        ordinal,
        clock,
        weekday,
        moment,
        words,
        tag_colour,
        listing,
        error_links,
        count_in_words,
        hours_in_words,
        length_in_words,
        pounds,
        file_size,
        under,
    ):
        app.add_template_filter(function)


def day(value: date | None) -> str:
    """Return a date as 3 March 2026; an aware instant counts as its date in London."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = london_date(value) if value.tzinfo else value.date()
    return date_in_words(value)


def ordinal(value: int) -> str:
    """Return a place as people say it: first to tenth, then 11th."""
    named = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if 1 <= value <= len(named):
        return named[value - 1]
    last = value % 10 if value // 10 % 10 != 1 else 0
    return f"{value}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def clock(value: datetime | time | None) -> str:
    """Return a time of day as 2:30pm; an aware instant counts as its wall time in London."""
    return "" if value is None else time_in_words(value)


def weekday(value: date | None) -> str:
    """Return a date, or the date of a naive wall time, as Tuesday 3 March 2026."""
    return "" if value is None else day_in_words(value)


def moment(value: datetime | None) -> str:
    """Return an aware instant as Tuesday 3 March 2026, 2:30pm, in London."""
    return "" if value is None else f"{day_in_words(london_date(value))}, {time_in_words(value)}"


def pounds(pence: int | None) -> str:
    """Return pence as £1,250 or £80.50; nothing for None."""
    return "" if pence is None else in_pounds(pence)


def file_size(size: int) -> str:
    """Return a number of bytes as 12 kB or 1.4 MB."""
    if size < _MEGABYTE:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / _MEGABYTE:.1f} MB"


def under(cells: Any, head: Sequence[str]) -> Markup:
    """Return the cells of a table's row, each with the title of its column, for a phone that shows it beside the cell."""
    titles = iter(head)

    def labelled(found: re.Match[str]) -> str:
        title, (start, inside, end) = next(titles, ""), found.groups()
        if start.startswith("<th"):
            return found[0]
        label = f' data-label="{escape(title)}"' if title else ""
        empty = "" if inside.strip() else " data-empty"
        return f'{start[:-1]}{label}{empty}><div class="jags-cell">{inside}</div>{end}'

    # What the macro gave is marked up already; only attributes are added, and their words are escaped.
    return Markup(_CELL.sub(labelled, str(cells)))  # noqa: S704 # nosec B704


def error_links(form: Any) -> list[dict[str, str]]:
    """Return each error of a form once, with a link to the first input that it speaks of.

    An error of the form as a whole leads to its first input; without one it has no link.
    """
    asked = (field for field in form if not isinstance(field.widget, HiddenInput))
    first = next((f"#{_first_input(field)}" for field in asked), "")
    problems = [{"text": str(text), "href": first} for text in getattr(form, "form_errors", ())]
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
    if getattr(field, "entries", None):
        return _first_input(field.entries[0])
    if hasattr(field, "form"):
        return _first_input(next(iter(field.form)))
    # The three boxes of a date carry the name of the part; the group around them cannot take the focus.
    if type(field.widget).__name__.endswith(("DateBoxes", "DateInput")):
        return f"{field.name}-day"
    return str(field.id)
