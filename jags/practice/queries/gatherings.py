"""Read network meetings and training events, and who is invited to them."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from jags.accounts.model import Person
from jags.accounts.queries import contact_of
from jags.facilitators.model import Facilitator
from jags.facilitators.queries import coming_bookings, not_current_on
from jags.facilitators.rules import FacilitatorStatus
from jags.kernel.errors import NotFound
from jags.kernel.time import overlaps
from jags.kernel.work import Work
from jags.practice.model import Gathering, Invitee
from jags.practice.rules import About, Agenda, GatheringKind, Reply
from jags.scheduling.rules import Place
from jags.venues.queries import details_of, get_venue

# So many that are over are listed; a partnership has a few a year.
_PAST_SHOWN = 40


@dataclass(frozen=True)
class GatheringLine:
    """A meeting or a training event as a list shows it, with how many gave which reply."""

    gathering: Gathering
    about: About
    replies: Counter[Reply]
    ended: bool

    @property
    def invited(self) -> int:
        """Return how many people are invited."""
        return self.replies.total()


@dataclass(frozen=True)
class InviteeLine:
    """Somebody who is invited, as a page shows them."""

    person_id: uuid.UUID
    name: str
    agency: str
    reply: Reply
    clashes: bool


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be invited: whether their training is valid on the day, and whether their time is taken then."""

    person_id: uuid.UUID
    name: str
    agency: str
    status: FacilitatorStatus
    current: bool
    taken: bool


def gatherings(work: Work) -> list[GatheringLine]:
    """Return everything that is planned, and the latest of what is over: the next first, then the latest; by four queries."""
    return _lines(work, select(Gathering).options(selectinload(Gathering.invitees)))


def gatherings_of(work: Work, person_id: uuid.UUID) -> list[tuple[GatheringLine, Reply]]:
    """Return what somebody is or was invited to, in the same order, with their own reply."""
    mine = select(Invitee.gathering_id).where(Invitee.person_id == person_id)
    lines = _lines(
        work, select(Gathering).options(selectinload(Gathering.invitees)).where(Gathering.id.in_(mine))
    )
    own = {(one.gathering_id, one.person_id): one.reply for line in lines for one in line.gathering.invitees}
    return [(line, own[line.gathering.id, person_id]) for line in lines]


def get_gathering(work: Work, gathering_id: uuid.UUID) -> Gathering:
    """Return a meeting or a training event; raises `NotFound`."""
    found = work.session.get(Gathering, gathering_id)
    if found is None:
        raise NotFound("There is no such meeting.")
    return found


def find_invitee(work: Work, gathering_id: uuid.UUID, person_id: uuid.UUID) -> Invitee | None:
    """Return somebody's invitation, if they are invited."""
    return work.session.get(Invitee, (gathering_id, person_id))


def find_transitional_attendance(work: Work, person_id: uuid.UUID) -> Invitee | None:
    """Return an attendance of somebody at a training event for transitional safeguarding, the latest, if there is any."""
    return work.session.scalar(
        select(Invitee)
        .join(Invitee.gathering)
        .where(
            Invitee.person_id == person_id,
            Invitee.reply == Reply.ATTENDED,
            Gathering.kind == GatheringKind.TRAINING,
            Gathering.transitional.is_(True),
        )
        .order_by(Gathering.starts_at.desc(), Gathering.id)
        .limit(1)
    )


def invitees_of(work: Work, gathering: Gathering) -> list[InviteeLine]:
    """Return who is invited, by name, by three queries."""
    rows = work.session.scalars(
        select(Invitee)
        .where(Invitee.gathering_id == gathering.id)
        .options(joinedload(Invitee.facilitator).joinedload(Facilitator.person).joinedload(Person.agency))
        .order_by(Invitee.person_id)
    ).all()
    people = {row.person_id: row.facilitator.person for row in rows}
    work.vault.prefetch(people.values())
    lines = [
        InviteeLine(
            row.person_id,
            contact_of(work, people[row.person_id]).name,
            agency.name if (agency := people[row.person_id].agency) else "",
            row.reply,
            row.clashes,
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line.name.casefold(), str(line.person_id)))


def not_invited(work: Work, gathering: Gathering) -> list[Candidate]:
    """Return everybody of the pool who is not invited yet and has not left, by name, by four queries."""
    people = {
        one.person_id: one
        for one in work.session.scalars(
            select(Facilitator)
            .where(
                Facilitator.status != FacilitatorStatus.LEFT,
                Facilitator.person_id.not_in([one.person_id for one in gathering.invitees]),
            )
            .options(joinedload(Facilitator.person).joinedload(Person.agency))
            .order_by(Facilitator.person_id)
        )
    }
    work.vault.prefetch(one.person for one in people.values())
    lapsed = not_current_on(work, people, gathering.wall_start.date())
    booked = coming_bookings(work, people)
    found = [
        Candidate(
            person_id,
            contact_of(work, one.person).name,
            one.person.agency.name if one.person.agency else "",
            one.status,
            current=person_id not in lapsed,
            taken=any(
                overlaps(b.span.starts_at, b.span.ends_at, gathering.starts_at, gathering.ends_at)
                for b in booked[person_id]
            ),
        )
        for person_id, one in people.items()
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), str(one.person_id)))


def about_of(work: Work, gathering: Gathering) -> About:
    """Open what a training event is about."""
    return work.vault.open(gathering, "about", About)


def place_of(work: Work, gathering: Gathering) -> Place:
    """Open where people meet."""
    return work.vault.open(gathering, "place", Place)


def place_shown(work: Work, gathering: Gathering) -> Place:
    """Return where people meet, for who goes there: with what is good to know of a known place, as it is today."""
    place = place_of(work, gathering)
    if gathering.venue_id is None:
        return place
    notes = details_of(work, get_venue(work, gathering.venue_id)).notes
    return replace(place, arrangements="\n".join(filter(None, (notes, place.arrangements))))


def agenda_of(work: Work, gathering: Gathering) -> tuple[str, ...]:
    """Open the topics of a meeting."""
    return work.vault.open(gathering, "agenda", Agenda).topics


def _lines(work: Work, wanted: Select[Gathering]) -> list[GatheringLine]:
    over = Gathering.starts_at < work.now - timedelta(days=1)
    coming = work.session.scalars(wanted.where(~over).order_by(Gathering.starts_at, Gathering.id)).all()
    past = work.session.scalars(
        wanted.where(over).order_by(Gathering.starts_at.desc(), Gathering.id).limit(_PAST_SHOWN)
    ).all()
    found: Sequence[Gathering] = [*coming, *past]
    work.vault.prefetch(found)
    lines = [
        GatheringLine(
            one,
            about_of(work, one),
            Counter(invitee.reply for invitee in one.invitees),
            ended=one.ends_at <= work.now,
        )
        for one in found
    ]
    # What began today is over when it has ended.
    return [one for one in lines if not one.ended] + sorted(
        (one for one in lines if one.ended), key=lambda line: line.gathering.starts_at, reverse=True
    )
