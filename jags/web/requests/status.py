"""The requester's own page, by link: where the request stands in plain words, a question to answer, withdrawing."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Purpose
from jags.kernel.errors import Invalid
from jags.kernel.time import day_in_words
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import Step, get_request, open_question, promised_call, timeline
from jags.requests.rules import BEFORE_HELD, State, Verb
from jags.requests.service import answer_question
from jags.scheduling.queries import panel as session_panel
from jags.scheduling.service import end_request
from jags.settings.queries import partnership
from jags.web.access import current_link, requires_link
from jags.web.filters import moment
from jags.web.requests.answers import summary
from jags.web.requests.forms import AnswerForm, WithdrawForm
from jags.web.requests.more import tasks_of
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
# What the person themselves wrote, or what was written to them, may be shown to them; our own reasons may not.
_OWN_WORDS = frozenset({Verb.ASK, Verb.ANSWER})
AHEAD: dict[State, str] = {
    State.UNCONFIRMED: "Please confirm your e-mail address.",
    State.IN_TRIAGE: "We read your request and ring you.",
    State.WAITING_FOR_REQUESTER: "Please answer our question.",
    State.ACCEPTED: "We look for two facilitators from different agencies.",
    State.OFFERED: "Two facilitators have been asked and are looking at their diaries.",
    State.FACILITATORS_AGREED: "The facilitators talk with you, and we arrange a date.",
    State.SCHEDULED: "The session takes place.",
    State.HELD: "We ask those who took part how it was.",
}


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
            return redirect(url_for("status.show", link_id=link_id), code=303)
    return render_template(
        "requests/status.html",
        form=form,
        request_=request,
        question=open_question(work, request),
        steps=_steps(work, request),
        session=session_panel(work, request),
        route=partnership(work).routes.get(request.route or "", ""),
        may_withdraw=request.state in BEFORE_HELD,
        link_id=link_id,
        tasks=tasks_of(
            request,
            summary(work, request),
            lambda slug: url_for("more.by_requester", link_id=link_id, slug=slug),
        ),
    )


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
        flash("Your request is withdrawn. We have sent you a message that says so.", "success")
        return redirect(page, code=303)
    return render_template("requests/withdraw.html", form=form, request_=request, back_url=page)


def _steps(work: Work, request: Request) -> list[dict[str, Any]]:
    """Return the story as the requester may read it, with what comes next at its end."""
    told = [
        {
            "title": STORY[step.verb],
            "when": moment(step.at),
            "text": _told(step),
        }
        for step in timeline(work, request)
        if step.verb in STORY
    ]
    if request.state in AHEAD and not request.paused:
        told.append({"title": _ahead(work, request), "stage": "now"})
    return told


def _ahead(work: Work, request: Request) -> str:
    call = promised_call(work, request)
    if request.state is State.IN_TRIAGE and call is not None and work.today <= call:
        return f"We read your request and ring you by {day_in_words(call)}."
    return AHEAD[request.state]


def _told(step: Step) -> str:
    contact = f"You can turn to {step.note.contact_given}." if step.note.contact_given else ""
    own = step.note.reason if step.verb in _OWN_WORDS else ""
    return " ".join(part for part in (own, contact, step.note.told) if part)
