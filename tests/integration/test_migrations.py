"""Migrations go up, down and up again, with data, on both databases, and equal the models."""

import json
from datetime import UTC, date, datetime, timedelta

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select, text

from factories.feedback_rounds import answer, open_round
from factories.gatherings import training_event
from factories.held_before import entered
from factories.pool import accepted_request, clears, doubts_of, facilitator, involved, signs_in, span
from factories.requests import in_triage, waiting
from factories.sessions import COORDINATOR, WALL, agree, appointment, arrange
from jags.accounts.rules import AgeRemit, Contact, Sector
from jags.accounts.service import add_agency, add_person
from jags.allocation.model import DoubtCleared
from jags.allocation.rules import GivenReason
from jags.allocation.service import clear_doubt
from jags.app import connect_migrations
from jags.cli.database import MIGRATIONS
from jags.extensions import db
from jags.facilitators.model import Booking
from jags.facilitators.queries import calendar_state, coming_bookings, get_facilitator
from jags.facilitators.rules import BookingKind
from jags.facilitators.rules.calendar import Reading
from jags.facilitators.service import claim_calendar, give_calendar, note_calendar_read, note_leave
from jags.feedback.model import Round
from jags.feedback.rules import Outcome
from jags.feedback.service import ask_for_another_link, close_due_rounds, replace_lost_links
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.practice.queries import get_gathering, place_of
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import get_request
from jags.requests.rules import DateMatters, Question
from jags.requests.service import answer_question, ask_requester
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session, present_attendees
from jags.scheduling.rules import AgencyRow, ApologyReason, Attendance
from jags.scheduling.service import move_session, open_feed, say_about_me, send_apologies
from jags.schema import METADATA
from jags.venues.model import VenueBooking
from jags.venues.queries import coming_venue_bookings
from jags.venues.rules import VenueDetails
from jags.venues.service import add_venue


def test_migrations_go_down_and_up_again_with_data(app, work_on):
    with work_on() as work:
        agency = add_agency(
            work, key="pol", name="Police", sector=Sector.JUSTICE, age_remit=AgeRemit.ALL_AGES
        )
        add_person(work, contact=Contact(name="Wren Young", email="wren@example.org"), agency=agency)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade(directory=str(MIGRATIONS))
        assert set(inspect(db.engine).get_table_names()) == {*METADATA.tables, "alembic_version"}


def test_migrations_equal_the_models(app):
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_working_days_left_survive_a_step_over_software_that_did_not_keep_them(app, work_on, clock):
    with work_on() as work:
        asked, never_asked = in_triage(work).id, in_triage(work).id
    # Since Tuesday 24 November; asked on Thursday, answered on Monday 30: the clock stood still for two working days.
    clock.instant += timedelta(days=2)
    with work_on() as work:
        ask_requester(work, asked, question="When do you work?", version=get_request(work, asked).version)
    clock.instant += timedelta(days=4)
    with work_on() as work:
        answer_question(work, asked, answer="Mondays", version=get_request(work, asked).version)
        still_asked = waiting(work).id
    wanted = {
        never_asked: date(2026, 11, 24),
        asked: date(2026, 11, 26),
        still_asked: date(2026, 11, 30),
    }
    with work_on() as work:
        assert {r.id: r.counts_from for r in work.session.scalars(select(Request))} == wanted
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0005")
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        assert {r.id: r.counts_from for r in work.session.scalars(select(Request))} == wanted


def test_reasons_for_a_date_survive_a_step_down_and_up_as_far_as_one_has_a_place(app, work_on):
    with work_on() as work:
        several, one, none = (in_triage(work) for _ in range(3))
        several.choose(Question.DATE_MATTERS, frozenset({DateMatters.HEARING, DateMatters.TURNS_18_IN_3}))
        one.choose(Question.DATE_MATTERS, frozenset({DateMatters.STAFF_STRUGGLING}))
        none.choose(Question.DATE_MATTERS, frozenset())
        reasons = {r.id: r.chosen(Question.REASON) for r in (several, one, none)}
        ids = several.id, one.id, none.id
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0013")
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        found = [get_request(work, request_id) for request_id in ids]
        assert [r.chosen(Question.DATE_MATTERS) for r in found] == [
            {DateMatters.TURNS_18_IN_3},
            {DateMatters.STAFF_STRUGGLING},
            frozenset(),
        ]
        assert {r.id: r.chosen(Question.REASON) for r in found} == reasons


def test_a_pause_that_was_over_does_not_move_a_round_of_feedback(app, work_on):
    open_round(work_on, paused_seconds=86_400)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0007")
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        assert work.session.scalars(select(Round.paused_seconds)).one() == 86_400
        close_due_rounds(work)
        assert work.session.scalars(select(Round.closes_at)).one() == datetime(2026, 12, 9, tzinfo=UTC)


def test_an_older_feedback_form_is_read_by_this_software_and_the_other_way_round(app, work_on):
    _, tickets = open_round(work_on)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0015")
        older = json.loads(db.session.scalar(text("SELECT items FROM form_version")))
        db.session.remove()
        assert older[-1] == {
            "key": "may_quote",
            "kind": "choice",
            "words": "May we quote what you wrote, without your name?",
            "only_transitional": False,
        }
        upgrade(directory=str(MIGRATIONS))
    assert answer(work_on, tickets[:1], comment="It helped", may_quote="yes") == [Outcome.GOOD]


