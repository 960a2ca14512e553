"""The requester's own page, by link: where the request stands, whose move it is, and what they can answer or end."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Purpose
from jags.kernel.errors import Invalid
from jags.kernel.time import day_in_words
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import (
    PassedOn,
    Step,
    get_request,
    open_question,
    own_earlier,
    passed_on,
    timeline,
)
from jags.requests.rules import (
    BEFORE_HELD,
    CHANGES_REQUESTER,
    OPEN_FOR_MORE,
    NudgeAnswer,
    Source,
    State,
    Verb,
)
from jags.requests.service import answer_nudge, answer_question, say_same_work
from jags.scheduling.queries import panel as session_panel
from jags.scheduling.service import end_request
from jags.settings.queries import partnership
from jags.web.access import current_link, requires_link
from jags.web.filters import moment
from jags.web.forms import JagsForm
from jags.web.requests.answers import TITLES, summary
from jags.web.requests.forms import AnswerForm, WithdrawForm
from jags.web.requests.more import tasks_of
from jags.web.requests.passing_on import in_order, passed_on_for_requester
from jags.web.requests.requester_forms import NudgeForm, SameWorkForm
from jags.web.requests.whose_move import whose_move
from jags.web.unit_of_work import current_work

blueprint = Blueprint("status", __name__)

# What each move means to the person who asked; what is not named here is ours to think about, not theirs.
STORY: dict[Verb, str] = {
    Verb.SUBMIT: "You sent your request",
    Verb.CONFIRM: "You confirmed your e-mail address",
    Verb.CONFIRM_BY_TELEPHONE: "We spoke, and you confirmed your request",
    Verb.ASK: "We asked you something",
    Verb.ANSWER: "You answered",
    Verb.ACCEPT: "We accepted your request",
    Verb.AGREE_FACILITATORS: "Two facilitators agreed",
    Verb.SCHEDULE: "A date was arranged",
    Verb.POSTPONE: "The date was called off",
    Verb.DID_NOT_TAKE_PLACE: "The session did not take place",
    Verb.HOLD: "The session was held",
    Verb.CLOSE: "The request was closed",
    Verb.SIGNPOST: "We suggested another route",
    Verb.MARK_DUPLICATE: "We joined this request to another about the same work",
    Verb.WITHDRAW: "The request was withdrawn",
    Verb.CLOSE_WITHOUT_ANSWER: "We closed the request, because we did not hear from you",
    Verb.CANCEL: "We cancelled the request",
    Verb.REOPEN: "We took the request up again",
}
# What a colleague did who asked before; they are not named to whoever asks now.
_BY_COLLEAGUE: dict[Verb, str] = {
    **STORY,
    Verb.SUBMIT: "Your colleague sent the request",
    Verb.CONFIRM: "Your colleague confirmed their e-mail address",
    Verb.CONFIRM_BY_TELEPHONE: "We spoke with your colleague, who confirmed the request",
    Verb.ASK: "We asked your colleague something",
    Verb.ANSWER: "Your colleague answered",
    Verb.ACCEPT: "We accepted the request",
    Verb.CLOSE_WITHOUT_ANSWER: "We closed the request, because we did not hear from your colleague",
}
# What the person themselves wrote, or what was written to them, may be shown to them; our own reasons may not.
_OWN_WORDS = frozenset({Verb.ASK, Verb.ANSWER})


@blueprint.route("/your-request/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_STATUS)
def show(link_id: UUID) -> ResponseReturnValue:
    """Show where the request stands, and take the answer to an open question."""
    work = current_work()
    request = get_request(work, current_link().subject_id)
    form = AnswerForm(data={"version": request.version})
    if form.validate_on_submit():
        try:
            answer_question(work, request.id, answer=form.answer.data or "", version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("Thank you. We have your answer.", "success")
            return _back(link_id)
    return _page(work, request, form, link_id=link_id)


@blueprint.get("/your-request/<uuid:link_id>/answers")
@requires_link(Purpose.REQUEST_STATUS)
def answers(link_id: UUID) -> ResponseReturnValue:
    """Show the requester what was sent, as they sent it and added to it."""
    work = current_work()
    request = get_request(work, current_link().subject_id)
    rows = summary(work, request, for_us=False)
    return render_template(
        "requests/own_answers.html",
        request_=request,
        parts=[(TITLES[part], told) for part, told in rows.items() if told],
        changes=request.state in OPEN_FOR_MORE,
        back_url=url_for("status.show", link_id=link_id),
    )


@blueprint.post("/your-request/<uuid:link_id>/how-it-went")
@requires_link(Purpose.REQUEST_STATUS)
def how_it_went(link_id: UUID) -> ResponseReturnValue:
    """Take what a requester who was signposted says of the other route."""
    work = current_work()
    request = get_request(work, current_link().subject_id)
    form = NudgeForm(data={"version": request.version})
    if not form.validate_on_submit():
        return _page(work, request, form, link_id=link_id)
    said = NudgeAnswer(form.said.data)
    answer_nudge(work, request.id, answer=said, version=form.shown_version)
    talk = said is NudgeAnswer.TALK
    flash("Thank you. We will ring you." if talk else "Thank you. It is good to know.", "success")
    return _back(link_id)


@blueprint.post("/your-request/<uuid:link_id>/same-work")
@requires_link(Purpose.REQUEST_STATUS)
def same_work(link_id: UUID) -> ResponseReturnValue:
    """Link the request to the requester's own earlier one, by their own tick."""
    work = current_work()
    request = get_request(work, current_link().subject_id)
    form = SameWorkForm(data={"version": request.version})
    if not form.validate_on_submit():
        return _page(work, request, form, link_id=link_id)
    say_same_work(work, request.id, version=form.shown_version)
    flash("Thank you. We read the two requests together.", "success")
    return _back(link_id)


