"""Plan all requests that wait, and turn pairs of a plan into offers, after every rule was checked again."""

import uuid
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.allocation.assembly import Assembled, Promised, Together, assemble_waiting, half_days_promised
from jags.allocation.choice import plan_shown
from jags.allocation.engine.planning.plan import Pair
from jags.allocation.engine.rules import common_slots, removing_rule, rules_excluding
from jags.allocation.model import Calculation
from jags.allocation.queries import find_calculation, waiting_requests
from jags.allocation.rules import NO_HALF_DAY_LEFT, SOFT_RULES, Rule, rule_in_words
from jags.allocation.rules.calculation import CalculationKind, CalculationState
from jags.allocation.service.calculating import ask_for
from jags.allocation.service.offering import offer_assembled
from jags.allocation.service.outcomes import lock_requests
from jags.facilitators.service import hold_people
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.work import Work

_OF_THE_PLAN = "The plan of all requests that waited could not avoid it."
_NO_LONGER_WAITS = "it does not wait for facilitators any more"


@dataclass(frozen=True)
class Refused:
    """A pair of a plan that does not hold any more, and why, in words."""

    reference: str
    why: str


@dataclass(frozen=True)
class Offered:
    """What became of the chosen pairs of a plan: the references of the requests that were offered, and the others."""

    references: tuple[str, ...]
    refused: tuple[Refused, ...]


def ask_for_plan(work: Work, *, seed: int = 0) -> Calculation:
    """Ask for a plan of all requests that wait; raises `NotAllowed`, and `Invalid` when none waits."""
    require(work.actor, Permission.PAIR_OFFER)
    if not waiting_requests(work):
        raise Invalid("No request waits for facilitators, so there is nothing to plan.")
    return ask_for(work, CalculationKind.PLAN, seed=seed)


def offer_planned(work: Work, request_ids: Collection[uuid.UUID], *, version: int) -> Offered:
    """Offer the planned pairs of some requests, as far as every rule still holds; the others are said and not offered.

    The rules are checked on the pool and the requests as they are now, each person's sessions over the whole batch, and half-days over the
    batch and what is offered or agreed already and has no date. Nobody else answers or offers for these requests meanwhile. `version` is
    the plan's. Raises `Invalid` when nothing was chosen,
    `MoveNotPossible` without a plan, `Stale` when there is a newer one.
    """
    require(work.actor, Permission.PAIR_OFFER)
    plan = find_calculation(work, CalculationKind.PLAN)
    if plan is None or plan.state is not CalculationState.DONE:
        raise MoveNotPossible("There is no plan to offer from. Ask for one first.")
    plan.expect(version)
    shown = plan_shown(work, plan)
    chosen = {row.request.id: row for row in shown.rows if row.request.id in request_ids}
    if not chosen:
        raise Invalid("Select the pairs to offer.", field="rows")
    lock_requests(work, chosen)
    # As in `offer_pair`: nobody's last session is promised twice.
    hold_people(work, {uuid.UUID(one) for row in chosen.values() for one in row.keys})
    waiting = [request for request in waiting_requests(work) if request.id in chosen]
    gone = chosen.keys() - {request.id for request in waiting}
    offered: list[str] = []
    refused = [Refused(chosen[one].reference, _NO_LONGER_WAITS) for one in chosen if one in gone]
    batch = _Batch(half_days_promised(work))
    for group in assemble_waiting(work, waiting):
        for request in group.requests:
            pair = chosen[request.id].keys
            why = batch.against(group, str(request.id), pair) or _offer(
                work, group.of(request), pair, plan.seed
            )
            if why:
                batch.leave(group, str(request.id))
                refused.append(Refused(request.reference or "", why))
            else:
                batch.add(group, str(request.id), pair)
                offered.append(request.reference or "")
    work.record("calculation:offered", plan.id, offered=len(offered), refused=len(refused))
    return Offered(tuple(offered), tuple(refused))


class _Batch:
    """The pairs that are offered together: sessions count over all of them, and half-days over these and what is promised."""

    def __init__(self, promised: Promised) -> None:
        self._promised = promised
        self._given: Counter[str] = Counter()
        self._plan: dict[str, Pair] = {}
        self._open_to: dict[str, frozenset[int] | None] = {}

    def against(self, group: Together, request_id: str, pair: Pair) -> str:
        """Say why a pair does not hold as things stand now, beside what is offered already; nothing if it does."""
        if not group.members.keys() >= set(pair):
            return "one of the two is not in the pool any more"
        request, people = group.problem.request(request_id), [group.problem.facilitator(one) for one in pair]
        names = [group.members[one].name for one in pair]
        against = [
            f"{name}: {rule_in_words(rule)}"
            for name, person in zip(names, people, strict=True)
            for rule in rules_excluding(request, person)
        ]
        if not against:
            against = [
                f"{name}: {rule_in_words(Rule.CAPACITY)}"
                for name, person in zip(names, people, strict=True)
                # Who has accepted it has kept a session for it.
                if person.capacity <= self._given[person.id] and person.id != _kept(group, request_id)
            ]
        rule = None if against else removing_rule(request, *people)
        if rule is not None:
            against = [rule_in_words(rule)]
        if not against:
            suiting, plan = self._with(group, request_id, pair)
            if not self._promised.leaves_room(plan, suiting):
                return NO_HALF_DAY_LEFT
        return "; ".join(against)

    def add(self, group: Together, request_id: str, pair: Pair) -> None:
        """Count a pair that is offered."""
        self._open_to, self._plan = self._with(group, request_id, pair)
        self._given.update(pair)

    def leave(self, group: Together, request_id: str) -> None:
        """Count who is kept for a request that is not offered now: they have a session for it all the same."""
        kept = _kept(group, request_id)
        if kept is not None:
            self._given[kept] += 1

    def _with(
        self, group: Together, request_id: str, pair: Pair
    ) -> tuple[dict[str, frozenset[int] | None], dict[str, Pair]]:
        # All groups count half-days from the same morning.
        slots = common_slots(
            group.problem.request(request_id), *(group.problem.facilitator(one) for one in pair)
        )
        return {**self._open_to, request_id: slots}, {**self._plan, request_id: pair}


def _kept(group: Together, request_id: str) -> str | None:
    person_id = group.kept.get(request_id)
    return str(person_id) if person_id else None


def _offer(work: Work, assembled: Assembled, pair: Pair, seed: int) -> str:
    """Offer a request to a pair; say in words why not, where it could not be done."""
    try:
        offer_assembled(
            work,
            assembled,
            person_ids=[uuid.UUID(one) for one in pair],
            seed=seed,
            exceptions=dict.fromkeys(SOFT_RULES, _OF_THE_PLAN),
        )
    except (Invalid, MoveNotPossible) as error:
        # It refuses before it changes anything.
        return str(error).rstrip(".")
    return ""
