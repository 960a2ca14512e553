"""What the coordinator does: offer a pair, agree exceptions, clear doubts, choose again, and withdraw what a request that ends leaves open."""

import uuid
from collections.abc import Collection, Mapping, Sequence

from jags.allocation.assembly import Assembled, Promised, assemble, assemble_at, half_days_promised
from jags.allocation.choice import place_shown, rank
from jags.allocation.engine.rules import common_slots, rules_broken
from jags.allocation.engine.scoring import score_pair, soft_rules_broken
from jags.allocation.model import AgreedException, DeclaredStatement, DoubtCleared, Offer, OfferedPair
from jags.allocation.policy import request_to_arrange
from jags.allocation.queries import (
    NOTHING_CLEARED,
    cleared_doubts,
    get_offer,
    live_offers,
    talk_of,
    waits_for_talk,
)
from jags.allocation.rules import (
    EXCEPTION_RULES,
    NO_HALF_DAY_LEFT,
    NOT_TO_BE_AVOIDED,
    SOFT_RULES,
    UNANSWERED_OFFERS,
    GivenReason,
    OfferState,
    PossibleConnection,
    Rule,
    rule_in_words,
)
from jags.allocation.service.outcomes import (
    OfferNotOpen,
    agree_if_both_accepted,
    break_pair,
    end_offer,
    last_day_to_answer,
    lock_request,
    mail_cleared,
    mail_offer,
)
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import Span
from jags.facilitators.service import hold_people
from jags.kernel.errors import Invalid, MoveNotPossible, Stale
from jags.kernel.work import Work
from jags.requests.rules import State, Verb
from jags.requests.service import move_request
from jags.settings.queries import partnership

PAIR = 2
NO_EXCEPTIONS: Mapping[Rule, str] = {}


def offer_pair(
    work: Work,
    request_id: uuid.UUID,
    *,
    person_ids: Collection[uuid.UUID],
    version: int,
    seed: int = 0,
    exceptions: Mapping[Rule, str] = NO_EXCEPTIONS,
    time: Span | None = None,
) -> OfferedPair:
    """Offer an accepted request to two people, after checking every rule again: at once, or one after the other (a setting).

    One after the other, the first of `person_ids` is asked first. `time` is that of a date that is to stand: the rules are
    checked for it. Without one, these two need a half-day of their own beside what is offered or agreed and has no date.

    Who has accepted already stays agreed when they are one of the two, and is released kindly when not. A broken rule of
    `EXCEPTION_RULES` needs its reason in `exceptions`, unless it is one of `SOFT_RULES` that no other pair keeps to; what
    speaks against independence or training is never set aside.
    Raises `Invalid` for a pair that cannot be offered, `MoveNotPossible` unless the request is accepted and not paused,
    `Stale` when it has changed since `version`.
    """
    request_to_arrange(work, request_id)
    request = lock_request(work, request_id)
    request.expect(version)
    request.expect_unpaused()
    if request.state is not State.ACCEPTED:
        raise MoveNotPossible
    # Two who offer one person at once are one after the other, so that their last session is promised once.
    hold_people(work, person_ids)
    assembled = assemble_at(work, request, time) if time else assemble(work, request)
    return offer_assembled(
        work,
        assembled,
        person_ids=person_ids,
        seed=seed,
        exceptions=exceptions,
        promised=None if time else half_days_promised(work),
    )


def offer_assembled(
    work: Work,
    assembled: Assembled,
    *,
    person_ids: Collection[uuid.UUID],
    seed: int,
    exceptions: Mapping[Rule, str] = NO_EXCEPTIONS,
    promised: Promised | None = None,
) -> OfferedPair:
    """Offer a request whose row this unit of work holds and whose problem it has put together since; else as `offer_pair`.

    Half-days are compared with what is `promised`; not where the caller has done that, or there is a date.
    """
    request = assembled.request
    keys = _keys(assembled, person_ids)
    agreed = _exceptions(assembled, keys, exceptions, promised)
    place = None if agreed.keys() - SOFT_RULES else place_shown(work, assembled, keys, seed=seed)
    agreed |= _soft_exceptions(assembled, keys, exceptions, place=place, seed=seed)
    move_request(work, request, Verb.OFFER_PAIR)
    pair = OfferedPair(
        request_id=request.id,
        key_id=request.key_id,
        made_at=work.now,
        lapses_at=last_day_to_answer(work),
        paused_seconds=request.paused_seconds,
        seed=seed,
        rank=place,
    )
    work.session.add(pair)
    for rule, reason in agreed.items():
        _agree(work, pair, rule, reason)
    kept = {offer.person_id: offer for offer in live_offers(work, request.id)}
    for position, person_id in enumerate(assembled.members[key].person_id for key in keys):
        pair.offers.append(_new_offer(work, person_id, position, kept.pop(person_id, None)))
    for left in kept.values():
        end_offer(work, left, OfferState.WITHDRAWN, tell=True)
    work.session.flush()
    work.record("pair:chosen", pair.id, request=str(request.id), seed=seed, rank=pair.rank)
    if partnership(work).offers_one_after_the_other and {o.state for o in pair.offers} == {
        OfferState.OFFERED
    }:
        pair.offers[1].state = OfferState.PLANNED
    for offer in pair.offers:
        if offer.state is not OfferState.PLANNED:
            work.record("offer:made", offer.id, pair=str(pair.id), request=str(request.id))
        if offer.state is OfferState.OFFERED:
            mail_offer(work, offer)
    agree_if_both_accepted(work, request, pair)
    return pair


