"""The coordinator's pages: the work queue, the story of a request, and the steps that can be taken with it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation.queries import panel as allocation_panel
from jags.allocation.queries import requests_waiting_for_talk
from jags.feedback.queries import round_status
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import (
    detail_of,
    find_by_reference,
    get_request,
    timeline,
    typed_agencies,
    undelivered,
    work_queue,
)
from jags.requests.rules import (
    ENDED_OTHERWISE,
    NEEDS_DECISION,
    RECEIVED,
    Priority,
    Question,
    State,
    TransitionalFeature,
    suggests_transitional,
)
from jags.scheduling.queries import panel as session_panel
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.filters import moment, words
from jags.web.requests.answers import TITLES, summary
from jags.web.requests.more import tasks_of
from jags.web.requests.steps import STEPS, first_step, possible
from jags.web.requests.triage_forms import PAUSE_NOTE
from jags.web.unit_of_work import current_work

blueprint = Blueprint("requests", __name__)

_ALL = RECEIVED | {State.DUPLICATE}
# What the filter offers besides single states: its value, words, and the states that it means.
GROUPS: dict[str, tuple[str, frozenset[State]]] = {
    "": ("What needs a decision now", NEEDS_DECISION),
    "open": ("Everything open", _ALL - ENDED_OTHERWISE - {State.CLOSED}),
    "all": ("All requests", _ALL),
}
_STEP = f"any({', '.join(repr(name) for name in STEPS)})"


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


@blueprint.get("/requests/<uuid:request_id>")
@requires(Permission.REQUEST_READ)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show a request as its story, with the next step beside it."""
    work = current_work()
    found = get_request(work, request_id)
    steps, first = possible(found), first_step(found)
    return render_template(
        "requests/show.html",
        request_=found,
        detail=detail_of(work, found),
        parts=[(TITLES[part], rows) for part, rows in summary(work, found).items() if rows],
        tasks=tasks_of(
            work, found, lambda slug: url_for("more.by_coordinator", request_id=request_id, slug=slug)
        ),
        view=_our_view(work, found),
        story=_story(work, found),
        route=partnership(work).routes.get(found.route or "", ""),
        first=first if first in steps else "",
        steps=steps,
        step_form=_form(work, found, first) if first in steps else None,
        allocation=allocation_panel(work, found),
        scheduling=session_panel(work, found),
        feedback=round_status(work, found),
        undelivered=undelivered(work, found),
    )


@blueprint.route(f"/requests/<uuid:request_id>/<{_STEP}:name>", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def take_step(request_id: UUID, name: str) -> ResponseReturnValue:
    """Ask what a step needs, and take it."""
    work, step = current_work(), STEPS[name]
    found = get_request(work, request_id)
    form = _form(work, found, name)
    page = url_for("requests.show", request_id=request_id)
    if form.validate_on_submit():
        try:
            step.act(work, request_id, form)
        except Invalid as error:
            form.attach(error)
        else:
            flash(step.done, "success")
            return redirect(page, code=303)
    elif name not in possible(found) and request.method == "GET":
        return redirect(page, code=303)
    return render_template("requests/step.html", form=form, step=step, request_=found, back_url=page)


def _form(work: Work, found: Request, name: str) -> Any:
    values: dict[str, Any] = {"version": found.version}
    match name:
        case "transitional":
            stored = {True: "yes", False: "no", None: None}[found.transitional_confirmed]
            values |= {
                "confirmed": stored,
                "features": sorted(found.chosen(Question.TRANSITIONAL_FEATURE)),
                "reason": detail_of(work, found).transitional_reason,
            }
        case "priority":
            values |= {"priority": found.priority, "reason": detail_of(work, found).priority_reason}
        case "pause":
            values |= {"note": PAUSE_NOTE}
        case "add-unsuitable":
            return STEPS[name].form(data=values, written=detail_of(work, found).who_should_not)
        case "agency":
            return STEPS[name].form(data=values, typed_names=typed_agencies(found))
        case _:
            pass
    return STEPS[name].form(data=values)


def _filter(wanted: str) -> tuple[str, frozenset[State]]:
    if wanted in GROUPS:
        return GROUPS[wanted]
    if wanted in {str(state) for state in _ALL}:
        return words(State(wanted)), frozenset({State(wanted)})
    return GROUPS[""]


def _filters() -> list[tuple[str, str]]:
    groups = [(value, title) for value, (title, _) in GROUPS.items()]
    return groups + [(str(state), words(state)) for state in State if state in _ALL]


def _our_view(work: Work, found: Request) -> list[dict[str, Any]]:
    chosen = found.chosen(Question.TRANSITIONAL_FEATURE)
    confirmed = {True: "Yes", False: "No", None: "Not yet decided"}[found.transitional_confirmed]
    detail = detail_of(work, found)
    # Every request is routine at first, which needs no reason.
    unasked = found.priority is Priority.ROUTINE and not detail.priority_reason
    why = [] if unasked else [detail.priority_reason]
    return [
        *([{"key": "In the old tracker", "value": found.tracker_number}] if found.tracker_number else []),
        {"key": "How soon", "value": words(found.priority)},
        *({"key": "Why so soon, or not", "value": reason} for reason in why),
        {
            "key": "Transitional safeguarding suggested by age",
            "value": "Yes" if suggests_transitional(found.age_bands) else "No",
        },
        {"key": "Requester’s view", "value": words(found.transitional_view)},
        {"key": "Confirmed by us", "value": confirmed},
        {"key": "What features", "value": [words(f) for f in TransitionalFeature if f in chosen]},
        {"key": "Reason", "value": detail.transitional_reason},
    ]


def _story(work: Work, found: Request) -> list[dict[str, Any]]:
    return [
        {
            "title": words(step.verb),
            "when": moment(step.at) + (f", {step.by}" if step.by else ""),
            "text": " ".join(
                part
                for part in (
                    step.note.reason,
                    f"Contact given: {step.note.contact_given}." if step.note.contact_given else "",
                    f"Told the requester: {step.note.told}" if step.note.told else "",
                )
                if part
            ),
        }
        for step in timeline(work, found)
    ]
