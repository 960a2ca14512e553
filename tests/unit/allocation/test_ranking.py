"""The ranking equals brute force, keeps every hard rule and does not depend on the order of the input."""

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jags.allocation.engine.document import read_problem
from jags.allocation.engine.problem import Facilitator, Problem, ProblemError, Request
from jags.allocation.engine.ranking import best_pair_with, rank_pairs
from jags.allocation.engine.scoring import PairScore, tie_costs
from jags.allocation.rules import Rule

SAMPLES = Path(__file__).parents[2] / "data" / "allocation"
Scored = list[tuple[PairScore, frozenset[int] | None]]


def plain_ranking(problem: Problem, request: Request, seed: int = 0) -> Scored:
    """Score every pair as the statement of the problem reads, sharing nothing with the engine but the hash."""
    tie = tie_costs(seed, request.id)
    found: Scored = []
    for one, other in combinations(sorted(problem.facilitators, key=lambda person: person.id), 2):
        both = (one, other)
        dates = [dates for dates in (one.slots, other.slots, request.slots) if dates is not None]
        shared = frozenset.intersection(*dates) if dates else None
        if (
            one.agency == other.agency
            or any(person.id in request.blocked or person.capacity == 0 for person in both)
            or shared == frozenset()
        ):
            continue
        soft = sum(person.agency == request.agency for person in both)
        soft += request.transitional and not any(person.transitional for person in both)
        score = PairScore(
            soft,
            sum((person.load + 1) ** 2 - person.load**2 for person in both),
            sum(request.travel.get(person.id, 0) for person in both),
            sum(tie(person.id) for person in both),
            (one.id, other.id),
        )
        found.append((score, shared))
    return sorted(found, key=lambda item: item[0])


def ranked(problem: Problem, request_id: str, limit: int = 10, seed: int = 0) -> Scored:
    return [
        (pair.score, pair.common_slots)
        for pair in rank_pairs(problem, request_id, limit=limit, seed=seed).pairs
    ]


def dates() -> st.SearchStrategy[frozenset[int] | None]:
    return st.none() | st.frozensets(st.integers(0, 4), max_size=4)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    ids = draw(st.lists(st.text("abc", min_size=1, max_size=3), unique=True, max_size=9))
    agency = st.sampled_from("ABCD")
    people = tuple(
        draw(
            st.builds(
                Facilitator,
                id=st.just(one),
                agency=agency,
                capacity=st.integers(0, 2),
                load=st.integers(0, 2),
                slots=dates(),
                transitional=st.booleans(),
            )
        )
        for one in ids
    )
    blocks = st.sampled_from([(Rule.INVOLVED,), (Rule.UNRESOLVED_DOUBT,), (Rule.DECLINED, Rule.SAME_TEAM)])
    request = draw(
        st.builds(
            Request,
            id=st.just("r"),
            agency=agency,
            weight=st.just(1),
            slots=dates(),
            blocked=st.dictionaries(st.sampled_from(ids), blocks, max_size=2) if ids else st.just({}),
            transitional=st.booleans(),
            travel=st.dictionaries(st.sampled_from(ids), st.integers(0, 2)) if ids else st.just({}),
        )
    )
    return Problem(people, (request,))


@settings(max_examples=300, deadline=None)
@given(problems(), st.integers(1, 4) | st.just(100), st.integers(0, 3))
def test_ranking_equals_brute_force(problem: Problem, limit: int, seed: int) -> None:
    assert ranked(problem, "r", limit, seed) == plain_ranking(problem, problem.requests[0], seed)[:limit]


