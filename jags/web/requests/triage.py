"""The work queue of the Business Unit."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation.queries import requests_waiting_for_talk
from jags.requests.queries import (
    find_by_reference,
    work_queue,
)
from jags.requests.rules import (
    ENDED_OTHERWISE,
    NEEDS_DECISION,
    RECEIVED,
    State,
)
from jags.web.access import requires
from jags.web.filters import words
from jags.web.unit_of_work import current_work

blueprint = Blueprint("requests", __name__)

_ALL = RECEIVED | {State.DUPLICATE}
# What the filter offers besides single states: its value, words, and the states that it means.
GROUPS: dict[str, tuple[str, frozenset[State]]] = {
    "": ("What needs a decision now", NEEDS_DECISION),
    "open": ("Everything open", _ALL - ENDED_OTHERWISE - {State.CLOSED}),
    "all": ("All requests", _ALL),
}


@blueprint.get("/requests")
@requires(Permission.REQUEST_READ)
def list_requests() -> ResponseReturnValue:
    """List requests, received longest ago first; the filter lies in the address."""
    work = current_work()
    wanted = request.args.get("state", "")
    reference = request.args.get("reference", "")
    found = find_by_reference(work, reference) if reference else None
    if found is not None:
        return redirect(url_for("requests.show", request_id=found.id), code=303)
    title, states = _filter(wanted)
    to_talk = requests_waiting_for_talk(work)
    also = to_talk if states == NEEDS_DECISION else ()
    queue = work_queue(work, states=states, also=also, page=request.args.get("page", 1, type=int))
    return render_template(
        "requests/list.html",
        title=title,
        queue=queue,
        to_talk=to_talk,
        state=wanted,
        reference=reference,
        filters=_filters(),
    )


def _filter(wanted: str) -> tuple[str, frozenset[State]]:
    if wanted in GROUPS:
        return GROUPS[wanted]
    if wanted in {str(state) for state in _ALL}:
        return words(State(wanted)), frozenset({State(wanted)})
    return GROUPS[""]


def _filters() -> list[tuple[str, str]]:
    groups = [(value, title) for value, (title, _) in GROUPS.items()]
    return groups + [(str(state), words(state)) for state in State if state in _ALL]
