"""Finding a date, for those who arrange: ask, change, see how it stands, note what was told by telephone, choose."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import request as sent
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import before_contact, detail_of, lead_professional, target_of
from jags.requests.rules import State, working_day_after
from jags.scheduling import queries, service
from jags.scheduling.model import DateQuestion
from jags.scheduling.rules import QuestionKind, SessionFormat, Slot
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.scheduling.answering import answered, first_answer
from jags.web.scheduling.date_forms import AskDatesForm, ToldForm, answer_form, value_of
from jags.web.unit_of_work import current_work

blueprint = Blueprint("dates", __name__)

_ARRANGERS = (Permission.SESSION_ARRANGE, Permission.SESSION_RECORD)
# How many dates are proposed to choose from.
_PROPOSED = {QuestionKind.TWO_DATES: 6, QuestionKind.POLL: 10}


@blueprint.get("/requests/<uuid:request_id>/dates")
@requires(*_ARRANGERS)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show how the question about a date stands; where none was asked, ask it."""
    work = current_work()
    request = queries.get_request_to_date(work, request_id)
    question = queries.find_question(work, request_id)
    if question is None:
        return redirect(url_for("dates.ask", request_id=request_id), code=303)
    board = queries.board(work, question)
    return render_template(
        "scheduling/dates.html",
        request=request,
        board=board,
        rings_requester=_is_of_requester(work, question, {line.id for line in board.asked if line.ring}),
        may_ask=request.state is State.FACILITATORS_AGREED and not request.paused,
        **_around(work, request),
    )


