"""What a facilitator does with an offer: declare independence, accept, decline, or step back."""

import uuid
from collections.abc import Mapping

from jags.accounts.queries import find_account_of, get_person
from jags.accounts.rules import AccountState, Role
from jags.accounts.service import invite_person
from jags.allocation.assembly import finds_half_day
from jags.allocation.model import DeclaredStatement, Offer
from jags.allocation.policy import own_offer
from jags.allocation.queries import (
    NOTHING_CLEARED,
    WithoutDate,
    cleared_doubts,
    get_offer,
    live_offers,
    waits_for_talk,
)
from jags.allocation.rules import (
    CURRENT_DECLARATION,
    WAITING_OFFERS,
    IndependenceAnswer,
    OfferState,
    Rule,
    most_serious_answer,
)
from jags.allocation.service.holding import what_stands_against
from jags.allocation.service.outcomes import (
    OfferNotOpen,
    agree_if_both_accepted,
    ask_partner,
    break_pair,
    lock_request,
)
from jags.facilitators.service import hold_people
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State, Verb
from jags.requests.service import move_request


class TalkFirst(MoveNotPossible):
    """You said that you would like to talk a connection through. Somebody will ring you; you can accept after that."""


class AskUsFirst(MoveNotPossible):
    """Something has changed since you were asked, so this cannot be accepted as it stands. Please ring us."""


class NoHalfDayLeft(MoveNotPossible):
    """The half-days that you and your colleague share are needed for what you have accepted already. Tick one more under My availability, then accept; or ring us."""


class DeclareFirst(MoveNotPossible):
    """Answer the independence statements first; then you see the detail and can accept."""


def declare_independence(
    work: Work, offer_id: uuid.UUID, answers: Mapping[str, IndependenceAnswer], *, version: int
) -> Offer:
    """Keep somebody's answer to each independence statement, and invite them to an account if they have none.

    "I should not do this one" ends the offer as a conflict, which is remembered. "I would like to talk it through" holds
    accepting back until the coordinator has recorded why it is fine. Raises `Invalid` while an answer is missing,
    `OfferNotOpen` for an offer that has been declared on or has ended, `Stale` when it has changed since `version`.
    """
    offer, request = _locked(work, own_offer(work, offer_id, by_link=True))
    if offer.state is not OfferState.OFFERED:
        raise OfferNotOpen
    if request.paused:
        raise OfferNotOpen("This JAGS is paused. You need not answer or do anything until we have spoken.")
    offer.expect(version)
    try:
        serious = most_serious_answer(answers)
    except ValueError as error:
        raise Invalid("Select an answer for each statement.") from error
    offer.declaration_version, offer.declared_at = CURRENT_DECLARATION, work.now
    offer.declaration = [DeclaredStatement(statement=key, answer=answers[key]) for key in sorted(answers)]
    work.record(
        "offer:declared",
        offer.id,
        pair=str(offer.pair_id),
        talk=serious is IndependenceAnswer.TALK_IT_THROUGH,
        conflict=serious is IndependenceAnswer.SHOULD_NOT,
    )
    if serious is IndependenceAnswer.SHOULD_NOT:
        _answer(work, offer, OfferState.DECLINED)
        break_pair(work, request, offer)
        return offer
    offer.move(OfferState.DECLARED)
    _invite(work, offer)
    work.session.flush()
    return offer


def accept_offer(work: Work, offer_id: uuid.UUID, *, version: int, has_date: bool = False) -> Offer:
    """Accept an offer after declaring; when both have, the facilitators are agreed. Accepting twice has one effect.

    `has_date` tells that a date was kept for it, so that no other half-day is needed. Raises `DeclareFirst`, `TalkFirst`,
    `AskUsFirst` when these two may not hold it any more (which of the two, and why, is the coordinator's to say),
    `NoHalfDayLeft` when what is accepted or agreed already needs every half-day that they share, `OfferNotOpen` for an offer
    that has ended, `Stale` when it has changed.
    """
    offer, request = _locked(work, own_offer(work, offer_id))
    if offer.state is OfferState.ACCEPTED:
        return offer
    if offer.state is OfferState.OFFERED:
        raise DeclareFirst
    if offer.state not in WAITING_OFFERS:
        raise OfferNotOpen
    if request.paused:
        raise OfferNotOpen("This JAGS is paused. You need not answer or do anything until we have spoken.")
    offer.expect(version)
    if waits_for_talk(offer, cleared_doubts(work, request.id).get(offer.person_id, NOTHING_CLEARED)):
        raise TalkFirst
    if what_stands_against(work, request, [one.person_id for one in offer.pair.offers], on=work.today):
        raise AskUsFirst
    if not (has_date or _finds_half_day(work, request, offer)):
        raise NoHalfDayLeft
    _answer(work, offer, OfferState.ACCEPTED)
    ask_partner(work, offer)
    agree_if_both_accepted(work, request, offer.pair)
    return offer


