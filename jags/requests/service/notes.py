"""Keep a note between coordinators, which nobody outside the Business Unit ever sees."""

import uuid

from jags.accounts.rules import Permission
from jags.kernel.work import Work
from jags.requests.model import RequestNote
from jags.requests.policy import request_for
from jags.requests.rules import Note
from jags.requests.service.checks import needed


def add_note(work: Work, request_id: uuid.UUID, *, text: str) -> RequestNote:
    """Add a note to a request; two who write at once both keep theirs. Raises `Invalid` for an empty one."""
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    row = RequestNote(
        key_id=request.key_id, request_id=request.id, author_id=work.actor.person_id, at=work.now
    )
    work.vault.seal(row, "note", Note(needed(text, "note", "Enter the note.")))
    work.session.add(row)
    work.record("request:noted", request.id)
    return row
