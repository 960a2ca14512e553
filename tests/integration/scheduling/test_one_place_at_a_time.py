"""One place and one person at a time: venues, meetings, dates that are taken up again, and two that change places."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from factories.agreed import agree_with, people_of_pool
from factories.sessions import (
    COORDINATOR,
    WALL,
    agree,
    appointment,
    arrange,
    deliver,
    event_of,
    mail,
    schedule,
)
from jags.facilitators.model import Booking
from jags.facilitators.rules import BookingKind, FacilitatorAlreadyBooked, Span
from jags.facilitators.service import note_leave, occupy, release
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, Stale
from jags.requests.model import Request
from jags.requests.rules import PauseReason, State
from jags.requests.service import pause_request
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session, place_of, place_shown
from jags.scheduling.rules import Place, SessionFormat, SessionState
from jags.scheduling.service import (
    move_session,
    postpone_session,
    reinstate_session,
    swap_sessions,
)
from jags.venues.model import VenueBooking
from jags.venues.queries import get_venue, venues
from jags.venues.rules import VenueAlreadyBooked, VenueDetails, VenueTime
from jags.venues.service import add_venue, change_venue

ROOM = VenueDetails("Town Hall, Room 4", "1 Market Place", "Ring the bell; the lift is on the left.")
TWO_PAIRS = (("Ann", "Ben"), ("Cat", "Dan"))


@pytest.fixture
def room(work_on):
    with work_on(COORDINATOR) as work:
        return add_venue(work, details=ROOM, locality="East", seats=12, step_free=True).id


def two_requests(work_on):
    """Two requests with four different facilitators."""
    ann, ben, cat, dan = people_of_pool(work_on, "Ann", "Ben", "Cat", "Dan")
    return agree_with(work_on, [(ann, ben), (cat, dan)])


def changed(work_on, session_id, act):
    """Do something with a session as a coordinator, at the version that it has."""
    with work_on(COORDINATOR) as work:
        return act(work, get_session(work, session_id))


def test_a_place_is_taken_with_preparation_and_debrief_and_shown_with_what_is_good_to_know(work_on, room):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered, venue_id=room, place=Place(arrangements="Parking behind."))

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        (taken,) = work.session.scalars(select(VenueBooking)).all()
        assert (taken.venue_id, taken.ref) == (room, session_id)
        assert taken.starts_at == datetime(2026, 12, 8, 13, 30, tzinfo=UTC)
        assert taken.ends_at == datetime(2026, 12, 8, 16, 20, tzinfo=UTC)
        assert place_of(work, session).venue == "Town Hall, Room 4, 1 Market Place"
        assert (
            place_shown(work, session).arrangements
            == "Ring the bell; the lift is on the left.\nParking behind."
        )
        assert str(event_of(mail(work, session_id)[0])["LOCATION"]) == "Town Hall, Room 4, 1 Market Place"
        assert b"Town Hall" not in (get_venue(work, room).details_sealed or b"")


def test_a_place_that_is_taken_refuses_another_session_and_says_when_it_is_taken(work_on, room):
    first, second = two_requests(work_on)
    arrange(work_on, first, venue_id=room)

    # The first is over at 4pm and its debrief at 4:20pm; the second begins to prepare half an hour before 4:49pm.
    with (
        pytest.raises(
            VenueAlreadyBooked,
            match=r"^Town Hall, Room 4 is booked already, Tuesday 8 December 2026, 1:30pm to 4:20pm\. Choose",
        ),
        work_on(COORDINATOR) as work,
    ):
        schedule(work, second.request_id, venue_id=room, wall_start=WALL + timedelta(hours=2, minutes=49))

    with work_on() as work:
        assert work.session.get_one(Request, second.request_id).state is State.FACILITATORS_AGREED
        assert len(work.session.scalars(select(Booking)).all()) == 2
    arrange(work_on, second, venue_id=room, wall_start=WALL + timedelta(hours=2, minutes=50))


def test_an_online_session_takes_no_place_and_no_time_for_the_way(work_on, room):
    offered = agree(work_on, people=1)
    online = Place(online_link="https://meet.example.org/x")
    arrange(work_on, offered, venue_id=room, format=SessionFormat.ONLINE, place=online)
    with work_on() as work:
        assert work.session.scalars(select(VenueBooking)).all() == []
        assert {(b.starts_at, b.ends_at) for b in work.session.scalars(select(Booking))} == {
            (datetime(2026, 12, 8, 13, 20, tzinfo=UTC), datetime(2026, 12, 8, 16, 30, tzinfo=UTC))
        }


def test_a_place_follows_its_session_and_is_free_again_when_that_is_postponed(work_on, room):
    session_id = arrange(work_on, agree(work_on, people=1), venue_id=room)
    changed(
        work_on,
        session_id,
        lambda work, s: move_session(
            work, s.id, appointment(WALL + timedelta(days=1), venue_id=room), version=s.version
        ),
    )
    with work_on() as work:
        assert work.session.scalars(select(VenueBooking.starts_at)).all() == [
            datetime(2026, 12, 9, 13, 30, tzinfo=UTC)
        ]
    changed(work_on, session_id, lambda work, s: postpone_session(work, s.id, version=s.version))
    with work_on() as work:
        assert work.session.scalars(select(VenueBooking)).all() == []


def test_a_place_of_one_name_is_kept_once_and_one_that_is_retired_stays_where_it_is_booked(work_on, room):
    session_id = arrange(work_on, agree(work_on, people=1), venue_id=room)
    with work_on(COORDINATOR) as work:
        with pytest.raises(Invalid, match="of this name already"):
            add_venue(work, details=VenueDetails("town hall,  room 4"))
        with pytest.raises(Invalid, match="Enter the name"):
            add_venue(work, details=VenueDetails())
        with pytest.raises(Invalid, match="seats"):
            add_venue(work, details=VenueDetails("Library"), seats=0)
        with pytest.raises(Invalid, match="locality"):
            add_venue(work, details=VenueDetails("Library"), locality="Nowhere")
    with work_on(COORDINATOR) as work:
        change_venue(work, room, details=ROOM, seats=10, retired=True, version=1)
        assert venues(work) == []
        assert [line.details for line in venues(work, with_retired=True)] == [ROOM]
    with pytest.raises(Stale), work_on(COORDINATOR) as work:
        change_venue(work, room, details=ROOM, version=1)
    changed(
        work_on,
        session_id,
        lambda work, s: move_session(
            work, s.id, appointment(WALL + timedelta(days=1), venue_id=room), version=s.version
        ),
    )
    other = agree(work_on, people=1, names=("Cedar Vale", "Dell Wood"))
    with pytest.raises(Invalid, match="not offered any more"), work_on(COORDINATOR) as work:
        schedule(work, other.request_id, venue_id=room)


def test_only_who_arranges_sessions_keeps_places(work_on):
    offered = agree(work_on, people=1)
    with pytest.raises(NotAllowed), work_on(offered.actors[0]) as work:
        add_venue(work, details=ROOM)


@pytest.mark.parametrize("table", ["booking", "venue_booking"])
@pytest.mark.parametrize("how", ["insert", "update"])
def test_the_database_itself_refuses_an_overlap_however_it_comes_about(work_on, room, table, how):
    (ann,) = people_of_pool(work_on, "Ann")
    begins = datetime(2026, 12, 8, 9, tzinfo=UTC)

    def row(hours):
        span = {"starts_at": begins + timedelta(hours=hours), "ends_at": begins + timedelta(hours=hours + 2)}
        if table == "booking":
            return Booking(person_id=ann, kind=BookingKind.TRAINING, ref=uuid.uuid4(), **span)
        return VenueBooking(venue_id=room, ref=uuid.uuid4(), **span)

    with work_on() as work:
        work.session.add_all([row(0), row(2)])

    def insert(work):
        work.session.add(row(1))

    def update(work):
        kind = type(row(0))
        later = work.session.scalars(select(kind).order_by(kind.starts_at.desc())).first()
        later.starts_at -= timedelta(minutes=1)

    with pytest.raises(IntegrityError, match=f"ex_{table}_overlap"), work_on() as work:
        {"insert": insert, "update": update}[how](work)


def test_meetings_training_and_leave_take_the_same_time_as_sessions(work_on, room):
    offered = agree(work_on, people=1)
    ann, ben = offered.people
    meeting = uuid.uuid4()
    span = Span(datetime(2026, 12, 8, 15, tzinfo=UTC), datetime(2026, 12, 8, 16, tzinfo=UTC))
    with work_on() as work:
        occupy(
            work,
            meeting,
            kind=BookingKind.NETWORK_MEETING,
            time=span,
            person_ids=[ann, ben],
            venue=VenueTime(room, span.starts_at, span.ends_at),
        )
    with pytest.raises(FacilitatorAlreadyBooked, match="3pm to 4pm"), work_on(COORDINATOR) as work:
        schedule(work, offered.request_id)
    with pytest.raises(Invalid, match="booked on 8 December 2026"), work_on() as work:
        note_leave(work, ann, from_on=WALL.date(), to_on=WALL.date())
    with work_on() as work:
        # The same meeting a day later, with one of them only: what it took before is free.
        later = Span(span.starts_at + timedelta(days=1), span.ends_at + timedelta(days=1))
        occupy(work, meeting, kind=BookingKind.NETWORK_MEETING, time=later, person_ids=[ann])
        assert work.session.scalars(select(VenueBooking)).all() == []
    session_id = arrange(work_on, offered, venue_id=room)
    with pytest.raises(FacilitatorAlreadyBooked), work_on() as work:
        occupy(work, meeting, kind=BookingKind.TRAINING, time=span, person_ids=[ben])
    with work_on() as work:
        # What could not be taken left everything as it was.
        assert {b.ref for b in work.session.scalars(select(Booking))} == {meeting, session_id}
        assert release(work, meeting) == 1


def test_that_a_session_was_heavy_is_kept_when_its_time_is_taken_again(work_on):
    (ann,) = people_of_pool(work_on, "Ann")
    ref, begins = uuid.uuid4(), datetime(2026, 12, 8, 9, tzinfo=UTC)
    with work_on() as work:
        for hours in (0, 1):
            span = Span(begins + timedelta(hours=hours), begins + timedelta(hours=hours + 1))
            occupy(work, ref, kind=BookingKind.SESSION, time=span, person_ids=[ann])
            booking = work.session.scalars(select(Booking)).one()
            assert booking.heavy is (hours == 1)
            booking.heavy = True


def test_a_postponed_date_is_taken_up_again_under_the_same_entry(work_on, room):
    session_id = arrange(work_on, agree(work_on, people=1), venue_id=room)
    deliver(work_on, session_id)
    changed(work_on, session_id, lambda work, s: postpone_session(work, s.id, version=s.version))
    deliver(work_on, session_id)

    changed(work_on, session_id, lambda work, s: reinstate_session(work, s.id, version=s.version))

    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        assert (session.state, session.request.state) == (SessionState.SCHEDULED, State.SCHEDULED)
        sent = mail(work, session_id)
        assert {s.envelope.email for s in sent} == {
            "ash.reed@example.org",
            "birch.lane@example.org",
            "person0@example.org",
        }
        for one in sent:
            entry = event_of(one)
            assert (one.envelope.calendar_method, entry["UID"], entry["SEQUENCE"]) == (
                "REQUEST",
                session.calendar_uid,
                2,
            )
        assert len(work.session.scalars(select(Booking)).all()) == 2
        assert len(work.session.scalars(select(VenueBooking)).all()) == 1


def test_a_date_whose_invitation_never_left_is_taken_up_again_with_an_invitation(work_on):
    session_id = arrange(work_on, agree(work_on, people=1))
    changed(work_on, session_id, lambda work, s: postpone_session(work, s.id, version=s.version))
    changed(work_on, session_id, lambda work, s: reinstate_session(work, s.id, version=s.version))
    with work_on() as work:
        assert {s.kind for s in mail(work, session_id)} == {"session_invitation"}


def test_a_date_is_not_taken_up_again_where_somebody_is_taken_meanwhile(work_on):
    ann, ben, cat = people_of_pool(work_on, "Ann", "Ben", "Cat")
    first, second = agree_with(work_on, [(ann, ben), (ben, cat)])
    session_id = arrange(work_on, first)
    changed(work_on, session_id, lambda work, s: postpone_session(work, s.id, version=s.version))
    arrange(work_on, second)
    with pytest.raises(FacilitatorAlreadyBooked, match=r"^Ben is booked already"):
        changed(work_on, session_id, lambda work, s: reinstate_session(work, s.id, version=s.version))
    with work_on() as work:
        assert work.session.get_one(JagsSession, session_id).state is SessionState.POSTPONED


def test_a_date_is_not_taken_up_again_where_another_is_set_all_is_paused_or_it_has_passed(work_on, clock):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)

    def again():
        changed(work_on, session_id, lambda work, s: reinstate_session(work, s.id, version=s.version))

    with pytest.raises(MoveNotPossible, match="Only a postponed date"):
        again()
    changed(work_on, session_id, lambda work, s: postpone_session(work, s.id, version=s.version))
    with work_on() as work:
        pause_request(work, offered.request_id, reason=PauseReason.OTHER)
    with pytest.raises(MoveNotPossible, match="nothing is paused"):
        again()
    with work_on() as work:
        work.session.get_one(Request, offered.request_id).paused_at = None
    clock.instant = datetime(2026, 12, 8, 14, tzinfo=UTC)
    with pytest.raises(MoveNotPossible, match="to come"):
        again()


def test_two_sessions_of_the_same_people_change_places_and_everybody_is_told_once(work_on, room):
    ann, ben = people_of_pool(work_on, "Ann", "Ben")
    first, second = agree_with(work_on, [(ann, ben), (ann, ben)])
    later = WALL + timedelta(hours=5)
    mine = arrange(work_on, first, venue_id=room, minutes=60)
    theirs = arrange(work_on, second, wall_start=later, place=Place(venue="Library"))
    for session_id in (mine, theirs):
        deliver(work_on, session_id)

    with work_on(COORDINATOR) as work:
        versions = [get_session(work, key).version for key in (mine, theirs)]
        swap_sessions(work, mine, theirs, version=versions[0], other_version=versions[1])

    with work_on(COORDINATOR) as work:
        one, other = get_session(work, mine), get_session(work, theirs)
        assert (one.wall_start, one.minutes, one.venue_id) == (later, 60, None)
        assert (other.wall_start, other.minutes, other.venue_id) == (WALL, 120, room)
        assert place_of(work, one).venue == "Library"
        for session in (one, other):
            sent = mail(work, session.id)
            assert {s.kind for s in sent} == {"session_changed"}
            assert {(event_of(s)["UID"], event_of(s)["SEQUENCE"]) for s in sent} == {
                (session.calendar_uid, 1)
            }
        assert {b.ref for b in work.session.scalars(select(VenueBooking))} == {theirs}


def test_a_swap_that_one_of_them_cannot_keep_changes_neither(work_on):
    ann, ben, cat = people_of_pool(work_on, "Ann", "Ben", "Cat")
    first, second = agree_with(work_on, [(ann, ben), (ben, cat)])
    later = WALL + timedelta(days=1)
    mine, theirs = arrange(work_on, first), arrange(work_on, second, wall_start=later)
    with work_on() as work:
        note_leave(work, ann, from_on=later.date(), to_on=later.date())

    def swap(**versions):
        with work_on(COORDINATOR) as work:
            now = {
                "version": get_session(work, mine).version,
                "other_version": get_session(work, theirs).version,
            }
            swap_sessions(work, mine, theirs, **{**now, **versions})

    with pytest.raises(FacilitatorAlreadyBooked, match="Ann is away until Wednesday 9 December 2026"):
        swap()
    with pytest.raises(Stale):
        swap(other_version=99)
    with pytest.raises(Invalid, match="another session"), work_on(COORDINATOR) as work:
        swap_sessions(work, mine, mine, version=1, other_version=1)
    with work_on() as work:
        assert work.session.get_one(JagsSession, mine).wall_start == WALL
        assert len(work.session.scalars(select(Booking)).all()) == 5