def test_sessions_held_before_survive_a_step_down_and_up(app, work_on):
    with work_on() as work:
        entered(work, minutes=90, agencies=(AgencyRow(None, "Housing", Attendance.NOT_RECORDED),))
        entered(work, held_on=date(2026, 4, 1), agencies=(AgencyRow(None, "Housing", Attendance.PRESENT),))
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0004")
        assert "minutes_known" not in {c["name"] for c in inspect(db.engine).get_columns("jags_session")}
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        sessions = work.session.scalars(select(JagsSession)).all()
        # The older software never knew how long an imported session lasted, nor that somebody was only invited.
        assert [session.minutes_known for session in sessions] == [False, False]
        assert sorted(len(session.attendance) for session in sessions) == [0, 1]


def test_held_time_goes_with_its_meeting_on_a_step_down_and_nothing_else_does(app, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        note_leave(work, ann, from_on=work.today, to_on=work.today)
        training_event(work, ann)
        as_ann = signs_in(work, ann)
    with work_on(as_ann) as work:
        give_calendar(work, ann, "https://calendar.example.org/me.ics")
    with work_on() as work:
        note_calendar_read(work, claim_calendar(work), Reading((span(work.today, 22, 23),)))
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0007")
        assert "busy_time" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        (left,) = coming_bookings(work, [ann])[ann]
        assert left.kind is BookingKind.LEAVE
        assert len(get_facilitator(work, ann).training) == 1
        assert calendar_state(work, ann) is None


def test_sessions_with_places_apologies_and_needs_survive_a_step_down_and_up(app, work_on):
    offered = agree(work_on, people=2)
    with work_on() as work:
        room = add_venue(work, details=VenueDetails("Town Hall, Room 4")).id
    session_id = arrange(work_on, offered, venue_id=room)
    with work_on(COORDINATOR) as work:
        member = work.session.get_one(JagsSession, session_id).attendees[0].member_id
        say_about_me(work, member, show_name=True, needs="A hearing loop")
        send_apologies(work, member, reason=ApologyReason.NO_CAPACITY)
    with work_on(offered.actors[0]) as work:
        open_feed(work, offered.people[0])
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0011")
        assert "venue" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        # What the older software did not know is empty; people's time stays taken, and the session can be moved.
        assert (session.venue_id, session.second_hour) == (None, False)
        assert len(present_attendees(session)) == 2
        assert len(work.session.scalars(select(Booking)).all()) == 2
        other = add_venue(work, details=VenueDetails("Library")).id
        move_session(work, session_id, appointment(WALL, venue_id=other), version=session.version)
        assert work.session.scalars(select(VenueBooking.venue_id)).all() == [other]


def test_doubts_that_were_cleared_survive_a_step_down_and_are_asked_anew_after_it(app, work_on, clock):
    with work_on() as work:
        request = accepted_request(work, people=(involved("Ann"), involved("Ann", email="ann2@example.org")))
        ann, request_id = facilitator(work, "Ann"), request.id
        shown = doubts_of(work, request, ann)
    for one, reason in zip(shown, ("The first.", "The last."), strict=True):
        clock.instant += timedelta(minutes=1)
        with work_on() as work:
            clear_doubt(work, request_id, ann, reason, doubts=[one])
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0015")
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        (left,) = work.session.scalars(select(DoubtCleared))
        # One of a kind is what the older software knows; the last one, with its reason.
        assert left.about == ""
        assert work.vault.open(left, "reason", GivenReason).reason == "The last."
        request = get_request(work, request_id)
        assert len(doubts_of(work, request, ann)) == 2
        clears(work, request, ann)
        assert doubts_of(work, request, ann) == []


def test_a_round_that_is_open_takes_answers_over_a_step_down_and_up_and_replaces_no_links_after_it(
    app, work_on
):
    session_id, tickets = open_round(work_on)
    with work_on() as work:
        member_id = work.session.scalars(select(NetworkMember.id)).first()
    with work_on(COORDINATOR) as work:
        ask_for_another_link(work, session_id, member_id=member_id)
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0019")
        assert "lost_link" not in inspect(db.engine).get_table_names()
        upgrade(directory=str(MIGRATIONS))
    with work_on(COORDINATOR) as work:
        ask_for_another_link(work, session_id, member_id=member_id)
    with work_on() as work:
        # The spare tickets' texts are gone with the column, and nobody gets a link that would not work.
        assert replace_lost_links(work) == 1
        assert (
            work.session.scalars(
                select(OutboxMessage.id).where(OutboxMessage.kind == MailKind.FEEDBACK_LINK_AGAIN)
            ).all()
            == []
        )
    assert answer(work_on, tickets[:2]) == [Outcome.GOOD, Outcome.GOOD]


def test_room_of_a_meeting_is_free_where_meetings_had_none(app, work_on):
    with work_on() as work:
        room = add_venue(work, details=VenueDetails("Quay Room")).id
        made = training_event(work, venue_id=room).id
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0020")
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        assert coming_venue_bookings(work, [room]) == []
        assert get_gathering(work, made).venue_id is None
        assert place_of(work, get_gathering(work, made)).venue == "Quay Room"