def clear_doubt(
    work: Work,
    request_id: uuid.UUID,
    person_id: uuid.UUID,
    reason: str,
    *,
    doubts: Collection[PossibleConnection],
) -> None:
    """Record why possible connections of a person do not matter for this request; any that comes up later still blocks.

    `doubts` are those that the coordinator was shown. Raises `Invalid` without a reason, `Stale` when somebody else has
    cleared them meanwhile: their reason stays.
    """
    request_to_arrange(work, request_id)
    request = lock_request(work, request_id)
    get_facilitator(work, person_id)
    if not reason.strip():
        raise Invalid("Say why this connection does not matter.", field="reason")
    known = cleared_doubts(work, request.id).get(person_id, NOTHING_CLEARED)
    new = sorted(set(doubts) - known.keys())
    if not new:
        raise Stale
    for one in new:
        cleared = DoubtCleared(
            request_id=request.id,
            person_id=person_id,
            doubt=one.doubt,
            about=one.about,
            cleared_at=work.now,
            key_id=request.key_id,
        )
        work.vault.seal(cleared, "reason", GivenReason(reason.strip()))
        work.session.add(cleared)
        work.session.flush()
        work.record(
            "doubt:cleared",
            person_id,
            request=str(request.id),
            doubt=one.doubt,
            cleared=str(cleared.id),
            reason=reason.strip(),
        )


def clear_talk(work: Work, offer_id: uuid.UUID, reason: str) -> None:
    """Record that a connection that somebody declared was talked through, and why it is fine; they are told, and can accept.

    Raises `Invalid` without a reason, `OfferNotOpen` when nothing waits to be talked through.
    """
    about = get_offer(work, offer_id).pair.request_id
    request_to_arrange(work, about)
    lock_request(work, about).expect_unpaused()
    offer = get_offer(work, offer_id, fresh=True)
    cleared = cleared_doubts(work, offer.pair.request_id).get(offer.person_id, NOTHING_CLEARED)
    if offer.state is not OfferState.DECLARED or not waits_for_talk(offer, cleared):
        raise OfferNotOpen("Nothing waits to be talked through here: the offer has moved on.")
    clear_doubt(work, offer.pair.request_id, offer.person_id, reason, doubts=[talk_of(offer)])
    mail_cleared(work, offer)


def choose_again(work: Work, request_id: uuid.UUID, *, reason: str, version: int) -> None:
    """Call an open offer back, so that other facilitators can be chosen; who has accepted is kept if possible."""
    request_to_arrange(work, request_id)
    request = lock_request(work, request_id)
    request.expect(version)
    request.expect_unpaused()
    waiting = [offer for offer in live_offers(work, request.id) if offer.state in UNANSWERED_OFFERS]
    if request.state is not State.OFFERED or not waiting:
        raise OfferNotOpen("No offer is open for this request.")
    for offer in waiting:
        end_offer(work, offer, OfferState.WITHDRAWN, tell=True, reason=reason)
    break_pair(work, request, waiting[0], reason=reason)


def withdraw_offers(
    work: Work, request_id: uuid.UUID, reason: str, *, hear_otherwise: Collection[uuid.UUID] = ()
) -> int:
    """Withdraw every offer of a request that ends, accepted ones too; the caller moves the request.

    Everybody is told that they are not needed now, except people in `hear_otherwise` (a cancelled session tells them).
    Return how many offers ended. The caller has checked whether the actor may.
    """
    lock_request(work, request_id)
    live = live_offers(work, request_id)
    for offer in live:
        told_here = offer.person_id not in hear_otherwise
        end_offer(work, offer, OfferState.WITHDRAWN, tell=told_here, reason=reason)
    work.session.flush()
    return len(live)


