"""Turn the engine's structured explanations into plain sentences for a page or a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from jags.allocation.engine.explanation import (
    PersonStanding,
    Reason,
    ReasonKind,
    RemovedPairs,
    ScoreLine,
    Shortfall,
    pair_reasons,
)
from jags.allocation.engine.problem import Request
from jags.allocation.engine.ranking import RankedPair
from jags.allocation.engine.remedy import Change, ChangeKind, NoValidPair, Remedy
from jags.allocation.rules import Rule, rule_in_words
from jags.kernel.words import listing

NO_NAMES: Mapping[str, str] = MappingProxyType({})
"""Without names, the two of a pair are "the first" and "the second", and anybody else is shown by id."""

HOW_PAIRS_COMPARE = (
    "Pairs are compared line by line: nobody from the requester's own agency, and somebody who is trained where transitional safeguarding "
    "features; then the sessions that the two have taken on together in the last twelve months; then travel. Only where all of these are "
    "level does the draw decide. On how many half-days they are free is shown, and not compared."
)
"""The lines of the objective in the order in which they count, for whoever reads why one pair is before another."""

_REASON_WORDS: Mapping[ReasonKind, str] = MappingProxyType(
    {
        ReasonKind.COMMON_SLOTS: "{free} free on {slots}",
        ReasonKind.AVAILABILITY_NOT_RECORDED: "no availability recorded for {who}: ask before offering",
        ReasonKind.DATES_NOT_GIVEN: "the request gives no dates yet",
        ReasonKind.DIFFERENT_AGENCIES: "different agencies",
        ReasonKind.REQUESTERS_AGENCY: "{who} is from the requester's own agency",
        ReasonKind.LOAD: "{who} has taken on {sessions} in the last twelve months",
        ReasonKind.TRAINED: "{who} {are} trained for transitional safeguarding",
        ReasonKind.NOBODY_TRAINED: "nobody in this pair is trained for transitional safeguarding",
        ReasonKind.TRAVEL: "travel adds up to {number}",
    }
)

_PAIR_BROKEN_WORDS: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.AGENCY: "from the same agency as {who}",
        Rule.SLOT: "not free with {who} on a date that suits",
    }
)

_CHANGE_WORDS: Mapping[ChangeKind, str] = MappingProxyType(
    {
        ChangeKind.ONE_MORE_SESSION: "if {who} gave one more session",
        ChangeKind.CLEAR_DOUBT: "if the possible connection of {who} were cleared",
        ChangeKind.OTHER_DATE: "{move}",
        ChangeKind.FIND_DATE: "if {who} found a half-day that suits",
        ChangeKind.ONE_AGENCY: "if one agency for both were agreed",
        ChangeKind.MORE_FACILITATORS: "with {people}",
    }
)


def pair_in_words(request: Request, pair: RankedPair, names: Mapping[str, str] = NO_NAMES) -> tuple[str, ...]:
    """Give the reasons for and against a pair, each as a short phrase; `names` maps facilitator ids to names."""
    called = {pair.first.id: "the first", pair.second.id: "the second", **names}
    return tuple(reason_in_words(reason, called) for reason in pair_reasons(request, pair))


def reason_in_words(reason: Reason, names: Mapping[str, str]) -> str:
    """Say one reason as a short phrase without a full stop."""
    return _REASON_WORDS[reason.kind].format(
        who=listing(names.get(one, one) for one in reason.who),
        free="both" if len(reason.who) > 1 else f"{listing(names.get(one, one) for one in reason.who)} is",
        are="are" if len(reason.who) > 1 else "is",
        slots=_count(reason.number, "half-day"),
        sessions=_count(reason.number, "session"),
        number=reason.number,
    )


def person_in_words(standing: PersonStanding, names: Mapping[str, str] = NO_NAMES) -> tuple[str, ...]:
    """Say what excludes a person, or what their best pair loses and to whom, each as a short phrase."""
    if standing.excluded_by:
        return tuple(rule_in_words(rule) for rule in standing.excluded_by)
    if standing.partners_removed is not None:
        return ("nobody to pair with: " + _removed_in_words(standing.partners_removed, "partner"),)
    if standing.pair_broken_by is not None:
        who = names.get(standing.partner, standing.partner)
        return (_PAIR_BROKEN_WORDS[standing.pair_broken_by].format(who=who),)
    if standing.pair is None or standing.shortfall is None:
        return ("in the best pair",)
    said = _shortfall_in_words(standing.pair, standing.shortfall, names)
    if standing.partner:
        return said
    partner = next(one for one in standing.pair.score.pair if one != standing.facilitator_id)
    best_with = f"the best pair is with {names.get(partner, partner)}"
    return (best_with, *said)


def no_pair_in_words(explanation: NoValidPair, names: Mapping[str, str] = NO_NAMES) -> tuple[str, ...]:
    """Say why no pair is valid and, one sentence each, what would make one possible."""
    return (
        "No pair is possible: " + _removed_in_words(explanation.removed, "pair") + ".",
        *(remedy_in_words(remedy, names) for remedy in explanation.remedies),
    )


def remedy_in_words(remedy: Remedy, names: Mapping[str, str] = NO_NAMES) -> str:
    """Say one remedy as a sentence."""
    changes = ", and ".join(_change_in_words(change, names) for change in remedy.changes)
    if not remedy.pair:
        return f"A pair would be possible {changes}."
    return f"{listing(names.get(one, one) for one in remedy.pair)} would be possible {changes}."


def _change_in_words(change: Change, names: Mapping[str, str]) -> str:
    return _CHANGE_WORDS[change.kind].format(
        who=listing(names.get(one, one) for one in change.who),
        move=_count(abs(change.number), "half-day") + (" later" if change.number > 0 else " earlier"),
        people=_count(change.number, "more independent facilitator"),
    )


def _shortfall_in_words(pair: RankedPair, shortfall: Shortfall, names: Mapping[str, str]) -> tuple[str, ...]:
    winner = listing(names.get(one, one) for one in shortfall.to)
    match shortfall.line:
        case ScoreLine.SOFT:
            return tuple(reason_in_words(reason, names) for reason in shortfall.against)
        case ScoreLine.LOAD_SQUARES:
            # The squares grow by 2 × load + 1 for each person, so half the difference is sessions.
            more = _count(shortfall.by // 2, "session")
            together = pair.first.load + pair.second.load
            return (
                f"together {_count(together, 'session')} in the last twelve months, {more} more than with {winner} in the best pair",
            )
        case ScoreLine.TRAVEL:
            return (f"further to travel than with {winner} in the best pair",)
        case _:
            return (f"level with {winner} on all that is compared; the draw decided",)


def _removed_in_words(removed: RemovedPairs, noun: str) -> str:
    parts = [
        f"{_count(number, noun)} {because}"
        for number, because in (
            (removed.capacity, "without a session left in the quarter"),
            (removed.blocked, "not independent or not available for this request"),
            (removed.agency, "of one agency"),
            (removed.slot, "without a date that suits"),
        )
        if number
    ]
    return ", ".join(parts) or f"there is no {noun} at all"


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
