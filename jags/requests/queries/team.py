"""Read who of the Business Unit looks after what: colleagues, deputies, and who is involved in a case."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from jags.accounts.model import Account, Person, Recusal, TakenRequest
from jags.accounts.queries import contact_of, keep_known, names_of, recusals_of
from jags.accounts.rules import AccountState, Role
from jags.kernel.errors import NotFound
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.work import Work
from jags.requests.model import Cover, Request
from jags.requests.queries.network import agency_name
from jags.requests.queries.one import contact_of as requester_of
from jags.requests.queries.one import visible_to
from jags.requests.rules import OPEN


@dataclass(frozen=True)
class Team:
    """The coordinators who have an account, and who looks after the work of whom today; names are still sealed."""

    people: tuple[Person, ...]
    deputies: Mapping[uuid.UUID, uuid.UUID]

    @property
    def ids(self) -> frozenset[uuid.UUID]:
        """Return the ids of the coordinators."""
        return frozenset(person.id for person in self.people)


@dataclass(frozen=True)
class Colleague:
    """A coordinator by name, and who looks after their work today; empty unless they are away."""

    person_id: uuid.UUID
    name: str
    deputy: str


@dataclass(frozen=True)
class CoverLine:
    """A span in which a deputy looks after somebody's work."""

    cover: Cover
    person: str
    deputy: str


@dataclass(frozen=True)
class Ownership:
    """Who looks after a request, as its page shows it. `involved` are colleagues who have passed it on for good."""

    owner_id: uuid.UUID | None
    owner: str
    deputy: str
    involved: tuple[tuple[uuid.UUID, str], ...]
    # Whether the actor looks after it: as owner, or for somebody who is away.
    mine: bool
    # Whether the actor sees it only because they have taken it over as the lead.
    taken: bool


def team(work: Work) -> Team:
    """Return the coordinators and today's deputies, read once in a unit of work."""
    if "requests.team" not in work.memo:
        runs = and_(Cover.person_id == Person.id, Cover.from_on <= work.today, Cover.to_on >= work.today)
        rows: Sequence[Any] = work.session.execute(
            select(Person, Cover.deputy_id, *KEY)
            .join(Person.account)
            .join(DataKey, DataKey.id == Person.key_id)
            .where(Account.state == AccountState.ACTIVE, Account.roles.any(role=Role.COORDINATOR))
            .outerjoin(Cover, runs)
            .order_by(Person.id)
        ).all()
        work.memo["requests.team"] = Team(
            tuple(dict.fromkeys(row[0] for row in rows)),
            {row[0].id: row[1] for row in rows if row[1]},
        )
        keep_known(work, rows)
    found: Team = work.memo["requests.team"]
    return found


def colleagues(work: Work) -> list[Colleague]:
    """Return the coordinators by name."""
    known = team(work)
    names = {person.id: contact_of(work, person).name for person in known.people}
    stand_in = {key: names.get(deputy_id, "") for key, deputy_id in known.deputies.items()}
    found = [Colleague(key, name, stand_in.get(key, "")) for key, name in names.items()]
    return sorted(found, key=lambda one: (one.name.casefold(), str(one.person_id)))


