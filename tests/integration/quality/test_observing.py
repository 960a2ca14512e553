"""Observation of practice: independent, agreed by both, told to everybody, and shared with the observed first."""

from datetime import UTC, datetime

import pytest

from factories.people import account, agency
from factories.pool import facilitator, signs_in
from factories.requests import envelopes
from factories.sessions import COORDINATOR, WALL, agree, arrange
from jags.accounts.queries import actor_of, find_agency
from jags.accounts.rules import Role
from jags.facilitators.queries import get_facilitator
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.rules import MailKind
from jags.quality.model import Observation
from jags.quality.queries.observations import find_observation, get_observation, observers_for
from jags.quality.rules.observation import Notes
from jags.quality.service.observing import (
    agree_to_observation,
    call_off_observation,
    note_told,
    own_observation,
    plan_observation,
    read_shared,
    share_observation,
    write_notes,
)
from jags.quality.service.telling import tell_of_observations
from jags.requests.rules import NetworkContact
from jags.scheduling.model import JagsSession

AFTER = datetime(2026, 12, 9, 10, 0, tzinfo=UTC)
NOTES = Notes("They waited.", {"opening": "seen"}, "What if they had waited longer?")


@pytest.fixture
def arranged(work_on):
    """An arranged session, its two facilitators as actors, and an observer of another agency."""
    offered = agree(work_on, people=2)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        of = agency(work, "hospital", "Hospital")
        observer = actor_of(account(work, Role.OBSERVER, name="Olive Marsh", agency=of))
    return session_id, offered.actors, observer


def plan(work_on, session_id, observer):
    with work_on(COORDINATOR) as work:
        return plan_observation(work, session_id, observer_id=observer.person_id).id


def both_agree(work_on, actors, observation_id):
    for actor in actors:
        with work_on(actor) as work:
            agree_to_observation(work, observation_id, agreed=True)


def told(work_on):
    with work_on() as work:
        number = tell_of_observations(work)
    with work_on() as work:
        kinds = (MailKind.OBSERVATION_ASKED, MailKind.OBSERVER_INVITED, MailKind.OBSERVATION_AHEAD)
        return number, {kind: sorted(one["name"] for one in envelopes(work, kind)) for kind in kinds}


def test_the_two_are_asked_first_and_everybody_else_is_told_when_both_agree(work_on, arranged):
    session_id, (ash, birch), observer = arranged
    observation_id = plan(work_on, session_id, observer)
    number, names = told(work_on)
    assert (number, names[MailKind.OBSERVATION_ASKED]) == (2, ["Ash Reed", "Birch Lane"])

    with work_on(ash) as work:
        agree_to_observation(work, observation_id, agreed=True)
    assert told(work_on)[0] == 0
    with work_on(birch) as work:
        agree_to_observation(work, observation_id, agreed=True)
    number, names = told(work_on)
    assert number == 3
    assert names[MailKind.OBSERVER_INVITED] == ["Olive Marsh"]
    assert names[MailKind.OBSERVATION_AHEAD] == ["Person 0", "Person 1"]
    assert told(work_on)[0] == 0
    # Another date: the observer is told it, and nobody else hears of the observation twice.
    with work_on() as work:
        work.session.get_one(JagsSession, session_id).calendar_sequence += 1
    assert told(work_on)[0] == 1


def test_rather_not_calls_it_off_and_needs_no_reason(work_on, arranged):
    session_id, (ash, birch), observer = arranged
    observation_id = plan(work_on, session_id, observer)
    told(work_on)
    with work_on(birch) as work:
        agree_to_observation(work, observation_id, agreed=False)
    assert told(work_on) == (0, {k: [] for k in told(work_on)[1]})
    with work_on(COORDINATOR) as work:
        assert find_observation(work, session_id) is None
    with pytest.raises(MoveNotPossible), work_on(ash) as work:
        agree_to_observation(work, observation_id, agreed=True)
    # Another one may be planned.
    assert plan(work_on, session_id, observer) != observation_id