@blueprint.route("/your-request/<uuid:link_id>/withdraw", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_STATUS)
def withdraw(link_id: UUID) -> ResponseReturnValue:
    """Ask once more, then withdraw the request with its offers and its date."""
    work = current_work()
    request = get_request(work, current_link().subject_id)
    form = WithdrawForm(data={"version": request.version})
    page = url_for("status.show", link_id=link_id)
    if form.validate_on_submit():
        end_request(
            work,
            request.id,
            verb=Verb.WITHDRAW,
            version=form.shown_version,
            reason=form.reason.data or "",
        )
        told = "" if request.paused else " We have sent you a message that says so."
        flash(f"Your request is withdrawn.{told}", "success")
        return redirect(page, code=303)
    return render_template("requests/withdraw.html", form=form, request_=request, back_url=page)


def _page(work: Work, request: Request, form: JagsForm, *, link_id: UUID) -> str:
    """Draw the page; the form that was sent stands at its place, the others are as new."""
    marks = {"version": request.version}
    steps = timeline(work, request)
    signposted = request.state is State.SIGNPOSTED and not request.paused
    return render_template(
        "requests/status.html",
        form=form,
        answer_form=form if isinstance(form, AnswerForm) else AnswerForm(formdata=None, data=marks),
        nudge_form=form if isinstance(form, NudgeForm) else NudgeForm(formdata=None, data=marks),
        same_form=form if isinstance(form, SameWorkForm) else SameWorkForm(formdata=None, data=marks),
        request_=request,
        question=open_question(work, request),
        steps=_story(work, request, steps),
        session=session_panel(work, request),
        route=partnership(work).routes.get(request.route or "", ""),
        asks_how_it_went=signposted and not (request.followed_up_at or request.talk_wished_at),
        earlier=own_earlier(work, request) if request.state in BEFORE_HELD else None,
        may_withdraw=request.state in BEFORE_HELD,
        may_pass_on=request.state in CHANGES_REQUESTER,
        link_id=link_id,
        tasks=tasks_of(
            request,
            summary(work, request),
            lambda slug: url_for("more.by_requester", link_id=link_id, slug=slug),
        ),
    )


def _back(link_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("status.show", link_id=link_id), code=303)


def _story(work: Work, request: Request, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return the story as the requester may read it, with what comes next at its end."""
    changes = passed_on(work, request)
    route = partnership(work).routes.get(request.route or "", "")
    moves = [
        (
            step.at,
            {
                "title": title,
                "when": moment(step.at),
                # Which route it was is kept for as long as the request stands there.
                "text": _told(step, route if step is steps[-1] else ""),
            },
        )
        for step in steps
        if (title := _title(request, step, changes))
    ]
    said = [
        (at, {"title": title, "when": moment(at)})
        for at, title in (
            (request.talk_wished_at, "You told us that you would like to talk"),
            (request.followed_up_at, "We heard from you how it went"),
        )
        if at is not None and request.state is State.SIGNPOSTED
    ]
    told = in_order([*moves, *said, *passed_on_for_requester(changes)])
    ahead = whose_move(work, request)
    if ahead is not None:
        by = f", we hope by {day_in_words(ahead.by)}" if ahead.by else ""
        told.append({"title": ahead.what, "stage": "now", "when": f"{ahead.whose}{by}"})
    return told


def _title(request: Request, step: Step, changes: Sequence[PassedOn]) -> str:
    """Return what a move means to whoever asks now; empty for what is ours to think about, not theirs."""
    by_telephone = request.source is Source.TELEPHONE
    if by_telephone and step.verb is Verb.CONFIRM_BY_TELEPHONE:
        # Who asked on the telephone confirmed in the same breath.
        return ""
    colleague = bool(changes) and step.at <= changes[-1].at
    if by_telephone and step.verb is Verb.SUBMIT:
        return "Your colleague asked us on the telephone" if colleague else "You asked us on the telephone"
    return (_BY_COLLEAGUE if colleague else STORY).get(step.verb, "")


def _told(step: Step, route: str) -> str:
    contact = f"You can turn to {step.note.contact_given}." if step.note.contact_given else ""
    own = step.note.reason if step.verb in _OWN_WORDS else ""
    went = f"{route}." if route and step.verb is Verb.SIGNPOST else ""
    return " ".join(part for part in (went, own, contact, step.note.told) if part)
