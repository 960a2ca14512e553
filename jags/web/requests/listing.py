"""The coordinator's lists: the work queue with its filters in the address, and looking into sealed texts, never in it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation.queries import requests_waiting_for_talk
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.queries import colleagues, find_by_reference, work_queue
from jags.requests.rules import (
    NEEDS_DECISION,
    OPEN,
    RECEIVED,
    Features,
    Filters,
    Owned,
    Priority,
    State,
)
from jags.requests.service import (
    SEARCHED_MOST,
    Found,
    find_of_requester,
    search_open_requests,
)
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.fields import line
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work
from jags.web.wording import words

blueprint = Blueprint("queue", __name__)

_ALL = RECEIVED | {State.DUPLICATE}
# What the filter offers besides single states: its value, words, and the states that it means.
GROUPS: dict[str, tuple[str, frozenset[State]]] = {
    "": ("What needs a decision now", NEEDS_DECISION),
    "open": ("Everything open", OPEN),
    "all": ("All requests", _ALL),
}
_TICKED = "yes"
# Longer texts in an address are no agency of anybody's.
_LONGEST = 200


class RequesterForm(JagsForm):
    """Who asked."""

    requester = line(
        "Requester’s name or e-mail address",
        "this",
        needed="Enter a name or an e-mail address.",
        hint="An e-mail address finds all their requests, a name the open ones; both exactly as spelt.",
    )


class WordsForm(JagsForm):
    """Words in what was written."""

    words = line(
        "Words in an open request",
        "the words",
        needed="Enter at least 3 letters.",
        hint="Every word has to be found. That somebody searched is kept, the words are not.",
    )


@dataclass(frozen=True)
class Chosen:
    """A filter that is set: its words, and the address without it."""

    text: str
    without: str


@blueprint.get("/requests")
@requires(Permission.REQUEST_READ)
def index() -> ResponseReturnValue:
    """List requests, received longest ago first; the filters lie in the address."""
    work = current_work()
    reference = request.args.get("reference", "").strip()[:_LONGEST]
    found = find_by_reference(work, reference) if reference else None
    if found is not None:
        return redirect(url_for("requests.show", request_id=found.id), code=303)
    filters, values = _read(work)
    queue = work_queue(
        work, filters, also=requests_waiting_for_talk(), page=request.args.get("page", 1, type=int)
    )
    people = [(str(c.person_id), c.name, c.deputy) for c in colleagues(work)]
    return render_template(
        "requests/list.html",
        title=_title(values),
        queue=queue,
        values=values,
        chosen=_chosen(values, {key: name for key, name, _ in people}),
        reference=reference,
        states=_states(),
        owners=people,
        localities=sorted(partnership(work).localities),
    )


@blueprint.route("/requests/find", methods=["GET", "POST"])
@requires(Permission.REQUEST_READ)
def find() -> ResponseReturnValue:
    """Look for a requester or for words in open requests; what is typed stands in no address, and is kept nowhere."""
    work = current_work()
    asked, said = RequesterForm(), WordsForm()
    form: JagsForm = asked if "requester" in request.form else said
    found = None
    if form.validate_on_submit():
        try:
            found = _found(work, form)
        except Invalid as error:
            form.attach(error)
    return render_template(
        "requests/find.html", form=form, by=asked, words_form=said, found=found, most=SEARCHED_MOST
    )


def _found(work: Work, form: JagsForm) -> Found:
    if isinstance(form, RequesterForm):
        return find_of_requester(work, form.requester.data or "")
    return search_open_requests(work, form.words.data or "")


def _read(work: Work) -> tuple[Filters, dict[str, str]]:
    """Return the filters of the address, and their values as the page shows them; what is none of ours is left out."""
    given = {key: value.strip()[:_LONGEST] for key, value in request.args.items()}
    state, locality = given.get("state", ""), given.get("locality", "")
    owner = _owner(given.get("owner", ""))
    values = {
        "state": state if state in dict(_states()) else "",
        "owner": str(owner or ""),
        "priority": _one_of(Priority, given.get("priority", "")),
        "locality": locality if locality in partnership(work).localities else "",
        "agency": given.get("agency", ""),
        "transitional": _one_of(Features, given.get("transitional", "")),
        "paused": _TICKED if given.get("paused") == _TICKED else "",
        "late": _TICKED if given.get("late") == _TICKED else "",
    }
    states = GROUPS[values["state"]][1] if values["state"] in GROUPS else frozenset({State(values["state"])})
    filters = Filters(
        states=states,
        owner=owner,
        priority=Priority(values["priority"]) if values["priority"] else None,
        locality=values["locality"],
        agency=values["agency"],
        transitional=Features(values["transitional"]) if values["transitional"] else None,
        paused=bool(values["paused"]),
        late=bool(values["late"]),
    )
    return filters, {key: value for key, value in values.items() if value}


def _one_of(kind: Any, value: str) -> str:
    return value if value in {str(one) for one in kind} else ""


def _owner(value: str) -> UUID | Owned | None:
    if value in set(Owned):
        return Owned(value)
    try:
        return UUID(value)
    except ValueError:
        return None


def _title(values: Mapping[str, str]) -> str:
    state = values.get("state", "")
    return GROUPS[state][0] if state in GROUPS else words(State(state))


def _states() -> list[tuple[str, str]]:
    groups = [(value, title) for value, (title, _) in GROUPS.items()]
    return groups + [(str(state), words(state)) for state in State if state in _ALL]


def _chosen(values: Mapping[str, str], names: Mapping[str, str]) -> list[Chosen]:
    said: dict[str, Callable[[str], str]] = {
        "state": lambda value: _title({"state": value}),
        "owner": lambda value: (
            {"mine": "Mine", "nobody": "Nobody’s"}.get(value) or f"{names.get(value, 'Somebody else')}’s"
        ),
        "priority": lambda value: words(value, "Priority").partition(":")[0],
        "locality": str,
        "agency": lambda value: f"Agency “{value}”",
        "transitional": lambda value: f"Transitional: {words(value, 'Features').lower()}",
        "paused": lambda _: "Paused",
        "late": lambda _: "Past the local target",
    }
    chosen = []
    for key, value in values.items():
        others: dict[str, Any] = {other: kept for other, kept in values.items() if other != key}
        chosen.append(Chosen(said[key](value), url_for("queue.index", **others)))
    return chosen
