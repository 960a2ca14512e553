"""A proposal as a document: all that it says, read back, and each thing that can be wrong in a plan named by its field."""

import json

import pytest

from jags.allocation.engine.explanation import RemovedPairs
from jags.allocation.engine.planning.plan import Objective
from jags.allocation.engine.planning.proposal import Gap, Proposal
from jags.allocation.engine.planning.proposal_document import (
    FORMAT,
    proposal_document,
    read_plan,
    read_reasons,
)
from jags.allocation.engine.planning.reasons import Outweighed
from jags.allocation.engine.problem import Facilitator, Problem, ProblemError, Request
from jags.allocation.engine.remedy import Change, ChangeKind, NoValidPair, Remedy

PEOPLE = tuple(Facilitator(one, f"of {one}", 1, 0, None, transitional=False) for one in ("a", "b", "c"))
PROBLEM = Problem(
    PEOPLE,
    tuple(Request(one, "school", 1, None, {}, transitional=False, travel={}) for one in ("r", "s", "t")),
)
REASONS = {
    "s": Outweighed("s", ("b", "c"), ("r",)),
    "t": NoValidPair(
        "t",
        RemovedPairs(capacity=1, blocked=2, agency=3, slot=4),
        (Remedy((Change(ChangeKind.ONE_MORE_SESSION, ("a",), 1),), ("a", "b")),),
    ),
}


def proposal(gap: Gap | None = None) -> Proposal:
    return Proposal(
        {"r": ("a", "b")}, REASONS, Objective(1, 2, 3, 4), {"weight": 1, "soft": 2}, gap, 0.12345, 7
    )


def test_a_proven_proposal_says_what_was_found_and_that_nothing_is_open():
    written = proposal_document(proposal())
    assert {key: value for key, value in written.items() if key != "unallocated"} == {
        "format": FORMAT,
        "pairs": {"r": ["a", "b"]},
        "objective": {"weight": 1, "soft": 2, "load_squares": 3, "travel": 4},
        "proven": True,
        "bound": {"weight": 1, "soft": 2},
        "gap": None,
        "seconds": 0.123,
        "seed": 7,
    }
    assert written["unallocated"]["s"] == {
        "reason": "outweighed",
        "by": ["r"],
        "pair": ["b", "c"],
        "words": ["b and c would be possible, but the sessions are needed for r."],
    }
    assert written["unallocated"]["t"]["reason"] == "no_valid_pair"
    assert written["unallocated"]["t"]["removed"] == {"capacity": 1, "blocked": 2, "agency": 3, "slot": 4}
    assert written["unallocated"]["t"]["words"]


def test_what_is_not_proven_says_by_how_much_it_may_miss_and_in_which_line():
    written = proposal_document(proposal(Gap("soft", 2, 1, 0.5)))
    assert (written["proven"], written["gap"]) == (
        False,
        {"line": "soft", "value": 2, "bound": 1, "part": 0.5},
    )


def test_reasons_and_plan_are_read_back_as_they_were():
    written = json.dumps(proposal_document(proposal()))
    assert read_reasons(json.loads(written)) == REASONS
    assert read_plan(written, PROBLEM) == {"r": ("a", "b")}
    # However the two are ordered in the file.
    assert read_plan(json.dumps({"format": FORMAT, "pairs": {"r": ["b", "a"]}}), PROBLEM) == {"r": ("a", "b")}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"pairs": {}}, "format: is missing"),
        ({"format": FORMAT}, "pairs: is missing"),
        ({"format": "jags-allocation/1", "pairs": {}}, f'format: must be "{FORMAT}"'),
        ({"format": FORMAT, "pairs": {"r": ["a"]}}, "two facilitators"),
        ({"format": FORMAT, "pairs": {"x": ["a", "b"]}}, "pairs["),
        ({"format": FORMAT, "pairs": {"r": ["a", "x"]}}, "pairs["),
        # One session each, and two given.
        ({"format": FORMAT, "pairs": {"r": ["a", "b"], "s": ["a", "c"]}}, "a"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_in_one_line(document, said):
    with pytest.raises(ProblemError) as refused:
        read_plan(json.dumps(document), PROBLEM)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
