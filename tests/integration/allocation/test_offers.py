"""From an offer to agreed facilitators: one clear outcome whatever people do, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from factories.people import account, link
from factories.pool import (
    CONFLICT,
    NO_CONNECTION,
    TALK,
    accepted_request,
    declares,
    facilitator,
    involved,
    offer_to,
    offered,
    signs_in,
)
from jags.accounts.model import Account, Recusal
from jags.accounts.queries import actor_of, actor_of_link, contact_of
from jags.accounts.rules import AccountState, Purpose, Role
from jags.allocation.model import AgreedException, Offer
from jags.allocation.queries import (
    agreed_facilitators,
    current_offer,
    get_offer,
    kept_offers,
    live_offers,
    offers_of,
    open_pair,
    panel,
    requests_waiting_for_talk,
)
from jags.allocation.rules import GivenReason, OfferState, Rule
from jags.allocation.service import (
    accept_offer,
    choose_again,
    clear_talk,
    declare_independence,
    decline_offer,
    lapse_offers,
    offer_pair,
    release_person,
    step_back,
    withdraw_offers,
)
from jags.allocation.service.answering import AskUsFirst, DeclareFirst, TalkFirst
from jags.allocation.service.outcomes import OfferNotOpen
from jags.audit.model import AuditEvent
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.kernel.time import day_in_words, london_date
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.notifications.service import claim_next
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import PauseReason, State, Tie, Verb
from jags.requests.service import lift_pause, move_request, pause_request
from jags.requests.service.answers import new_member


def version(work, offer_id):
    return get_offer(work, offer_id).version


def accepts(work_on, offered_pair, n):
    """Let the nth person declare, if they have not, and accept."""
    with work_on(offered_pair.actors[n]) as work:
        offer = get_offer(work, offered_pair.offers[n])
        if offer.state is OfferState.OFFERED:
            declares(work, offer.id)
        accept_offer(work, offer.id, version=version(work, offer.id))


def declines(work_on, offered_pair, n):
    with work_on(offered_pair.actors[n]) as work:
        decline_offer(work, offered_pair.offers[n], version=version(work, offered_pair.offers[n]))


def states(work, offered_pair):
    return [get_offer(work, offer_id).state for offer_id in offered_pair.offers]


def mails(work, kind, *person_ids):
    """Return how many messages of a kind wait for each person."""
    counted = dict(
        work.session.execute(
            select(OutboxMessage.recipient_ref, func.count())
            .where(OutboxMessage.kind == kind, OutboxMessage.state == MailState.QUEUED)
            .group_by(OutboxMessage.recipient_ref)
        ).all()
    )
    return [counted.get(str(person_id), 0) for person_id in person_ids]


def sent(work, kind):
    """Pretend that the mails of a kind have left."""
    for row in work.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)):
        row.state = MailState.SENT


@pytest.fixture
def pair(work_on):
    """A request offered to Ann and Ben, whose mails have left; Cat is in the pool."""
    with work_on() as work:
        made = offered(work, "Ann", "Ben", "Cat")
    with work_on() as work:
        sent(work, MailKind.OFFER)
    return made


def test_offer_goes_to_both_and_moves_the_request(work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    with work_on() as work:
        assert get_request(work, made.request_id).state is State.OFFERED
        assert states(work, made) == [OfferState.OFFERED] * 2
        assert mails(work, MailKind.OFFER, *made.people) == [1, 1]
        chosen = open_pair(work, made.request_id)
        assert (chosen.rank, chosen.seed) == (1, 0)
        assert chosen.lapses_at == datetime(2026, 12, 1, 23, 59, 59, 999999, tzinfo=UTC)
        tags = work.session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.startswith("offer:"))).all()
        assert tags == ["offer:made", "offer:made"]


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


def test_both_accept_and_the_facilitators_are_agreed_once(work_on, pair):
    accepts(work_on, pair, 0)
    with work_on() as work:
        assert agreed_facilitators(work, pair.request_id) == []
        assert states(work, pair) == [OfferState.ACCEPTED, OfferState.OFFERED]
    accepts(work_on, pair, 1)
    accepts(work_on, pair, 1)
    with work_on() as work:
        request = get_request(work, pair.request_id)
        assert request.state is State.FACILITATORS_AGREED
        assert [m.verb for m in request.moves].count(Verb.AGREE_FACILITATORS) == 1
        assert set(agreed_facilitators(work, pair.request_id)) == set(pair.people[:2])
        assert mails(work, MailKind.FACILITATORS_AGREED, *pair.people, f"requester:{request.id}") == [
            1,
            1,
            0,
            1,
        ]


def test_both_accept_at_the_same_instant(work_on, pair):
    for n in (0, 1):
        with work_on(pair.actors[n]) as work:
            declares(work, pair.offers[n])
    with ThreadPoolExecutor(2) as both:
        list(both.map(lambda n: accepts(work_on, pair, n), (0, 1)))
    with work_on() as work:
        assert states(work, pair) == [OfferState.ACCEPTED] * 2
        assert get_request(work, pair.request_id).state is State.FACILITATORS_AGREED


def test_one_declines_while_the_other_accepts_at_the_same_instant(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0])

    def act(n):
        try:
            declines(work_on, pair, 1) if n else accepts(work_on, pair, 0)
        except OfferNotOpen:
            return "too late"
        return "done"

    with ThreadPoolExecutor(2) as both:
        accepted, declined = both.map(act, (0, 1))
    with work_on() as work:
        assert declined == "done"
        first = OfferState.ACCEPTED if accepted == "done" else OfferState.LAPSED
        assert states(work, pair) == [first, OfferState.DECLINED]
        assert get_request(work, pair.request_id).state is State.ACCEPTED


def test_nobody_accepts_before_declaring(work_on, pair):
    with work_on(pair.actors[0]) as work, pytest.raises(DeclareFirst):
        accept_offer(work, pair.offers[0], version=1)


def test_every_statement_needs_an_answer(work_on, pair):
    with work_on(pair.actors[0]) as work:
        some = dict(list(NO_CONNECTION.items())[:-1])
        with pytest.raises(Invalid, match="each statement"):
            declares(work, pair.offers[0], some)
    with work_on() as work:
        assert states(work, pair)[0] is OfferState.OFFERED


def test_declaring_twice_keeps_the_first_declaration(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0])
        with pytest.raises(OfferNotOpen):
            declares(work, pair.offers[0], CONFLICT)
        assert states(work, pair)[0] is OfferState.DECLARED


def test_offer_of_somebody_else_does_not_exist(work_on, pair):
    with work_on(pair.actors[2]) as work:
        for act in (decline_offer, accept_offer, step_back):
            with pytest.raises(NotFound):
                act(work, pair.offers[0], version=1)
        with pytest.raises(NotFound):
            declares(work, pair.offers[0])


def test_link_of_the_offer_lets_declare_and_decline_and_nothing_more(work_on, pair):
    with work_on() as work:
        own, _ = link(work, Purpose.OFFER, pair.offers[0])
        actor = actor_of_link(own)
    with work_on(actor) as work:
        declares(work, pair.offers[0])
        with pytest.raises(NotFound):
            accept_offer(work, pair.offers[0], version=version(work, pair.offers[0]))
        with pytest.raises(NotFound):
            declares(work, pair.offers[1])
        decline_offer(work, pair.offers[0], version=version(work, pair.offers[0]))
    with work_on() as work:
        assert states(work, pair) == [OfferState.DECLINED, OfferState.LAPSED]


def test_declaring_invites_who_cannot_sign_in_yet(work_on):
    with work_on() as work:
        request = accepted_request(work)
        ids = (facilitator(work, "Ann"), facilitator(work, "Ben"))
        offer_pair(work, request.id, person_ids=ids, version=request.version)
        by_person = {o.person_id: o.id for o in live_offers(work, request.id)}
        signs_in(work, ids[1])
        sent(work, MailKind.INVITATION)
        for offer_id in by_person.values():
            own, _ = link(work, Purpose.OFFER, offer_id)
            work.as_actor(actor_of_link(own))
            declares(work, offer_id)
        found = work.session.scalars(select(Account).where(Account.person_id == ids[0])).one()
        assert (found.state, [held.role for held in found.roles]) == (
            AccountState.INVITED,
            [Role.FACILITATOR],
        )
        assert mails(work, MailKind.INVITATION, *ids) == [1, 0]


def test_connection_ends_the_offer_and_the_other_is_told_kindly(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0], CONFLICT)
    with work_on() as work:
        assert states(work, pair) == [OfferState.DECLINED, OfferState.LAPSED]
        assert get_request(work, pair.request_id).state is State.ACCEPTED
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [0, 1, 0]


def test_mail_that_has_not_left_is_withdrawn_instead_of_answered_by_another(work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    declines(work_on, made, 0)
    with work_on() as work:
        assert mails(work, MailKind.OFFER, made.people[1]) == [0]
        assert mails(work, MailKind.OFFER_WITHDRAWN, made.people[1]) == [0]


def test_talk_it_through_holds_accepting_back_until_the_coordinator_says_why_it_is_fine(work_on, pair, clock):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0], TALK)
        with pytest.raises(TalkFirst):
            accept_offer(work, pair.offers[0], version=version(work, pair.offers[0]))
    with work_on() as work:
        lines = panel(work, get_request(work, pair.request_id)).lines
        assert {line.name: line.waits_for_talk for line in lines} == {"Ann": True, "Ben": False}
        assert work.session.scalars(requests_waiting_for_talk()).all() == [pair.request_id]
        with pytest.raises(Invalid):
            clear_talk(work, pair.offers[0], "  ")
        clear_talk(work, pair.offers[0], "Met once at a training day.")
        assert mails(work, MailKind.OFFER_CLEARED, *pair.people) == [1, 0, 0]
        assert work.session.scalars(requests_waiting_for_talk()).all() == []
        with pytest.raises(OfferNotOpen):
            clear_talk(work, pair.offers[0], "Again")
    accepts(work_on, pair, 0)
    with work_on() as work:
        assert states(work, pair)[0] is OfferState.ACCEPTED


def test_nobody_declares_or_accepts_while_everything_is_paused(work_on, pair):
    with work_on(pair.actors[1]) as work:
        declares(work, pair.offers[1])
    with work_on() as work:
        pause_request(work, pair.request_id, reason=PauseReason.OTHER)
    with work_on(pair.actors[0]) as work, pytest.raises(OfferNotOpen, match="This JAGS is paused"):
        declares(work, pair.offers[0])
    with work_on(pair.actors[1]) as work, pytest.raises(OfferNotOpen, match="This JAGS is paused"):
        accept_offer(work, pair.offers[1], version=version(work, pair.offers[1]))
    with work_on() as work:
        assert states(work, pair) == [OfferState.OFFERED, OfferState.DECLARED]


def test_partner_who_has_accepted_is_kept_and_agreed_with_the_next(work_on, pair):
    accepts(work_on, pair, 0)
    declines(work_on, pair, 1)
    with work_on() as work:
        get_offer(work, pair.offers[0]).identity_known = False
        get_offer(work, pair.offers[0]).identity_checked_at = work.now
    with work_on() as work:
        request = get_request(work, pair.request_id)
        assert panel(work, request).kept == "Ann"
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [0, 0, 0]
        with pytest.raises(Invalid, match="Ben cannot be chosen: has already declined"):
            offer_pair(work, request.id, person_ids=pair.people[:2], version=request.version)
        following = offer_to(work, request, (pair.people[0], pair.people[2]))
        assert states(work, following) == [OfferState.ACCEPTED, OfferState.OFFERED]
        assert get_offer(work, following.offers[0]).identity_checked_at == work.now
        assert mails(work, MailKind.OFFER, *pair.people) == [0, 0, 1]
        old = get_offer(work, pair.offers[0])
        assert (old.state, current_offer(work, old).id) == (OfferState.WITHDRAWN, following.offers[0])
        assert [s.offer.state for s in offers_of(work, pair.people[0])] == [OfferState.ACCEPTED]
    accepts(work_on, following, 1)
    with work_on() as work:
        assert set(agreed_facilitators(work, pair.request_id)) == {pair.people[0], pair.people[2]}


def test_partner_who_has_accepted_is_released_when_nobody_fits(work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    accepts(work_on, made, 0)
    with work_on() as work:
        sent(work, MailKind.OFFER)
    declines(work_on, made, 1)
    with work_on() as work:
        assert states(work, made) == [OfferState.WITHDRAWN, OfferState.DECLINED]
        assert kept_offers(work, [made.request_id]).get(made.request_id) is None
        assert mails(work, MailKind.OFFER_WITHDRAWN, made.people[0]) == [1]


def test_kept_partner_is_released_when_two_others_are_chosen(work_on, pair):
    accepts(work_on, pair, 0)
    declines(work_on, pair, 1)
    with work_on() as work:
        dan = facilitator(work, "Dan")
        request = get_request(work, pair.request_id)
        offer_pair(work, request.id, person_ids=(pair.people[2], dan), version=request.version)
        assert states(work, pair)[0] is OfferState.WITHDRAWN
        assert mails(work, MailKind.OFFER_WITHDRAWN, pair.people[0]) == [1]


def test_pair_of_one_agency_needs_an_agreed_exception_with_its_reason(work_on):
    with work_on() as work:
        ids = (facilitator(work, "Ann", of="police"), facilitator(work, "Ben", of="police"))
        request = accepted_request(work)
        with pytest.raises(Invalid, match="both are from the same agency") as refused:
            offer_pair(
                work, request.id, person_ids=ids, version=request.version, exceptions={Rule.AGENCY: " "}
            )
        assert refused.value.field == "reason"
        offer_pair(
            work,
            request.id,
            person_ids=ids,
            version=request.version,
            exceptions={Rule.AGENCY: "Only two are free."},
        )
        exception = work.session.scalars(select(AgreedException)).one()
        assert (exception.rule, open_pair(work, request.id).rank) == (Rule.AGENCY, None)
        assert work.vault.open(exception, "reason", GivenReason).reason == "Only two are free."
        assert [e.reason for e in panel(work, request).exceptions] == ["Only two are free."]


def test_pair_of_one_agency_accepts_under_the_agreed_exception(work_on):
    with work_on() as work:
        ids = (facilitator(work, "Ann", of="police"), facilitator(work, "Ben", of="police"))
        request = accepted_request(work)
        made = offer_to(work, request, ids, exceptions={Rule.AGENCY: "Only two are free."})
    accepts(work_on, made, 0)
    accepts(work_on, made, 1)
    with work_on() as work:
        assert get_request(work, made.request_id).state is State.FACILITATORS_AGREED


def is_paused(work, person_id, _request):
    get_facilitator(work, person_id).status = FacilitatorStatus.PAUSED


def has_lapsed(work, person_id, _request):
    get_facilitator(work, person_id).training[0].refresher_due_on = work.today - timedelta(days=1)


def has_no_agency(work, person_id, _request):
    get_facilitator(work, person_id).person.agency = None


def joins_the_network(work, person_id, request):
    address = contact_of(work, get_facilitator(work, person_id).person).email
    member = new_member(work, request, involved("Somebody", email=address), tie=Tie.NETWORK, position=9)
    request.network.append(member)


def joins_the_partners_agency(work, person_id, request):
    (partner,) = (o.person_id for o in live_offers(work, request.id) if o.person_id != person_id)
    get_facilitator(work, person_id).person.agency = get_facilitator(work, partner).person.agency


@pytest.mark.parametrize(
    "changes", [is_paused, has_lapsed, has_no_agency, joins_the_network, joins_the_partners_agency]
)
def test_what_has_changed_since_the_offer_holds_accepting_back_and_the_offer_stays_open(
    work_on, pair, changes
):
    accepts(work_on, pair, 1)
    with work_on() as work:
        changes(work, pair.people[0], get_request(work, pair.request_id))
    with pytest.raises(AskUsFirst):
        accepts(work_on, pair, 0)
    with work_on() as work:
        assert states(work, pair) == [OfferState.OFFERED, OfferState.ACCEPTED]
        assert get_request(work, pair.request_id).state is State.OFFERED


def test_independence_and_training_are_never_set_aside(work_on):
    with work_on() as work:
        request = accepted_request(work)
        ids = (facilitator(work, "Asha"), facilitator(work, "Ben"))
        with pytest.raises(Invalid, match="Asha cannot be chosen: made this request"):
            offer_pair(
                work,
                request.id,
                person_ids=ids,
                version=request.version,
                exceptions={Rule.REQUESTER_OR_PARTICIPANT: "We know"},
            )
        untrained = facilitator(work, "Una", trained_on=None)
        with pytest.raises(Invalid, match="Una cannot be chosen: training is not current"):
            offer_pair(work, request.id, person_ids=(ids[1], untrained), version=request.version)
        assert request.state is State.ACCEPTED


def test_pair_is_two_different_people_of_the_pool(work_on):
    with work_on() as work:
        request = accepted_request(work)
        ann = facilitator(work, "Ann")
        for ids in ((ann,), (ann, ann), (ann, request.id)):
            with pytest.raises(Invalid):
                offer_pair(work, request.id, person_ids=ids, version=request.version)


def test_two_coordinators_offer_at_once_and_the_second_is_told(work_on):
    with work_on() as work:
        request = accepted_request(work)
        seen = request.version
        ids = [facilitator(work, name) for name in ("Ann", "Ben", "Cat", "Dan")]
        offer_pair(work, request.id, person_ids=ids[:2], version=seen)
        work.session.flush()
        with pytest.raises(Stale):
            offer_pair(work, request.id, person_ids=ids[2:], version=seen)
        with pytest.raises(MoveNotPossible):
            offer_pair(work, request.id, person_ids=ids[2:], version=request.version)


def does_not_wait(work_on, act):
    """Do something in a unit of work of its own that waits for no lock."""
    with work_on() as work:
        work.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        act(work)


@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_the_last_session_of_somebody_is_promised_once_when_two_offer_it_at_once(work_on):
    # On SQLite one unit of work that writes waits for the other from its beginning.
    with work_on() as work:
        ann, ben, cat = (facilitator(work, name, sessions_per_quarter=1) for name in ("Ann", "Ben", "Cat"))
        first, second = (accepted_request(work, agency_name=name).id for name in ("Police", "Health"))

    def offers(work, request_id, *people):
        offer_pair(work, request_id, person_ids=people, version=get_request(work, request_id).version)

    with work_on() as work:
        offers(work, first, ann, ben)
        work.session.flush()
        with pytest.raises(OperationalError, match="lock timeout"):
            does_not_wait(work_on, lambda meanwhile: offers(meanwhile, second, ann, cat))
    with pytest.raises(Invalid, match="no sessions left in the quarter"), work_on() as work:
        offers(work, second, ann, cat)


def test_only_a_coordinator_who_is_not_involved_chooses(work_on, pair):
    with work_on() as work:
        request_id = accepted_request(work).id
        coordinator = account(work, Role.COORDINATOR)
        work.session.add(Recusal(person_id=coordinator.person_id, request_id=request_id, since=work.now))
        actor = actor_of(coordinator)
    with work_on(actor) as work, pytest.raises(NotFound):
        offer_pair(work, request_id, person_ids=pair.people[1:], version=1)
    with work_on(pair.actors[0]) as work, pytest.raises(NotAllowed):
        offer_pair(work, request_id, person_ids=pair.people[1:], version=1)


def test_coordinator_chooses_again(work_on, pair):
    accepts(work_on, pair, 0)
    with work_on() as work:
        request = get_request(work, pair.request_id)
        choose_again(work, request.id, reason="Ben knows the team", version=request.version)
        assert request.state is State.ACCEPTED
        assert states(work, pair) == [OfferState.ACCEPTED, OfferState.WITHDRAWN]
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [0, 1, 0]
        with pytest.raises(OfferNotOpen):
            choose_again(work, request.id, reason="", version=request.version)


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


def test_stepping_back_keeps_the_partner_and_is_no_decline(work_on, pair):
    accepts(work_on, pair, 0)
    accepts(work_on, pair, 1)
    with work_on(pair.actors[1]) as work:
        step_back(work, pair.offers[1], version=version(work, pair.offers[1]))
        step_back(work, pair.offers[1], version=1)
    with work_on() as work:
        request = get_request(work, pair.request_id)
        assert states(work, pair) == [OfferState.ACCEPTED, OfferState.STEPPED_BACK]
        assert (request.state, request.moves[-1].verb) == (State.ACCEPTED, Verb.STEP_BACK)
        assert panel(work, request).kept == "Ann"
        with pytest.raises(Invalid, match="Ben cannot be chosen"):
            offer_pair(work, request.id, person_ids=pair.people[:2], version=request.version)


def test_with_a_date_stepping_back_belongs_to_the_session(work_on, pair):
    accepts(work_on, pair, 0)
    accepts(work_on, pair, 1)
    with work_on() as work:
        request = work.session.get_one(Request, pair.request_id)
        move_request(work, request, Verb.SCHEDULE)
    with work_on(pair.actors[0]) as work, pytest.raises(MoveNotPossible, match="There is a date"):
        step_back(work, pair.offers[0], version=version(work, pair.offers[0]))
    with work_on() as work:
        release_person(work, pair.request_id, pair.people[0])
        assert states(work, pair) == [OfferState.STEPPED_BACK, OfferState.ACCEPTED]
        assert get_request(work, pair.request_id).state is State.SCHEDULED
        with pytest.raises(NotFound):
            release_person(work, pair.request_id, pair.people[0])


def test_ending_a_request_withdraws_every_offer_and_tells_each_person_once(work_on, pair):
    accepts(work_on, pair, 0)
    with work_on() as work:
        ended = withdraw_offers(work, pair.request_id, "withdrawn", hear_otherwise=[pair.people[1]])
        assert (ended, withdraw_offers(work, pair.request_id, "again")) == (2, 0)
        assert states(work, pair) == [OfferState.WITHDRAWN] * 2
        assert mails(work, MailKind.OFFER_WITHDRAWN, *pair.people) == [1, 0, 0]
        assert work.session.scalar(select(func.count()).select_from(Offer)) == 2


def test_stale_answer_is_refused(work_on, pair):
    with work_on(pair.actors[0]) as work:
        with pytest.raises(Stale):
            decline_offer(work, pair.offers[0], version=99)
        with pytest.raises(Stale):
            declare_independence(work, pair.offers[0], NO_CONNECTION, version=99)