def test_who_holds_it_or_belongs_to_the_requesting_team_or_network_does_not_observe(work_on, arranged):
    session_id, _, observer = arranged
    with work_on() as work:
        school = find_agency(work, "A School") or agency(work, "school", "A School")
        session = work.session.get_one(JagsSession, session_id)
        session.request.agency_id = school.id
        for name, team in (("No Team", ""), ("Other Team", "Year 9")):
            person_id = facilitator(work, name, of=school.key, team=team)
            signs_in(work, person_id)
        signs_in(work, facilitator(work, "Person 0"))
    with work_on(COORDINATOR) as work:
        names = [one.name for one in observers_for(work, work.session.get_one(JagsSession, session_id))]
    # The requester's team is not recorded, so nobody of their agency is known to be of another.
    assert names == ["Olive Marsh"]
    with work_on() as work:
        holder = work.session.get_one(JagsSession, session_id).facilitators[0].person_id
    with pytest.raises(Invalid) as refused, work_on(COORDINATOR) as work:
        plan_observation(work, session_id, observer_id=holder)
    assert refused.value.field == "observer"
    plan(work_on, session_id, observer)
    with pytest.raises(MoveNotPossible), work_on(COORDINATOR) as work:
        plan_observation(work, session_id, observer_id=observer.person_id)


def test_what_is_seen_is_the_observers_until_it_is_shared_and_then_the_two_facilitators(
    work_on, clock, arranged
):
    session_id, (ash, birch), observer = arranged
    observation_id = plan(work_on, session_id, observer)
    both_agree(work_on, (ash, birch), observation_id)
    with pytest.raises(MoveNotPossible), work_on(observer) as work:
        write_notes(work, observation_id, NOTES, version=get_observation(work, observation_id).version)
    clock.instant = AFTER
    with work_on(observer) as work:
        version = get_observation(work, observation_id).version
        write_notes(work, observation_id, NOTES, version=version)
    with pytest.raises(Stale), work_on(observer) as work:
        write_notes(work, observation_id, NOTES, version=version)
    for who, error in ((ash, NotFound), (COORDINATOR, NotAllowed)):
        with pytest.raises(error), work_on(who) as work:
            read_shared(work, session_id)
    for lacking, field in ((Notes("", {"opening": "seen"}), "worked"), (Notes("Well"), "element_opening")):
        with pytest.raises(Invalid) as refused, work_on(observer) as work:
            share_observation(work, observation_id, lacking, version=version + 1)
        assert refused.value.field == field

    with work_on(observer) as work:
        share_observation(work, observation_id, NOTES, version=version + 1)

    for who in (ash, birch):
        with work_on(who) as work:
            assert read_shared(work, session_id)[1] == NOTES
            assert get_facilitator(work, who.person_id).last_observed_on == WALL.date()
    with work_on() as work:
        shared = envelopes(work, MailKind.OBSERVATION_SHARED)
        assert sorted(one["name"] for one in shared) == ["Ash Reed", "Birch Lane"]
        assert b"waited" not in (work.session.get_one(Observation, observation_id).notes_sealed or b"")
    with pytest.raises(MoveNotPossible), work_on(observer) as work:
        write_notes(work, observation_id, NOTES, version=version + 3)


def test_nobody_observes_for_somebody_else_and_the_observer_can_step_out(work_on, arranged):
    session_id, (ash, _), observer = arranged
    observation_id = plan(work_on, session_id, observer)
    with work_on() as work:
        other = actor_of(account(work, Role.OBSERVER, name="Other One"))
    with pytest.raises(NotFound), work_on(other) as work:
        own_observation(work, observation_id)
    with pytest.raises(NotAllowed), work_on(other) as work:
        call_off_observation(work, observation_id)
    with work_on(observer) as work:
        call_off_observation(work, observation_id)
    with pytest.raises(NotFound), work_on(observer) as work:
        own_observation(work, observation_id)
    with pytest.raises(NotAllowed), work_on(ash) as work:
        plan_observation(work, session_id, observer_id=observer.person_id)


def test_whoever_has_no_address_is_told_by_telephone_and_that_is_noted(work_on, arranged):
    session_id, actors, observer = arranged
    with work_on() as work:
        first, second = work.session.get_one(JagsSession, session_id).attendees
        work.vault.seal(first.member, "contact", NetworkContact(name="Person 0", phone="01632 960123"))
        without, with_address = first.member_id, second.member_id
    observation_id = plan(work_on, session_id, observer)
    with pytest.raises(MoveNotPossible), work_on(COORDINATOR) as work:
        note_told(work, observation_id, member_id=without)
    both_agree(work_on, actors, observation_id)
    for who, member, error in (
        (actors[0], without, NotAllowed),
        (COORDINATOR, with_address, NotFound),
        (COORDINATOR, observation_id, NotFound),
    ):
        with pytest.raises(error), work_on(who) as work:
            note_told(work, observation_id, member_id=member)
    for _ in range(2):
        with work_on(COORDINATOR) as work:
            note_told(work, observation_id, member_id=without)
    with work_on() as work:
        assert [(one.member_id, one.told_on) for one in get_observation(work, observation_id).told] == [
            (without, work.today)
        ]
