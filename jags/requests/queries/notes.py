"""Read the notes between coordinators, which nobody outside the Business Unit ever sees."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from jags.accounts.policy import require
from jags.accounts.queries import names_of
from jags.accounts.rules import Permission
from jags.kernel.work import Work
from jags.requests.model import Request, RequestNote
from jags.requests.rules import Note


@dataclass(frozen=True)
class NoteLine:
    """A note: what it says, when it was written and by whom."""

    text: str
    at: datetime
    by: str


def notes_of(work: Work, request: Request) -> list[NoteLine]:
    """Return the notes of a request, newest first; raises `NotAllowed` for everybody but a coordinator."""
    require(work.actor, Permission.REQUEST_TRIAGE)
    rows = work.session.scalars(
        select(RequestNote)
        .where(RequestNote.request_id == request.id)
        .order_by(RequestNote.at.desc(), RequestNote.id)
    ).all()
    names = names_of(work, {row.author_id for row in rows if row.author_id})
    return [
        NoteLine(
            work.vault.open(row, "note", Note).text,
            row.at,
            names.get(row.author_id, "") if row.author_id else "",
        )
        for row in rows
    ]
