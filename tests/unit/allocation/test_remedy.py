"""What is said of a request that nobody can take: what removed every pair, and the smallest change that would give one."""

from collections import Counter
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from factories.cases import ANN, BEN, NAMES, asking, someone
from jags.allocation.engine.explanation import RemovedPairs
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.remedy import ChangeKind, Remedy, explain_no_pair
from jags.allocation.engine.rules import common_slots, removing_rule
from jags.allocation.engine.wording import no_pair_in_words
from jags.allocation.rules import Rule


def no_pair(request: Request, *people: Facilitator) -> tuple[str, ...]:
    return no_pair_in_words(explain_no_pair(Problem(people, (request,)), "r"), NAMES)


@pytest.mark.parametrize(
    ("request_", "people", "said"),
    [
        (
            asking(),
            (),
            (
                "No pair is possible: there is no pair at all.",
                "A pair would be possible with 2 more independent facilitators.",
            ),
        ),
        (
            asking({1}, blocked={"ben": (Rule.INVOLVED,)}),
            (ANN, BEN),
            (
                "No pair is possible: 1 pair not independent or not available for this request.",
                "A pair would be possible with 1 more independent facilitator.",
            ),
        ),
        (
            asking(),
            (someone("ann", "police"), someone("ben", "police")),
            (
                "No pair is possible: 1 pair of one agency.",
                "Ann Field and Ben Moor would be possible if one agency for both were agreed.",
            ),
        ),
        (
            asking(),
            (ANN, replace(BEN, capacity=0)),
            (
                "No pair is possible: 1 pair without a session left in the quarter.",
                "Ann Field and Ben Moor would be possible if Ben Moor gave one more session.",
            ),
        ),
        (
            asking(blocked={"ben": (Rule.UNRESOLVED_DOUBT,)}),
            (ANN, replace(BEN, capacity=0)),
            (
                "No pair is possible: 1 pair without a session left in the quarter.",
                (
                    "Ann Field and Ben Moor would be possible if Ben Moor gave one more session, "
                    "and if the possible connection of Ben Moor were cleared."
                ),
            ),
        ),
        (
            asking({4, 9}),
            (
                someone("ann", "police", {6, 7}),
                someone("ben", "school", {5, 7}),
                someone("cat", "school", {2}),
            ),
            (
                "No pair is possible: 1 pair of one agency, 2 pairs without a date that suits.",
                "Ann Field and Ben Moor would be possible 2 half-days earlier.",
            ),
        ),
        (
            asking(set()),
            (ANN, BEN),
            (
                "No pair is possible: 1 pair without a date that suits.",
                "Ann Field and Ben Moor would be possible 2 half-days later.",
            ),
        ),
        (
            asking({1, 2}),
            (someone("ann", "police", {1}), someone("ben", "school", {2})),
            (
                "No pair is possible: 1 pair without a date that suits.",
                "Ann Field and Ben Moor would be possible if Ann Field and Ben Moor found a half-day that suits.",
            ),
        ),
    ],
)
def test_request_without_a_pair_hears_why_and_the_smallest_change(
    request_: Request, people: tuple[Facilitator, ...], said: tuple[str, ...]
) -> None:
    assert no_pair(request_, *people) == said


def test_request_with_a_pair_has_nothing_to_remedy() -> None:
    with pytest.raises(ValueError, match="has a valid pair"):
        explain_no_pair(Problem((ANN, BEN), (asking({1}),)), "r")


def broken_problem(random: Random) -> Problem:
    """Make a tiny problem in which most pairs break something."""
    people = tuple(
        someone(
            f"f{place}",
            random.choice("AAB"),
            random.choice([None, set(), {0}, {1}, {2, 5}, {7}]) if random.random() < 0.9 else None,
            capacity=random.choice((0, 0, 1)),
            load=random.randint(0, 2),
        )
        for place in range(random.randint(0, 5))
    )
    reasons = [(Rule.UNRESOLVED_DOUBT,), (Rule.UNRESOLVED_DOUBT, Rule.INVOLVED), (Rule.DECLINED,)]
    blocked = {person.id: random.choice(reasons) for person in people if random.random() < 0.3}
    return Problem(
        people, (asking(random.choice([None, set(), {0, 3}, {4}, {9}]), agency="A", blocked=blocked),)
    )


