"""The steps that decide on a request, and tell people of it."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import legal_card
from jags.requests.rules import BEFORE_HELD, Verb, lead_may_not_know, somebody_else_leads
from jags.requests.service import (
    Considered,
    accept_problems,
    accept_request,
    answer_question,
    ask_requester,
    close_without_answer,
    confirm_by_telephone,
    mark_duplicate,
    reopen_request,
    telling_problems,
)
from jags.scheduling.service import end_request
from jags.web.requests.steps.step import ENDED, Act, Quietly, Step, leaving, reachable
from jags.web.requests.triage_forms import deciding as forms

_SEE = "See what is sent"


def _told(form: Any) -> dict[str, Any]:
    """Return what a form asks about telling the requester: words for an e-mail, or the day of a call."""
    return {
        "told": (form.told.data or "") if "told" in form else "",
        "told_on": form.told_on.data if "told_on" in form else None,
    }


def _telling(_work: Work, request: Request) -> Mapping[str, Any]:
    return {"reachable": reachable(request)}


def _wrongly_told(work: Work, request: Request, form: Any) -> Iterable[Invalid]:
    return telling_problems(work, request, _told(form)["told_on"])


def _signpost_problems(work: Work, request: Request, form: forms.SignpostForm) -> Iterable[Invalid]:
    return telling_problems(work, request, form.told_on.data, must=True)


def _considered(form: forms.AcceptForm) -> Considered:
    return Considered(
        lead_spoken_on=form.lead_spoken_on.data if "lead_spoken_on" in form else None,
        lead_anyway=(form.lead_anyway.data or "") if "lead_anyway" in form else "",
        legal_anyway=(form.legal_anyway.data or "") if "legal_anyway" in form else "",
    )


def _accept_problems(work: Work, request: Request, form: forms.AcceptForm) -> Iterable[Invalid]:
    return accept_problems(work, request, told_on=_told(form)["told_on"], considered=_considered(form))


def _accept(work: Work, request_id: UUID, form: forms.AcceptForm) -> object:
    return accept_request(
        work,
        request_id,
        version=form.shown_version,
        reason=form.reason.data or "",
        **_told(form),
        considered=_considered(form),
    )


def _to_consider(work: Work, request: Request) -> Mapping[str, Any]:
    card = legal_card(work, request)
    return {
        "reachable": reachable(request),
        "lead": somebody_else_leads(request.lead_knows),
        "lead_knows": not lead_may_not_know(request.lead_knows),
        "legal": card is not None and not card.go_ahead,
    }


def _ask(work: Work, request_id: UUID, form: forms.AskForm) -> object:
    return ask_requester(
        work,
        request_id,
        question=form.question.data or "",
        reason=form.reason.data or "",
        version=form.shown_version,
    )


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
        **_told(form),
    )


def _ending(verb: Verb) -> Act:
    def act(work: Work, request_id: UUID, form: forms.EndForm) -> object:
        return end_request(
            work,
            request_id,
            verb=verb,
            version=form.shown_version,
            reason=form.reason.data or "",
            **_told(form),
        )

    return act


def _close(work: Work, request_id: UUID, form: forms.EndForm) -> object:
    return close_without_answer(
        work,
        request_id,
        reason=form.reason.data or "",
        **_told(form),
        version=form.shown_version,
    )


def _duplicate(work: Work, request_id: UUID, form: forms.DuplicateForm) -> object:
    return mark_duplicate(
        work,
        request_id,
        of_reference=form.of_reference.data or "",
        reason=form.reason.data or "",
        **_told(form),
        told_other=(form.told_other.data or "") if form.tell_other.data else None,
        version=form.shown_version,
    )


def _telephone(work: Work, request_id: UUID, form: forms.TelephoneForm) -> object:
    return confirm_by_telephone(work, request_id, version=form.shown_version)


def _reopen(work: Work, request_id: UUID, form: forms.EndForm) -> object:
    return reopen_request(
        work,
        request_id,
        reason=form.reason.data or "",
        **_told(form),
        version=form.shown_version,
    )


DECIDING: dict[str, Step] = {
    "confirm-by-telephone": Step(
        "Confirm by telephone",
        _SEE,
        "The request is confirmed.",
        forms.TelephoneForm,
        _telephone,
        leaving(Verb.CONFIRM_BY_TELEPHONE),
        intro="Ring the requester. When they say that the request is theirs, it needs no e-mail.",
        send="Confirm this request and send",
        group="Decide",
        when_paused=False,
    ),
    "accept": Step(
        "Accept this request",
        _SEE,
        "The request is accepted, and the requester is told.",
        forms.AcceptForm,
        _accept,
        leaving(Verb.ACCEPT),
        intro="The requester is told by e-mail that we now look for two facilitators. You see the e-mail before it goes.",
        send="Send and accept",
        group="Decide",
        options=_to_consider,
        problems=_accept_problems,
        when_paused=False,
        quietly=Quietly(
            "There is no e-mail address: ring the requester, and tell them that we now look for two facilitators.",
            "Accept",
            "The request is accepted.",
        ),
    ),
    "ask": Step(
        "Ask the requester",
        _SEE,
        "The question is on its way.",
        forms.AskForm,
        _ask,
        leaving(Verb.ASK),
        intro="The question goes by e-mail. Our clock stands still until it is answered.",
        send="Send this question",
        group="Decide",
        options=_telling,
        when_paused=False,
        quietly=Quietly(
            "There is no e-mail address: ring the requester and ask them. Our clock stands still until you note their answer.",
            "Save this question",
            "The question is saved. Ring the requester, then note their answer.",
        ),
    ),
    "answer": Step(
        "Note the requester’s answer",
        "Save this answer",
        "The answer is saved, and the request is being considered again.",
        forms.AnswerTakenForm,
        _answer,
        leaving(Verb.ANSWER),
        intro="For an answer that you were given by telephone.",
        group="Decide",
    ),
    "signpost": Step(
        "Signpost to another route",
        _SEE,
        "The request is signposted, and the requester is told.",
        forms.SignpostForm,
        _signpost,
        leaving(Verb.SIGNPOST),
        intro="The requester is told by e-mail which route we suggest, and whom to turn to.",
        send="Send and signpost",
        group="Decide",
        when_paused=False,
        quietly=Quietly(
            "There is no e-mail address: ring the requester, and tell them which route we suggest, and whom to turn to.",
            "Signpost",
            "The request is signposted.",
        ),
        options=_telling,
        problems=_signpost_problems,
    ),
    "duplicate": Step(
        "Mark as a duplicate",
        _SEE,
        "The request is joined to the other.",
        forms.DuplicateForm,
        _duplicate,
        leaving(Verb.MARK_DUPLICATE),
        intro="For a second request about the same work. It is joined to the first, which goes on.",
        send="Send and mark as a duplicate",
        group="Decide",
        when_paused=False,
        quietly=Quietly(
            "For a second request about the same work. It is joined to the first, which goes on. There is no e-mail address: tell the requester by telephone.",
            "Mark as a duplicate",
            "The request is joined to the other. Tell the requester by telephone, if you have not yet.",
        ),
        options=_telling,
        problems=_wrongly_told,
    ),
    "close-without-answer": Step(
        "Close without an answer",
        _SEE,
        "The request is closed.",
        forms.EndForm,
        _close,
        leaving(Verb.CLOSE_WITHOUT_ANSWER),
        intro="Ring the requester first: nobody is chased by machine.",
        send="Send and close",
        group="Decide",
        when_paused=False,
        quietly=Quietly(
            "There is no e-mail address: ring the requester first.",
            "Close",
            "The request is closed.",
        ),
        options=_telling,
        problems=_wrongly_told,
    ),
    "reopen": Step(
        "Take it up again",
        _SEE,
        "The request is being considered again.",
        forms.EndForm,
        _reopen,
        ENDED,
        intro="It goes back to being considered, and the requester is told.",
        send="Send and take it up again",
        group="Decide",
        when_paused=False,
        quietly=Quietly(
            "It goes back to being considered. There is no e-mail address: tell the requester by telephone.",
            "Take it up again",
            "The request is being considered again. Tell the requester by telephone, if you have not yet.",
        ),
        options=_telling,
        problems=_wrongly_told,
    ),
    "withdraw": Step(
        "Withdraw for the requester",
        _SEE,
        "The request is withdrawn.",
        forms.EndForm,
        _ending(Verb.WITHDRAW),
        BEFORE_HELD,
        intro="When the requester has told you that they no longer want the JAGS.",
        send="Send and withdraw",
        group="End",
        quietly=Quietly(
            "When the requester has told you that they no longer want the JAGS.",
            "Withdraw",
            "The request is withdrawn.",
        ),
        options=_telling,
        problems=_wrongly_told,
    ),
    "cancel": Step(
        "Cancel this request",
        _SEE,
        "The request is cancelled.",
        forms.EndForm,
        _ending(Verb.CANCEL),
        BEFORE_HELD,
        intro="Offers and a date that has been arranged end with it, and those concerned are told.",
        send="Send and cancel",
        group="End",
        quietly=Quietly(
            "Offers and a date that has been arranged end with it, and those concerned are told. There is no e-mail address of the requester: tell them by telephone.",
            "Cancel this request",
            "The request is cancelled. Tell the requester by telephone, if you have not yet.",
        ),
        options=_telling,
        problems=_wrongly_told,
    ),
}
