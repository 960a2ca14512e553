"""The steps that a coordinator can take with a request: one table, from which pages and links are made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import typed_agencies
from jags.requests.rules import MOVES, PauseReason, Priority, State, Tie, TransitionalFeature, Verb
from jags.requests.service import (
    accept_request,
    add_member,
    answer_question,
    ask_requester,
    close_without_answer,
    confirm_by_telephone,
    confirm_transitional,
    lift_pause,
    mark_duplicate,
    pause_request,
    reopen_request,
    set_priority,
    settle_agency,
)
from jags.scheduling.service import end_request
from jags.web.requests import triage_forms as forms
from jags.web.shared_forms import ReasonForm

Act = Callable[[Work, UUID, Any], object]


@dataclass(frozen=True)
class Step:
    """One step: its words, its form, what it does, and in which states it can be taken."""

    title: str
    button: str
    done: str
    form: Callable[..., Any]
    act: Act
    states: frozenset[State]
    intro: str = ""
    kind: str = ""
    # Whether the step is about the pause: True is offered while paused only, False while not paused only.
    when_paused: bool | None = None
    # Whether there is anything on the request to which the step applies.
    applies: Callable[[Request], object] = lambda _request: True


def possible(request: Request) -> dict[str, Step]:
    """Return the steps that can be taken now, in the order of the table."""
    return {
        name: step
        for name, step in STEPS.items()
        if request.state in step.states
        and step.when_paused in {None, request.paused}
        and step.applies(request)
    }


def first_step(request: Request) -> str:
    """Return the step that the page puts first; empty where another panel holds it, or while everything is paused."""
    return "" if request.paused else _FIRST.get(request.state, "")


def _leaving(verb: Verb) -> frozenset[State]:
    return MOVES[verb][0]


def _accept(work: Work, request_id: UUID, form: forms.AcceptForm) -> object:
    return accept_request(work, request_id, version=form.shown_version, told=form.told.data or "")


def _ask(work: Work, request_id: UUID, form: forms.AskForm) -> object:
    return ask_requester(work, request_id, question=form.question.data or "", version=form.shown_version)


def _answer(work: Work, request_id: UUID, form: forms.AnswerTakenForm) -> object:
    return answer_question(work, request_id, answer=form.answer.data or "", version=form.shown_version)


def _signpost(work: Work, request_id: UUID, form: forms.SignpostForm) -> object:
    return end_request(
        work,
        request_id,
        verb=Verb.SIGNPOST,
        version=form.shown_version,
        route=form.route.data,
        reason=form.reason.data or "",
        contact_given=form.contact_given.data or "",
        told=form.told.data or "",
    )


def _ending(verb: Verb) -> Act:
    def act(work: Work, request_id: UUID, form: forms.EndForm) -> object:
        return end_request(
            work,
            request_id,
            verb=verb,
            version=form.shown_version,
            reason=form.reason.data or "",
            told=form.told.data or "",
        )

    return act


def _close(work: Work, request_id: UUID, form: forms.EndForm) -> object:
    return close_without_answer(
        work,
        request_id,
        reason=form.reason.data or "",
        told=form.told.data or "",
        version=form.shown_version,
    )


def _duplicate(work: Work, request_id: UUID, form: forms.DuplicateForm) -> object:
    return mark_duplicate(
        work,
        request_id,
        of_reference=form.of_reference.data or "",
        reason=form.reason.data or "",
        version=form.shown_version,
    )


def _telephone(work: Work, request_id: UUID, form: forms.TelephoneForm) -> object:
    return confirm_by_telephone(work, request_id, version=form.shown_version)


def _reopen(work: Work, request_id: UUID, form: ReasonForm) -> object:
    return reopen_request(work, request_id, reason=form.reason.data or "", version=form.shown_version)


def _transitional(work: Work, request_id: UUID, form: forms.TransitionalForm) -> object:
    return confirm_transitional(
        work,
        request_id,
        confirmed=form.confirmed.data == "yes",
        features=[TransitionalFeature(v) for v in form.features.data or ()],
        reason=form.reason.data or "",
        version=form.shown_version,
    )


def _priority(work: Work, request_id: UUID, form: forms.PriorityForm) -> object:
    return set_priority(
        work,
        request_id,
        priority=Priority(form.priority.data),
        reason=form.reason.data or "",
        version=form.shown_version,
    )


def _add_person(work: Work, request_id: UUID, form: forms.AddPersonForm) -> object:
    tie = Tie.LEAD_PROFESSIONAL if form.is_lead.data else Tie.NETWORK
    return add_member(work, request_id, person=form.somebody(), version=form.shown_version, tie=tie)


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


def _pause(work: Work, request_id: UUID, form: forms.PauseForm) -> object:
    return pause_request(work, request_id, reason=PauseReason(form.reason.data), note=form.note.data or "")


def _lift(work: Work, request_id: UUID, form: forms.LiftForm) -> object:
    return lift_pause(work, request_id, version=form.shown_version)


_ENDED = _leaving(Verb.REOPEN)
_ANY = frozenset(State) - {State.DRAFT}
_OPEN = _leaving(Verb.WITHDRAW)

STEPS: dict[str, Step] = {
    "confirm-by-telephone": Step(
        "Confirm by telephone",
        "Confirm this request",
        "The request is confirmed.",
        forms.TelephoneForm,
        _telephone,
        _leaving(Verb.CONFIRM_BY_TELEPHONE),
        intro="Ring the requester. When they say that the request is theirs, it needs no e-mail.",
    ),
    "accept": Step(
        "Accept this request",
        "Accept and tell the requester",
        "The request is accepted, and the requester is told.",
        forms.AcceptForm,
        _accept,
        _leaving(Verb.ACCEPT),
        intro="The requester is told by e-mail that we now look for two facilitators.",
    ),
    "ask": Step(
        "Ask the requester",
        "Send this question",
        "The question is on its way.",
        forms.AskForm,
        _ask,
        _leaving(Verb.ASK),
        intro="The question goes by e-mail. Our clock stands still until it is answered.",
    ),
    "answer": Step(
        "Note the requester’s answer",
        "Keep this answer",
        "The answer is kept.",
        forms.AnswerTakenForm,
        _answer,
        _leaving(Verb.ANSWER),
        intro="For an answer that you were given by telephone.",
    ),
    "signpost": Step(
        "Signpost to another route",
        "Signpost and tell the requester",
        "The request is signposted, and the requester is told.",
        forms.SignpostForm,
        _signpost,
        _leaving(Verb.SIGNPOST),
        intro="The requester is told by e-mail which route we suggest, and whom to turn to.",
    ),
    "duplicate": Step(
        "Mark as a duplicate",
        "Mark as a duplicate and tell the requester",
        "The request is joined to the other.",
        forms.DuplicateForm,
        _duplicate,
        _leaving(Verb.MARK_DUPLICATE),
    ),
    "close-without-answer": Step(
        "Close without an answer",
        "Close and tell the requester",
        "The request is closed.",
        forms.EndForm,
        _close,
        _leaving(Verb.CLOSE_WITHOUT_ANSWER),
        intro="Ring the requester first: nobody is chased by machine.",
    ),
    "reopen": Step(
        "Take it up again",
        "Take this request up again",
        "The request is being considered again.",
        ReasonForm,
        _reopen,
        _ENDED,
    ),
    "transitional": Step(
        "Transitional safeguarding",
        "Keep this view",
        "The view of the Business Unit is kept.",
        forms.TransitionalForm,
        _transitional,
        _ANY,
        intro="It is not a matter of age alone. The requester’s own view is kept beside yours.",
    ),
    "priority": Step(
        "Routine or sooner",
        "Keep this",
        "The priority is kept.",
        forms.PriorityForm,
        _priority,
        _OPEN,
    ),
    "add-person": Step(
        "Add somebody to the network",
        "Add this person",
        "The person is added.",
        forms.AddPersonForm,
        _add_person,
        _OPEN,
    ),
    "add-unsuitable": Step(
        "Add somebody who should not facilitate",
        "Add this person",
        "The person is added. They are not proposed for this request.",
        forms.AddUnsuitableForm,
        _add_unsuitable,
        _OPEN,
        intro="They are not told, and no reason is kept.",
    ),
    "agency": Step(
        "Settle an agency that is not known",
        "Settle this agency",
        "The agency is settled.",
        forms.SettleAgencyForm,
        _settle_agency,
        _ANY,
        intro="Somebody typed a name that is on no list of ours. Until it is settled, we cannot tell whose colleagues to leave out.",
        applies=typed_agencies,
    ),
    "withdraw": Step(
        "Withdraw for the requester",
        "Withdraw and tell those concerned",
        "The request is withdrawn.",
        forms.EndForm,
        _ending(Verb.WITHDRAW),
        _OPEN,
        intro="When the requester has told you that they no longer want the JAGS.",
        kind="warning",
    ),
    "cancel": Step(
        "Cancel this request",
        "Cancel and tell those concerned",
        "The request is cancelled.",
        forms.EndForm,
        _ending(Verb.CANCEL),
        _OPEN,
        intro="Offers and a date that has been arranged end with it, and those concerned are told.",
        kind="warning",
    ),
    "lift-pause": Step(
        "Lift the pause",
        "Lift the pause",
        "The pause is lifted. Mail may leave again.",
        forms.LiftForm,
        _lift,
        _ANY,
        intro="What was held back and is still true is sent now. Look at it together with somebody first.",
        when_paused=True,
    ),
    "pause": Step(
        "Pause everything",
        "Pause everything now",
        "Everything is paused. Nothing leaves until somebody lifts the pause.",
        forms.PauseForm,
        _pause,
        _ANY,
        intro="At once no mail about this request leaves, whatever it is. Nothing is cancelled by itself.",
        kind="warning",
        when_paused=False,
    ),
}

_FIRST: dict[State, str] = {
    State.UNCONFIRMED: "confirm-by-telephone",
    State.IN_TRIAGE: "accept",
    State.WAITING_FOR_REQUESTER: "answer",
    State.SIGNPOSTED: "reopen",
    State.WITHDRAWN: "reopen",
    State.CANCELLED: "reopen",
    State.DUPLICATE: "reopen",
}