def decline_offer(work: Work, offer_id: uuid.UUID, *, version: int) -> Offer:
    """Decline an offer at any time before accepting; no reason is asked. Declining twice has one effect.

    Raises `OfferNotOpen` for an offer that has ended otherwise, `Stale` when it has changed since `version`.
    """
    offer, request = _locked(work, own_offer(work, offer_id, by_link=True))
    if offer.state is OfferState.DECLINED:
        return offer
    if offer.state not in WAITING_OFFERS:
        raise OfferNotOpen
    offer.expect(version)
    _answer(work, offer, OfferState.DECLINED)
    break_pair(work, request, offer)
    return offer


def step_back(work: Work, offer_id: uuid.UUID, *, version: int) -> Offer:
    """Step back after accepting and before a date is arranged; no reason is asked, and it never counts as a decline.

    The partner is kept if a valid partner exists. With a date, stepping back belongs to the session. Raises
    `OfferNotOpen` for an offer that is not accepted, `MoveNotPossible` when there is a date, `Stale`.
    """
    offer, request = _locked(work, own_offer(work, offer_id))
    if offer.state is OfferState.STEPPED_BACK:
        return offer
    if offer.state is not OfferState.ACCEPTED:
        raise OfferNotOpen
    if request.state not in {State.ACCEPTED, State.OFFERED, State.FACILITATORS_AGREED}:
        raise MoveNotPossible(
            "There is a date for this JAGS. Step back on the page of that session, or ring us."
        )
    offer.expect(version)
    if request.state is State.FACILITATORS_AGREED:
        move_request(work, request, Verb.STEP_BACK)
    _answer(work, offer, OfferState.STEPPED_BACK)
    break_pair(work, request, offer)
    return offer


def release_person(work: Work, request_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Note that somebody has stepped back from a request with a date; the partner is kept, the caller moves the request.

    The caller has checked whether the actor may. Raises `NotFound` for somebody who has not accepted it.
    """
    lock_request(work, request_id)
    for offer in live_offers(work, request_id):
        if offer.person_id == person_id and offer.state is OfferState.ACCEPTED:
            _answer(work, offer, OfferState.STEPPED_BACK)
            return
    raise NotFound("This person is not a facilitator of this request.")


def _locked(work: Work, offer: Offer) -> tuple[Offer, Request]:
    """Return an offer and its request as the database has them now, held until the end of this unit of work."""
    request = lock_request(work, offer.pair.request_id)
    return get_offer(work, offer.id, fresh=True), request


def _answer(work: Work, offer: Offer, state: OfferState) -> None:
    offer.move(state)
    offer.answered_at = work.now
    work.session.flush()
    work.record("offer:answered", offer.id, pair=str(offer.pair_id), answer=state)


def _finds_half_day(work: Work, request: Request, offer: Offer) -> bool:
    if any(one.rule is Rule.SLOT for one in offer.pair.exceptions):
        return True
    first, second = (str(one.person_id) for one in offer.pair.offers)
    # Two offers to one person are accepted one after the other, so that their only half-day is promised once.
    hold_people(work, [one.person_id for one in offer.pair.offers])
    return finds_half_day(work, WithoutDate(request, (first, second)), accepting=offer.person_id)


def _invite(work: Work, offer: Offer) -> None:
    """Invite somebody who cannot sign in as a facilitator yet, so that they can see the detail."""
    account = find_account_of(work, offer.person_id)
    can_sign_in = account is not None and account.state is not AccountState.INVITED
    if account is None or not can_sign_in or Role.FACILITATOR not in {held.role for held in account.roles}:
        invite_person(work, get_person(work, offer.person_id), role=Role.FACILITATOR)
