"""What is said about pairs, about everybody else, and about a request that nobody can take."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from jags.allocation.engine.explanation import PersonStanding, RemovedPairs, explain_person, explain_pool
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.ranking import rank_pairs
from jags.allocation.engine.remedy import ChangeKind, Remedy, explain_no_pair
from jags.allocation.engine.rules import common_slots, removing_rule
from jags.allocation.engine.wording import no_pair_in_words, pair_in_words, person_in_words
from jags.allocation.rules import Rule


def someone(
    person_id: str,
    agency: str,
    slots: set[int] | None = None,
    *,
    capacity: int = 1,
    load: int = 0,
    trained: bool = False,
) -> Facilitator:
    dates = None if slots is None else frozenset(slots)
    return Facilitator(person_id, agency, capacity, load, dates, transitional=trained)


def asking(
    slots: set[int] | None = None,
    *,
    agency: str = "health",
    blocked: dict[str, tuple[Rule, ...]] | None = None,
    transitional: bool = False,
    travel: dict[str, int] | None = None,
) -> Request:
    dates = None if slots is None else frozenset(slots)
    return Request("r", agency, 1, dates, blocked or {}, transitional=transitional, travel=travel or {})


NAMES = {"ann": "Ann Field", "ben": "Ben Moor", "cat": "Cat Lane", "dan": "Dan Hill"}


def best_in_words(request: Request, *people: Facilitator) -> tuple[str, ...]:
    best = rank_pairs(Problem(people, (request,)), "r").best
    assert best is not None
    return pair_in_words(request, best)


def test_pair_is_explained_in_words() -> None:
    request = asking({1, 2, 3, 4, 5}, transitional=True, travel={"ben": 12})
    said = best_in_words(
        request, someone("ben", "school", {1, 2, 3, 4}, load=1), someone("ann", "police", {1, 2, 3, 4, 9})
    )
    assert said == (
        "both free on 4 half-days",
        "different agencies",
        "the first has taken on no sessions in the last twelve months",
        "the second has taken on 1 session in the last twelve months",
        "nobody in this pair is trained for transitional safeguarding",
        "travel adds up to 12",
    )


def test_what_is_not_recorded_and_what_speaks_against_is_said() -> None:
    request = asking(agency="police", transitional=True)
    said = best_in_words(
        request, someone("ann", "police", trained=True), someone("ben", "school", trained=True)
    )
    assert said == (
        "no availability recorded for the first and the second: ask before offering",
        "the request gives no dates yet",
        "different agencies",
        "the first is from the requester's own agency",
        "the first has taken on no sessions in the last twelve months",
        "the second has taken on no sessions in the last twelve months",
        "the first and the second are trained for transitional safeguarding",
    )


def test_one_shared_slot_is_counted_and_names_are_used() -> None:
    request = asking({1})
    people = (someone("ann", "police", {1}), someone("ben", "school", None, load=2))
    best = rank_pairs(Problem(people, (request,)), "r").best
    assert best is not None
    assert pair_in_words(request, best, NAMES)[:2] == (
        "Ann Field is free on 1 half-day",
        "no availability recorded for Ben Moor: ask before offering",
    )
    assert (
        pair_in_words(request, best, NAMES)[-1]
        == "Ben Moor has taken on 2 sessions in the last twelve months"
    )


def standing_in_words(request: Request, person: str, *people: Facilitator) -> tuple[str, ...]:
    problem = Problem(people, (request,))
    return person_in_words(explain_person(problem, rank_pairs(problem, "r"), person), NAMES)


ANN, BEN = someone("ann", "police", {1, 2}), someone("ben", "school", {1, 2})


def test_excluded_person_hears_every_rule_in_order() -> None:
    request = asking({1}, blocked={"cat": (Rule.LINE_MANAGER, Rule.INVOLVED)})
    assert standing_in_words(request, "cat", ANN, BEN, someone("cat", "charity", {5}, capacity=0)) == (
        "no sessions left in the quarter",
        "works with this child, young person or family",
        "line manager of somebody in the network",
        "not free on a date that suits",
    )


def test_person_without_a_partner_hears_what_removed_the_partners() -> None:
    request = asking({1, 2, 3}, blocked={"dan": (Rule.INVOLVED,)})
    people = (
        ANN,
        BEN,
        someone("cat", "charity", {3}),
        someone("dan", "charity", {3}),
        someone("eve", "charity", {3}),
        someone("fay", "nhs", {3}, capacity=0),
    )
    assert standing_in_words(request, "cat", *people) == (
        (
            "nobody to pair with: 1 partner without a session left in the quarter, 1 partner not independent or not "
            "available for this request, 1 partner of one agency, 2 partners without a date that suits"
        ),
    )


@pytest.mark.parametrize(
    ("request_", "cat", "said"),
    [
        (
            asking(),
            someone("cat", "charity", load=3),
            "together 3 sessions in the last twelve months, 3 sessions more than with Ann Field in the best pair",
        ),
        (
            asking(travel={"cat": 7, "ben": 1, "ann": 2}),
            someone("cat", "charity"),
            "further to travel than with Ann Field in the best pair",
        ),
        (
            asking(agency="charity"),
            someone("cat", "charity"),
            "Cat Lane is from the requester's own agency",
        ),
    ],
)
def test_person_hears_what_their_best_pair_loses_and_to_whom(
    request_: Request, cat: Facilitator, said: str
) -> None:
    lines = standing_in_words(replace(request_, travel={"ben": 0, **request_.travel}), "cat", ANN, BEN, cat)
    assert lines[0] in {"the best pair is with Ann Field", "the best pair is with Ben Moor"}
    assert lines[1].replace("Ben Moor", "Ann Field") == said


@pytest.mark.parametrize(
    ("request_", "loads", "said"),
    [
        (
            asking(agency="charity", transitional=True, travel={"cat": 3}),
            (1, 1, 5),
            "Cat Lane is from the requester's own agency",
        ),
        (
            asking(travel={"ben": 9, "ann": 9}),
            (0, 0, 1),
            "together 1 session in the last twelve months, 1 session more than with Ann Field in the best pair",
        ),
        (asking(travel={"cat": 1}), (0, 0, 0), "further to travel than with Ann Field in the best pair"),
    ],
)
def test_person_hears_the_first_line_in_which_the_two_pairs_differ(
    request_: Request, loads: tuple[int, int, int], said: str
) -> None:
    people = tuple(
        someone(name, agency, load=load, trained=True)
        for (name, agency), load in zip(
            (("ann", "police"), ("ben", "school"), ("cat", "charity")), loads, strict=True
        )
    )
    lines = standing_in_words(request_, "cat", *people)
    assert [line.replace("Ben Moor", "Ann Field") for line in lines[1:]] == [said]


def test_what_is_shown_and_not_compared_is_left_to_the_draw() -> None:
    people = (
        someone("ann", "a", {1, 2, 3}, load=2),
        someone("ben", "b", {1, 2}, load=2),
        someone("cat", "c", load=2),
    )
    ranking = rank_pairs(Problem(people, (asking(),)), "r")
    assert ranking.best is not None
    (loser,) = {"ann", "ben", "cat"} - set(ranking.best.score.pair)
    said = standing_in_words(asking(), loser, *people)
    assert said[1].startswith("level with ")
    assert said[1].endswith(" on all that is compared; the draw decided")


def test_person_hears_that_nobody_would_be_trained() -> None:
    request = asking(transitional=True)
    people = (someone("ann", "police", trained=True), someone("ben", "school"), someone("cat", "police"))
    assert standing_in_words(request, "cat", *people) == (
        "the best pair is with Ben Moor",
        "nobody in this pair is trained for transitional safeguarding",
    )


def test_draw_is_said_to_be_a_draw_and_winners_are_told() -> None:
    people = (someone("ann", "a"), someone("ben", "b"), someone("cat", "c"))
    problem = Problem(people, (asking(),))
    ranking = rank_pairs(problem, "r")
    assert ranking.best is not None
    said = {standing.facilitator_id: person_in_words(standing) for standing in explain_pool(problem, ranking)}
    (loser,) = said.keys() - set(ranking.best.score.pair)
    assert [said[one] for one in ranking.best.score.pair] == [("in the best pair",)] * 2
    assert said[loser][1].endswith("on all that is compared; the draw decided")


def test_equal_draws_fall_to_the_order_of_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_draw(_seed: int, _request_id: str) -> Callable[[str], int]:
        return lambda _facilitator_id: 0

    for module in ("ranking", "search"):
        monkeypatch.setattr(f"jags.allocation.engine.{module}.tie_costs", no_draw)
    problem = Problem((someone("cat", "c"), someone("ben", "b"), someone("ann", "a")), (asking(),))
    ranking = rank_pairs(problem, "r")
    assert [pair.score.pair for pair in ranking.pairs] == [("ann", "ben"), ("ann", "cat"), ("ben", "cat")]
    assert person_in_words(explain_person(problem, ranking, "cat"), NAMES) == (
        "the best pair is with Ann Field",
        "level with Ben Moor on all that is compared; the draw decided",
    )


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


def test_everybody_in_the_pool_is_explained_in_its_order() -> None:
    people = (BEN, someone("cat", "charity", {9}), ANN)
    problem = Problem(people, (asking({1, 2}),))
    ranking = rank_pairs(problem, "r")
    assert explain_pool(problem, ranking) == (
        PersonStanding("ben", pair=ranking.best),
        PersonStanding("cat", excluded_by=(Rule.SLOT,)),
        PersonStanding("ann", pair=ranking.best),
    )
