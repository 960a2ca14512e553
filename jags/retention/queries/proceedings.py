"""Read lists of what is due, and the record of what was erased."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from jags.accounts.queries import names_of, recusals_of
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State, reference_from
from jags.retention.model import Erasure, RetentionItem, RetentionList
from jags.retention.rules import (
    OPEN_LISTS,
    ErasureNote,
    ListState,
    RecordKind,
)

_LISTS_SHOWN = 20


def find_request(work: Work, reference: str) -> Request | None:
    """Return the request of a reference for who looks after records: they see the reference and no case text.

    Whoever stands aside from a request does not find it.
    """
    wanted = reference.strip().upper()
    written = reference_from(wanted, year=work.today.year) or wanted
    return work.session.scalar(
        select(Request)
        .where(
            Request.reference == written,
            Request.state != State.DRAFT,
            Request.id.not_in(recusals_of(work.actor.person_id)),
        )
        .order_by(Request.received_at, Request.id)
        .limit(1)
    )


def open_list(work: Work) -> RetentionList | None:
    """Return the list that somebody is at, if there is one; there is one at most."""
    return work.session.scalar(select(RetentionList).where(RetentionList.state.in_(OPEN_LISTS)))


def get_list(work: Work, list_id: uuid.UUID) -> RetentionList:
    """Return a list with its entries; raises `NotFound`."""
    found = work.session.scalar(
        select(RetentionList).where(RetentionList.id == list_id).options(selectinload(RetentionList.items))
    )
    if found is None:
        raise NotFound("There is no such list.")
    return found


@dataclass(frozen=True)
class ListLine:
    """A list as the page of all lists shows it."""

    id: uuid.UUID
    state: ListState
    made_at: datetime
    early: bool
    entries: int


def lists(work: Work) -> Sequence[ListLine]:
    """Return the last lists, the newest first."""
    counted = select(func.count()).where(RetentionItem.list_id == RetentionList.id).scalar_subquery()
    rows = work.session.execute(
        select(RetentionList.id, RetentionList.state, RetentionList.made_at, RetentionList.early, counted)
        .order_by(RetentionList.made_at.desc(), RetentionList.id)
        .limit(_LISTS_SHOWN)
    )
    return [ListLine(*row) for row in rows]


def who_of(work: Work, found: RetentionList) -> tuple[str, str]:
    """Return the names of who put a list forward and who approved it, as far as anybody did."""
    ids = [one for one in (found.asked_by, found.approved_by) if one]
    names = names_of(work, ids)
    return tuple(names.get(one, "") if one else "" for one in (found.asked_by, found.approved_by))  # type: ignore[return-value] # Two in, two out.


def stands_aside_from(work: Work, found: RetentionList) -> bool:
    """Tell whether the actor is involved in something on a list, and so is not the one to decide on it."""
    own = set(work.session.scalars(recusals_of(work.actor.person_id)))
    return any(item.kind is RecordKind.REQUEST and item.subject_id in own for item in found.items)


def erasures(work: Work, *, known: Collection[uuid.UUID] = ()) -> list[ErasureNote]:
    """Return what was erased, oldest first, but for the notes that are known."""
    rows = work.session.scalars(select(Erasure).order_by(Erasure.erased_at, Erasure.id))
    return [
        ErasureNote(row.id, row.kind, row.erased_at, row.subject_id, row.until_at)
        for row in rows
        if row.id not in known
    ]


def count_erasures(work: Work) -> int:
    """Return how many erasures the database remembers."""
    return work.session.scalar(select(func.count()).select_from(Erasure)) or 0


def not_applied(work: Work, notes: Collection[ErasureNote]) -> list[ErasureNote]:
    """Return the notes of which this database knows nothing: it is older than they are."""
    here = set(work.session.scalars(select(Erasure.id)))
    return [note for note in notes if note.id not in here]
