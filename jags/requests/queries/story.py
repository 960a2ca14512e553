"""Read the story of a request: its moves, the notes about it, an open question, the promised call."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from jags.accounts.model import Account, Person
from jags.accounts.policy import require
from jags.accounts.queries import contact_of, keep_known
from jags.accounts.rules import Permission
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.work import Work
from jags.requests.model import Request, RequestMove, RequestNote
from jags.requests.rules import (
    MoveNote,
    Note,
    State,
    Verb,
)


@dataclass(frozen=True)
class Step:
    """One step of a request's story; `by` is empty unless somebody with an account did it."""

    verb: Verb
    left: State
    reached: State
    at: datetime
    by: str
    note: MoveNote


@dataclass(frozen=True)
class NoteLine:
    """A note between coordinators: what it says, when it was written and by whom."""

    text: str
    at: datetime
    by: str


def timeline(work: Work, request: Request) -> tuple[Step, ...]:
    """Return the story of a request, oldest step first, with what was written at each step."""
    return _steps(work, request, _Names(work, request, []))


def notes_of(work: Work, request: Request) -> tuple[NoteLine, ...]:
    """Return the notes between coordinators, newest first; raises `NotAllowed` for everybody else."""
    return story_and_notes(work, request)[1]


def story_and_notes(work: Work, request: Request) -> tuple[tuple[Step, ...], tuple[NoteLine, ...]]:
    """Return both of the above, with the names of all colleagues read at once; raises `NotAllowed` as above."""
    require(work.actor, Permission.REQUEST_TRIAGE)
    rows = work.session.scalars(
        select(RequestNote)
        .where(RequestNote.request_id == request.id)
        .order_by(RequestNote.at.desc(), RequestNote.id)
    ).all()
    names = _Names(work, request, rows)
    notes = tuple(
        NoteLine(work.vault.open(row, "note", Note).text, row.at, names.of_person(row.author_id))
        for row in rows
    )
    return _steps(work, request, names), notes


def open_question(work: Work, request: Request) -> str:
    """Return the question that the requester has not answered yet; empty when there is none."""
    if request.state is not State.WAITING_FOR_REQUESTER:
        return ""
    asked = work.session.scalar(
        select(RequestMove)
        .where(RequestMove.request_id == request.id, RequestMove.verb == Verb.ASK)
        .order_by(RequestMove.number.desc())
        .limit(1)
    )
    return work.vault.open(asked, "note", MoveNote).reason if asked else ""


def _steps(work: Work, request: Request, names: "_Names") -> tuple[Step, ...]:
    return tuple(
        Step(
            m.verb, m.left, m.reached, m.at, names.of_actor(m.actor_ref), work.vault.open(m, "note", MoveNote)
        )
        for m in request.moves
    )


class _Names:
    """The names of the colleagues who moved a request or wrote notes about it, read with one query."""

    def __init__(self, work: Work, request: Request, notes: Sequence[RequestNote]) -> None:
        accounts = {ref for move in request.moves if (ref := _account_of(move.actor_ref))}
        authors = {note.author_id for note in notes if note.author_id}
        self._by_person: dict[uuid.UUID, str] = {}
        self._by_actor: dict[str, str] = {}
        rows = (
            work.session.execute(
                select(Person, Account.id.label("account_id"), *KEY)
                .join(DataKey, DataKey.id == Person.key_id)
                .outerjoin(Account, Account.person_id == Person.id)
                .where(or_(Account.id.in_(accounts), Person.id.in_(authors)))
                .options(joinedload(Person.agency))
            ).all()
            if accounts or authors
            else []
        )
        keep_known(work, rows)
        for person, account_id, *_ in rows:
            self._by_person[person.id] = contact_of(work, person).name
            self._by_actor[str(account_id)] = self._by_person[person.id]

    def of_actor(self, ref: str) -> str:
        """Return the name of who has an account; empty for everybody else."""
        return self._by_actor.get(ref, "")

    def of_person(self, person_id: uuid.UUID | None) -> str:
        """Return the name of somebody; empty when it is not known."""
        return self._by_person.get(person_id, "") if person_id else ""


def _account_of(actor_ref: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(actor_ref)
    except ValueError:
        return None
