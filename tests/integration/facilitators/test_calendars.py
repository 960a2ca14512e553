"""Calendars that people gave the address of: read under a lease, kept when a reading fails, and forgotten when removed."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from conftest import NOW, WorkOn
from factories.pool import accepted_request, facilitator, offers_slots, signs_in
from jags.adapters.calendars import FetchedCalendars
from jags.allocation.assembly import assemble
from jags.allocation.choice import ranking_for
from jags.audit.model import AuditEvent
from jags.facilitators.model import BusyTime, CalendarAddress
from jags.facilitators.queries import busy_times_of, calendar_host, calendar_state, free_time
from jags.facilitators.rules import FacilitatorStatus, Span, slot_span
from jags.facilitators.rules.calendar import (
    DAYS_READ,
    READ_EVERY,
    READING_LEASE,
    TRY_AGAIN_AFTER,
    CalendarNotRead,
    CalendarProblem,
    Reading,
)
from jags.facilitators.service import (
    claim_calendar,
    give_calendar,
    note_calendar_not_read,
    note_calendar_read,
    remove_calendar,
    set_status,
)
from jags.jobs.runner import Runner
from jags.kernel.errors import NotAllowed
from jags.requests.rules import is_working_day
from jags.schema import METADATA

ADDRESS = "https://calendar.example.org/secret-of-ann.ics"
TOMORROW = NOW.date() + timedelta(days=1)


def half_days(*numbers: int) -> tuple[Span, ...]:
    """Return half-days as busy times, numbered from tomorrow."""
    return tuple(slot_span(TOMORROW, number) for number in numbers)


class FakeCalendars:
    """Answers with what a test puts in, and keeps what was asked."""

    def __init__(self) -> None:
        self.answer: Reading | CalendarProblem = Reading()
        self.asked: list[tuple[str, datetime, datetime]] = []

    def read(self, address: str, *, starts_at: datetime, ends_at: datetime) -> Reading:
        self.asked.append((address, starts_at, ends_at))
        if isinstance(self.answer, CalendarProblem):
            raise CalendarNotRead(self.answer)
        return self.answer


@pytest.fixture
def calendars(app, monkeypatch):
    fake = FakeCalendars()
    monkeypatch.setitem(app.extensions, "jags_calendars", fake)
    return fake


@pytest.fixture
def ann(work_on: WorkOn):
    """Somebody of the pool who has given the address of their calendar."""
    with work_on() as work:
        person_id = facilitator(work, "Ann")
        as_ann = signs_in(work, person_id)
    with work_on(as_ann) as work:
        give_calendar(work, person_id, ADDRESS)
    return as_ann


def read_now(work_on, reading):
    with work_on() as work:
        claimed = claim_calendar(work)
    with work_on() as work:
        note_calendar_read(work, claimed, reading)


def free(work, person_id, days=4):
    return free_time(
        work,
        [person_id],
        first_day=TOMORROW,
        last_day=TOMORROW + timedelta(days=days - 1),
        minutes=170,
        is_working_day=is_working_day,
    )[person_id]


def test_busy_times_are_not_free_whether_half_days_are_ticked_or_not(work_on, ann):
    with work_on() as work:
        assert free(work, ann.person_id).recorded is False
    # An hour of the first half-day leaves three, which is enough; of the fourth nothing is left.
    early = half_days(0)[0]
    an_hour = Span(early.starts_at, early.starts_at + timedelta(hours=1))
    read_now(work_on, Reading((an_hour, *half_days(3))))
    with work_on() as work:
        # Nothing is ticked: the calendar alone offers Wednesday to Friday.
        found = free(work, ann.person_id)
        assert (found.slots, found.recorded) == (frozenset({0, 1, 2, 4, 5}), True)
        offers_slots(work, ann.person_id, 2, 3)
        assert free(work, ann.person_id).slots == frozenset({2})


def test_busy_times_reach_the_choice_of_facilitators(work_on, ann):
    with work_on() as work:
        ben = facilitator(work, "Ben")
        offers_slots(work, ben, 0, 1)
        request = accepted_request(work)
        # Nothing is known of Ann yet: she is asked first.
        assert (
            "no availability recorded for Ann: ask before offering"
            in ranking_for(work, request).pairs[0].reasons
        )
    read_now(work_on, Reading(half_days(0, 2)))
    with work_on() as work:
        request = accepted_request(work, name="Cleo", email="cleo@example.org")
        assert ranking_for(work, request).pairs[0].reasons[0] == "both free on 1 half-day"
        (found,) = (
            one for one in assemble(work, request).problem.facilitators if one.id == str(ann.person_id)
        )
        assert {0, 1, 2, 3} & found.slots == {1, 3}


def test_a_calendar_says_nothing_of_days_beyond_its_last_reading(work_on, ann, clock):
    read_now(work_on, Reading())
    clock.instant = NOW + timedelta(days=DAYS_READ - 2)
    with work_on() as work:
        last = NOW.date() + timedelta(days=DAYS_READ - 1)
        found = free_time(
            work,
            [ann.person_id],
            first_day=last,
            last_day=last + timedelta(days=1),
            minutes=170,
            is_working_day=lambda _day: True,
        )
        assert found[ann.person_id].slots == {0, 1}


def test_a_reading_that_fails_keeps_the_last_state_and_says_so(work_on, ann, clock, calendars, app):
    scheduler = Runner(app)
    calendars.answer = Reading(half_days(0), left_out=2)
    assert scheduler.tick()
    clock.instant = failed_at = NOW + READ_EVERY
    calendars.answer = CalendarProblem.NO_ANSWER
    assert scheduler.tick()
    clock.instant = failed_at + TRY_AGAIN_AFTER
    calendars.answer = CalendarProblem.NOT_FOUND
    assert scheduler.tick()
    assert len(calendars.asked) == 3
    with work_on() as work:
        state = calendar_state(work, ann.person_id)
        assert (state.read_at, state.left_out) == (NOW, 2)
        assert (state.problem, state.problem_since) == (CalendarProblem.NOT_FOUND, failed_at)
        assert busy_times_of(work, [ann.person_id])[ann.person_id].spans == list(half_days(0))
    clock.instant += TRY_AGAIN_AFTER
    calendars.answer = Reading(half_days(1))
    assert scheduler.tick()
    with work_on() as work:
        state = calendar_state(work, ann.person_id)
        assert (state.read_at, state.problem, state.problem_since) == (clock.instant, None, None)
        assert busy_times_of(work, [ann.person_id])[ann.person_id].spans == list(half_days(1))
        tags = work.session.scalars(
            select(AuditEvent.tag)
            .where(AuditEvent.tag.startswith("facilitator:calendar"))
            .order_by(AuditEvent.seq)
        ).all()
        # Whether it can be read is told when that changes, not at every reading.
        assert [tag.partition("_")[2] for tag in tags] == ["given", "read", "not_read", "not_read", "read"]


def test_a_calendar_is_asked_for_six_months_once_while_it_is_read(work_on, ann, clock):
    with work_on() as work:
        first = claim_calendar(work)
        assert first.address == ADDRESS
        assert first.starts_at == datetime(2026, 11, 24, tzinfo=NOW.tzinfo)
        # The last day is 24 May 2027, when London is an hour ahead.
        assert first.ends_at == datetime(2027, 5, 24, 23, tzinfo=NOW.tzinfo)
    with work_on() as work:
        assert claim_calendar(work) is None
    clock.instant = NOW + READING_LEASE
    with work_on() as work:
        second = claim_calendar(work)
    with work_on() as work:
        # The first reader comes back late, and what it brings does not count.
        note_calendar_read(work, first, Reading(half_days(0)))
        note_calendar_not_read(work, first, CalendarProblem.NO_ANSWER)
        assert calendar_state(work, ann.person_id).read_at is None
        note_calendar_read(work, second, Reading(half_days(1)))
        assert calendar_state(work, ann.person_id).read_at == clock.instant
        assert calendar_state(work, ann.person_id).read_until == date(2027, 5, 24)
    with work_on() as work:
        assert claim_calendar(work) is None


def test_a_reading_that_ends_after_midnight_says_nothing_of_a_day_that_it_was_not_asked_for(
    work_on, ann, clock
):
    clock.instant = NOW.replace(hour=23, minute=59)
    with work_on() as work:
        claimed = claim_calendar(work)
    clock.instant += timedelta(minutes=2)
    with work_on() as work:
        note_calendar_read(work, claimed, Reading(()))
        assert calendar_state(work, ann.person_id).read_until == date(2027, 5, 24)


@pytest.mark.parametrize("then", ["removed", "replaced"])
def test_what_is_read_of_an_address_that_is_gone_is_dropped(work_on, ann, then):
    read_now(work_on, Reading(half_days(0)))
    with work_on() as work:
        work.session.scalars(select(CalendarAddress)).one().due_at = work.now
        work.session.flush()
        claimed = claim_calendar(work)
    with work_on(ann) as work:
        if then == "removed":
            remove_calendar(work, ann.person_id)
            # A second press finds nothing to remove.
            remove_calendar(work, ann.person_id)
        else:
            give_calendar(work, ann.person_id, "https://other.example.org/me.ics")
        assert work.session.scalars(select(BusyTime)).all() == []
    with work_on() as work:
        note_calendar_read(work, claimed, Reading(half_days(1)))
        assert work.session.scalars(select(BusyTime)).all() == []
        assert calendar_host(work, ann.person_id) == ("" if then == "removed" else "other.example.org")


def test_only_its_owner_gives_and_removes_an_address(work_on, ann):
    with work_on() as work:
        ben = signs_in(work, facilitator(work, "Ben"))
        with pytest.raises(NotAllowed):
            give_calendar(work, ann.person_id, ADDRESS)
    with work_on(ben) as work:
        with pytest.raises(NotAllowed):
            give_calendar(work, ann.person_id, ADDRESS)
        with pytest.raises(NotAllowed):
            remove_calendar(work, ann.person_id)


def test_the_calendar_of_who_has_left_is_not_read(work_on, ann):
    with work_on() as work:
        set_status(work, ann.person_id, FacilitatorStatus.LEFT)
    with work_on() as work:
        assert claim_calendar(work) is None


def test_nothing_of_a_calendar_but_busy_times_is_stored(work_on, ann, app, monkeypatch, capfd):
    class Fetcher:
        def fetch(self, _address: str) -> bytes:
            return (
                b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:wren-uid\r\nSUMMARY:Oncology\r\nDESCRIPTION:Bring forms\r\n"
                b"DTSTART:20261201T100000Z\r\nDTEND:20261201T110000Z\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n"
                b"SUMMARY:Oncology\r\nDTSTART:Oncology\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            )

    monkeypatch.setitem(app.extensions, "jags_calendars", FetchedCalendars(Fetcher()))
    assert Runner(app).tick()
    with work_on() as work:
        row = work.session.scalars(select(CalendarAddress)).one()
        assert (row.problem, row.left_out) == (None, 1)
        stored = [
            str(value)
            for name in ("calendar_address", "busy_time", "audit_event", "audit_detail", "job_run")
            for one in work.session.execute(METADATA.tables[name].select())
            for value in one
        ]
    everything = " ".join([*stored, *capfd.readouterr()])
    assert "2026-12-01" in everything
    for secret in ("Oncology", "Bring forms", "wren-uid", "secret-of-ann", "calendar.example.org"):
        assert secret not in everything
