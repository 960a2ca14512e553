"""Write proposals as `jags-allocation-proposal/1` documents, and read the plan of one back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jags.allocation.engine.explanation import RemovedPairs
from jags.allocation.engine.fields import JsonObject, id_text, list_of, mapping, parse, shown
from jags.allocation.engine.planning.plan import Pair, check_plan
from jags.allocation.engine.planning.proposal import Proposal
from jags.allocation.engine.planning.reasons import Outweighed, WhyNot
from jags.allocation.engine.problem import Problem, ProblemError
from jags.allocation.engine.remedy import PAIR, Change, ChangeKind, NoValidPair, Remedy
from jags.allocation.engine.wording import no_pair_in_words
from jags.kernel.words import listing

FORMAT = "jags-allocation-proposal/1"


def proposal_document(proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as what JSON can say."""
    gap = proposal.gap
    return {
        "format": FORMAT,
        "pairs": {request_id: list(pair) for request_id, pair in proposal.pairs.items()},
        "unallocated": {one: _reason(why) for one, why in proposal.unallocated.items()},
        "objective": proposal.objective._asdict(),
        "proven": proposal.proven,
        "bound": dict(proposal.bound),
        "gap": gap and {"line": gap.line, "value": gap.value, "bound": gap.bound, "part": gap.part},
        "seconds": round(proposal.seconds, 3),
        "seed": proposal.seed,
    }


def _reason(why: WhyNot) -> dict[str, Any]:
    if isinstance(why, Outweighed):
        return {
            "reason": "outweighed",
            "by": list(why.by),
            "pair": list(why.pair),
            "words": [
                f"{listing(why.pair)} would be possible, but the sessions are needed for {listing(why.by)}."
            ],
        }
    removed = why.removed
    return {
        "reason": "no_valid_pair",
        "removed": {
            "capacity": removed.capacity,
            "blocked": removed.blocked,
            "agency": removed.agency,
            "slot": removed.slot,
        },
        "smallest_changes": [
            {
                "pair": list(remedy.pair),
                "changes": [
                    {"kind": change.kind, "who": list(change.who), "number": change.number}
                    for change in remedy.changes
                ],
            }
            for remedy in why.remedies
        ],
        "words": list(no_pair_in_words(why)),
    }


def read_plan(document: str | bytes, problem: Problem) -> dict[str, Pair]:
    """Take the plan out of a proposal and make sure that it fits the problem; the rest of the document is not looked at.

    Raises:
        ProblemError: one line that begins with the field that is wrong and says what it must be.
    """
    data = mapping(parse(document), "document")
    for name in ("format", "pairs"):
        if name not in data:
            raise ProblemError(f"{name}: is missing")
    if data["format"] != FORMAT:
        raise ProblemError(f'format: must be "{FORMAT}"')
    pairs: JsonObject = mapping(data["pairs"], "pairs")
    plan = {}
    for request_id, value in pairs.items():
        path = f"pairs[{shown(request_id)}]"
        if len(two := list_of(value, path)) != PAIR:
            raise ProblemError(f"{path}: must name two facilitators")
        first, second = (id_text(one, f"{path}[{place}]") for place, one in enumerate(two))
        _known(problem, path, request_id, first, second)
        plan[request_id] = (min(first, second), max(first, second))
    check_plan(problem, plan)
    return plan


def read_reasons(document: Mapping[str, Any]) -> dict[str, WhyNot]:
    """Take the reasons of requests without a pair out of what `proposal_document` made."""
    return {one: _why(one, reason) for one, reason in document["unallocated"].items()}


def _why(request_id: str, reason: Mapping[str, Any]) -> WhyNot:
    if reason["reason"] == "outweighed":
        first, second = reason["pair"]
        return Outweighed(request_id, (first, second), tuple(reason["by"]))
    return NoValidPair(
        request_id,
        RemovedPairs(**reason["removed"]),
        tuple(
            Remedy(
                tuple(
                    Change(ChangeKind(one["kind"]), tuple(one["who"]), one["number"])
                    for one in remedy["changes"]
                ),
                tuple(remedy["pair"]),
            )
            for remedy in reason["smallest_changes"]
        ),
    )


def _known(problem: Problem, path: str, request_id: str, *people: str) -> None:
    try:
        problem.request(request_id)
        for one in people:
            problem.facilitator(one)
    except ProblemError as error:
        raise ProblemError(f"{path}: {error}") from None
