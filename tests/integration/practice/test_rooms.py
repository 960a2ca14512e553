"""Rooms of meetings and training events: each holds one group at a time, as for sessions; on both databases."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from conftest import NOW
from factories.gatherings import meeting, plan, training_event
from factories.sessions import COORDINATOR, agree, arrange
from jags.kernel.errors import Invalid
from jags.practice.queries import get_gathering, place_of, place_shown
from jags.practice.service import call_off_gathering, change_gathering
from jags.scheduling.queries import appointment_of, get_session
from jags.scheduling.rules import Place, SessionFormat
from jags.scheduling.service import move_session
from jags.venues.queries import coming_venue_bookings
from jags.venues.rules import VenueAlreadyBooked, VenueDetails
from jags.venues.service import add_venue, change_venue

IN_A_WEEK = NOW.date() + timedelta(days=7)
ROOM = VenueDetails("Harbour Hub, quiet room", "1 Quay Road", "Ring the bell.")
TYPED = Place(arrangements="Coffee from half past nine.")


@pytest.fixture
def room(work_on):
    with work_on(COORDINATOR) as work:
        return add_venue(work, details=ROOM, locality="East", seats=12, step_free=True).id


def taken(work, room):
    return [(ref, one.starts_at, one.ends_at) for ref, one in coming_venue_bookings(work, [room])]


def test_room_is_taken_while_a_meeting_lasts_and_free_again_when_it_is_called_off(work_on, room):
    with work_on(COORDINATOR) as work:
        made = meeting(work, place=TYPED, venue_id=room)
        assert place_of(work, made) == replace(TYPED, venue="Harbour Hub, quiet room, 1 Quay Road")
        assert place_shown(work, made).arrangements == "Ring the bell.\nCoffee from half past nine."
        assert taken(work, room) == [(made.id, made.starts_at, made.ends_at)]
        with pytest.raises(VenueAlreadyBooked, match="Harbour Hub, quiet room is booked already"):
            training_event(work, place=TYPED, venue_id=room, at=time(11))
        call_off_gathering(work, made.id, version=made.version)
        assert taken(work, room) == []


def test_another_time_and_another_place_move_what_is_taken(work_on, room):
    with work_on(COORDINATOR) as work:
        made = meeting(work, place=TYPED, venue_id=room).id
    with work_on(COORDINATOR) as work:
        later = plan(IN_A_WEEK, at=time(14), place=TYPED, venue_id=room)
        change_gathering(work, made, later, version=get_gathering(work, made).version)
        (booked,) = taken(work, room)
        assert booked[1] == get_gathering(work, made).starts_at
        meeting(work, place=TYPED, venue_id=room)
    with work_on(COORDINATOR) as work:
        online = plan(
            IN_A_WEEK,
            format=SessionFormat.ONLINE,
            place=Place(online_link="https://meet.example.org/a"),
            venue_id=room,
        )
        change_gathering(work, made, online, version=get_gathering(work, made).version)
        assert get_gathering(work, made).venue_id is None
        assert made not in {ref for ref, *_ in taken(work, room)}


def test_session_and_meeting_do_not_share_a_room(work_on, room):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        begins = session.wall_start
        meeting(work, in_days=(begins.date() - NOW.date()).days, at=begins.time(), place=TYPED, venue_id=room)
    with work_on(COORDINATOR) as work:
        session = get_session(work, session_id)
        wanted = replace(appointment_of(work, session), venue_id=room)
        with pytest.raises(VenueAlreadyBooked):
            move_session(work, session_id, wanted, version=session.version)


def test_place_that_is_not_offered_any_more_stays_with_what_has_it(work_on, room):
    with work_on(COORDINATOR) as work:
        made = meeting(work, place=TYPED, venue_id=room)
        change_venue(work, room, details=ROOM, retired=True, version=1)
        again = plan(IN_A_WEEK, minutes=90, place=TYPED, venue_id=room)
        change_gathering(work, made.id, again, version=made.version)
        with pytest.raises(Invalid, match="not offered any more"):
            meeting(work, in_days=9, place=TYPED, venue_id=room)
