"""Take answers to invitations, and record who was there: attendance of training is training."""

import uuid
from collections.abc import Collection

from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import FacilitatorAlreadyBooked
from jags.facilitators.service import add_training, release, remove_training
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.practice.model import Gathering, Invitee
from jags.practice.policy import require_gatherings, require_own_answer
from jags.practice.queries import about_of, find_invitee, find_transitional_attendance, get_gathering
from jags.practice.rules import HOLDS_TIME, GatheringKind, GatheringState, NoPlaceLeft, Reply
from jags.practice.service.planning import hold_time, places_held


def answer_invitation(work: Work, gathering_id: uuid.UUID, person_id: uuid.UUID, *, coming: bool) -> None:
    """Keep whether somebody comes; apologies need no reason, and give the time back. The same again changes nothing.

    Raises `NotFound` for who is not invited, `NotAllowed` for somebody else's answer, `MoveNotPossible` once it has begun
    or was called off, `FacilitatorAlreadyBooked` and `NoPlaceLeft` for who comes after all and cannot.
    """
    require_own_answer(work.actor, person_id)
    # The row is held, so that the last place is given once.
    gathering = get_gathering(work, gathering_id)
    work.session.refresh(gathering, with_for_update=True)
    invitee = find_invitee(work, gathering_id, person_id)
    if invitee is None:
        raise NotFound("There is no such meeting.")
    if gathering.state is not GatheringState.PLANNED or gathering.starts_at <= work.now:
        raise MoveNotPossible("This has begun already, or was called off. Ring us if something is not right.")
    wanted = Reply.COMING if coming else Reply.APOLOGIES
    if invitee.reply is wanted:
        return
    if not coming:
        release(work, gathering.id, person_id=person_id)
        invitee.clashes = False
    elif invitee.clashes or invitee.reply is Reply.APOLOGIES:
        _come_after_all(work, gathering, invitee)
    invitee.reply = wanted
    work.record("gathering:answered", gathering.id, person=str(person_id), reply=wanted)


def record_attendance(
    work: Work,
    gathering_id: uuid.UUID,
    *,
    attended: Collection[uuid.UUID],
    apologies: Collection[uuid.UUID],
    version: int,
) -> None:
    """Record who was there and who had sent apologies; everybody else was not there. It can be recorded again.

    Who was at a training event is trained from its day on, by the partnership's terms, and no more once a later record
    says that they were not there. Raises `Stale`, `MoveNotPossible` before it begins, `Invalid` for who is not invited.
    """
    require_gatherings(work.actor)
    gathering = get_gathering(work, gathering_id)
    gathering.expect(version)
    if gathering.state is GatheringState.CALLED_OFF or gathering.starts_at > work.now:
        raise MoveNotPossible("Record who was there once it has begun.")
    if not {*attended, *apologies} <= {one.person_id for one in gathering.invitees}:
        raise Invalid(
            "Select people from this list. Invite somebody first who came without an invitation.",
            field="attended",
        )
    gathering.state = GatheringState.HELD
    for invitee in gathering.invitees:
        was_there = invitee.reply is Reply.ATTENDED
        invitee.reply = (
            Reply.ATTENDED
            if invitee.person_id in attended
            else Reply.APOLOGIES
            if invitee.person_id in apologies
            else Reply.NOT_THERE
        )
        if gathering.kind is GatheringKind.TRAINING:
            _train(work, gathering, invitee, was_there=was_there)
    work.record(
        "gathering:attendance_recorded",
        gathering.id,
        attended=sum(one.reply is Reply.ATTENDED for one in gathering.invitees),
        apologies=sum(one.reply is Reply.APOLOGIES for one in gathering.invitees),
    )


def _come_after_all(work: Work, gathering: Gathering, invitee: Invitee) -> None:
    full = gathering.places is not None and places_held(gathering) >= gathering.places
    if full and invitee.reply not in HOLDS_TIME:
        raise NoPlaceLeft("All places are taken now. Ring us: somebody may have to give theirs back.")
    hold_time(work, gathering, [invitee])
    if invitee.clashes:
        raise FacilitatorAlreadyBooked(
            "Something else is booked for you at that time. Ring us if it can be moved."
        )


def _train(work: Work, gathering: Gathering, invitee: Invitee, *, was_there: bool) -> None:
    if invitee.reply is Reply.ATTENDED and not was_there:
        add_training(
            work,
            invitee.person_id,
            trained_on=london_date(gathering.starts_at),
            course=about_of(work, gathering).title,
            gathering_ref=gathering.id,
        )
        facilitator = get_facilitator(work, invitee.person_id)
        if gathering.transitional and not facilitator.transitional_training:
            facilitator.transitional_training = invitee.trained_by_it = True
    elif was_there and invitee.reply is not Reply.ATTENDED:
        remove_training(work, invitee.person_id, gathering_ref=gathering.id)
        if invitee.trained_by_it:
            invitee.trained_by_it = False
            _take_back(work, invitee.person_id)


def _take_back(work: Work, person_id: uuid.UUID) -> None:
    """Take back that somebody is trained for transitional safeguarding, unless they were at another event for it."""
    other = find_transitional_attendance(work, person_id)
    if other is None:
        get_facilitator(work, person_id).transitional_training = False
    else:
        other.trained_by_it = True
