"""The wall time wins: instants follow it when the rules of its zone change, and clock changes are right everywhere."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from factories.agreed import agree_with, people_of_pool
from factories.pages import sign_in, text_of
from factories.sessions import COORDINATOR, agree, arrange, event_of, mail, schedule
from jags.accounts.rules import Role
from jags.facilitators.model import Booking
from jags.jobs.catalogue import JOBS
from jags.kernel.errors import Invalid
from jags.scheduling.model import JagsSession
from jags.scheduling.service import keep_wall_times
from jags.settings.service import change_setting

HOUR = timedelta(hours=1)


def as_other_rules_had_it(work_on, *session_ids, by=HOUR):
    """Put sessions where they would lie if the zone's rules had been others when they were stored."""
    with work_on() as work:
        for session_id in session_ids:
            work.session.get_one(JagsSession, session_id).starts_at -= by
        for booking in work.session.scalars(select(Booking).order_by(Booking.starts_at)):
            if booking.ref in session_ids:
                booking.starts_at, booking.ends_at = booking.starts_at - by, booking.ends_at - by
                work.session.flush()


def test_an_instant_follows_its_wall_time_with_everything_that_is_booked(work_on):
    session_id = arrange(work_on, agree(work_on, people=1))
    as_other_rules_had_it(work_on, session_id)

    with work_on() as work:
        (moved,) = keep_wall_times(work)
    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert (moved.before, moved.after, moved.problem) == (
            datetime(2026, 12, 8, 13, tzinfo=UTC),
            datetime(2026, 12, 8, 14, tzinfo=UTC),
            "",
        )
        assert session.starts_at == moved.after
        assert {b.starts_at for b in work.session.scalars(select(Booking))} == {
            datetime(2026, 12, 8, 12, 50, tzinfo=UTC)
        }
        assert keep_wall_times(work) == []


def test_neighbours_follow_together_and_what_cannot_follow_is_listed_and_left_alone(work_on):
    ann, ben = people_of_pool(work_on, "Ann", "Ben")
    first, second = agree_with(work_on, [(ann, ben), (ann, ben)])
    early = arrange(work_on, first)
    # It begins to take time when the other one has just ended to.
    late = arrange(work_on, second, wall_start=datetime.fromisoformat("2026-12-08T18:10"))
    as_other_rules_had_it(work_on, early, late)
    with work_on() as work:
        assert [one.problem for one in keep_wall_times(work)] == ["", ""]

    as_other_rules_had_it(work_on, early)
    with work_on() as work:
        # The other one goes where the first would have to go back to.
        taken = work.session.scalars(select(Booking).where(Booking.ref == late)).all()
        for booking in taken:
            booking.starts_at -= HOUR
    with work_on() as work:
        (moved,) = keep_wall_times(work)
        assert moved.session_id == early
        assert moved.problem.startswith(("Ann is booked already", "Ben is booked already"))
    with work_on() as work:
        assert work.session.get_one(JagsSession, early).starts_at == moved.before
        assert len(work.session.scalars(select(Booking).where(Booking.ref == early)).all()) == 2


def test_a_wall_time_that_exists_no_more_is_left_and_listed(work_on):
    session_id = arrange(work_on, agree(work_on, people=1))
    with work_on() as work:
        work.session.get_one(JagsSession, session_id).wall_start = datetime.fromisoformat("2027-03-28T01:30")
    with work_on() as work:
        (moved,) = keep_wall_times(work)
        assert (moved.after, moved.problem.partition(":")[0]) == (None, "That time does not exist")


def test_the_hour_that_happens_twice_is_asked_for_and_kept_where_a_partnership_meets_at_night(work_on):
    offered = agree(work_on, people=1)
    at_night = {"wall_start": datetime.fromisoformat("2027-10-31T01:30"), "unusual_day_ok": True}
    with work_on() as work:
        change_setting(work, "session_earliest_hour", 0)
    with pytest.raises(Invalid, match="Select which one") as asked, work_on(COORDINATOR) as work:
        schedule(work, offered.request_id, **at_night)
    assert asked.value.field == "second_hour"
    session_id = arrange(work_on, offered, **at_night, second_hour=True)
    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert (session.starts_at, session.second_hour) == (datetime(2027, 10, 31, 1, 30, tzinfo=UTC), True)
        assert keep_wall_times(work) == []


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        ("2027-03-28T10:00", datetime(2027, 3, 28, 9, tzinfo=UTC)),
        ("2027-10-31T10:00", datetime(2027, 10, 31, 10, tzinfo=UTC)),
    ],
)
def test_a_session_on_the_day_of_a_clock_change_is_right_in_page_mail_and_calendar(
    client, work_on, wall, instant
):
    offered = agree(work_on, people=1)
    when = datetime.fromisoformat(wall)
    session_id = arrange(work_on, offered, wall_start=when, unusual_day_ok=True)

    with work_on() as work:
        assert work.session.get_one(JagsSession, session_id).starts_at == instant
        # Seventy minutes before: both lie after the change, which is at night.
        assert {b.starts_at for b in work.session.scalars(select(Booking))} == {
            instant - timedelta(minutes=70)
        }
        sent = {s.envelope.email: s for s in mail(work, session_id)}
    said = f"Sunday {when.day} {when:%B %Y}, 10am to 12pm (London time)"
    assert {s.envelope.params["when"] for s in sent.values()} == {said}
    entry = event_of(sent["person0@example.org"])
    assert (entry["DTSTART"].to_ical(), entry.start.astimezone(UTC)) == (
        f"{when:%Y%m%dT%H%M%S}".encode(),
        instant,
    )
    sign_in(client, work_on, Role.COORDINATOR)
    assert f"Sunday {when.day} {when:%B %Y}, 10am (London time)" in text_of(
        client.get(f"/sessions/{session_id}")
    )
    shown = text_of(client.get(f"/calendar?view=week&on={when:%Y-%m-%d}"))
    assert re.search(rf"Sunday {when.day} .*?10am to 12pm JAGS-2026-0001", shown)


def test_no_job_is_due_at_a_time_of_the_clock_so_none_falls_into_the_hour_of_a_change():
    # A job has a span between its runs and nothing else that could say when: due work lies in tables.
    assert set(vars(JOBS[0])) == {"name", "seconds", "run", "afterwards"}
    assert all(job.seconds <= 3600 for job in JOBS)
