"""Read the calls that facilitators asked for, and the concerns that came up, until they are done."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from jags.accounts.model import Person
from jags.accounts.queries import contact_of, keep_known, people_of
from jags.kernel.errors import NotFound
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.work import Work
from jags.quality.model import SurfacedConcern, WishedCall
from jags.quality.rules.afterwards import TakenBy
from jags.requests.queries import visible_to
from jags.scheduling.model import JagsSession


@dataclass(frozen=True)
class CallLine:
    """Somebody who would like to be rung: by whom, by when, and how to reach them."""

    call: WishedCall
    reference: str
    name: str
    phone: str
    caller: str
    late: bool


@dataclass(frozen=True)
class ConcernLine:
    """A concern that came up in a session, as far as it is kept; `due` once it should have been taken."""

    concern: SurfacedConcern
    reference: str
    who: str
    noted_by: str
    due: bool


def open_afterwards(work: Work) -> tuple[list[CallLine], list[ConcernLine]]:
    """Return both of the below by two queries."""
    return open_calls(work), open_concerns(work)


def open_calls(work: Work) -> list[CallLine]:
    """Return the calls that are not made yet and that the actor may see, the first due first; by one query."""
    rows: Sequence[Any] = work.session.execute(
        select(Person, WishedCall, *KEY)
        .join(WishedCall, Person.id.in_([WishedCall.person_id, WishedCall.caller_id]))
        .join(DataKey, DataKey.id == Person.key_id)
        .join(WishedCall.session)
        .join(JagsSession.request)
        .where(WishedCall.made_on.is_(None), visible_to(work.actor))
        .options(
            joinedload(Person.agency), contains_eager(WishedCall.session).contains_eager(JagsSession.request)
        )
        .order_by(WishedCall.due_on, WishedCall.wished_at, WishedCall.id)
    ).all()
    keep_known(work, rows)
    # One row for the person, and one for who rings them.
    calls: dict[WishedCall, None] = dict.fromkeys(row.WishedCall for row in rows)
    people = people_of(work, {key for call in calls for key in (call.person_id, call.caller_id)})
    return [_call_line(work, call, people) for call in calls]


def find_open_call(work: Work, *, session_id: uuid.UUID, person_id: uuid.UUID) -> WishedCall | None:
    """Return the call about a session that somebody still waits for."""
    return work.session.scalar(
        select(WishedCall).where(
            WishedCall.session_id == session_id,
            WishedCall.person_id == person_id,
            WishedCall.made_on.is_(None),
        )
    )


def get_call(work: Work, call_id: uuid.UUID) -> WishedCall:
    """Return a call that the actor may see; raises `NotFound`."""
    found = work.session.scalar(
        select(WishedCall)
        .join(WishedCall.session)
        .join(JagsSession.request)
        .where(WishedCall.id == call_id, visible_to(work.actor))
    )
    if found is None:
        raise NotFound("There is no such call.")
    return found


def calls_open_by_caller(work: Work) -> dict[uuid.UUID, int]:
    """Return how many calls wait for each of those who are to make them."""
    rows = work.session.execute(
        select(WishedCall.caller_id, func.count())
        .where(WishedCall.made_on.is_(None))
        .group_by(WishedCall.caller_id)
    )
    return dict(rows.all())


def open_concerns(work: Work) -> list[ConcernLine]:
    """Return the concerns of which nobody has confirmed yet that they were taken, the first due first; by one query."""
    rows: Sequence[Any] = work.session.execute(
        select(Person, SurfacedConcern, *KEY)
        .join(SurfacedConcern, SurfacedConcern.noted_by == Person.id)
        .join(DataKey, DataKey.id.in_([SurfacedConcern.key_id, Person.key_id]))
        .join(SurfacedConcern.session)
        .join(JagsSession.request)
        .where(SurfacedConcern.confirmed_on.is_(None), visible_to(work.actor))
        .options(
            joinedload(Person.agency),
            contains_eager(SurfacedConcern.session).contains_eager(JagsSession.request),
        )
        .order_by(SurfacedConcern.taken_on, SurfacedConcern.id)
    ).all()
    # One row for each key: of what is said, and of who noted it.
    keep_known(work, rows)
    return _concern_lines(work, list(dict.fromkeys(row.SurfacedConcern for row in rows)))


def concerns_of(work: Work, session: JagsSession) -> list[ConcernLine]:
    """Return the concerns that came up in a session, for those who hold or arrange it."""
    found = work.session.scalars(
        select(SurfacedConcern)
        .where(SurfacedConcern.session_id == session.id)
        .order_by(SurfacedConcern.noted_at, SurfacedConcern.id)
    ).all()
    return _concern_lines(work, found)


def get_concern(work: Work, concern_id: uuid.UUID) -> SurfacedConcern:
    """Return a concern; raises `NotFound`."""
    found = work.session.get(SurfacedConcern, concern_id)
    if found is None:
        raise NotFound("There is no such note.")
    return found


def concerns_to_remind(work: Work, *, before: date) -> Sequence[SurfacedConcern]:
    """Return the unconfirmed concerns that were to be taken before a day."""
    return work.session.scalars(
        select(SurfacedConcern)
        .where(SurfacedConcern.confirmed_on.is_(None), SurfacedConcern.taken_on < before)
        .order_by(SurfacedConcern.id)
    ).all()


def _call_line(work: Work, call: WishedCall, people: dict[uuid.UUID, Person]) -> CallLine:
    contact = contact_of(work, people[call.person_id])
    return CallLine(
        call,
        call.session.request.reference or "",
        contact.name,
        contact.phone,
        contact_of(work, people[call.caller_id]).name,
        late=call.due_on < work.today,
    )


def _concern_lines(work: Work, found: Sequence[SurfacedConcern]) -> list[ConcernLine]:
    work.vault.prefetch(found)
    people = people_of(work, {one.noted_by for one in found})
    return [
        ConcernLine(
            one,
            one.session.request.reference or "",
            work.vault.open(one, "taken_by", TakenBy).who,
            contact_of(work, people[one.noted_by]).name,
            due=one.confirmed_on is None and one.taken_on < work.today,
        )
        for one in found
    ]
