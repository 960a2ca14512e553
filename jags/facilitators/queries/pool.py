"""Read the pool: who is in it, whether their training is valid, and how much they have given."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from jags.accounts.model import Person
from jags.accounts.queries import contact_of, keep_known
from jags.accounts.rules import Contact
from jags.facilitators.model import Booking, Facilitator
from jags.facilitators.queries.training import training_terms
from jags.facilitators.rules import BookingKind, FacilitatorStatus, TrainingTerms, entitlement, quarter_of
from jags.kernel.errors import NotFound
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.time import days, london_date, start_of_day
from jags.kernel.work import Work
from jags.settings.queries import partnership

_MOMENT = timedelta(microseconds=1)
# Facilitators with agency and training, and the key of their name, by one query; people come first, as `keep_known` takes them.
_WITH_TRAINING = (
    select(Person, Facilitator, *KEY)
    .join(Facilitator, Facilitator.person_id == Person.id)
    .join(DataKey, DataKey.id == Person.key_id)
    .options(joinedload(Person.agency), contains_eager(Facilitator.person), joinedload(Facilitator.training))
)


@dataclass(frozen=True)
class Load:
    """What a person has taken on: sessions in the last twelve months and still to come, and in one quarter."""

    last_twelve_months: int = 0
    in_quarter: int = 0
    # How many of those in the quarter are over.
    given_in_quarter: int = 0
    # For how many sessions they may be asked in that quarter: fewer than they can give, for a newcomer.
    entitled: int = 0
    # The London date up to which they rest after a heavy session; None when they do not.
    rests_until: date | None = None


@dataclass(frozen=True)
class PoolMember:
    """A facilitator as a list shows them."""

    facilitator: Facilitator
    contact: Contact
    current: bool
    load: Load
    terms: TrainingTerms

    def current_on(self, day: date) -> bool:
        """Tell whether the training is valid on a day."""
        return self.facilitator.current_on(day, self.terms)

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
    wanted = _WITH_TRAINING.options(selectinload(Facilitator.localities))
    if not with_left:
        wanted = wanted.where(Facilitator.status != FacilitatorStatus.LEFT)
    if only is not None:
        wanted = wanted.where(Facilitator.person_id.in_(only))
    found = _found(work, wanted)
    loads = load(work, [f.person_id for f in found], work.today, in_quarter_of=in_quarter_of)
    terms = training_terms(work)
    members = [
        PoolMember(f, contact_of(work, f.person), f.current_on(work.today, terms), loads[f.person_id], terms)
        for f in found
    ]
    return sorted(members, key=lambda m: (m.name.casefold(), str(m.person_id)))


def without_load(work: Work, person_ids: Collection[uuid.UUID]) -> list[PoolMember]:
    """Return people of the pool, who has left too, with their training and without what they have given.

    By one query for those who have not been read in this unit of work.
    """
    terms = training_terms(work)
    known: dict[uuid.UUID, Facilitator] = work.memo.setdefault("facilitators.with_training", {})
    if missing := set(person_ids) - known.keys():
        found = _found(work, _WITH_TRAINING.where(Facilitator.person_id.in_(missing)))
        known.update((one.person_id, one) for one in found)
    members = [
        PoolMember(f, contact_of(work, f.person), f.current_on(work.today, terms), Load(), terms)
        for person_id in set(person_ids)
        if (f := known.get(person_id)) is not None
    ]
    return sorted(members, key=lambda m: (m.name.casefold(), str(m.person_id)))


def _found(work: Work, wanted: Select[*tuple[Any, ...]]) -> list[Facilitator]:
    """Return the facilitators of a query that begins with `_WITH_TRAINING`; their names can be opened."""
    rows: Sequence[Any] = work.session.execute(wanted.order_by(Facilitator.person_id)).unique().all()
    keep_known(work, rows)
    return [row.Facilitator for row in rows]


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
    """Count the sessions that people have given or have booked, from their bookings, with one query.

    The last twelve months reach back 365 days from `today` and include what is booked to come. `in_quarter_of` names a
    day of the quarter that is counted (today if not given).
    """
    if not person_ids:
        return {}
    first, following = quarter_of(in_quarter_of or today)
    starts = Booking.starts_at
    in_quarter = case((starts.between(start_of_day(first), start_of_day(following) - _MOMENT), 1), else_=0)
    in_year = case((starts >= start_of_day(today - days(365)), 1), else_=0)
    given = case((Booking.ends_at <= work.now, 1), else_=0)
    given_then = in_quarter * given
    heavy = case((Booking.heavy.is_(True), Booking.ends_at))
    rows = work.session.execute(
        select(
            Facilitator.person_id,
            Facilitator.sessions_per_quarter,
            *(func.coalesce(func.sum(number), 0) for number in (in_year, in_quarter, given_then, given)),
            func.max(heavy),
        )
        .outerjoin(
            Booking,
            and_(Booking.person_id == Facilitator.person_id, Booking.kind == BookingKind.SESSION),
        )
        .where(Facilitator.person_id.in_(person_ids))
        .group_by(Facilitator.person_id, Facilitator.sessions_per_quarter)
    )
    newcomers = partnership(work).newcomer_sessions_a_quarter
    found = dict.fromkeys(person_ids, Load())
    for person_id, can_give, year, quarter, given_now, given_ever, ended_at in rows:
        entitled = entitlement(can_give, given=int(given_ever), newcomers=newcomers)
        found[person_id] = Load(
            int(year),
            int(quarter),
            int(given_now),
            entitled=entitled,
            rests_until=_rest(work, ended_at),
        )
    return found


def _rest(work: Work, ended_at: datetime | None) -> date | None:
    """Return until when somebody rests whose last heavy session ended at an instant; None when that has passed."""
    if ended_at is None:
        return None
    until = london_date(ended_at) + days(partnership(work).rest_days_after_heavy_session)
    return until if until >= work.today else None
