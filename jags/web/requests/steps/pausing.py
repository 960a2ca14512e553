"""The steps of a pause: at once and without a question more, then the notes, lifting it, and lifting legal hold."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries import held_back, told_of_pause
from jags.requests.rules import PauseReason
from jags.requests.service import lift_legal_hold, lift_pause, pause_request
from jags.scheduling.service import facilitators_who_know, tell_of_pause
from jags.settings.queries import partnership
from jags.web.requests.steps.step import ANY, Step
from jags.web.requests.triage_forms import pausing as forms


def _pause(work: Work, request_id: UUID, form: forms.PauseForm) -> object:
    return pause_request(work, request_id, reason=PauseReason(form.reason.data))


def _notes(work: Work, request_id: UUID, form: forms.PauseNotesForm) -> object:
    return tell_of_pause(
        work,
        request_id,
        to_requester=(form.to_requester.data or "") if "to_requester" in form else "",
        to_facilitators=(form.to_facilitators.data or "") if "to_facilitators" in form else "",
        version=form.shown_version,
    )


def _to_write_to(work: Work, request: Request) -> Mapping[str, bool]:
    sent = told_of_pause(work, request)
    return {
        "requester": request.requester_email_index is not None and MailKind.PAUSE_NOTE not in sent,
        "facilitators": MailKind.PAUSE_NOTE_FACILITATOR not in sent
        and bool(facilitators_who_know(work, request)),
    }


def _texts(work: Work, _request: Request) -> Mapping[str, Any]:
    ours = partnership(work)
    return {"to_requester": ours.pause_note_requester, "to_facilitators": ours.pause_note_facilitators}


def _lift(work: Work, request_id: UUID, form: forms.LiftForm) -> object:
    send = "held_back" not in form or form.held_back.data == "send"
    return lift_pause(work, request_id, version=form.shown_version, send_held_back=send)


def _lift_hold(work: Work, request_id: UUID, form: forms.LegalHoldForm) -> object:
    return lift_legal_hold(work, request_id, reason=form.reason.data or "", version=form.shown_version)


PAUSING: dict[str, Step] = {
    "pause-notes": Step(
        "Write to the requester and the facilitators",
        "See what is sent",
        "The notes are on their way.",
        forms.PauseNotesForm,
        _notes,
        ANY,
        intro="One note each, in your own words. They leave although everything is paused; nothing else does.",
        send="Send these notes",
        group="",
        when_paused=True,
        applies=lambda work, request: any(_to_write_to(work, request).values()),
        values=_texts,
        options=_to_write_to,
    ),
    "lift-pause": Step(
        "Lift the pause",
        "Lift the pause",
        "The pause is lifted. Mail may leave again. Legal hold stays on.",
        forms.LiftForm,
        _lift,
        ANY,
        intro="Look at it together with somebody first. Legal hold stays on until somebody lifts that separately.",
        group="",
        when_paused=True,
        options=lambda work, request: {"held_back": bool(held_back(work, request))},
    ),
    "legal-hold": Step(
        "Lift legal hold",
        "Lift legal hold",
        "Legal hold is lifted.",
        forms.LegalHoldForm,
        _lift_hold,
        ANY,
        intro="While it is on, nothing of this request may be deleted. Ask whoever advises you on the law first.",
        group="",
        when_paused=False,
        applies=lambda _work, request: request.legal_hold_at,
    ),
    "pause": Step(
        "Pause everything",
        "Pause everything now",
        "Everything is paused. Nothing leaves until somebody lifts the pause.",
        forms.PauseForm,
        _pause,
        ANY,
        intro="At once no mail about this request leaves, and nothing of it may be deleted. Nothing is cancelled by itself. The lead of the Business Unit is told. Notes to those concerned come after this, in your own words.",
        kind="warning",
        group="Pause",
        when_paused=False,
    ),
}
