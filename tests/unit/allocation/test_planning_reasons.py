"""Whoever gets no pair is told why, and a problem without any answer gets one with reasons."""

from dataclasses import replace
from pathlib import Path

import pytest

from factories.planning import plans, tiny_problem
from jags.allocation.engine.document import read_problem
from jags.allocation.engine.explanation import RemovedPairs
from jags.allocation.engine.planning.effort import Effort
from jags.allocation.engine.planning.reasons import Outweighed
from jags.allocation.engine.planning.solver import propose
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.remedy import Change, ChangeKind, NoValidPair, Remedy
from jags.allocation.rules import Rule

SAMPLES = Path(__file__).parents[2] / "data" / "allocation"


def person(one, agency, *, capacity=1, slots=(1,)):
    return Facilitator(one, agency, capacity, 0, frozenset(slots), transitional=False)


def asked(one, *, weight=1, slots=(1,), blocked=()):
    return Request(
        one,
        "z",
        weight,
        frozenset(slots),
        dict.fromkeys(blocked, (Rule.INVOLVED,)),
        transitional=False,
        travel={},
    )


def planned(problem):
    return propose(problem, effort=Effort(20.0))


def test_outweighed_names_who_has_the_sessions():
    problem = Problem((person("a", "x"), person("b", "y")), (asked("r1"), asked("r2", weight=2)))
    proposal = planned(problem)
    assert proposal.pairs == {"r2": ("a", "b")}
    assert proposal.unallocated == {"r1": Outweighed("r1", ("a", "b"), ("r2",))}


def test_outweighed_asks_for_as_few_people_as_can_be():
    people = (person("a", "x"), person("b", "y"), person("c", "y", capacity=2), person("d", "x", slots=(2,)))
    problem = Problem(people, (asked("r1", weight=3), asked("r2"), asked("r3", slots=(1, 3))))
    proposal = planned(problem)
    only = next(iter(proposal.pairs))
    lost = sorted({"r1", "r2", "r3"} - {only})
    assert only == "r1"
    # Somebody of agency x is needed, and only a is free on a date that suits: c has sessions left, b may have none.
    assert [proposal.unallocated[one] for one in lost] == [
        Outweighed(one, ("a", "b" if "b" not in proposal.pairs["r1"] else "c"), ("r1",)) for one in lost
    ]


DEGENERATE = {
    "no facilitators": ((), RemovedPairs(), Remedy((Change(ChangeKind.MORE_FACILITATORS, number=2),), ())),
    "all of one agency": (
        (person("a", "x"), person("b", "x"), person("c", "x")),
        RemovedPairs(agency=3),
        Remedy((Change(ChangeKind.ONE_AGENCY),), ("a", "b")),
    ),
    "capacity 0": (
        (person("a", "x", capacity=0), person("b", "y")),
        RemovedPairs(capacity=1),
        Remedy((Change(ChangeKind.ONE_MORE_SESSION, ("a",)),), ("a", "b")),
    ),
    "no common slot": (
        (person("a", "x", slots=(1,)), person("b", "y", slots=(2,))),
        RemovedPairs(slot=1),
        Remedy((Change(ChangeKind.FIND_DATE, ("a", "b")),), ("a", "b")),
    ),
}


@pytest.mark.parametrize("case", DEGENERATE)
def test_problem_without_any_pair_gets_an_answer_with_the_reason(case):
    people, removed, remedy = DEGENERATE[case]
    proposal = planned(Problem(people, (asked("r"),)))
    assert proposal.pairs == {}
    assert proposal.unallocated == {"r": NoValidPair("r", removed, (remedy,))}
    assert proposal.proven


def test_everyone_blocked_gets_an_answer_with_the_reason():
    problem = Problem((person("a", "x"), person("b", "y")), (asked("r", blocked=("a", "b")),))
    proposal = planned(problem)
    expected = NoValidPair(
        "r", RemovedPairs(blocked=1), (Remedy((Change(ChangeKind.MORE_FACILITATORS, number=2),), ()),)
    )
    assert (proposal.pairs, proposal.unallocated, proposal.proven) == ({}, {"r": expected}, True)


def test_no_requests_is_a_proven_plan_of_nothing():
    proposal = planned(Problem((person("a", "x"),), ()))
    assert (proposal.pairs, proposal.unallocated, proposal.proven) == ({}, {}, True)


def test_a_reason_says_no_valid_pair_exactly_when_there_is_none():
    for seed in range(300):
        problem = tiny_problem(30_000 + seed)
        for one, why in planned(problem).unallocated.items():
            alone = replace(problem, requests=(problem.request(one),))
            possible = any(plan for plan in plans(alone))
            assert isinstance(why, Outweighed) == possible


def test_those_who_outweigh_hold_every_session_that_is_missing():
    for seed in range(300):
        problem = tiny_problem(40_000 + seed)
        proposal = planned(problem)
        for why in proposal.unallocated.values():
            if isinstance(why, Outweighed):
                given = [one for pair in proposal.pairs.values() for one in pair]
                full = {one for one in why.pair if given.count(one) == problem.facilitator(one).capacity}
                assert full
                assert set(why.by) == {one for one, pair in proposal.pairs.items() if full & set(pair)}


def test_scarce_sample_leaves_nobody_without_a_reason():
    problem = read_problem((SAMPLES / "scarce.json").read_bytes())
    proposal = planned(problem)
    assert len(proposal.pairs) + len(proposal.unallocated) == 12
