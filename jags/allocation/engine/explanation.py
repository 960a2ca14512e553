"""Explain a ranking: why a pair is good, and what excludes or speaks against anybody in the pool."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.ranking import RankedPair, Ranking, best_pair_with, ranked_pair
from jags.allocation.engine.rules import removing_rule, rules_excluding
from jags.allocation.engine.scoring import lacks_training
from jags.allocation.rules import Rule


class ReasonKind(StrEnum):
    """What a reason for or against a pair is about."""

    COMMON_SLOTS = "common_slots"
    AVAILABILITY_NOT_RECORDED = "availability_not_recorded"
    DATES_NOT_GIVEN = "dates_not_given"
    DIFFERENT_AGENCIES = "different_agencies"
    REQUESTERS_AGENCY = "requesters_agency"
    LOAD = "load"
    TRAINED = "trained"
    NOBODY_TRAINED = "nobody_trained"
    TRAVEL = "travel"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is true of a pair: `who` of the two it is about, with its number, and whether it speaks against."""

    kind: ReasonKind
    who: tuple[str, ...] = ()
    number: int = 0
    against: bool = False


def pair_reasons(request: Request, pair: RankedPair) -> tuple[Reason, ...]:
    """Give the reasons for and against a valid pair, in the order in which they are read."""
    members = (pair.first, pair.second)
    return (
        *_slot_reasons(request, pair),
        Reason(ReasonKind.DIFFERENT_AGENCIES),
        *(
            Reason(ReasonKind.REQUESTERS_AGENCY, (person.id,), against=True)
            for person in members
            if person.agency == request.agency
        ),
        *(Reason(ReasonKind.LOAD, (person.id,), person.load) for person in members),
        *_training_reasons(request, members),
        *([Reason(ReasonKind.TRAVEL, number=pair.score.travel)] if pair.score.travel else []),
    )


def _slot_reasons(request: Request, pair: RankedPair) -> list[Reason]:
    reasons = []
    known = tuple(person.id for person in (pair.first, pair.second) if not person.is_asked_first)
    if pair.common_slots is not None and known:
        reasons.append(Reason(ReasonKind.COMMON_SLOTS, known, number=len(pair.common_slots)))
    unknown = tuple(person.id for person in (pair.first, pair.second) if person.is_asked_first)
    if unknown:
        reasons.append(Reason(ReasonKind.AVAILABILITY_NOT_RECORDED, unknown))
    if request.slots is None:
        reasons.append(Reason(ReasonKind.DATES_NOT_GIVEN))
    return reasons


def _training_reasons(request: Request, members: tuple[Facilitator, Facilitator]) -> list[Reason]:
    if not request.transitional:
        return []
    if lacks_training(request, *members):
        return [Reason(ReasonKind.NOBODY_TRAINED, against=True)]
    return [Reason(ReasonKind.TRAINED, tuple(person.id for person in members if person.transitional))]


class ScoreLine(StrEnum):
    """The line of the score on which one pair loses to another."""

    SOFT = "soft"
    LOAD_SQUARES = "load_squares"
    TRAVEL = "travel"
    TIE = "tie"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """By how much a pair loses to the best one, on the first line that differs, and to whom.

    `to` are the members of the best pair who are not in this pair; `against` are reasons against this pair that do not
    hold for the best one.
    """

    line: ScoreLine
    by: int
    to: tuple[str, ...]
    against: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RemovedPairs:
    """How many pairs each rule removed, each pair counted at the first rule that it breaks, in this order."""

    capacity: int = 0
    blocked: int = 0
    agency: int = 0
    slot: int = 0


@dataclass(frozen=True, slots=True)
class PersonStanding:
    """How one person stands for a request, or beside `partner` alone, who stays; exactly one of the four cases holds.

    Excluded: `excluded_by` names every rule, in checking order. Without a partner: `partners_removed` counts what each
    rule removed. No pair with who stays: `pair_broken_by` names the rule. Otherwise `pair` is the best pair with them, and
    `shortfall` is None if no pair at all is better.
    """

    facilitator_id: str
    excluded_by: tuple[Rule, ...] = ()
    partners_removed: RemovedPairs | None = None
    partner: str = ""
    pair_broken_by: Rule | None = None
    pair: RankedPair | None = None
    shortfall: Shortfall | None = None


def explain_person(problem: Problem, ranking: Ranking, facilitator_id: str) -> PersonStanding:
    """Say what excludes a person from the ranked request, or what their best pair loses and to whom.

    Raises:
        ProblemError: the pool has no such person.
    """
    request, person = ranking.request, problem.facilitator(facilitator_id)
    excluded_by = rules_excluding(request, person)
    if excluded_by:
        return PersonStanding(person.id, excluded_by=excluded_by)
    pair = best_pair_with(problem, request.id, person.id, seed=ranking.seed)
    if pair is None or ranking.best is None:
        return PersonStanding(person.id, partners_removed=_partners_removed(problem, request, person))
    return PersonStanding(person.id, pair=pair, shortfall=_shortfall(request, pair, ranking.best))


def explain_pool(problem: Problem, ranking: Ranking) -> tuple[PersonStanding, ...]:
    """Explain everybody in the pool, in its order; the work grows with the square of the pool."""
    return tuple(explain_person(problem, ranking, person.id) for person in problem.facilitators)


def explain_partners(problem: Problem, ranking: Ranking, kept_id: str) -> tuple[PersonStanding, ...]:
    """Explain everybody else in the pool, in its order, as partners of somebody who stays; `ranking` is of pairs with them.

    Raises:
        ProblemError: the pool has no such person.
        ValueError: the ranking is empty, so that there is nothing to compare with.
    """
    request, kept, best = ranking.request, problem.facilitator(kept_id), ranking.best
    if best is None:
        raise ValueError("Nobody fits with this person.")
    found = []
    for person in problem.facilitators:
        if person.id == kept.id:
            continue
        excluded_by = rules_excluding(request, person)
        broken = None if excluded_by else removing_rule(request, kept, person)
        if excluded_by or broken:
            standing = PersonStanding(person.id, excluded_by, partner=kept.id, pair_broken_by=broken)
        else:
            pair = ranked_pair(problem, request.id, (kept.id, person.id), seed=ranking.seed)
            standing = PersonStanding(
                person.id, partner=kept.id, pair=pair, shortfall=_shortfall(request, pair, best)
            )
        found.append(standing)
    return tuple(found)


def _shortfall(request: Request, pair: RankedPair, best: RankedPair) -> Shortfall | None:
    if pair.score == best.score:
        return None
    line, by = ScoreLine.ORDER, 0
    numbers = zip(list(ScoreLine)[:-1], pair.score[:-1], best.score[:-1], strict=True)
    for candidate, ours, theirs in numbers:
        if ours != theirs:
            line, by = candidate, ours - theirs
            break
    same = {reason.kind for reason in pair_reasons(request, best)}
    return Shortfall(
        line=line,
        by=by,
        to=tuple(one for one in best.score.pair if one not in pair.score.pair),
        against=tuple(
            reason for reason in pair_reasons(request, pair) if reason.against and reason.kind not in same
        ),
    )


def _partners_removed(problem: Problem, request: Request, person: Facilitator) -> RemovedPairs:
    removed = Counter(
        removing_rule(request, person, partner) for partner in problem.facilitators if partner.id != person.id
    )
    return RemovedPairs(
        capacity=removed[Rule.CAPACITY],
        blocked=removed[Rule.BLOCKED],
        agency=removed[Rule.AGENCY],
        slot=removed[Rule.SLOT],
    )
