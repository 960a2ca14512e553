"""The pool, a person's time and their load, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError

from conftest import NOW
from factories.pool import facilitator, offers_slots, signs_in, span
from jags.accounts.model import Person
from jags.facilitators.model import Booking
from jags.facilitators.queries import FreeTime, Load, availability_of, free_time, get_facilitator, load, pool
from jags.facilitators.rules import (
    DEFAULT_TERMS,
    BookingKind,
    FacilitatorAlreadyBooked,
    FacilitatorStatus,
    slot_span,
)
from jags.facilitators.service import (
    add_facilitator,
    add_training,
    book,
    change_facilitator,
    give_availability,
    release,
    set_status,
)
from jags.kernel.errors import Invalid, NotAllowed, Stale
from jags.kernel.ids import new_id
from jags.requests.rules import is_working_day
from jags.settings.service import change_setting

SESSION = BookingKind.SESSION


def books(work, person_id, starts_in_days, *, kind=SESSION, ref=None):
    when = span(work.today + timedelta(days=starts_in_days), 9, 12)
    return book(work, person_id, when.starts_at, when.ends_at, kind, ref or new_id())


def test_pool_shows_names_agencies_training_and_load(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", of="health", localities=["East"])
        facilitator(work, "Zoe", trained_on=None)
        left = facilitator(work, "Gone")
        set_status(work, left, FacilitatorStatus.LEFT)
        books(work, ann, -3)
    with work_on() as work:
        found = [(m.name, m.agency, m.current, m.load.last_twelve_months) for m in pool(work)]
        assert found == [
            ("Ann", "Agency health", True, 1),
            ("Zoe", "Agency agency-of-zoe", False, 0),
        ]
        assert [m.name for m in pool(work, with_left=True)] == ["Ann", "Gone", "Zoe"]


@pytest.mark.parametrize("people", [1, 12])
def test_pool_takes_the_same_number_of_queries_for_one_and_for_many(work_on, people):
    with work_on() as work:
        for n in range(people):
            person_id = facilitator(work, f"Person {n}")
            books(work, person_id, n)
    with work_on() as work:
        statements = []
        event.listen(work.session.connection(), "before_cursor_execute", lambda *a: statements.append(a[2]))
        pool(work)
        # One of them reads the settings.
        assert len(statements) == 4


def test_nobody_joins_the_pool_twice_or_with_a_foolish_number(work_on):
    with work_on() as work:
        person = work.session.get_one(Person, facilitator(work, "Ann"))
        with pytest.raises(Invalid, match="in the pool already"):
            add_facilitator(work, person=person)
        with pytest.raises(Invalid, match="from 0 to 20"):
            change_facilitator(
                work,
                person.id,
                status=FacilitatorStatus.ACTIVE,
                sessions_per_quarter=21,
                transitional_training=False,
                version=1,
            )


def test_changing_what_somebody_else_has_changed_is_refused(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    values = {"status": FacilitatorStatus.PAUSED, "sessions_per_quarter": 3, "transitional_training": True}
    with work_on() as work:
        change_facilitator(work, ann, version=1, **values)
    with work_on() as work:
        changed = get_facilitator(work, ann)
        assert (changed.status, changed.sessions_per_quarter, changed.transitional_training) == (
            FacilitatorStatus.PAUSED,
            3,
            True,
        )
        with pytest.raises(Stale):
            change_facilitator(work, ann, version=1, **values)


def test_training_dates_must_make_sense(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", trained_on=None)
        with pytest.raises(Invalid, match="today or in the past"):
            add_training(work, ann, trained_on=work.today + timedelta(days=1))
        with pytest.raises(Invalid, match="after the training"):
            add_training(work, ann, trained_on=work.today, refresher_due_on=work.today)
        add_training(work, ann, trained_on=work.today, refresher_due_on=work.today + timedelta(days=1))
        trained = get_facilitator(work, ann)
        days = [n for n in (-1, 0, 1, 2) if trained.current_on(work.today + timedelta(days=n), DEFAULT_TERMS)]
        assert days == [0, 1]


def test_availability_is_replaced_inside_its_window_only(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        day = work.today + timedelta(days=1)
        give_availability(work, ann, [span(day, 9, 13), span(day, 13, 17)])
        give_availability(work, ann, [span(day, 9, 10)], replacing=span(day, 8, 15))
        assert availability_of(work, ann) == [span(day, 9, 10), span(day, 15, 17)]


def test_only_the_person_or_who_looks_after_the_pool_changes_availability(work_on):
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        as_ann = signs_in(work, ann)
    with work_on(as_ann) as work:
        offers_slots(work, ann, 0)
        with pytest.raises(NotAllowed):
            offers_slots(work, ben, 0)
        assert (len(availability_of(work, ann)), availability_of(work, ben)) == (1, [])


def test_half_days_are_free_when_offered_and_not_booked(work_on):
    with work_on() as work:
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        tomorrow = work.today + timedelta(days=1)
        offers_slots(work, ann, 0, 1, 3, 9)
        taken = slot_span(tomorrow, 1)
        for person_id in (ann, ben):
            book(work, person_id, taken.starts_at, taken.ends_at, BookingKind.TRAINING, new_id())
        found = free_time(
            work,
            [ann, ben],
            first_day=tomorrow,
            last_day=tomorrow + timedelta(days=3),
            minutes=170,
            is_working_day=is_working_day,
        )
        # Ben has recorded nothing: every half-day from Wednesday to Friday counts, but for what is booked.
        assert found == {
            ann: FreeTime(frozenset({0, 3}), recorded=True),
            ben: FreeTime(frozenset({0, 2, 3, 4, 5}), recorded=False),
        }


def test_load_counts_sessions_of_twelve_months_and_of_the_quarter(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", sessions_per_quarter=2)
        books(work, ann, -366)
        books(work, ann, -300)
        books(work, ann, 7)
        books(work, ann, 60)
        books(work, ann, 9, kind=BookingKind.LEAVE)
        later = work.today + timedelta(days=60)
        assert load(work, [ann], work.today) == {ann: Load(3, 1, 0, entitled=2)}
        assert load(work, [ann], work.today, in_quarter_of=later) == {ann: Load(3, 1, 0, entitled=2)}
        assert load(work, [ann], work.today, in_quarter_of=work.today + timedelta(days=200)) == {
            ann: Load(3, 0, 0, entitled=2)
        }


def test_second_booking_of_the_same_time_is_refused_and_the_rest_of_the_work_goes_on(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        first, second = new_id(), new_id()
        books(work, ann, 3, ref=first)
        with pytest.raises(
            FacilitatorAlreadyBooked, match=r"^Ann is booked already, .+ to .+\. Choose another time\.$"
        ):
            books(work, ann, 3, ref=second)
        books(work, ann, 4, ref=second)
    with work_on() as work:
        assert set(work.session.scalars(select(Booking.ref))) == {first, second}
        assert release(work, first) == 1
        books(work, ann, 3, ref=second)
        assert release(work, second, person_id=new_id()) == 0
        assert release(work, second, person_id=ann) == 2


def test_booking_somebody_who_is_not_in_the_pool_is_not_called_an_overlap(work_on):
    with work_on() as work:
        nobody = new_id()
        with pytest.raises(IntegrityError):
            books(work, nobody, 3)


def test_of_eight_who_book_at_once_one_wins(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")

    def try_to_book(_):
        try:
            with work_on() as work:
                books(work, ann, 5)
        except FacilitatorAlreadyBooked:
            return "refused"
        return "booked"

    with ThreadPoolExecutor(8) as racers:
        outcomes = sorted(racers.map(try_to_book, range(8)))
    assert outcomes == ["booked"] + ["refused"] * 7


def test_training_that_is_posted_twice_is_kept_once(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", trained_on=None)
    fields = {"trained_on": NOW.date() - timedelta(days=30), "course": "Two-day course"}

    def post(_n):
        with work_on() as work:
            add_training(work, ann, **fields)

    with ThreadPoolExecutor(2) as both:
        list(both.map(post, range(2)))
    with work_on() as work:
        add_training(work, ann, **fields, refresher_due_on=NOW.date())
        kept = get_facilitator(work, ann).training
        assert sorted(t.refresher_due_on is None for t in kept) == [False, True]


def test_a_newcomer_is_asked_for_less_until_two_sessions_are_given(work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", sessions_per_quarter=5)
        books(work, ann, -100)
        # Today's session has not ended yet, so it is not given.
        books(work, ann, 0)
        assert load(work, [ann], work.today)[ann] == Load(2, 1, 0, entitled=2)
        books(work, ann, -1)
        assert load(work, [ann], work.today)[ann] == Load(3, 2, 1, entitled=5)
        change_setting(work, "newcomer_sessions_a_quarter", 1)
        ben = facilitator(work, "Ben", sessions_per_quarter=5)
        assert [m.load.entitled for m in pool(work)] == [5, 1]
        change_setting(work, "newcomer_sessions_a_quarter", 0)
        assert load(work, [ben], work.today)[ben].entitled == 5
