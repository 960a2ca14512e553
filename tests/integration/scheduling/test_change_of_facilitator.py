"""A facilitator steps back, before and after the date is set: the fewest people moved, the date kept, calendars true."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.pool import declares, facilitator, signs_in, span
from factories.sessions import COORDINATOR, WALL, agree, arrange, deliver, mail
from jags.allocation.choice import change_of
from jags.allocation.queries import get_offer, kept_offers, live_offers
from jags.allocation.service import decline_offer, offer_pair
from jags.facilitators.queries import coming_bookings, get_facilitator
from jags.facilitators.rules import BookingKind, FacilitatorStatus
from jags.facilitators.service import book, give_availability, note_leave
from jags.kernel.ids import new_id
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.queries import get_request
from jags.requests.rules import State
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import find_open_session
from jags.scheduling.service import (
    accept_offer_and_keep_date,
    free_released,
    step_back,
    time_together,
)

DAY = WALL.date()


def first_steps_back(work_on, offered):
    with work_on(COORDINATOR) as work:
        request = get_request(work, offered.request_id)
        step_back(work, request.id, person_id=offered.people[0], version=request.version)


def proposed(work, request_id):
    """Return the proposal as its page asks for it."""
    session = find_open_session(work, request_id)
    time = time_together(work, session) if session else None
    return change_of(work, get_request(work, request_id), time=time)


def names(people):
    return [one.name for one in people]


def apply(work_on, request_id):
    with work_on(COORDINATOR) as work:
        change = proposed(work, request_id)
        ids = [one.person_id for one in change.pair]
        session = find_open_session(work, request_id)
        time = time_together(work, session) if change.keeps_date else None
        offer_pair(work, request_id, person_ids=ids, version=change.request.version, time=time)
        free_released(work, request_id)


def test_before_a_date_the_partner_stays_and_somebody_stands_by(work_on):
    offered = agree(work_on, people=1)
    with work_on() as work:
        facilitator(work, "Cedar Vale", sessions_per_quarter=1)
        facilitator(work, "Dale Moor", sessions_per_quarter=1)
    first_steps_back(work_on, offered)
    with work_on(COORDINATOR) as work:
        change = proposed(work, offered.request_id)
        assert (names(change.asked), change.kept.name, change.released, change.keeps_date) in [
            (["Cedar Vale"], "Birch Lane", False, None),
            (["Dale Moor"], "Birch Lane", False, None),
        ]
        # Birch Lane has accepted, and is not asked for their time again.
        asked = names(change.asked)[0]
        assert f"no availability recorded for {asked}: ask before offering" in change.reasons
        # Standing by is the other one, with the same partner; they are told nothing, and nothing is held.
        (other,) = {"Cedar Vale", "Dale Moor"} - set(names(change.asked))
        assert names(change.standby) == sorted(["Birch Lane", other])
        assert {offer.person_id for offer in live_offers(work, offered.request_id)} == {offered.people[1]}


def test_with_a_date_only_who_is_free_then_is_proposed_and_calendars_are_put_right(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    deliver(work_on, session_id)
    with work_on() as work:
        cedar, dale = facilitator(work, "Cedar Vale"), facilitator(work, "Dale Moor")
        # Cedar is free on another day only.
        give_availability(work, cedar, [span(DAY + timedelta(days=1), 9, 17)])
        give_availability(work, dale, [span(DAY, 9, 17)])
    first_steps_back(work_on, offered)
    with work_on(COORDINATOR) as work:
        change = proposed(work, offered.request_id)
        assert (names(change.asked), change.keeps_date, change.released) == (["Dale Moor"], True, False)
        assert [(m.recipient_ref, m.kind) for m in mail(work, session_id)] == [
            (str(offered.people[0]), "called_off")
        ]
    deliver(work_on, session_id)
    apply(work_on, offered.request_id)
    with work_on() as work:
        waiting = next(o for o in live_offers(work, offered.request_id) if o.person_id == dale)
        offer_id, actor = waiting.id, signs_in(work, dale)
    with work_on(actor) as work:
        declares(work, offer_id)
    with work_on(actor) as work:
        accept_offer_and_keep_date(work, offer_id, version=get_offer(work, offer_id).version)
    with work_on() as work:
        session = work.session.get_one(JagsSession, session_id)
        assert session.request.state is State.SCHEDULED
        assert {f.person_id for f in session.facilitators} == {offered.people[1], dale}
        # Nobody else is written to: their entry is as it was.
        assert [(m.recipient_ref, m.kind) for m in mail(work, session_id)] == [
            (str(dale), "session_invitation")
        ]


def test_date_stands_for_two_who_have_no_other_half_day_in_common(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        dale = facilitator(work, "Dale Moor")
        for person_id in (offered.people[1], dale):
            give_availability(work, person_id, [span(DAY, 9, 17)])
    first_steps_back(work_on, offered)
    apply(work_on, offered.request_id)
    with work_on() as work:
        waiting = next(o for o in live_offers(work, offered.request_id) if o.person_id == dale)
        offer_id, actor = waiting.id, signs_in(work, dale)
        assert waiting.pair.exceptions == []
    with work_on(actor) as work:
        declares(work, offer_id)
        accept_offer_and_keep_date(work, offer_id, version=get_offer(work, offer_id).version)
    with work_on() as work:
        assert work.session.get_one(JagsSession, session_id).request.state is State.SCHEDULED


@pytest.mark.parametrize(
    "busy",
    [
        pytest.param(lambda work, one: note_leave(work, one, from_on=DAY, to_on=DAY), id="away"),
        pytest.param(
            lambda work, one: book(
                work,
                one,
                span(DAY, 15, 16).starts_at,
                span(DAY, 15, 16).ends_at,
                BookingKind.SESSION,
                new_id(),
            ),
            id="another session",
        ),
    ],
)
def test_nobody_free_on_the_day_keeps_the_partner_and_gives_the_date_up(work_on, busy):
    offered = agree(work_on, people=1)
    arrange(work_on, offered)
    with work_on() as work:
        busy(work, facilitator(work, "Cedar Vale"))
    first_steps_back(work_on, offered)
    with work_on(COORDINATOR) as work:
        change = proposed(work, offered.request_id)
        assert (names(change.asked), change.keeps_date, change.released) == (["Cedar Vale"], False, False)


def test_training_has_to_count_on_the_day_of_the_date(work_on):
    offered = agree(work_on, people=1)
    arrange(work_on, offered)
    with work_on() as work:
        facilitator(work, "Cedar Vale", refresher_due_on=DAY - timedelta(days=1))
    first_steps_back(work_on, offered)
    with work_on(COORDINATOR) as work:
        # They could do it before that day, so another date is the way.
        assert proposed(work, offered.request_id).keeps_date is False


def test_partner_without_anybody_to_fit_is_released_kindly_and_their_calendar_is_cleared(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        for name in ("Cedar Vale", "Dale Moor"):
            facilitator(work, name)
    first_steps_back(work_on, offered)
    deliver(work_on, session_id)
    with work_on() as work:
        # The partner turns out not to be independent: nobody can be paired with them.
        kept = kept_offers(work, [offered.request_id]).get(offered.request_id)
        get_facilitator(work, kept.person_id).status = FacilitatorStatus.PAUSED
    with work_on(COORDINATOR) as work:
        change = proposed(work, offered.request_id)
        assert (names(change.asked), change.released, change.keeps_date) == (
            ["Cedar Vale", "Dale Moor"],
            True,
            True,
        )
    apply(work_on, offered.request_id)
    with work_on() as work:
        told = {
            row.kind
            for row in work.session.scalars(
                select(OutboxMessage).where(OutboxMessage.recipient_ref == str(offered.people[1]))
            )
        }
        assert MailKind.OFFER_WITHDRAWN in told
        assert [(m.recipient_ref, m.kind) for m in mail(work, session_id)] == [
            (str(offered.people[1]), "called_off")
        ]
        assert work.session.get_one(JagsSession, session_id).facilitators == []
        assert free_released(work) == 0


def test_who_is_released_after_a_decline_is_freed_of_the_kept_date_too(work_on):
    offered = agree(work_on, people=1)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        cedar = facilitator(work, "Cedar Vale")
    first_steps_back(work_on, offered)
    deliver(work_on, session_id)
    apply(work_on, offered.request_id)
    with work_on() as work:
        assert free_released(work) == 0
        get_facilitator(work, offered.people[1]).status = FacilitatorStatus.PAUSED
        waiting = next(o for o in live_offers(work, offered.request_id) if o.person_id == cedar)
        offer_id, actor = waiting.id, signs_in(work, cedar)
    with work_on(actor) as work:
        decline_offer(work, offer_id, version=get_offer(work, offer_id).version)
    with work_on() as work:
        # Nobody fits with the partner, so they are not needed now; the job clears their calendar.
        assert free_released(work) == 1
        assert [(m.recipient_ref, m.kind) for m in mail(work, session_id)] == [
            (str(offered.people[1]), "called_off")
        ]
        assert coming_bookings(work) == {}


def test_nobody_at_all_says_why_and_what_would_help(work_on):
    offered = agree(work_on, people=1)
    first_steps_back(work_on, offered)
    with work_on(COORDINATOR) as work:
        change = proposed(work, offered.request_id)
        assert (change.pair, change.standby) == ((), ())
        assert change.no_pair[0].startswith("No pair is possible: ")
