"""Take a file of the audit trail through two people: one asks, another approves, the first takes it, once and in time.

The trail names everybody who works here and what they did about which request, for years: a file of it is the one thing that
leaves in bulk. See docs/adr/0028-two-people-for-bulk-exports.md.
"""

import uuid
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import func, select

from jags.accounts.model import Account
from jags.accounts.queries import actor_of
from jags.accounts.rules import AccountState, Permission
from jags.audit.model import AuditEvent
from jags.audit.queries import EXPORTED_MOST, Looked, events
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed
from jags.kernel.work import Work
from jags.retention import queries
from jags.retention.model import TrailFile
from jags.retention.policy import person_of_records, person_of_trail, second_person
from jags.retention.rules import FilePurpose, FileState


def ask_for_file(
    work: Work, looked: Looked, *, request_id: uuid.UUID | None, purpose: FilePurpose
) -> TrailFile:
    """Ask for a file of what somebody looks at in the trail, as it is now. Raises `Invalid` when nothing fits, or too much.

    `request_id` is the request to which `looked` is narrowed.
    """
    person = person_of_trail(work.actor)
    last = work.session.scalar(select(func.max(AuditEvent.seq)).where(AuditEvent.stream == looked.stream))
    # Up to an event that is there: what is written meanwhile is not in the file, and is not counted.
    looked = replace(looked, until_seq=last or 0)
    _, number = events(work, looked, most=1)
    if not number:
        raise Invalid("Nothing fits, so there is nothing to take along.")
    if number > EXPORTED_MOST:
        raise Invalid(
            f"One file holds {EXPORTED_MOST:,} events at most. Narrow it by dates, and ask for several."
        )
    found = TrailFile(
        purpose=purpose,
        stream=looked.stream,
        request_id=request_id,
        about=looked.about,
        who="".join(looked.actor_refs),
        from_on=looked.from_on,
        to_on=looked.to_on,
        until_seq=looked.until_seq,
        events=number,
        asked_at=work.now,
        asked_by=person,
    )
    work.session.add(found)
    work.session.flush()
    work.record("audit:file_asked", found.id, stream=found.stream, events=number, purpose=purpose)
    return found


def approve_file(work: Work, file_id: uuid.UUID, *, version: int) -> TrailFile:
    """Approve a file that somebody else asked for. Raises `NeedsTwoPeople` to who asked, `MoveNotPossible` when it has lapsed."""
    found = _standing(work, file_id, FileState.ASKED, version=version)
    found.approved_by = second_person(work.actor, found.asked_by)
    found.state, found.approved_at = FileState.APPROVED, work.now
    work.record("audit:file_approved", found.id, stream=found.stream, events=found.events)
    return found


def drop_file(work: Work, file_id: uuid.UUID, *, version: int) -> None:
    """Drop a file that was not taken: it cannot be taken any more."""
    person_of_records(work.actor)
    found = _standing(work, file_id, FileState.ASKED, FileState.APPROVED, version=version)
    found.state, found.ended_at = FileState.DROPPED, work.now
    work.record("audit:file_dropped", found.id)


def take_file(work: Work, file_id: uuid.UUID, *, version: int) -> tuple[TrailFile, Sequence[AuditEvent]]:
    """Return the events of an approved file, the newest first, to the one who asked for it; it is taken by that, once.

    Raises `NotAllowed` to anybody else; `MoveNotPossible` when it was taken or has lapsed, or who approved it may not any more.
    """
    person = person_of_trail(work.actor)
    found = _standing(work, file_id, FileState.APPROVED, version=version)
    if found.asked_by != person:
        raise NotAllowed("Somebody else asked for this file, and they alone take it.")
    if not _may_still_approve(work, found.approved_by):
        raise MoveNotPossible("Whoever approved this may not do so any more. Drop it, and ask for it anew.")
    found.state, found.ended_at = FileState.TAKEN, work.now
    # Before the file is made: of two that take it at once, the second one fails here.
    work.session.flush()
    rows, _ = events(work, queries.looked_of(work, found), most=EXPORTED_MOST)
    work.record("audit:exported", found.id, stream=found.stream, events=len(rows))
    return found, rows


def _may_still_approve(work: Work, person_id: uuid.UUID | None) -> bool:
    account = work.session.scalar(select(Account).where(Account.person_id == person_id))
    return (
        account is not None
        and account.state is AccountState.ACTIVE
        and actor_of(account, now=work.now).can(Permission.RETENTION_MANAGE)
    )


def _standing(work: Work, file_id: uuid.UUID, *states: FileState, version: int) -> TrailFile:
    found = queries.get_file(work, file_id)
    if queries.state_of(work, found) not in states:
        raise MoveNotPossible
    found.expect(version)
    return found
