"""Whatever is booked, moved, called off, taken up again, swapped or noted as leave, in any order: nobody is in two places."""

import itertools
import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select

from conftest import SOAK
from factories.agreed import agree_with, people_of_pool
from factories.overlaps import overlaps
from factories.sessions import COORDINATOR, appointment, schedule
from jags.facilitators.model import Booking
from jags.facilitators.rules import BookingKind, FacilitatorAlreadyBooked, Span
from jags.facilitators.service import cancel_leave, note_leave, occupy, release
from jags.kernel.errors import Invalid
from jags.notifications.model import OutboxMessage
from jags.scheduling.queries import get_session
from jags.scheduling.service import move_session, postpone_session, reinstate_session, swap_sessions
from jags.venues.model import VenueBooking
from jags.venues.rules import VenueAlreadyBooked, VenueDetails, VenueTime
from jags.venues.service import add_venue

# Fifty thousand operations in all, in histories that can be told again one by one.
HISTORIES, OPERATIONS = (20, 2_500) if SOAK else (1, 120)
# Two weeks after conftest.NOW, in winter, when London's clock shows UTC.
DAYS = [datetime(2026, 12, day, tzinfo=UTC) for day in (8, 9, 10)]
# Before and after a session: thirty and twenty minutes together, then ten to pause and thirty for the way.
BEFORE, AFTER, TOGETHER = (
    timedelta(minutes=70),
    timedelta(minutes=60),
    (timedelta(minutes=30), timedelta(minutes=20)),
)


@dataclass
class Taken:
    """What the test itself believes to be taken for something: people for a span, a place for a shorter one."""

    people: frozenset[uuid.UUID]
    span: tuple[datetime, datetime]
    venue: uuid.UUID | None = None
    venue_span: tuple[datetime, datetime] | None = None

    def clashes(self, other: "Taken") -> bool:
        shared = self.people & other.people
        same_place = self.venue is not None and self.venue == other.venue
        return bool(shared and _share(self.span, other.span)) or bool(
            same_place and _share(self.venue_span, other.venue_span)
        )


@dataclass
class Diary:
    """What is taken now, by what it stands for."""

    taken: dict[uuid.UUID, Taken] = field(default_factory=dict)

    def free(self, *wanted: tuple[uuid.UUID, Taken]) -> bool:
        refs = {ref for ref, _ in wanted}
        others = [one for ref, one in self.taken.items() if ref not in refs]
        pairs = itertools.combinations([one for _, one in wanted], 2)
        return not any(one.clashes(other) for _, one in wanted for other in others) and not any(
            one.clashes(other) for one, other in pairs
        )


def _share(one, other):
    return one[0] < other[1] and other[0] < one[1]