def _keys(assembled: Assembled, person_ids: Collection[uuid.UUID]) -> list[str]:
    keys = list(dict.fromkeys(str(person_id) for person_id in person_ids))
    if len(keys) != PAIR:
        raise Invalid("Select two different people.", field="people")
    for key in keys:
        if key not in assembled.members:
            raise Invalid("One of these people is not in the pool any more. Choose again.", field="people")
        if not assembled.members[key].contact.email:
            name = assembled.members[key].name
            raise Invalid(f"{name} has no e-mail address, so no offer can reach them.", field="people")
    return keys


def _exceptions(
    assembled: Assembled, keys: Sequence[str], given: Mapping[Rule, str], promised: Promised | None
) -> dict[Rule, str]:
    """Return the rules that must be set aside with their reasons, or raise `Invalid` naming what stands against it."""
    first, second = (assembled.problem.facilitator(key) for key in keys)
    request = assembled.problem.request(str(assembled.request.id))
    broken = rules_broken(request, first, second)
    for key in keys:
        never = [rule for rule in request.blocked.get(key, ()) if rule not in EXCEPTION_RULES]
        if never:
            name = assembled.members[key].name
            raise Invalid(
                f"{name} cannot be chosen: {', '.join(rule_in_words(rule) for rule in never)}.",
                field="people",
            )
    words = {rule: rule_in_words(rule) for rule in broken}
    first_key, second_key = sorted(keys)
    pair = {request.id: (first_key, second_key)}
    slots = {request.id: common_slots(request, first, second)}
    if promised and Rule.SLOT not in words and not promised.leaves_room(pair, slots):
        words[Rule.SLOT] = NO_HALF_DAY_LEFT
    return _with_reasons(words, given)


def _soft_exceptions(
    assembled: Assembled, keys: Sequence[str], given: Mapping[Rule, str], *, place: int | None, seed: int
) -> dict[Rule, str]:
    """Return the soft rules that a pair breaks with their reasons; one that another pair keeps to needs a reason that was given.

    Nobody chose against them where the pair is the first that was shown, or every valid pair breaks as many.
    """
    request = assembled.problem.request(str(assembled.request.id))
    first, second = (assembled.problem.facilitator(key) for key in keys)
    words = {rule: rule_in_words(rule) for rule in soft_rules_broken(request, first, second)}
    if not words or any(given.get(rule, "").strip() for rule in words):
        return _with_reasons(words, given)
    best = rank(assembled, limit=1, seed=seed).pairs
    if place == 1 or not best or best[0].score.soft >= score_pair(request, first, second, lambda _: 0).soft:
        return dict.fromkeys(words, NOT_TO_BE_AVOIDED)
    return _with_reasons(words, given)


def _with_reasons(words: Mapping[Rule, str], given: Mapping[Rule, str]) -> dict[Rule, str]:
    """Return each broken rule with its reason, or raise `Invalid` naming in `words` those that have none."""
    agreed = {rule: given.get(rule, "").strip() for rule in words}
    missing = [words[rule] for rule, reason in agreed.items() if not reason]
    if missing:
        raise Invalid(
            f"This pair needs an agreed exception ({', '.join(missing)}). Say why it is right here.",
            field="reason",
        )
    return agreed


def _agree(work: Work, pair: OfferedPair, rule: Rule, reason: str) -> None:
    exception = AgreedException(key_id=pair.key_id, rule=rule, agreed_at=work.now)
    work.vault.seal(exception, "reason", GivenReason(reason))
    pair.exceptions.append(exception)
    work.record("exception:agreed", pair.id, pair=str(pair.id), rule=rule, reason=reason)


def _new_offer(work: Work, person_id: uuid.UUID, position: int, kept: Offer | None) -> Offer:
    """Return a new offer, or one that carries over what somebody who is kept has declared and accepted."""
    offer = Offer(person_id=person_id, position=position, state=OfferState.OFFERED)
    if kept is not None:
        offer.state = OfferState.ACCEPTED
        offer.declaration_version = kept.declaration_version
        offer.declared_at, offer.answered_at = kept.declared_at, kept.answered_at
        offer.identity_checked_at, offer.identity_known = kept.identity_checked_at, kept.identity_known
        offer.declaration = [
            DeclaredStatement(statement=one.statement, answer=one.answer) for one in kept.declaration
        ]
        end_offer(work, kept, OfferState.WITHDRAWN, tell=False)
    return offer