def acting_for(work: Work, person_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the people whose work somebody looks after today, because they are away."""
    return frozenset(away for away, deputy_id in team(work).deputies.items() if deputy_id == person_id)


def involved_in(work: Work, request_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return the people who are involved in a case, and neither act on the request nor see it."""
    return frozenset(work.session.scalars(select(Recusal.person_id).where(Recusal.request_id == request_id)))


def who_can_act(work: Work, request_id: uuid.UUID) -> list[Person]:
    """Return the coordinators who may act on a request, those who are involved in the case left out."""
    involved = involved_in(work, request_id)
    return [person for person in team(work).people if person.id not in involved]


def who_hears_of(work: Work, request: Request) -> list[Person]:
    """Return whom of the Business Unit mail about a request goes to: its owner, or while they are away their deputy.

    Where nobody looks after it, it goes to every coordinator. Nobody hears of a case in which they are involved.
    """
    able = {person.id: person for person in who_can_act(work, request.id)}
    taken = find_taken(work, request.id)
    if taken is not None and not able:
        # The lead acts in their place.
        return [work.session.get_one(Person, taken.person_id)]
    owner_id = request.owner_id
    meant = team(work).deputies.get(owner_id, owner_id) if owner_id else None
    return [able[meant]] if meant in able else list(able.values())


def caller_of(work: Work, request: Request) -> str:
    """Return the name of who rings the requester, where that can only be one of the Business Unit; empty otherwise."""
    hear = who_hears_of(work, request)
    return contact_of(work, hear[0]).name if len(hear) == 1 else ""


def ownership(work: Work, request: Request) -> Ownership:
    """Return who looks after a request, and who has passed it on."""
    involved = involved_in(work, request.id)
    owner_id, me = request.owner_id, work.actor.person_id
    deputy_id = team(work).deputies.get(owner_id) if owner_id else None
    names = names_of(work, [key for key in (owner_id, deputy_id, *involved) if key])
    return Ownership(
        owner_id,
        names.get(owner_id, "") if owner_id else "",
        names.get(deputy_id, "") if deputy_id else "",
        tuple(sorted(((key, names[key]) for key in involved), key=lambda one: one[1].casefold())),
        mine=me is not None and me in {owner_id, deputy_id},
        taken=work.actor.only is not None,
    )


def open_work(work: Work, person_id: uuid.UUID) -> Sequence[Request]:
    """Return the open requests that somebody looks after, sooner first, then received longest ago.

    The caller has checked whether the actor may know of them, and shows no more than reference, state and days, beside
    what `requesters_of` tells the actor.
    """
    return work.session.scalars(
        select(Request)
        .where(
            Request.owner_id == person_id,
            Request.state.in_(sorted(OPEN)),
            Request.id.not_in(recusals_of(work.actor.person_id)),
        )
        .options(joinedload(Request.agency))
        .order_by(Request.priority.desc(), Request.received_at, Request.id)
    ).all()


def requesters_of(work: Work, requests: Sequence[Request]) -> dict[uuid.UUID, tuple[str, str]]:
    """Return the name and the agency of who asks, of those requests that the actor may read."""
    ids = [request.id for request in requests]
    seen = set(work.session.scalars(select(Request.id).where(Request.id.in_(ids), visible_to(work.actor))))
    read = [request for request in requests if request.id in seen]
    work.vault.prefetch(read)
    return {one.id: (requester_of(work, one).name, agency_name(one)) for one in read}


def covers(work: Work) -> list[CoverLine]:
    """Return the spans of cover that run or are to come, earliest first."""
    rows = work.session.scalars(
        select(Cover).where(Cover.to_on >= work.today).order_by(Cover.from_on, Cover.id)
    ).all()
    names = names_of(work, {key for row in rows for key in (row.person_id, row.deputy_id)})
    return [CoverLine(row, names[row.person_id], names[row.deputy_id]) for row in rows]


def get_cover(work: Work, cover_id: uuid.UUID) -> Cover:
    """Return a span of cover that has not ended; raises `NotFound`."""
    cover = work.session.get(Cover, cover_id)
    if cover is None or cover.to_on < work.today:
        raise NotFound("This cover has ended already.")
    return cover


def covers_that_touch(
    work: Work, person_ids: Iterable[uuid.UUID], *, from_on: date, to_on: date
) -> Sequence[Cover]:
    """Return the spans of cover of or by some people that share a day with a span."""
    ids = sorted(set(person_ids))
    return work.session.scalars(
        select(Cover)
        .where(
            or_(Cover.person_id.in_(ids), Cover.deputy_id.in_(ids)),
            Cover.from_on <= to_on,
            Cover.to_on >= from_on,
        )
        .order_by(Cover.from_on, Cover.id)
    ).all()


def find_taken(work: Work, request_id: uuid.UUID) -> TakenRequest | None:
    """Return who has taken a request over as the lead, if it has not been given back."""
    return work.session.scalar(
        select(TakenRequest).where(TakenRequest.request_id == request_id, TakenRequest.ended_at.is_(None))
    )
