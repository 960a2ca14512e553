"""Days away: noted, cancelled, never over what is booked, and never offered; on both databases."""

from datetime import date, timedelta

import pytest

from conftest import NOW, WorkOn
from factories.pool import (
    accepted_request,
    declares,
    facilitator,
    offer_to,
    offers_slots,
    signs_in,
    span,
)
from jags.allocation.assembly import assemble
from jags.allocation.choice import ranking_for
from jags.allocation.queries import get_offer
from jags.allocation.rules import OfferState
from jags.allocation.service import accept_offer
from jags.facilitators.queries import FreeTime, coming_bookings, free_time, load
from jags.facilitators.rules import BookingKind, slot_number
from jags.facilitators.service import book, cancel_leave, note_leave
from jags.kernel.errors import Invalid, NotAllowed, NotFound
from jags.kernel.ids import new_id
from jags.requests.queries import get_request
from jags.requests.rules import is_working_day

TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def in_days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_leave_is_whole_days_that_are_never_free_and_no_load(work_on: WorkOn) -> None:
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        offers_slots(work, ann, *range(8))
        note_leave(work, ann, from_on=in_days(2), to_on=in_days(3))
    with work_on() as work:
        around = {"first_day": TOMORROW, "last_day": in_days(4), "is_working_day": is_working_day}
        assert free_time(work, [ann, ben], minutes=170, **around) == {
            ann: FreeTime(frozenset({0, 1, 6, 7}), recorded=True),
            # From Wednesday to Friday: the fourth day is a Saturday.
            ben: FreeTime(frozenset(range(6)), recorded=False),
        }
        assert load(work, [ann], TODAY)[ann].last_twelve_months == 0
        (one,) = coming_bookings(work, [ann])[ann]
        assert (one.kind, one.from_on, one.to_on) == (BookingKind.LEAVE, in_days(2), in_days(3))
        cancel_leave(work, ann, one.ref)
        assert coming_bookings(work, [ann]) == {}
        with pytest.raises(NotFound):
            cancel_leave(work, ann, one.ref)


def test_leave_in_the_week_of_a_clock_change_ends_with_its_day(work_on: WorkOn) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann")
        note_leave(work, ann, from_on=date(2027, 3, 27), to_on=date(2027, 3, 28))
        (one,) = coming_bookings(work, [ann])[ann]
        assert (one.from_on, one.to_on) == (date(2027, 3, 27), date(2027, 3, 28))
        assert (one.span.ends_at - one.span.starts_at) == timedelta(hours=47)


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        (5, 4, "to_on", "on or after the first day"),
        (-5, -1, "to_on", "today or to come"),
        (0, 800, "to_on", "two years"),
        (10, 12, "from_on", "Something is booked on 4 December 2026. It stays"),
        (19, 21, "from_on", "Leave is noted for some of these days already."),
    ],
)
def test_days_that_cannot_be_are_refused_and_what_is_booked_stays(
    work_on: WorkOn, first: int, last: int, field: str, words: str
) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann")
        when = span(in_days(10), 9, 12)
        book(work, ann, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
        note_leave(work, ann, from_on=in_days(20), to_on=in_days(20))
    with pytest.raises(Invalid, match=words) as caught, work_on() as work:
        note_leave(work, ann, from_on=in_days(first), to_on=in_days(last))
    assert caught.value.field == field
    with work_on() as work:
        assert [b.kind for b in coming_bookings(work, [ann])[ann]] == [BookingKind.SESSION, BookingKind.LEAVE]


def test_leave_is_noted_by_oneself_or_by_who_looks_after_the_pool(work_on: WorkOn) -> None:
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        own, other = signs_in(work, ann), signs_in(work, ben)
    with work_on(own) as work:
        ref = note_leave(work, ann, from_on=TODAY, to_on=TODAY).ref
    with pytest.raises(NotAllowed), work_on(other) as work:
        note_leave(work, ann, from_on=in_days(3), to_on=in_days(3))
    with pytest.raises(NotAllowed), work_on(other) as work:
        cancel_leave(work, ann, ref)
    # Somebody else's leave is not cancelled under one's own name either.
    with pytest.raises(NotFound), work_on(other) as work:
        cancel_leave(work, ben, ref)


def test_who_is_away_until_the_target_is_not_chosen_and_else_only_for_other_days(work_on: WorkOn) -> None:
    with work_on() as work:
        request_id = accepted_request(work).id
        ann, ben, cyd = (facilitator(work, name) for name in ("Ann", "Ben", "Cyd"))
        offers_slots(work, ben, 10, 12)
        note_leave(work, ann, from_on=TODAY, to_on=in_days(300))
        note_leave(work, cyd, from_on=TODAY, to_on=in_days(6))
    with work_on() as work:
        request = get_request(work, request_id)
        problem = assemble(work, request).problem
        slots = {person: problem.facilitator(str(person)).slots for person in (ann, ben, cyd)}
        assert slots[ann] == frozenset()
        assert slots[ben] == {10, 12}
        # From the seventh day on, and never at a weekend.
        sunday = slot_number(TOMORROW, date(2026, 12, 6))
        assert min(slots[cyd]) == slot_number(TOMORROW, in_days(7))
        assert sunday not in slots[cyd]
        standing = {s.person.name: s.words for s in ranking_for(work, request).everybody}
        assert "not free on a date that suits" in standing["Ann"]


def test_who_is_away_today_and_free_later_is_offered_and_may_accept(work_on: WorkOn) -> None:
    with work_on() as work:
        request_id = accepted_request(work).id
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        offers_slots(work, ann, *range(20))
        note_leave(work, ann, from_on=TODAY, to_on=in_days(5))
    with work_on() as work:
        request = get_request(work, request_id)
        free = {one.id: one.slots for one in assemble(work, request).problem.facilitators}[str(ann)]
        # Half-days are numbered from tomorrow; the five days of leave are not hers to give.
        assert free == frozenset(range(10, 20))
        offered = offer_to(work, request, (ann, ben))
    with work_on(offered.actors[0]) as work:
        declares(work, offered.offers[0])
    with work_on(offered.actors[0]) as work:
        version = get_offer(work, offered.offers[0]).version
        assert accept_offer(work, offered.offers[0], version=version).state is OfferState.ACCEPTED


def test_who_is_away_until_the_target_is_not_offered(work_on: WorkOn) -> None:
    with work_on() as work:
        request_id = accepted_request(work).id
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        note_leave(work, ann, from_on=TODAY, to_on=in_days(90))
    with work_on() as work, pytest.raises(Invalid, match="not free on a date that suits"):
        offer_to(work, get_request(work, request_id), (ann, ben))
