"""The steps that keep something of a request and tell nobody outside."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import detail_of, follow_up, must_ring, open_promise, target_of, typed_agencies
from jags.requests.rules import (
    BEFORE_HELD,
    FOLLOWED_UP,
    RUNG_WHEN_SOONER,
    LegalKind,
    LegalOutcome,
    Priority,
    Question,
    Tie,
    TransitionalFeature,
    YesNoUnsure,
)
from jags.requests.service import (
    add_member,
    add_note,
    ask_lead,
    confirm_transitional,
    note_call,
    note_legal_check,
    set_legal_live,
    set_priority,
    settle_agency,
)
from jags.web.forms import JagsForm
from jags.web.requests.steps.step import ANY, Step
from jags.web.requests.triage_forms import keeping as forms


def _transitional(work: Work, request_id: UUID, form: forms.TransitionalForm) -> object:
    return confirm_transitional(
        work,
        request_id,
        confirmed=form.confirmed.data == "yes",
        features=[TransitionalFeature(v) for v in form.features.data or ()],
        reason=form.reason.data or "",
        version=form.shown_version,
    )


def _transitional_kept(work: Work, request: Request) -> Mapping[str, Any]:
    return {
        "confirmed": {True: "yes", False: "no", None: None}[request.transitional_confirmed],
        "features": sorted(request.chosen(Question.TRANSITIONAL_FEATURE)),
        "reason": detail_of(work, request).transitional_reason,
    }


def _priority(work: Work, request_id: UUID, form: forms.PriorityForm) -> object:
    return set_priority(
        work,
        request_id,
        priority=Priority(form.priority.data),
        reason=form.reason.data or "",
        version=form.shown_version,
    )


def _priority_kept(work: Work, request: Request) -> Mapping[str, Any]:
    return {"priority": request.priority, "reason": detail_of(work, request).priority_reason}


def _add_person(work: Work, request_id: UUID, form: forms.AddPersonForm) -> object:
    tie = Tie.LEAD_PROFESSIONAL if form.is_lead.data else Tie.NETWORK
    return add_member(work, request_id, person=form.somebody(), version=form.shown_version, tie=tie)


def _written(work: Work, request: Request) -> Mapping[str, Any]:
    detail = detail_of(work, request)
    return {"written": " ".join(part for part in (detail.who_should_not, detail.anything_else) if part)}


def _add_unsuitable(work: Work, request_id: UUID, form: forms.AddUnsuitableForm) -> object:
    tie = Tie.SHOULD_NOT_FACILITATE
    return add_member(work, request_id, person=form.somebody(), version=form.shown_version, tie=tie)


def _settle_agency(work: Work, request_id: UUID, form: forms.SettleAgencyForm) -> object:
    return settle_agency(
        work,
        request_id,
        typed=form.typed.data,
        agency_id=UUID(form.agency.data),
        always=form.always.data,
        version=form.shown_version,
    )


def _note(work: Work, request_id: UUID, form: forms.NoteForm) -> object:
    return add_note(work, request_id, text=form.note.data or "")


def _rung(work: Work, request_id: UUID, form: forms.CallForm) -> object:
    return note_call(
        work, request_id, on=form.on.data or work.today, note=form.note.data or "", version=form.shown_version
    )


def _legal_live(work: Work, request_id: UUID, form: forms.LegalLiveForm) -> object:
    return set_legal_live(work, request_id, live=YesNoUnsure(form.live.data), version=form.shown_version)


def _legal_check(work: Work, request_id: UUID, form: forms.LegalCheckForm) -> object:
    return note_legal_check(
        work,
        request_id,
        kind=LegalKind(form.kind.data),
        outcome=LegalOutcome(form.outcome.data),
        spoken_on=form.spoken_on.data or work.today,
        spoke_to=form.spoke_to.data or "",
        note=form.note.data or "",
    )


def _ask_lead(work: Work, request_id: UUID, form: JagsForm) -> object:
    return ask_lead(work, request_id, version=form.shown_version)


def _late(work: Work, request: Request) -> bool:
    target = target_of(work, request) if request.lead_asked_at is None else None
    return target is not None and target.passed


def _waits_for_call(work: Work, request: Request) -> object:
    return must_ring(work, request) or open_promise(work, request) or follow_up(work, request)


KEEPING: dict[str, Step] = {
    "rung": Step(
        "I have rung the requester",
        "Save this call",
        "Your call is saved. Nobody is reminded to ring about this again.",
        forms.CallForm,
        _rung,
        FOLLOWED_UP | RUNG_WHEN_SOONER,
        group="",
        when_paused=False,
        applies=_waits_for_call,
        values=lambda work, _request: {"on": work.today},
    ),
    "ask-lead": Step(
        "Ask the lead to help",
        "See what is sent",
        "The lead is asked to help.",
        JagsForm,
        _ask_lead,
        BEFORE_HELD,
        intro="A local target has passed. The lead of the Business Unit gets an e-mail with the reference and the target, nothing of the work.",
        send="Send and ask the lead",
        group="",
        when_paused=False,
        applies=_late,
    ),
    "priority": Step(
        "Routine or sooner",
        "Save how soon",
        "How soon it is needed is saved, with your reason. Where it is sooner, ring the requester today.",
        forms.PriorityForm,
        _priority,
        BEFORE_HELD,
        group="Decide",
        values=_priority_kept,
    ),
    "transitional": Step(
        "Transitional safeguarding",
        "Save our view",
        "Our view is saved. The evaluation counts the request by it.",
        forms.TransitionalForm,
        _transitional,
        ANY,
        intro="It is not a matter of age alone. The requester’s own view stays beside ours.",
        group="Decide",
        values=_transitional_kept,
    ),
    "legal-live": Step(
        "Court, police or review work",
        "Save this answer",
        "Your answer is saved. Where such work is live, or may be, note next who says to go ahead or to wait.",
        forms.LegalLiveForm,
        _legal_live,
        ANY,
        intro="Where it is live, or may be, speak to those who know of it before you accept, and before a date is set.",
        values=lambda _work, request: {"live": request.legal_live},
    ),
    "legal-check": Step(
        "Note what they said",
        "Save this conversation",
        "The conversation is saved. What they said stands on the card about court, police or review work.",
        forms.LegalCheckForm,
        _legal_check,
        ANY,
        group="",
        applies=lambda _work, request: request.legal_live in {YesNoUnsure.YES, YesNoUnsure.UNSURE},
        values=lambda work, _request: {"spoken_on": work.today},
    ),
    "note": Step(
        "Add a note",
        "Add this note",
        "The note is added.",
        forms.NoteForm,
        _note,
        ANY,
        intro="For coordinators only.",
        group="",
    ),
    "add-person": Step(
        "Add somebody to the network",
        "Add this person",
        "The person is added.",
        forms.AddPersonForm,
        _add_person,
        BEFORE_HELD,
    ),
    "add-unsuitable": Step(
        "Add somebody who should not facilitate",
        "Add this person",
        "The person is added. They are not proposed for this request.",
        forms.AddUnsuitableForm,
        _add_unsuitable,
        BEFORE_HELD,
        intro="They are not told, and no reason is kept.",
        options=_written,
    ),
    "agency": Step(
        "Settle an agency that is not known",
        "Settle this agency",
        "The agency is settled.",
        forms.SettleAgencyForm,
        _settle_agency,
        ANY,
        group="Decide",
        intro="Somebody typed a name that is on no list of ours. Until it is settled, we cannot tell whose colleagues to leave out.",
        applies=lambda _work, request: typed_agencies(request),
        options=lambda _work, request: {"typed_names": typed_agencies(request)},
    ),
}
