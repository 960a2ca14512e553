"""Read what was said about live court, police or review work, and whether a request may go ahead."""

from dataclasses import dataclass

from sqlalchemy import select

from jags.kernel.work import Work
from jags.requests.model import LegalCheck, Request
from jags.requests.rules import LegalConversation, LegalKind, LegalOutcome, YesNoUnsure


@dataclass(frozen=True)
class LegalLine:
    """One conversation about live court, police or review work, opened."""

    check: LegalCheck
    said: LegalConversation


@dataclass(frozen=True)
class LegalCard:
    """What a request's page says of live court, police or review work; `lines` have the latest conversation first."""

    lines: tuple[LegalLine, ...]
    go_ahead: bool


def legal_card(work: Work, request: Request) -> LegalCard | None:
    """Return the card of a request with live court, police or review work; None where there is none.

    It may go ahead when somebody said so and nobody's latest word is to wait.
    """
    if request.legal_live not in {YesNoUnsure.YES, YesNoUnsure.UNSURE}:
        return None
    rows = work.session.scalars(
        select(LegalCheck)
        .where(LegalCheck.request_id == request.id)
        .order_by(LegalCheck.spoken_on.desc(), LegalCheck.at.desc(), LegalCheck.id)
    ).all()
    latest: dict[LegalKind, LegalOutcome] = {}
    for row in rows:
        latest.setdefault(row.kind, row.outcome)
    return LegalCard(
        tuple(LegalLine(row, work.vault.open(row, "conversation", LegalConversation)) for row in rows),
        set(latest.values()) == {LegalOutcome.GO_AHEAD},
    )
