"""What facilitators and observers said of sessions, counted so that it adds up over sessions and tells of none by itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jags.quality.rules.approach import Share, Told, told
from jags.quality.rules.elements import Element, LineManagers, Principle, Seen, ToolboxUse
from jags.scheduling.rules import KeptToApproach

# What was said of something: answer → how often it was given; under this key, over how many sessions somebody gave one that counts.
SESSIONS = "sessions"
Tallies = Mapping[str, Mapping[str, int]]

HELD, OBSERVED = "held", "observed"
RECORDED, LINE_MANAGERS, HELD_WELL, TOOLBOX = "recorded", "line-managers", "held-well", "toolbox"
YES, NO = "yes", "no"


@dataclass(frozen=True)
class _Question:
    """Which answers say that something was so, and which count nowhere."""

    yes: frozenset[str]
    left_out: frozenset[str] = frozenset()


def by_facilitators(element: Element) -> str:
    """Return under which key it is counted what facilitators saw of an element."""
    return f"facilitators-{element.value}"


def by_observers(element: Element) -> str:
    """Return under which key it is counted what observers saw of an element."""
    return f"observers-{element.value}"


def showed(principle: Principle) -> str:
    """Return under which key it is counted in how many reflections a principle showed."""
    return f"principle-{principle.value}"


_SEEN = _Question(frozenset({Seen.SEEN}), frozenset({Seen.NO_CHANCE}))
_QUESTIONS: Mapping[str, _Question] = {
    **{key(element): _SEEN for element in Element for key in (by_facilitators, by_observers)},
    **{showed(one): _Question(frozenset({YES})) for one in Principle},
    RECORDED: _Question(frozenset({KeptToApproach.YES})),
    LINE_MANAGERS: _Question(
        frozenset({LineManagers.HELD_WELL, LineManagers.PARTLY, LineManagers.IN_THE_WAY}),
        frozenset({LineManagers.NOT_KNOWN}),
    ),
    HELD_WELL: _Question(
        frozenset({LineManagers.HELD_WELL}), frozenset({LineManagers.NOT_KNOWN, LineManagers.NOBODY})
    ),
    TOOLBOX: _Question(frozenset({ToolboxUse.HELPED}), frozenset({ToolboxUse.NOT_USED})),
}


def of_one_session(answers: Iterable[tuple[str, str]], *, observed: int) -> Tallies:
    """Return what was said of one session: what it was said of, and the answer; an empty answer counts nowhere."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    found[HELD][SESSIONS] = 1
    found[OBSERVED][SESSIONS] = observed
    for key, answer in answers:
        if answer:
            found[key][answer] += 1
            if answer not in _QUESTIONS[key].left_out:
                found[key][SESSIONS] = 1
    return {key: dict(tally) for key, tally in found.items()}


def together(several: Iterable[Tallies]) -> Tallies:
    """Return what was said of several sessions together."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for tallies in several:
        for key, tally in tallies.items():
            for answer, number in tally.items():
                found[key][answer] += number
    return {key: dict(tally) for key, tally in found.items()}


def sessions_in(tallies: Tallies, key: str) -> int:
    """Return how many sessions were held, or observed."""
    return tallies.get(key, {}).get(SESSIONS, 0)


def share_in(tallies: Tallies, key: str) -> Share:
    """Return how many of what was said of something say that it was so."""
    question = _QUESTIONS[key]
    given = {answer: number for answer, number in tallies.get(key, {}).items() if answer != SESSIONS}
    if not any(given.values()):
        return Share(Told.NOT_RECORDED)
    return told(
        sessions=tallies[key].get(SESSIONS, 0),
        agreed=sum(number for answer, number in given.items() if answer in question.yes),
        n=sum(number for answer, number in given.items() if answer not in question.left_out),
    )
