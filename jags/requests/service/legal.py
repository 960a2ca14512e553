"""Keep whether court, police or review work is live, and what those say who know of it."""

import uuid
from datetime import date

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import LegalCheck, Request
from jags.requests.policy import request_for
from jags.requests.rules import LegalConversation, LegalKind, LegalOutcome, YesNoUnsure
from jags.requests.service.checks import needed, triaged


def set_legal_live(work: Work, request_id: uuid.UUID, *, live: YesNoUnsure, version: int) -> Request:
    """Keep whether court, criminal or review work is live, as the Business Unit knows it now."""
    request = triaged(work, request_id, version)
    request.legal_live = live
    work.record("request:changed", request.id, part="legal")
    return request


def note_legal_check(
    work: Work,
    request_id: uuid.UUID,
    *,
    kind: LegalKind,
    outcome: LegalOutcome,
    spoken_on: date,
    spoke_to: str,
    note: str = "",
) -> LegalCheck:
    """Keep that live work was spoken through: with whom, when, and whether to go ahead or wait; who and what is sealed.

    Raises `Invalid` without a name or for a day to come.
    """
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    if spoken_on > work.today:
        raise Invalid("Enter a date that is not in the future.", field="spoken_on")
    row = LegalCheck(
        key_id=request.key_id,
        request_id=request.id,
        kind=kind,
        outcome=outcome,
        spoken_on=spoken_on,
        at=work.now,
        actor_ref=work.actor.ref,
    )
    who = needed(spoke_to, "spoke_to", "Enter whom you spoke to.")
    work.vault.seal(row, "conversation", LegalConversation(who, note.strip()))
    work.session.add(row)
    work.record("request:legal_checked", request.id, kind=kind, outcome=outcome)
    return row
