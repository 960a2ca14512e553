"""Plan meetings and training events, change and call them off, invite people, and set what a meeting is about."""

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from jags.facilitators.queries import pool
from jags.facilitators.rules import FacilitatorAlreadyBooked, Span
from jags.facilitators.service import book, hold_people, release
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import from_wall
from jags.kernel.work import Work
from jags.practice.model import Gathering, Invitee
from jags.practice.policy import require_gatherings
from jags.practice.queries import about_of, get_gathering, place_of
from jags.practice.rules import (
    EARLIEST_START,
    HOLDS_TIME,
    LATEST_START,
    MINUTES_LEAST,
    MINUTES_MOST,
    PLACES_MOST,
    Agenda,
    GatheringKind,
    GatheringState,
    NoPlaceLeft,
    Plan,
    Reply,
)
from jags.practice.service.messages import send_invitations, tell_of_calling_off, tell_of_change
from jags.scheduling.rules import FURTHEST_AHEAD, check_place
from jags.scheduling.service import with_the_way, written_out
from jags.settings.queries import partnership
from jags.venues.rules import VenueTime
from jags.venues.service import occupy_venue, release_venue


def plan_gathering(work: Work, kind: GatheringKind, plan: Plan) -> Gathering:
    """Plan a meeting or a training event; nobody is invited yet.

    A place that is kept is booked for it. Raises `Invalid` at the field that needs another look, `VenueAlreadyBooked`.
    """
    require_gatherings(work.actor)
    gathering = Gathering(
        kind=kind,
        key_id=work.vault.new_key(),
        calendar_uid=f"{uuid.uuid4()}@{partnership(work).email.rpartition('@')[2]}",
    )
    plan = _with_place(work, plan, had=None)
    _fill(work, gathering, plan, starts_at=_checked(work, kind, plan))
    work.session.add(gathering)
    work.session.flush()
    _hold_place(work, gathering)
    work.record("gathering:planned", gathering.id, kind=kind)
    return gathering


def change_gathering(work: Work, gathering_id: uuid.UUID, plan: Plan, *, version: int) -> None:
    """Change what is planned. At another time, everybody is asked again, and their time is held there instead.

    Raises `Stale`, `Invalid` at a field, `VenueAlreadyBooked`, `MoveNotPossible` when it has begun or was called off.
    """
    require_gatherings(work.actor)
    gathering = _planned(work, gathering_id, version)
    if gathering.starts_at <= work.now:
        raise MoveNotPossible("This has begun already, so it stays as it is.")
    before = _shown(work, gathering)
    span, how = (gathering.starts_at, gathering.minutes), gathering.format
    plan = _with_place(work, plan, had=gathering.venue_id)
    _fill(work, gathering, plan, starts_at=_checked(work, gathering.kind, plan))
    _hold_place(work, gathering)
    if gathering.places is not None and gathering.places < places_held(gathering):
        raise Invalid(
            f"{places_held(gathering)} people are invited already: offer that many places at least.",
            field="places",
        )
    if span != (gathering.starts_at, gathering.minutes):
        for invitee in gathering.invitees:
            invitee.reply = Reply.INVITED
        hold_time(work, gathering, gathering.invitees)
    elif how is not gathering.format:
        # The way there is part of the time that is held.
        hold_time(work, gathering, [one for one in gathering.invitees if one.reply in HOLDS_TIME])
    if before != _shown(work, gathering):
        gathering.calendar_sequence += 1
        tell_of_change(work, gathering)
    work.record("gathering:changed", gathering.id, sequence=gathering.calendar_sequence)


def call_off_gathering(work: Work, gathering_id: uuid.UUID, *, version: int) -> None:
    """Call it off: everybody who was told is told, and gets their time back. Raises `Stale`, `MoveNotPossible`."""
    require_gatherings(work.actor)
    gathering = _planned(work, gathering_id, version)
    gathering.state = GatheringState.CALLED_OFF
    gathering.calendar_sequence += 1
    release(work, gathering.id)
    tell_of_calling_off(work, gathering)
    work.record("gathering:called_off", gathering.id, sequence=gathering.calendar_sequence)


def invite_to_gathering(
    work: Work, gathering_id: uuid.UUID, person_ids: Collection[uuid.UUID], *, version: int
) -> None:
    """Invite people of the pool, and hold their time where it is free. Who is invited already stays so.

    Raises `Stale`, `Invalid` for nobody and for somebody who is not in the pool, `NoPlaceLeft` for more than there are
    places, `MoveNotPossible` for what was called off.
    """
    require_gatherings(work.actor)
    gathering = _planned(work, gathering_id, version)
    known = {one.person_id for one in gathering.invitees}
    members = {member.person_id: member.facilitator for member in pool(work, only=person_ids)}
    # In the order of their ids, so that two who book at once never wait for each other.
    wanted = sorted(set(person_ids) - known)
    if not wanted or not set(wanted) <= members.keys():
        raise Invalid("Select people from this list.", field="people")
    if gathering.places is not None and places_held(gathering) + len(wanted) > gathering.places:
        raise NoPlaceLeft
    new = []
    for person_id in wanted:
        invitee = Invitee(person_id=person_id, facilitator=members[person_id], reply=Reply.INVITED)
        gathering.invitees.append(invitee)
        new.append(invitee)
    hold_time(work, gathering, new)
    # So that the version moves on with the people: two who invite at once are one after the other.
    gathering.times_invited += 1
    if gathering.starts_at > work.now:
        send_invitations(work, gathering, new)
    work.record("gathering:invited", gathering.id, people=len(new))


