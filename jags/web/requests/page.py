"""The page of one request: its story, whose move it is, and the steps that a coordinator can take with it."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation.queries import panel as allocation_panel
from jags.feedback.queries import later_status, round_status
from jags.kernel.errors import Invalid
from jags.notifications.rules import MailKind
from jags.requests.queries import (
    before_contact,
    contact_of,
    get_request,
    held_back,
    legal_card,
    must_ring,
    open_promise,
    ownership,
    passed_on,
    same_work,
    story_and_notes,
    to_read_for_names,
    told_of_pause,
    typed_agencies,
    undelivered,
)
from jags.requests.rules import CHANGES_REQUESTER, PROCEEDED, State
from jags.scheduling.queries import agreements_to_look_at
from jags.scheduling.queries import panel as session_panel
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.requests.answers import OUR_TITLES, TITLES, summary
from jags.web.requests.more import tasks_of
from jags.web.requests.passing_on import in_order, passed_on_for_us
from jags.web.requests.preview import CHANGE, SEND, preview
from jags.web.requests.steps import STEPS, first_step, possible, reachable
from jags.web.requests.story import our_view, story
from jags.web.requests.turn import turn
from jags.web.unit_of_work import current_work

blueprint = Blueprint("requests", __name__)

AFTERWARDS = frozenset({State.HELD, State.CLOSED})
DATED = AFTERWARDS | {State.FACILITATORS_AGREED, State.SCHEDULED}
_LONGEST_REFERENCE = 20
_STEP = f"any({', '.join(repr(name) for name in STEPS)})"


@blueprint.get("/requests/<uuid:request_id>")
@requires(Permission.REQUEST_READ)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show a request as its story, with the next step beside it."""
    work = current_work()
    found = get_request(work, request_id)
    moves, notes = story_and_notes(work, found)
    rows = summary(work, found)
    steps, first = possible(work, found), first_step(found)
    # What has not come so far has no facilitators, date or feedback to read.
    dated = found.state in DATED or any(move.reached is State.SCHEDULED for move in moves)
    allocation = allocation_panel(work, found) if found.state in PROCEEDED else None
    return render_template(
        "requests/show.html",
        request_=found,
        contact=contact_of(work, found),
        before=before_contact(work, found),
        parts=[(OUR_TITLES.get(part, TITLES[part]), told) for part, told in rows.items() if told],
        tasks=tasks_of(
            found, rows, lambda slug: url_for("more.by_coordinator", request_id=request_id, slug=slug)
        ),
        view=our_view(work, found),
        story=in_order([*story(moves), *passed_on_for_us(passed_on(work, found))]),
        route=partnership(work).routes.get(found.route or "", ""),
        turn=turn(work, found, lapses_at=allocation.lapses_at if allocation else None),
        lead_told=MailKind.LEAD_TOLD_OF_PAUSE in told_of_pause(work, found),
        to_ring=must_ring(work, found),
        promised=open_promise(work, found),
        legal=legal_card(work, found),
        to_read=to_read_for_names(work, found),
        notes=notes,
        first=first if first in steps else "",
        steps=steps,
        step_form=STEPS[first].form_for(work, found) if first in steps else None,
        note_form=STEPS["note"].form_for(work, found),
        allocation=allocation,
        to_look_at=agreements_to_look_at(work, request_id=found.id)
        if allocation and allocation.has_people
        else [],
        scheduling=session_panel(work, found) if dated else None,
        feedback=round_status(work, found) if found.state in AFTERWARDS else None,
        later=later_status(work, found) if found.state in AFTERWARDS else None,
        undelivered=undelivered(work, found),
        unsettled=typed_agencies(found),
        ownership=ownership(work, found),
        me=work.actor.person_id,
        same_work=same_work(work, found),
        may_pass_on=found.state in CHANGES_REQUESTER,
        links_repeats=found.state is not State.DUPLICATE,
    )


@blueprint.route(f"/requests/<uuid:request_id>/<{_STEP}:name>", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def take_step(request_id: UUID, name: str) -> ResponseReturnValue:
    """Ask what a step needs, show what it would tell people, and take it."""
    work, step = current_work(), STEPS[name]
    found = get_request(work, request_id)
    page = url_for("requests.show", request_id=request_id)
    if request.method == "GET" and not step.possible(work, found):
        return redirect(page, code=303)
    quiet = step.quietly is not None and not reachable(found)
    form, go = step.form_for(work, found), request.form.get("go")
    if request.method == "GET" and "of_reference" in form:
        form.of_reference.data = request.args.get("of", "")[:_LONGEST_REFERENCE]
    if go != CHANGE and step.accepts(work, found, form):
        try:
            step.act(work, request_id, form)
        except Invalid as error:
            form.attach(error)
        else:
            shown = preview(work, found, form) if step.send else None
            # Where nobody is written to, there is nothing to look at before it goes.
            to_see = shown and (shown.letters or not quiet)
            if shown and to_see and (go != SEND or shown.seen != request.form.get("seen")):
                work.abandon()
                return render_template(
                    "requests/preview.html", step=step, request_=found, shown=shown, changed=go == SEND
                )
            flash(step.done_for(found), "success")
            return redirect(page, code=303)
    return render_template(
        "requests/step.html",
        form=form,
        step=step,
        intro=step.intro_for(found),
        button=step.button_for(found),
        request_=found,
        back_url=page,
        held=held_back(work, found) if name == "lift-pause" else [],
    )
