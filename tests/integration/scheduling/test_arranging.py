"""Set a date: bookings, invitations, what is refused at its field, and what the pages show of it."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from conftest import NOW
from factories.pool import offers_slots
from factories.sessions import (
    COORDINATOR,
    TOWN_HALL,
    WALL,
    agree,
    appointment,
    arrange,
    mail,
    schedule,
)
from jags.allocation.model import Offer
from jags.facilitators.model import Booking, Facilitator
from jags.facilitators.rules import BookingKind, FacilitatorAlreadyBooked, FacilitatorStatus, slot_span
from jags.facilitators.service import book
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.requests.model import Request
from jags.requests.rules import NetworkContact, PauseReason, State
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import (
    CommonTime,
    common_half_days,
    get_session,
    panel,
    place_of,
    present_attendees,
)
from jags.scheduling.rules import Place, SessionFormat, SessionState
from jags.scheduling.service import move_session, postpone_session


def event(sent):
    return Calendar.from_ical(sent.envelope.calendar_text).events[0]


def bookings(work):
    return work.session.scalars(select(Booking).order_by(Booking.starts_at, Booking.person_id)).all()


def test_setting_a_date_moves_the_request_and_books_both_for_all_that_belongs_to_a_session(work_on):
    offered = agree(work_on)

    session_id = arrange(work_on, offered)

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert (session.state, session.request.state) == (SessionState.SCHEDULED, State.SCHEDULED)
        assert (session.wall_start, session.zone) == (WALL, "Europe/London")
        assert session.starts_at == datetime(2026, 12, 8, 14, tzinfo=UTC)
        assert (session.calendar_sequence, session.calendar_uid.partition("@")[2]) == (
            0,
            "partnership.example.org",
        )
        assert place_of(work, session) == TOWN_HALL
        assert {f.person_id for f in session.facilitators} == set(offered.people)
        assert {(b.person_id, b.starts_at, b.ends_at, b.ref) for b in bookings(work)} == {
            (
                p,
                # Thirty minutes to prepare and twenty to debrief; before and after, ten to pause and thirty for the way.
                datetime(2026, 12, 8, 12, 50, tzinfo=UTC),
                datetime(2026, 12, 8, 17, 0, tzinfo=UTC),
                session_id,
            )
            for p in offered.people
        }


def test_everybody_with_an_address_is_invited_with_their_own_entry(work_on):
    offered = agree(work_on, people=2)
    session_id = arrange(work_on, offered)

    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        sent = mail(work, session_id)
        assert {s.kind for s in sent} == {"session_invitation"}
        assert {s.envelope.email for s in sent} == {
            "person0@example.org",
            "person1@example.org",
            "ash.reed@example.org",
            "birch.lane@example.org",
        }
        for message in sent:
            entry = event(message)
            assert message.envelope.calendar_method == "REQUEST"
            assert (entry["UID"], entry["SEQUENCE"]) == (session.calendar_uid, 0)
            assert entry["ATTENDEE"] == f"mailto:{message.envelope.email}"
            assert "Kestrel" not in str(message.envelope)
        times = {s.envelope.email: event(s).start.replace(tzinfo=None) for s in sent}
        assert times["person0@example.org"] == WALL
        assert times["ash.reed@example.org"] == WALL - timedelta(minutes=30)
        purposes = {s.envelope.email: s.envelope.link_purpose for s in sent}
        assert (purposes["person0@example.org"], purposes["ash.reed@example.org"]) == ("participant", "")


def test_people_who_share_an_address_each_get_their_own_mail_and_people_without_get_none(work_on):
    offered = agree(work_on, people=3)
    with work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        for member, email in zip(
            request.network, ("office@example.org", "office@example.org", ""), strict=True
        ):
            contact = work.vault.open(member, "contact", NetworkContact)
            work.vault.seal(member, "contact", NetworkContact(name=contact.name, email=email))

    session_id = arrange(work_on, offered)

    with work_on() as work:
        shared = [s.envelope.name for s in mail(work, session_id) if s.envelope.email == "office@example.org"]
        assert sorted(shared) == ["Person 0", "Person 1"]
        assert len(mail(work, session_id)) == 4
        assert len(present_attendees(work.session.get_one(JagsSession, session_id))) == 3


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"minutes": 59}, "minutes"),
        ({"minutes": 181}, "minutes"),
        ({"wall_start": datetime.fromisoformat("2026-11-24T09:59")}, "day"),
        ({"wall_start": datetime.fromisoformat("2027-03-28T01:30")}, "start_time"),
        ({"wall_start": datetime.fromisoformat("2027-10-31T01:30")}, "start_time"),
        ({"wall_start": datetime.fromisoformat("2027-12-08T14:00")}, "day"),
        ({"wall_start": datetime.fromisoformat("2026-12-08T02:30")}, "start_time"),
        ({"wall_start": datetime.fromisoformat("2026-12-08T20:01")}, "start_time"),
        ({"wall_start": datetime.fromisoformat("2026-12-12T14:00")}, "unusual_day_ok"),
        ({"wall_start": datetime.fromisoformat("2026-12-25T14:00")}, "unusual_day_ok"),
        ({"place": Place()}, "venue"),
        ({"format": SessionFormat.ONLINE, "place": Place()}, "online_link"),
        ({"format": SessionFormat.ONLINE, "place": Place(online_link="javascript:alert(1)")}, "online_link"),
        ({"place": Place(venue="Hall", online_link="https://")}, "online_link"),
        ({"member_ids": []}, "member_ids"),
    ],
)
def test_a_date_that_cannot_be_is_refused_at_its_field_and_nothing_is_kept(work_on, change, field):
    offered = agree(work_on)

    with pytest.raises(Invalid) as refused, work_on(COORDINATOR) as work:
        schedule(work, offered.request_id, **change)

    assert refused.value.field == field
    with work_on() as work:
        assert work.session.scalars(select(JagsSession)).all() == []
        assert bookings(work) == []


def test_a_weekend_that_is_meant_is_arranged_and_asked_about_again_only_with_another_day(work_on):
    offered = agree(work_on, people=1)
    saturday = datetime.fromisoformat("2026-12-12T08:00")
    session_id = arrange(work_on, offered, wall_start=saturday, unusual_day_ok=True)

    def move(wall_start):
        with work_on(COORDINATOR) as work:
            version = get_session(work, session_id).version
            move_session(work, session_id, appointment(wall_start), version=version)

    move(saturday + timedelta(hours=12))
    with pytest.raises(Invalid) as refused:
        move(saturday + timedelta(days=1))

    assert refused.value.field == "unusual_day_ok"
    assert "Sunday 13 December 2026" in str(refused.value)
    with work_on() as work:
        assert get_session(work, session_id).wall_start == saturday + timedelta(hours=12)


def test_a_second_date_is_refused_by_naming_the_first(work_on):
    offered = agree(work_on, people=1)
    arrange(work_on, offered)

    with pytest.raises(MoveNotPossible, match="already: Tuesday 8 December 2026 at 2pm"):
        arrange(work_on, offered)


def test_half_days_that_suit_both_are_named_and_who_recorded_none_is_to_be_asked(work_on):
    offered = agree(work_on, people=1)

    def shown():
        with work_on(COORDINATOR) as work:
            return common_half_days(work, work.session.get_one(Request, offered.request_id))

    assert (shown().half_days, set(shown().ask)) == ((), {"Ash Reed", "Birch Lane"})
    with work_on() as work:
        offers_slots(work, offered.people[0], 0, 1, 5)
    assert (shown().ask, len(shown().half_days)) == (("Birch Lane",), 3)
    with work_on() as work:
        offers_slots(work, offered.people[1], 1, 4, 5)
    tomorrow = NOW.date() + timedelta(days=1)
    assert shown().half_days == ((tomorrow, False), (tomorrow + timedelta(days=2), False))
    with work_on() as work:
        taken = slot_span(tomorrow, 1)
        book(work, offered.people[0], taken.starts_at, taken.ends_at, BookingKind.LEAVE, uuid.uuid4())
    assert shown() == CommonTime(((tomorrow + timedelta(days=2), False),), (), compared=True)
    with work_on() as work:
        offers_slots(work, offered.people[1], *range(40))
        offers_slots(work, offered.people[0], *range(2, 40))
    assert len(shown().half_days) == 12


def test_a_member_of_another_network_cannot_be_invited(work_on):
    offered, other = agree(work_on), agree(work_on, names=("Cedar Vale", "Dell Wood"))
    with work_on() as work:
        stranger = work.session.get_one(Request, other.request_id).network[0].id

    with pytest.raises(Invalid) as refused, work_on(COORDINATOR) as work:
        schedule(work, offered.request_id, member_ids=[stranger])

    assert refused.value.field == "member_ids"


def test_a_facilitator_who_is_taken_refuses_the_date_and_the_second_request_stays_as_it_was(work_on):
    first, second = agree(work_on), agree(work_on, names=("Cedar Vale", "Dell Wood"))
    with work_on() as work:
        # The same person agreed to both requests.
        work.session.get_one(Offer, second.offers[0]).person_id = first.people[0]
    arrange(work_on, first)

    # The first takes until 5pm; of the second, pause, way and preparation take seventy minutes before it begins.
    with pytest.raises(FacilitatorAlreadyBooked), work_on(COORDINATOR) as work:
        schedule(work, second.request_id, wall_start=WALL + timedelta(hours=4, minutes=9))

    with work_on() as work:
        assert work.session.get_one(Request, second.request_id).state is State.FACILITATORS_AGREED
        assert len(bookings(work)) == 2
    arrange(work_on, second, wall_start=WALL + timedelta(hours=4, minutes=10))


def test_a_stale_form_a_pause_or_a_missing_pair_refuse_the_date(work_on):
    offered = agree(work_on)
    with pytest.raises(Stale), work_on(COORDINATOR) as work:
        schedule(work, offered.request_id, version=1)
    with (
        pytest.raises(NotAllowed),
        work_on(Actor(ActorKind.ACCOUNT, "f", frozenset({"session:record"}))) as work,
    ):
        schedule(work, offered.request_id)
    with work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        request.paused_at, request.paused_reason = work.now, PauseReason.OTHER
    with pytest.raises(MoveNotPossible, match="paused"), work_on(COORDINATOR) as work:
        schedule(work, offered.request_id)


def is_paused(work, person_id, _request):
    work.session.get_one(Facilitator, person_id).status = FacilitatorStatus.PAUSED


def refresher_was_due(work, person_id, _request):
    work.session.get_one(Facilitator, person_id).training[0].refresher_due_on = WALL.date() - timedelta(
        days=1
    )


def has_no_agency(work, person_id, _request):
    work.session.get_one(Facilitator, person_id).person.agency = None


def is_invited_too(work, person_id, request):
    person = work.session.get_one(Facilitator, person_id).person
    request.network[0].email_index = person.email_index


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (is_paused, "not taking sessions at the moment"),
        (refresher_was_due, "training is not current on the day"),
        (has_no_agency, "agency not recorded"),
        (is_invited_too, "part of its network"),
    ],
)
def test_a_date_is_set_or_moved_only_to_a_day_on_which_both_may_hold_it(work_on, changes, words):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered, wall_start=WALL - timedelta(days=7))
    with work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        changes(work, offered.people[0], request)

    with pytest.raises(Invalid, match=words) as refused, work_on(COORDINATOR) as work:
        moves(work, session_id, WALL)
    assert refused.value.field == "day"
    with work_on(COORDINATOR) as work:
        postpone_session(work, session_id, version=get_session(work, session_id).version)
    with pytest.raises(Invalid, match=words) as refused, work_on(COORDINATOR) as work:
        schedule(work, offered.request_id)
    assert refused.value.field == "day"

    with work_on() as work:
        assert work.session.get_one(Request, offered.request_id).state is State.FACILITATORS_AGREED


def test_training_that_lapses_after_the_day_does_not_stand_in_the_way(work_on):
    offered = agree(work_on, people=1)
    with work_on() as work:
        trained = work.session.get_one(Facilitator, offered.people[0]).training[0]
        trained.refresher_due_on = WALL.date()
    session_id = arrange(work_on, offered)
    with pytest.raises(Invalid), work_on(COORDINATOR) as work:
        moves(work, session_id, WALL + timedelta(days=1))


def moves(work, session_id, wall_start):
    session = get_session(work, session_id)
    move_session(work, session_id, appointment(wall_start), version=session.version)


def test_a_session_is_seen_by_the_business_unit_and_its_two_facilitators_only(work_on):
    offered, other = agree(work_on), agree(work_on, names=("Cedar Vale", "Dell Wood"))
    session_id = arrange(work_on, offered)

    for actor in (COORDINATOR, *offered.actors):
        with work_on(actor) as work:
            assert get_session(work, session_id).id == session_id
    stranger = Actor(ActorKind.LINK, "link:1", purpose="participant")
    for actor in (*other.actors, stranger):
        with pytest.raises(NotFound), work_on(actor) as work:
            get_session(work, session_id)


def test_the_panel_of_a_request_shows_its_date(work_on):
    offered = agree(work_on, people=5)
    with work_on(COORDINATOR) as work:
        before = panel(work, work.session.get_one(Request, offered.request_id))
        assert (before.may_set_date, before.session) == (True, None)
    session_id = arrange(work_on, offered)

    with work_on(COORDINATOR) as work:
        shown = panel(work, work.session.get_one(Request, offered.request_id))
        assert (shown.may_set_date, shown.kept, shown.started) == (False, False, False)
        assert shown.session is not None
        assert (shown.session.id, shown.people, shown.place) == (session_id, 5, TOWN_HALL)
        assert sorted(shown.facilitators) == ["Ash Reed", "Birch Lane"]