def set_agenda(work: Work, gathering_id: uuid.UUID, topics: tuple[str, ...], *, version: int) -> None:
    """Set what a meeting is about; nobody is written to. Raises `Stale`, `MoveNotPossible` for what was called off."""
    require_gatherings(work.actor)
    gathering = _planned(work, gathering_id, version)
    work.vault.seal(gathering, "agenda", Agenda(topics))
    work.record("gathering:agenda_set", gathering.id, topics=len(topics))


def hold_time(work: Work, gathering: Gathering, invitees: Collection[Invitee]) -> None:
    """Take people's time for it, instead of what was taken before, where nothing else is booked then; note it otherwise.

    As for a session, a pause and the way belong to it. Unlike a session it does not wait for anybody: who cannot come is asked all the same.
    """
    time = with_the_way(work, Span(gathering.starts_at, gathering.ends_at), gathering.format)
    hold_people(work, [invitee.person_id for invitee in invitees])
    for invitee in sorted(invitees, key=lambda one: one.person_id):
        release(work, gathering.id, person_id=invitee.person_id)
        try:
            book(work, invitee.person_id, time.starts_at, time.ends_at, gathering.kind.booking, gathering.id)
        except FacilitatorAlreadyBooked:
            invitee.clashes = True
        else:
            invitee.clashes = False


def _with_place(work: Work, plan: Plan, *, had: uuid.UUID | None) -> Plan:
    venue_id, place = written_out(work, plan.format, plan.place, plan.venue_id, had=had)
    return replace(plan, venue_id=venue_id, place=place)


def _hold_place(work: Work, gathering: Gathering) -> None:
    """Take the place for as long as it lasts, instead of what was taken before."""
    release_venue(work, gathering.id)
    if gathering.venue_id is not None:
        time = VenueTime(gathering.venue_id, gathering.starts_at, gathering.ends_at)
        occupy_venue(work, gathering.id, time)


def _planned(work: Work, gathering_id: uuid.UUID, version: int) -> Gathering:
    gathering = get_gathering(work, gathering_id)
    gathering.expect(version)
    if gathering.state is GatheringState.CALLED_OFF:
        raise MoveNotPossible("This was called off.")
    return gathering


def places_held(gathering: Gathering) -> int:
    """Return how many places are taken or held."""
    return sum(one.reply in HOLDS_TIME or one.reply is Reply.ATTENDED for one in gathering.invitees)


def _fill(work: Work, gathering: Gathering, plan: Plan, *, starts_at: datetime) -> None:
    gathering.starts_at, gathering.wall_start, gathering.minutes = starts_at, plan.wall_start, plan.minutes
    gathering.format, gathering.venue_id = plan.format, plan.venue_id
    gathering.places, gathering.cost_pence = plan.places, plan.cost_pence
    gathering.transitional = plan.transitional
    work.vault.seal(gathering, "place", plan.place)
    work.vault.seal(gathering, "about", plan.about)


def _shown(work: Work, gathering: Gathering) -> tuple[object, ...]:
    """Return what an entry in a calendar and an invitation say."""
    about = about_of(work, gathering)
    return (
        gathering.starts_at,
        gathering.minutes,
        gathering.format,
        place_of(work, gathering),
        about.title,
        about.provider,
    )


def _checked(work: Work, kind: GatheringKind, plan: Plan) -> datetime:
    """Return the instant of a date that can be planned; raises `Invalid` at the field that needs another look."""
    if kind is GatheringKind.TRAINING and not plan.about.title.strip():
        raise Invalid("Enter what the training is called.", field="title")
    if not MINUTES_LEAST <= plan.minutes <= MINUTES_MOST:
        raise Invalid(f"Enter a length between {MINUTES_LEAST} and {MINUTES_MOST} minutes.", field="minutes")
    try:
        starts_at = from_wall(plan.wall_start)
    except Invalid as error:
        raise Invalid(str(error), field="start_time") from error
    if starts_at <= work.now:
        raise Invalid("Enter a date and time in the future.", field="day")
    if starts_at > work.now + FURTHEST_AHEAD:
        raise Invalid("Enter a date within the next year. Is the year right?", field="day")
    if not EARLIEST_START <= plan.wall_start.time() <= LATEST_START:
        raise Invalid(
            "Enter a start time between 8am and 8pm. Is it morning or afternoon?", field="start_time"
        )
    check_place(plan.format, plan.place)
    if plan.places is not None and not 1 <= plan.places <= PLACES_MOST:
        raise Invalid(f"Enter a number of places from 1 to {PLACES_MOST}, or leave it empty.", field="places")
    return starts_at