def size_of(request: Request, one: Facilitator, other: Facilitator) -> int | None:
    """Count plainly what would have to change for a pair; None when a known connection is in the way."""
    size = 0
    for person in (one, other):
        blocks = request.blocked.get(person.id, ())
        if set(blocks) - {Rule.UNRESOLVED_DOUBT}:
            return None
        size += (person.capacity == 0) + len(blocks)
    return size + (one.agency == other.agency) + (common_slots(request, one, other) == frozenset())


def applied(problem: Problem, remedy: Remedy) -> Rule | None:
    """Make the changes of a remedy and return what still removes its pair."""
    request, (one, other) = problem.requests[0], (problem.facilitator(member) for member in remedy.pair)
    for change in remedy.changes:
        if change.kind is ChangeKind.ONE_MORE_SESSION:
            one, other = (replace(p, capacity=1) if p.id in change.who else p for p in (one, other))
        elif change.kind is ChangeKind.CLEAR_DOUBT:
            request = replace(
                request, blocked={k: v for k, v in request.blocked.items() if k not in change.who}
            )
        elif change.kind is ChangeKind.ONE_AGENCY:
            other = replace(other, agency="another")
        elif change.kind is ChangeKind.FIND_DATE:
            one, other, request = (
                replace(one, slots=None),
                replace(other, slots=None),
                replace(request, slots=None),
            )
        elif change.kind is ChangeKind.OTHER_DATE:
            asked = request.slots or {-1}
            request = replace(request, slots=frozenset(slot + change.number for slot in asked))
    return removing_rule(request, one, other)


def test_counts_and_smallest_changes_equal_brute_force_on_thousands_of_tiny_problems() -> None:
    random = Random(20260712)  # noqa: S311  # A repeatable test, no secret.
    kinds: Counter[ChangeKind] = Counter()
    for _ in range(3_000):
        problem = broken_problem(random)
        request = problem.requests[0]
        pairs = list(combinations(problem.facilitators, 2))
        removed = Counter(removing_rule(request, *pair) for pair in pairs)
        if removed[None]:
            continue
        found = explain_no_pair(problem, "r")
        assert found.removed == RemovedPairs(
            removed[Rule.CAPACITY], removed[Rule.BLOCKED], removed[Rule.AGENCY], removed[Rule.SLOT]
        )
        sizes = [size for pair in pairs if (size := size_of(request, *pair)) is not None]
        for remedy in found.remedies:
            kinds.update(change.kind for change in remedy.changes)
            if sizes:
                assert len(remedy.changes) == min(sizes)
                assert applied(problem, remedy) is None
            else:
                assert not remedy.pair
    assert set(kinds) == set(ChangeKind)


def test_moved_date_is_the_nearest_that_gives_a_pair() -> None:
    random = Random(99)  # noqa: S311  # A repeatable test, no secret.
    for _ in range(300):
        people = tuple(
            someone(f"f{n}", f"a{n % 3}", set(random.sample(range(14), 3)), load=random.randint(0, 3))
            for n in range(5)
        )
        asked = {random.randrange(14)}
        problem = Problem(people, (asking(asked),))
        shared = [
            one.slots & other.slots
            for one, other in combinations(people, 2)
            if one.agency != other.agency and one.slots is not None and other.slots is not None
        ]
        distances = {abs(slot - wanted) for slots in shared for slot in slots for wanted in asked}
        if not distances or 0 in distances:
            continue
        (change,) = explain_no_pair(problem, "r").remedies[0].changes
        assert (change.kind, abs(change.number)) == (ChangeKind.OTHER_DATE, min(distances))
