"""Read files of the audit trail that somebody asked for; whoever stands aside from the request that one is about finds none of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from jags.accounts.queries import names_of, recusals_of
from jags.audit.queries import Looked
from jags.kernel.actor import Actor
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.retention.model import TrailFile
from jags.retention.rules import FileState, file_stands

_SHOWN = 20


def files_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the files that an actor may know of: none about a request from which they stand aside."""
    return or_(TrailFile.request_id.is_(None), TrailFile.request_id.not_in(recusals_of(actor.person_id)))


def get_file(work: Work, file_id: uuid.UUID) -> TrailFile:
    """Return a file that was asked for; raises `NotFound`."""
    found = work.session.scalar(
        select(TrailFile).where(files_visible_to(work.actor), TrailFile.id == file_id)
    )
    if found is None:
        raise NotFound("There is no such file.")
    return found


def state_of(work: Work, found: TrailFile) -> FileState:
    """Return where a file stands now."""
    return file_stands(found.state, work.now, asked_at=found.asked_at, approved_at=found.approved_at)


def unseen_by(work: Work, person_id: uuid.UUID | None) -> tuple[str, ...]:
    """Return the ids of the requests of which somebody finds no event in the trail, because they stand aside from them."""
    return tuple(sorted(str(one) for one in work.session.scalars(recusals_of(person_id))))


def looked_of(work: Work, found: TrailFile) -> Looked:
    """Return what a file holds, as it was settled when it was asked for."""
    return Looked(
        stream=found.stream,
        subject=str(found.request_id) if found.request_id else "",
        about=found.about,
        actor_refs=(found.who,) if found.who else (),
        from_on=found.from_on,
        to_on=found.to_on,
        until_seq=found.until_seq,
        unseen=unseen_by(work, found.asked_by),
    )


@dataclass(frozen=True)
class FileLine:
    """A file as pages show it, with the names of who asked and who approved, and the reference that it is about."""

    file: TrailFile
    state: FileState
    asked_by: str
    approved_by: str
    reference: str


def lines_of_files(work: Work, rows: Sequence[TrailFile]) -> list[FileLine]:
    """Return files as pages show them, by two queries."""
    names = names_of(work, sorted({one for row in rows for one in (row.asked_by, row.approved_by) if one}))
    ids = {row.request_id for row in rows if row.request_id}
    references = {
        key: reference or ""
        for key, reference in work.session.execute(
            select(Request.id, Request.reference).where(Request.id.in_(ids))
        )
    }
    return [
        FileLine(
            row,
            state_of(work, row),
            names.get(row.asked_by, ""),
            names.get(row.approved_by, "") if row.approved_by else "",
            references.get(row.request_id, "") if row.request_id else "",
        )
        for row in rows
    ]


def files(work: Work) -> list[FileLine]:
    """Return the files that were asked for last, the newest first."""
    rows = work.session.scalars(
        select(TrailFile)
        .where(files_visible_to(work.actor))
        .order_by(TrailFile.asked_at.desc(), TrailFile.id)
        .limit(_SHOWN)
    ).all()
    return lines_of_files(work, rows)
