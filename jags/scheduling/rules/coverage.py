"""Which date is best by the agencies that could be there, what each would lose, and whose answer can still change it; pure.

What counts are agencies, not heads (docs/adr/0019-finding-the-date.md): first, where it features transitional safeguarding,
that children's and adults' services are both there, then how many agencies are, then how many are without an "if need be".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from jags.accounts.rules import AgeRemit
from jags.scheduling.rules.dates import Vote

# How surely an agency is there.
_ABSENT, _PERHAPS, _SURE = range(3)
_LEVEL = {Vote.YES: _SURE, Vote.SOMEBODY_ELSE: _SURE, Vote.IF_NEED_BE: _PERHAPS, Vote.NO: _ABSENT}
_SIDES = {AgeRemit.CHILDREN: (1, 0), AgeRemit.ADULTS: (0, 1)}
# Of the agencies there: whether one works with children, whether one with adults, how many, and how many surely.
_Sum: TypeAlias = tuple[int, int, int, int]
# A rank decides between any two dates: the score, and for a tie the earlier one.
_Rank: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True)
class Choice:
    """One of the dates: `key` names it, `starts` is its naive London time."""

    key: str
    starts: datetime


@dataclass(frozen=True)
class Voice:
    """Somebody who was asked: the agency that they speak for, and their votes by date; a date without one is not heard."""

    person: str
    agency: str
    remit: AgeRemit | None = None
    votes: Mapping[str, Vote] = field(default_factory=dict)


@dataclass(frozen=True)
class Coverage:
    """How a date stands: agencies that could be there, would be if need be, would be lost, and have not been heard.

    `yes`, `if_need_be`, `no` and `silent` count people. `sides_missing` are the remits of which somebody was asked and nobody
    is there, where both are wanted.
    """

    choice: Choice
    there: tuple[str, ...]
    perhaps: tuple[str, ...]
    lost: tuple[str, ...]
    unheard: tuple[str, ...]
    yes: int
    if_need_be: int
    no: int
    silent: int
    sides_missing: tuple[AgeRemit, ...]


def coverage(choices: Collection[Choice], voices: Collection[Voice], *, both_sides: bool) -> list[Coverage]:
    """Return how each date stands, the best first.

    The order of what is given never matters, and a better answer never makes a date worse.
    """
    ranked = sorted(choices, key=lambda c: _rank(c, _sum_now(c, voices), both_sides=both_sides), reverse=True)
    return [_covered(choice, voices, both_sides=both_sides) for choice in ranked]


def who_can_change(
    choices: Collection[Choice], voices: Collection[Voice], *, both_sides: bool
) -> frozenset[str]:
    """Return the people whose missing answers can still change which date is best; empty when nobody's can.

    Exact: somebody is named when there is any way in which the others could answer, so that one answer of theirs decides.
    Answers to different dates are independent, so it is enough to ask of each date whether the rank of the best other date can
    lie between its rank without them and its rank with them.
    """
    reachable = {c.key: _reachable(c, voices, both_sides=both_sides) for c in choices}
    return frozenset(
        voice.person
        for voice in voices
        if any(
            choice.key not in voice.votes
            and _decides(choice, voice, voices, reachable, both_sides=both_sides)
            for choice in choices
        )
    )


def _decides(
    choice: Choice,
    voice: Voice,
    voices: Collection[Voice],
    reachable: Mapping[str, Collection[_Rank]],
    *,
    both_sides: bool,
) -> bool:
    rivals = [ranks for key, ranks in reachable.items() if key != choice.key]
    if not rivals:
        return False
    # The best other date has at least the highest of the lowest ranks, and may have any rank above that.
    least = max(min(ranks) for ranks in rivals)
    best_others = [rank for ranks in rivals for rank in ranks if rank >= least]
    own = [v for v in voices if v.agency == voice.agency and v.person != voice.person]
    # Where colleagues are silent, their "no" leaves most to this answer.
    without = max((_level(v, choice) for v in own), default=_ABSENT)
    others = [v for v in voices if v.agency != voice.agency]
    for sum_of_others in _sums(choice, others):
        low, high = (
            _rank(choice, _add(sum_of_others, voice.remit, level), both_sides=both_sides)
            for level in (without, _SURE)
        )
        if any(low < rank < high for rank in best_others):
            return True
    return False


def _reachable(choice: Choice, voices: Collection[Voice], *, both_sides: bool) -> set[_Rank]:
    return {_rank(choice, total, both_sides=both_sides) for total in _sums(choice, voices)}


def _sums(choice: Choice, voices: Collection[Voice]) -> set[_Sum]:
    """Return what the agencies could come to, whatever those who are silent answer."""
    totals: set[_Sum] = {(0, 0, 0, 0)}
    for members in _by_agency(voices):
        level = max(_level(v, choice) for v in members)
        silent = any(choice.key not in v.votes for v in members)
        levels = range(level, _SURE + 1) if silent else (level,)
        totals = {_add(total, members[0].remit, one) for total in totals for one in levels}
    return totals


def _sum_now(choice: Choice, voices: Collection[Voice]) -> _Sum:
    total: _Sum = (0, 0, 0, 0)
    for members in _by_agency(voices):
        total = _add(total, members[0].remit, max(_level(v, choice) for v in members))
    return total


def _add(total: _Sum, remit: AgeRemit | None, level: int) -> _Sum:
    if level == _ABSENT:
        return total
    child, adult, there, sure = total
    # An agency for all ages may send either side, so that it stands for neither.
    of_children, of_adults = _SIDES.get(remit, (0, 0)) if remit else (0, 0)
    return child | of_children, adult | of_adults, there + 1, sure + (level == _SURE)


def _rank(choice: Choice, total: _Sum, *, both_sides: bool) -> _Rank:
    child, adult, there, sure = total
    sides = child + adult if both_sides else 0
    # The earlier of two equal dates is better; the key decides only between equal times.
    return (
        sides,
        there,
        sure,
        -choice.starts.toordinal(),
        -(60 * choice.starts.hour + choice.starts.minute),
        choice.key,
    )


def _covered(choice: Choice, voices: Collection[Voice], *, both_sides: bool) -> Coverage:
    groups: dict[str, list[str]] = {"there": [], "perhaps": [], "lost": [], "unheard": []}
    for members in _by_agency(voices):
        level = max(_level(v, choice) for v in members)
        silent = any(choice.key not in v.votes for v in members)
        name = {_SURE: "there", _PERHAPS: "perhaps"}.get(level, "unheard" if silent else "lost")
        groups[name].append(members[0].agency)
    child, adult, _, _ = _sum_now(choice, voices)
    asked = {v.remit for v in voices}
    missing = [
        r for r, side in ((AgeRemit.CHILDREN, child), (AgeRemit.ADULTS, adult)) if not side and r in asked
    ]
    cast = [v.votes[choice.key] for v in voices if choice.key in v.votes]
    return Coverage(
        choice,
        **{name: tuple(found) for name, found in groups.items()},
        yes=sum(_LEVEL[vote] == _SURE for vote in cast),
        if_need_be=sum(vote is Vote.IF_NEED_BE for vote in cast),
        no=sum(vote is Vote.NO for vote in cast),
        silent=len(voices) - len(cast),
        sides_missing=tuple(missing) if both_sides else (),
    )


def _level(voice: Voice, choice: Choice) -> int:
    return _LEVEL[voice.votes.get(choice.key, Vote.NO)]


def _by_agency(voices: Collection[Voice]) -> Sequence[list[Voice]]:
    """Return who was asked by agency, in alphabetical order."""
    found: dict[str, list[Voice]] = {}
    for voice in sorted(voices, key=lambda v: (v.agency.casefold(), v.agency, v.person)):
        found.setdefault(voice.agency, []).append(voice)
    return list(found.values())