@blueprint.route("/requests/<uuid:request_id>/dates/ask", methods=["GET", "POST"])
@requires(*_ARRANGERS)
def ask(request_id: UUID) -> ResponseReturnValue:
    """Propose two dates, or ask about several where neither of two did."""
    work = current_work()
    request = queries.get_request_to_date(work, request_id)
    kind = QuestionKind.POLL if sent.args.get("kind") == QuestionKind.POLL else QuestionKind.TWO_DATES
    form = AskDatesForm(data=_first_look(work, request, kind))
    slots = _offer(form, work, request, kind)
    if form.validate_on_submit():
        try:
            service.ask_about_dates(
                work,
                request_id,
                form.wanted(kind),
                member_ids=_members(work, request, form),
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("Everybody with an e-mail address is being asked. Please ring the others.", "success")
            return redirect(url_for("dates.show", request_id=request_id), code=303)
    return _asking(form, request, kind, slots, question=None)


@blueprint.route("/date-questions/<uuid:question_id>/change", methods=["GET", "POST"])
@requires(*_ARRANGERS)
def change(question_id: UUID) -> ResponseReturnValue:
    """Change what is asked, or ask it again after it was closed."""
    work = current_work()
    question = queries.get_question(work, question_id)
    request = question.request
    form = AskDatesForm(data=_of_question(question))
    slots = _offer(form, work, request, question.kind, asked=[o.wall_start for o in question.options])
    if form.validate_on_submit():
        try:
            service.change_question(
                work,
                question_id,
                form.wanted(question.kind),
                member_ids=_members(work, request, form),
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The change is saved. Whoever has to answer something new is being asked.", "success")
            return redirect(url_for("dates.show", request_id=request.id), code=303)
    return _asking(form, request, question.kind, slots, question=question)


@blueprint.post("/date-questions/<uuid:question_id>/close")
@requires(*_ARRANGERS)
def close(question_id: UUID) -> ResponseReturnValue:
    """Close a question by hand."""
    question = service.close_question(current_work(), question_id, version=JagsForm().shown_version)
    flash("Nobody is asked about these dates any more.", "success")
    return redirect(url_for("dates.show", request_id=question.request_id), code=303)


@blueprint.post("/date-questions/<uuid:question_id>/options/<uuid:option_id>/choose")
@requires(*_ARRANGERS)
def choose(question_id: UUID, option_id: UUID) -> ResponseReturnValue:
    """Let facilitators choose one of the dates, for the Business Unit to set."""
    work = current_work()
    question = service.choose_date(work, question_id, option_id, version=JagsForm().shown_version)
    flash(
        f"The date is chosen. The {partnership(work).business_unit} sets it and invites everybody.", "success"
    )
    return redirect(url_for("dates.show", request_id=question.request_id), code=303)


@blueprint.post("/date-questions/<uuid:question_id>/asked/<uuid:asked_id>/instead")
@requires(*_ARRANGERS)
def instead(question_id: UUID, asked_id: UUID) -> ResponseReturnValue:
    """Let somebody come who was named instead of another, or take them off."""
    work = current_work()
    question = queries.get_question(work, question_id)
    come = sent.form.get("go") == "come"
    service.decide_on_instead(work, question_id, asked_id, come=come)
    flash("They may come." if come else "They are taken off.", "success")
    return redirect(url_for("dates.show", request_id=question.request_id), code=303)


@blueprint.route("/date-questions/<uuid:question_id>/asked/<uuid:asked_id>", methods=["GET", "POST"])
@requires(*_ARRANGERS)
def told(question_id: UUID, asked_id: UUID) -> ResponseReturnValue:
    """Note what somebody told us by telephone."""
    work = current_work()
    question = queries.get_question(work, question_id)
    asked = queries.get_asked(work, asked_id)
    if asked.question_id != question_id:
        raise NotFound("There is nobody of this question whom this address names.")
    # What somebody answered by their own link is counted, and shown to nobody.
    before = first_answer(asked) if asked.told_on else {}
    form = answer_form(question, ToldForm)(data={**before, "told_on": work.today})
    page = url_for("dates.show", request_id=question.request_id)
    if answered(form, asked_id, told=True):
        flash("The answer is noted.", "success")
        return redirect(page, code=303)
    line = next(one for one in queries.board(work, question).asked if one.id == asked_id)
    return render_template(
        "scheduling/answer_dates.html",
        form=form,
        question=question,
        layout="layouts/office.html",
        back_url=page,
        person=line,
        facts={},
        open=queries.takes_answers(work, question),
        before=before_contact(work, question.request),
        rings_requester=_is_of_requester(work, question, {asked_id}),
    )


def _is_of_requester(work: Work, question: DateQuestion, asked_ids: Collection[UUID]) -> bool:
    """Tell whether the requester is one of some of those who were asked."""
    return any(
        queries.is_requester(work, question.request, asked.member)
        for asked in question.people
        if asked.id in asked_ids
    )


def _asking(
    form: AskDatesForm,
    request: Request,
    kind: QuestionKind,
    slots: list[Slot],
    *,
    question: DateQuestion | None,
) -> str:
    work = current_work()
    return render_template(
        "scheduling/ask_dates.html",
        form=form,
        request=request,
        kind=kind,
        question=question,
        ask=tuple(dict.fromkeys(name for slot in slots for name in slot.ask)),
        hints={value_of(slot.wall_start): _facts(slot) for slot in slots},
        **_around(work, request),
    )


def _around(work: Work, request: Request) -> dict[str, Any]:
    target = target_of(work, request)
    return {
        "target": target,
        "blocked": detail_of(work, request).not_these_dates,
        "before": before_contact(work, request),
        "arranges": work.actor.can(Permission.SESSION_ARRANGE),
    }


def _facts(slot: Slot) -> str:
    facts = [f"Speaks against it: {'; '.join(slot.against)}"] if slot.against else []
    if not slot.against:
        facts.append("Nothing known speaks against it" if slot.ask else "Both facilitators are free")
    if slot.holiday:
        facts.append(f"School holidays: {slot.holiday}")
    if slot.late:
        facts.append("After the local target")
    return ". ".join(facts)


def _offer(
    form: AskDatesForm, work: Work, request: Request, kind: QuestionKind, asked: Sequence[datetime] = ()
) -> list[Slot]:
    """Offer the dates that are asked already, and the best few; return them with what is known of each."""
    minutes = form.minutes.data or partnership(work).session_minutes
    format_ = (
        SessionFormat(form.format.data) if form.format.data in set(SessionFormat) else SessionFormat.IN_PERSON
    )
    slots = queries.proposed_slots(
        work,
        request,
        minutes=minutes,
        format_=format_,
        number=_PROPOSED[kind],
        also=[*asked, *form.kept_starts],
    )
    form.propose(slots)
    form.offer(queries.invitable(work, request), requester=queries.requester_to_add(work, request))
    return slots


def _first_look(work: Work, request: Request, kind: QuestionKind) -> dict[str, Any]:
    house, lead = partnership(work), lead_professional(work, request)
    ticked = [str(key) for key in queries.asked_before(work, request.id)]
    if not ticked and not house.two_dates_ask_everybody and lead is not None:
        ticked = [str(lead[0].id)]
    elif not ticked or (kind is QuestionKind.POLL and not house.two_dates_ask_everybody):
        # A poll asks everybody, also where two dates were tried on the lead professional alone.
        ticked = ["requester", *(str(p.id) for p in queries.invitable(work, request))]
    return {
        "version": request.version,
        "member_ids": ticked,
        "minutes": house.session_minutes,
        "format": SessionFormat.IN_PERSON,
        "answer_by": working_day_after(work.today, house.date_answer_days),
    }


def _of_question(question: DateQuestion) -> dict[str, Any]:
    return {
        "version": question.version,
        "member_ids": [str(asked.member_id) for asked in question.asked],
        "slots": [value_of(option.wall_start) for option in question.options],
        "minutes": question.minutes,
        "format": question.format,
        "answer_by": question.answer_by,
    }


def _members(work: Work, request: Request, form: AskDatesForm) -> list[UUID]:
    """Return who is to be asked; the requester joins the network first where they were ticked."""
    chosen = form.ticked
    if form.wants_requester:
        chosen.insert(0, service.member_of_requester(work, request.id, version=request.version))
    return chosen