class History:
    """A random life of four sessions of three people, with two places, leave and network meetings between them."""

    def __init__(self, work_on, seed):
        self.work_on, self.random, self.diary = work_on, random.Random(seed), Diary()  # noqa: S311 - It makes up a history.
        ann, ben, cat = self.people = people_of_pool(work_on, "Ann", "Ben", "Cat")
        self.agreed = agree_with(work_on, [(ann, ben), (ben, cat), (ann, cat), (ann, ben)])
        with work_on() as work:
            self.venues = [
                add_venue(work, details=VenueDetails(name)).id for name in ("Town Hall, Room 4", "Library")
            ]
        # Each request's session, once it has one, and when and where it is.
        self.sessions: dict[int, uuid.UUID] = {}
        self.placed: dict[uuid.UUID, tuple[datetime, uuid.UUID | None]] = {}
        self.minutes: dict[uuid.UUID, int] = {}
        self.off: set[uuid.UUID] = set()
        self.others: dict[uuid.UUID, BookingKind] = {}
        self.refused = self.done = 0

    def anywhere(self):
        start = self.random.choice(DAYS) + timedelta(
            hours=self.random.randint(8, 18), minutes=self.random.choice((0, 30))
        )
        return start, self.random.choice([None, *self.venues])

    def takes(self, n, start, venue, minutes):
        end = start + timedelta(minutes=minutes)
        return Taken(
            frozenset(self.agreed[n].people),
            (start - BEFORE, end + AFTER),
            venue,
            (start - TOGETHER[0], end + TOGETHER[1]),
        )

    def attempt(self, act, expected):
        """Do something in a unit of work of its own: it succeeds exactly when the diary says that all is free."""
        if expected:
            self.done += 1
            with self.work_on(COORDINATOR) as work:
                return act(work) or True
        self.refused += 1
        with (
            pytest.raises((FacilitatorAlreadyBooked, VenueAlreadyBooked, Invalid)),
            self.work_on(COORDINATOR) as work,
        ):
            act(work)
        return None

    def step(self):
        n = self.random.randrange(len(self.agreed))
        session_id = self.sessions.get(n)
        if session_id is None:
            return self.book(n)
        if session_id in self.off:
            return self.random.choice((self.book, self.reinstate))(n)
        return self.random.choice(
            (self.move, self.move, self.postpone, self.swap, self.leave, self.meet, self.tidy)
        )(n)

    def book(self, n):
        (start, venue), minutes = self.anywhere(), self.random.choice((60, 120))
        wanted = self.takes(n, start, venue, minutes)
        session_id = self.attempt(
            lambda work: (
                schedule(
                    work,
                    self.agreed[n].request_id,
                    **self.where(start, venue, minutes),
                ).id
            ),
            self.diary.free((uuid.uuid4(), wanted)),
        )
        if session_id:
            self.sessions[n], self.minutes[session_id] = session_id, minutes
            self.keep(n, session_id, start, venue)

    def move(self, n):
        session_id, (start, venue) = self.sessions[n], self.anywhere()
        minutes = self.minutes[session_id]
        wanted = self.takes(n, start, venue, minutes)

        def act(work):
            version = get_session(work, session_id).version
            move_session(work, session_id, appointment(**self.where(start, venue, minutes)), version=version)

        if self.attempt(act, self.diary.free((session_id, wanted))):
            self.keep(n, session_id, start, venue)

    def postpone(self, n):
        session_id = self.sessions[n]
        self.attempt(
            lambda work: postpone_session(work, session_id, version=get_session(work, session_id).version),
            expected=True,
        )
        self.off.add(session_id)
        del self.diary.taken[session_id]

    def reinstate(self, n):
        session_id = self.sessions[n]
        start, venue = self.placed[session_id]
        wanted = self.takes(n, start, venue, self.minutes[session_id])
        if self.attempt(
            lambda work: reinstate_session(work, session_id, version=get_session(work, session_id).version),
            self.diary.free((session_id, wanted)),
        ):
            self.keep(n, session_id, start, venue)

    def swap(self, n):
        others = [m for m, key in self.sessions.items() if m != n and key not in self.off]
        if not others:
            return
        m = self.random.choice(others)
        mine, theirs = self.sessions[n], self.sessions[m]
        (my_start, my_venue), (their_start, their_venue) = self.placed[mine], self.placed[theirs]
        wanted = (
            (mine, self.takes(n, their_start, their_venue, self.minutes[mine])),
            (theirs, self.takes(m, my_start, my_venue, self.minutes[theirs])),
        )

        def act(work):
            versions = [get_session(work, key).version for key in (mine, theirs)]
            swap_sessions(work, mine, theirs, version=versions[0], other_version=versions[1])

        if self.attempt(act, self.diary.free(*wanted)):
            self.keep(n, mine, their_start, their_venue)
            self.keep(m, theirs, my_start, my_venue)

    def leave(self, _n):
        person, day = self.random.choice(self.people), self.random.choice(DAYS)
        wanted = Taken(frozenset({person}), (day, day + timedelta(days=1)))
        ref = self.attempt(
            lambda work: note_leave(work, person, from_on=day.date(), to_on=day.date()).ref,
            self.diary.free((uuid.uuid4(), wanted)),
        )
        if ref:
            self.diary.taken[ref], self.others[ref] = wanted, BookingKind.LEAVE

    def meet(self, _n):
        (start, venue), ref = self.anywhere(), uuid.uuid4()
        people = frozenset(self.random.sample(self.people, self.random.randint(1, 3)))
        span = (start, start + timedelta(hours=1))
        wanted = Taken(people, span, venue, span)
        if self.attempt(
            lambda work: occupy(
                work,
                ref,
                kind=BookingKind.NETWORK_MEETING,
                time=Span(*span),
                person_ids=people,
                venue=VenueTime(venue, *span) if venue else None,
            ),
            self.diary.free((ref, wanted)),
        ):
            self.diary.taken[ref], self.others[ref] = wanted, BookingKind.NETWORK_MEETING

    def tidy(self, _n):
        for ref, kind in list(self.others.items()):
            (person, *_) = self.diary.taken[ref].people
            if kind is BookingKind.LEAVE:
                self.attempt(lambda work, p=person, r=ref: cancel_leave(work, p, r), expected=True)
            else:
                self.attempt(lambda work, r=ref: release(work, r), expected=True)
            del self.diary.taken[ref], self.others[ref]

    def where(self, start, venue, minutes):
        return {
            "wall_start": start.replace(tzinfo=None),
            "minutes": minutes,
            "venue_id": venue,
            "unusual_day_ok": True,
        }

    def keep(self, n, session_id, start, venue):
        self.off.discard(session_id)
        self.placed[session_id] = (start, venue)
        self.diary.taken[session_id] = self.takes(n, start, venue, self.minutes[session_id])

    def check(self):
        """Hold what lies in the database against what was done, and look for overlaps."""
        with self.work_on(write=False) as work:
            assert overlaps(work) == []
            rows = {
                (b.ref, b.person_id, b.starts_at, b.ends_at) for b in work.session.scalars(select(Booking))
            }
            assert rows == {
                (ref, person, *one.span) for ref, one in self.diary.taken.items() for person in one.people
            }
            places = {
                (v.ref, v.venue_id, v.starts_at, v.ends_at)
                for v in work.session.scalars(select(VenueBooking))
            }
            assert places == {
                (ref, one.venue, *one.venue_span) for ref, one in self.diary.taken.items() if one.venue
            }


@pytest.mark.parametrize("seed", range(20261208, 20261208 + HISTORIES))
def test_whatever_happens_to_bookings_nobody_and_no_place_is_taken_twice(work_on, seed):
    history = History(work_on, seed)
    for number in range(OPERATIONS):
        history.step()
        if number % 10 == 0:
            history.check()
        if number % 1000 == 999:
            # The mail of so many changes would only make each one slower.
            with work_on() as work:
                work.session.execute(delete(OutboxMessage))
    history.check()
    # A history in which everything succeeds, or nothing, would show little.
    assert history.refused > OPERATIONS // 20
    assert history.done > OPERATIONS // 5
