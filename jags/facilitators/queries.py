"""Read the pool: who is in it, when they are free, and how much they have given."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from jags.accounts.model import Person
from jags.accounts.queries import contact_of
from jags.accounts.rules import Contact
from jags.facilitators.model import Availability, Booking, Facilitator
from jags.facilitators.rules import (
    HALF_DAYS,
    BookingKind,
    FacilitatorStatus,
    Span,
    free_in,
    quarter_of,
    slot_count,
    slot_number,
    slot_span,
    without,
)
from jags.kernel.errors import NotFound
from jags.kernel.time import days, london_date, start_of_day
from jags.kernel.work import Work


@dataclass(frozen=True)
class Load:
    """What a person has taken on: sessions in the last twelve months and still to come, and in one quarter."""

    last_twelve_months: int = 0
    in_quarter: int = 0
    left_in_quarter: int = 0


@dataclass(frozen=True)
class PoolMember:
    """A facilitator as a list shows them."""

    facilitator: Facilitator
    contact: Contact
    current: bool
    load: Load

    @property
    def person_id(self) -> uuid.UUID:
        """Return the id of the person."""
        return self.facilitator.person_id

    @property
    def name(self) -> str:
        """Return the person's name."""
        return self.contact.name

    @property
    def agency(self) -> str:
        """Return the name of the person's agency; empty when it is not recorded."""
        agency = self.facilitator.person.agency
        return agency.name if agency else ""


def pool(
    work: Work,
    *,
    in_quarter_of: date | None = None,
    with_left: bool = False,
    only: Collection[uuid.UUID] | None = None,
) -> list[PoolMember]:
    """Return the pool by name, with load and training as they stand today, by a constant number of queries.

    `in_quarter_of` names a day of the quarter for which sessions are counted (today if not given). Who has left is
    there only `with_left`; `only` leaves everybody else out.
    """
    wanted = select(Facilitator).options(
        joinedload(Facilitator.person).joinedload(Person.agency),
        selectinload(Facilitator.training),
        selectinload(Facilitator.localities),
    )
    if not with_left:
        wanted = wanted.where(Facilitator.status != FacilitatorStatus.LEFT)
    if only is not None:
        wanted = wanted.where(Facilitator.person_id.in_(only))
    found = work.session.scalars(wanted.order_by(Facilitator.person_id)).all()
    work.vault.prefetch(f.person for f in found)
    loads = load(work, [f.person_id for f in found], work.today, in_quarter_of=in_quarter_of)
    members = [
        PoolMember(f, contact_of(work, f.person), f.current_on(work.today), loads[f.person_id]) for f in found
    ]
    return sorted(members, key=lambda m: (m.name.casefold(), str(m.person_id)))


def get_facilitator(work: Work, person_id: uuid.UUID) -> Facilitator:
    """Return a facilitator; raises `NotFound`."""
    found = work.session.get(Facilitator, person_id)
    if found is None:
        raise NotFound("There is no such facilitator.")
    return found


def find_facilitator(work: Work, person_id: uuid.UUID) -> Facilitator | None:
    """Return a facilitator, or None for somebody who is not in the pool."""
    return work.session.get(Facilitator, person_id)


def load(
    work: Work, person_ids: Collection[uuid.UUID], today: date, *, in_quarter_of: date | None = None
) -> dict[uuid.UUID, Load]:
    """Count the sessions that people have given or have booked, from their bookings, with two queries.

    The last twelve months reach back 365 days from `today` and include what is booked to come. `in_quarter_of` names a
    day of the quarter that is counted (today if not given).
    """
    if not person_ids:
        return {}
    first, following = quarter_of(in_quarter_of or today)
    starts = Booking.starts_at
    in_quarter = case((starts.between(start_of_day(first), start_of_day(following) - _MOMENT), 1), else_=0)
    in_year = case((starts >= start_of_day(today - days(365)), 1), else_=0)
    counted = {
        person_id: (int(year), int(quarter))
        for person_id, year, quarter in work.session.execute(
            select(Booking.person_id, func.sum(in_year), func.sum(in_quarter))
            .where(Booking.person_id.in_(person_ids), Booking.kind == BookingKind.SESSION)
            .group_by(Booking.person_id)
        )
    }
    entitled = dict(
        work.session.execute(
            select(Facilitator.person_id, Facilitator.sessions_per_quarter).where(
                Facilitator.person_id.in_(person_ids)
            )
        ).all()
    )
    found = {}
    for person_id in person_ids:
        year, quarter = counted.get(person_id, (0, 0))
        found[person_id] = Load(year, quarter, max(0, entitled.get(person_id, 0) - quarter))
    return found


def free_slots(
    work: Work, person_ids: Collection[uuid.UUID], *, first_day: date, last_day: date, minutes: int
) -> dict[uuid.UUID, frozenset[int] | None]:
    """Return the half-days between two dates in which each person has so many unbroken minutes free.

    Half-days are numbered from 0 on the morning of `first_day`. None stands for somebody who has recorded no
    availability from now on: they count as free, and are asked first.
    """
    offered = _spans(work, Availability, person_ids)
    taken = _spans(work, Booking, person_ids)
    windows = [slot_span(first_day, n) for n in range(slot_count(first_day, last_day))]
    found: dict[uuid.UUID, frozenset[int] | None] = {}
    for person_id in person_ids:
        free = without(offered[person_id], taken[person_id])
        found[person_id] = _slots_in(free, first_day, windows, minutes) if offered[person_id] else None
    return found


def availability_of(work: Work, person_id: uuid.UUID) -> list[Span]:
    """Return the spans that a person has offered and that have not ended, in order."""
    return _spans(work, Availability, [person_id])[person_id]


def bookings_of(work: Work, person_id: uuid.UUID) -> list[Span]:
    """Return the spans of a person's time that are taken and have not ended, in order."""
    return _spans(work, Booking, [person_id])[person_id]


_MOMENT = timedelta(microseconds=1)


def _spans(
    work: Work, table: type[Availability | Booking], person_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Span]]:
    person: InstrumentedAttribute[uuid.UUID] = table.person_id
    rows = work.session.execute(
        select(person, table.starts_at, table.ends_at)
        .where(person.in_(person_ids), table.ends_at > work.now)
        .order_by(table.starts_at, table.id)
    )
    found: dict[uuid.UUID, list[Span]] = defaultdict(list)
    for person_id, starts_at, ends_at in rows:
        found[person_id].append(Span(starts_at, ends_at))
    return found


def _slots_in(free: Iterable[Span], first_day: date, windows: Sequence[Span], minutes: int) -> frozenset[int]:
    length = timedelta(minutes=minutes)
    slots: set[int] = set()
    for span in free:
        # Only the half-days of the days that a span touches are looked at.
        first = slot_number(first_day, london_date(span.starts_at))
        last = slot_number(first_day, london_date(span.ends_at)) + len(HALF_DAYS)
        for number in range(max(0, first), min(last, len(windows))):
            if free_in(windows[number], [span], length=length):
                slots.add(number)
    return frozenset(slots)