@settings(max_examples=100, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_order_of_the_pool_never_matters(problem: Problem, random: Random) -> None:
    people = list(problem.facilitators)
    random.shuffle(people)
    assert ranked(replace(problem, facilitators=tuple(people)), "r") == ranked(problem, "r")


@settings(max_examples=150, deadline=None)
@given(problems())
def test_hard_rules_are_never_broken(problem: Problem) -> None:
    request = problem.requests[0]
    for pair in rank_pairs(problem, "r", limit=100).pairs:
        assert pair.first.id < pair.second.id
        assert pair.first.agency != pair.second.agency
        assert min(pair.first.capacity, pair.second.capacity) > 0
        assert not request.blocked.keys() & {pair.first.id, pair.second.id}
        for recorded in (pair.first.slots, pair.second.slots, request.slots):
            assert recorded is None or (pair.common_slots is not None and pair.common_slots <= recorded)
        assert pair.common_slots != frozenset()


@settings(max_examples=100, deadline=None)
@given(problems())
def test_one_more_facilitator_never_makes_the_best_pair_worse(problem: Problem) -> None:
    newcomer = Facilitator("new", "E", 1, 0, None, transitional=True)
    more = replace(problem, facilitators=(*problem.facilitators, newcomer))
    before, after = ranked(problem, "r", 1), ranked(more, "r", 1)
    assert not before or after[0][0] <= before[0][0]


@settings(max_examples=100, deadline=None)
@given(problems())
def test_best_pair_with_somebody_is_their_first_in_the_whole_ranking(problem: Problem) -> None:
    everything = plain_ranking(problem, problem.requests[0])
    for person in problem.facilitators:
        expected = next((score for score, _ in everything if person.id in score.pair), None)
        found = best_pair_with(problem, "r", person.id)
        assert (found.score if found else None) == expected


def random_problem(random: Random) -> Problem:
    size = random.randint(0, 7)

    def some_dates() -> frozenset[int] | None:
        return random.choice(
            [None, *(frozenset(random.sample(range(5), random.randint(0, 4))) for _ in range(5))]
        )

    people = tuple(
        Facilitator(
            f"f{place}",
            random.choice("ABC"),
            random.choice((0, 1, 1, 1)),
            random.randint(0, 2),
            some_dates(),
            transitional=random.random() < 0.3,
        )
        for place in range(size)
    )
    ids = [person.id for person in people]
    request = Request(
        "r",
        random.choice("ABC"),
        1,
        some_dates(),
        dict.fromkeys(random.sample(ids, random.randint(0, min(2, size))), (Rule.BLOCKED,)),
        transitional=random.random() < 0.5,
        travel={one: random.randint(0, 2) for one in ids if random.random() < 0.5},
    )
    return Problem(people, (request,))


def test_ranking_equals_brute_force_on_thousands_of_tiny_problems() -> None:
    random = Random(20260113)  # noqa: S311  # A repeatable test, no secret.
    answered = 0
    for _ in range(5_000):
        problem, limit = random_problem(random), random.choice((1, 2, 3, 10))
        expected = plain_ranking(problem, problem.requests[0])
        answered += bool(expected)
        assert ranked(problem, "r", limit) == expected[:limit]
    assert 1_000 < answered < 4_500


@pytest.mark.parametrize("name", ["tiny", "scarce", "norfolk"])
def test_ranking_equals_brute_force_on_the_samples(name: str) -> None:
    problem = read_problem((SAMPLES / f"{name}.json").read_bytes())
    for request in problem.requests:
        expected = plain_ranking(problem, request, seed=4)
        assert ranked(problem, request.id, 10, 4) == expected[:10]
        assert ranked(problem, request.id, 10_000, 4) == expected


@pytest.mark.parametrize("kind", ["mixed", "one trained", "all alike"])
def test_ranking_of_a_larger_pool_equals_brute_force(kind: str) -> None:
    random = Random(7)  # noqa: S311  # A repeatable test, no secret.
    people = tuple(
        Facilitator(
            f"f{place:03}",
            f"a{random.randrange(9)}",
            1 if kind == "all alike" else random.randint(0, 2),
            0 if kind == "all alike" else random.randint(0, 5),
            frozenset(random.sample(range(12), 2)),
            transitional=place == 90 if kind == "one trained" else random.random() < 0.2,
        )
        for place in range(120)
    )
    request = Request("r", "a3", 1, frozenset({1, 4, 7}), {}, transitional=True, travel={})
    problem = Problem(people, (request,))
    assert ranked(problem, "r", 25) == plain_ranking(problem, request)[:25]


PAIRABLE = (
    Facilitator("f1", "A", 1, 0, None, transitional=False),
    Facilitator("f2", "B", 1, 0, None, transitional=False),
    Facilitator("f3", "C", 1, 0, None, transitional=True),
)
PLAIN = Request("r", "Z", 1, None, {}, transitional=False, travel={})


@pytest.mark.parametrize(
    ("people", "request_", "best"),
    [
        # A trained partner outweighs any load, load outweighs any travel, and travel outweighs the draw.
        ((PAIRABLE[0], PAIRABLE[1], replace(PAIRABLE[2], load=9)), replace(PLAIN, transitional=True), "f3"),
        ((replace(PAIRABLE[0], load=1), *PAIRABLE[1:]), replace(PLAIN, travel={"f2": 900}), "f2"),
        (PAIRABLE, replace(PLAIN, travel={"f1": 1}), "f3"),
        ((replace(PAIRABLE[0], agency="Z"), replace(PAIRABLE[1], load=8), PAIRABLE[2]), PLAIN, "f2"),
    ],
)
def test_each_line_of_the_score_decides_only_ties_of_the_line_before(
    people: tuple[Facilitator, ...], request_: Request, best: str
) -> None:
    found = rank_pairs(Problem(people, (request_,)), "r").best
    assert found is not None
    assert best in found.score.pair


def test_seed_changes_only_the_draw() -> None:
    people = tuple(Facilitator(f"f{n}", f"a{n}", 1, 0, None, transitional=False) for n in range(6))
    problem = Problem(people, (PLAIN,))
    winners = {rank_pairs(problem, "r", seed=seed).pairs[0].score.pair for seed in range(30)}
    assert len(winners) > 5
    assert {pair.score[:3] for seed in range(5) for pair in rank_pairs(problem, "r", seed=seed).pairs} == {
        (0, 2, 0)
    }
    assert rank_pairs(problem, "r", seed=3) == rank_pairs(problem, "r", seed=3)


def test_tie_cost_is_the_published_hash() -> None:
    # Worked out apart with: printf '0\0r\0f1' | b2sum -l 64, first five hex digits.
    assert tie_costs(0, "r")("f1") == 0x96BEF


def test_unknown_request_and_empty_wish_are_refused() -> None:
    problem = Problem(PAIRABLE, (PLAIN,))
    with pytest.raises(ProblemError, match="request: 'x' is not in the problem"):
        rank_pairs(problem, "x")
    with pytest.raises(ValueError, match="At least one pair"):
        rank_pairs(problem, "r", limit=0)
