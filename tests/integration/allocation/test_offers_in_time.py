"""Offers stay open for some working days, and get back what a pause took from them, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from factories.offers import accepts, mails, states, version
from factories.pool import offered
from jags.allocation.queries import open_pair
from jags.allocation.rules import OfferState
from jags.allocation.service import accept_offer, lapse_offers
from jags.allocation.service.outcomes import OfferNotOpen
from jags.kernel.time import day_in_words, london_date
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.notifications.service import claim_next
from jags.requests.queries import get_request
from jags.requests.rules import PauseReason, State
from jags.requests.service import lift_pause, pause_request


@pytest.mark.parametrize(
    ("made_on", "last_day"),
    [
        ("2026-11-28", "Monday 7 December 2026"),
        ("2026-12-18", "Tuesday 29 December 2026"),
        ("2026-12-25", "Monday 4 January 2027"),
        ("2026-06-13", "Monday 22 June 2026"),
    ],
)
def test_an_offer_lapses_at_the_end_of_a_working_day_which_the_mail_names(work_on, clock, made_on, last_day):
    clock.instant = datetime.fromisoformat(f"{made_on}T10:00+00:00")
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    with work_on() as work:
        lapses_at = open_pair(work, made.request_id).lapses_at
        assert day_in_words(london_date(lapses_at)) == last_day
        assert london_date(lapses_at + timedelta(microseconds=1)) == london_date(lapses_at) + timedelta(
            days=1
        )
        row = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.OFFER).limit(1)
        ).one()
        name = f"outbox_message|envelope_sealed|{row.id}"
        assert last_day.encode() in work.vault.open_bytes("outbox", name, row.envelope_sealed)


def test_offers_lapse_in_time_and_only_once(work_on, pair, clock):
    accepts(work_on, pair, 0)
    clock.instant = datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC)
    with work_on() as work:
        assert lapse_offers(work) == 0
    clock.instant += timedelta(seconds=1)
    with work_on() as work:
        assert lapse_offers(work) == 1
    with work_on() as work:
        assert lapse_offers(work) == 0
        assert states(work, pair) == [OfferState.ACCEPTED, OfferState.LAPSED]
        assert get_request(work, pair.request_id).state is State.ACCEPTED
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [0, 1, 0]
    with work_on(pair.actors[1]) as work, pytest.raises(OfferNotOpen):
        accept_offer(work, pair.offers[1], version=version(work, pair.offers[1]))


def lift(work_on, request_id):
    with work_on() as work:
        lift_pause(work, request_id, version=get_request(work, request_id).version)
    with work_on() as work:
        return lapse_offers(work)


def offers_leaving(work):
    """Claim everything that may leave, and return the texts of the offers among it."""
    texts = []
    while claimed := claim_next(work, holder="x", paused=[]):
        if work.session.get_one(OutboxMessage, claimed.id).kind is MailKind.OFFER:
            texts.append(claimed.message.get_body(("plain",)).get_content())
    return texts


def test_a_pause_gives_open_offers_its_time_back(work_on, pair, clock):
    with work_on() as work:
        before = open_pair(work, pair.request_id).lapses_at
    for days in (5, 20):
        with work_on() as work:
            pause_request(work, pair.request_id, reason=PauseReason.OTHER)
        clock.instant += timedelta(days=days)
        assert lift(work_on, pair.request_id) == 0
    with work_on() as work:
        after = open_pair(work, pair.request_id).lapses_at
        # Five and twenty days in which nobody could be written to; the last day may move to a working day.
        assert before + timedelta(days=25) <= after < before + timedelta(days=32)
        assert mails(work, MailKind.OFFER, *pair.people[:2]) == [0, 0]
    clock.instant = after - timedelta(seconds=1)
    with work_on() as work:
        assert lapse_offers(work) == 0
    clock.instant = after
    with work_on() as work:
        assert lapse_offers(work) > 0
        assert states(work, pair)[0] is OfferState.LAPSED


def test_an_offer_that_a_pause_held_back_leaves_with_the_day_that_is_true_after_it(work_on, clock):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    with work_on() as work:
        pause_request(work, made.request_id, reason=PauseReason.OTHER)
    clock.instant += timedelta(days=10)
    with work_on() as work:
        lift_pause(work, made.request_id, version=get_request(work, made.request_id).version)
    with work_on() as work:
        # Before the job has run, nothing leaves that asks for an answer by a day that is over.
        assert offers_leaving(work) == []
    with work_on() as work:
        assert lapse_offers(work) == 0
    with work_on() as work:
        texts = [
            claim_next(work, holder="x", paused=[]).message.get_body(("plain",)).get_content() for _ in "ab"
        ]
        assert claim_next(work, holder="x", paused=[]) is None
    assert all("Friday 11 December 2026" in text for text in texts)


def test_offers_of_a_paused_request_do_not_lapse(work_on, pair, clock):
    with work_on() as work:
        get_request(work, pair.request_id).paused_at = work.now
    clock.instant += timedelta(days=30)
    with work_on() as work:
        assert lapse_offers(work) == 0
        assert states(work, pair) == [OfferState.OFFERED] * 2
