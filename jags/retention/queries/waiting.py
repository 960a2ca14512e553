"""Read what waits for somebody as the second person."""

import uuid
from dataclasses import dataclass

from sqlalchemy import literal, select, union_all

from jags.accounts.queries import recusals_of
from jags.accounts.rules import Permission
from jags.kernel.work import Work
from jags.retention.model import RetentionItem, RetentionList, TrailFile
from jags.retention.queries.files import files_visible_to
from jags.retention.rules import FILE_ASKED_FOR, FileState, ListState, RecordKind


@dataclass(frozen=True)
class Waiting:
    """A list of what is due, and a file of the audit trail, that wait for somebody; None where none does."""

    list_id: uuid.UUID | None = None
    file_id: uuid.UUID | None = None


def waits_for(work: Work) -> Waiting:
    """Return what waits for the actor as the second person, in one query.

    Nothing is returned to whoever put it forward, may not approve, or stands aside from something in it.
    """
    if not work.actor.can(Permission.RETENTION_MANAGE):
        return Waiting()
    me = work.actor.person_id
    involved = select(RetentionItem.list_id).where(
        RetentionItem.kind == RecordKind.REQUEST, RetentionItem.subject_id.in_(recusals_of(me))
    )
    lists = select(literal("list_id"), RetentionList.id, RetentionList.asked_at.label("asked_at")).where(
        RetentionList.state == ListState.ASKED,
        RetentionList.asked_by != me,
        RetentionList.id.not_in(involved),
    )
    files = select(literal("file_id"), TrailFile.id, TrailFile.asked_at).where(
        TrailFile.state == FileState.ASKED,
        TrailFile.asked_by != me,
        TrailFile.asked_at >= work.now - FILE_ASKED_FOR,
        files_visible_to(work.actor),
    )
    # Of several files the one that has waited longest.
    rows = work.session.connection().execute(union_all(lists, files).order_by("asked_at"))  # type: ignore[var-annotated] # The stubs lose the columns of a union.
    found: dict[str, uuid.UUID] = {}
    for kind, one, _ in rows:
        found.setdefault(kind, one)
    return Waiting(**found)
