"""Measure the guard on labelled texts: what it finds, what it misses, where it raises a false alarm."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from jags.kernel.errors import Invalid
from jags.kernel.identifiers.finding import Finding, Kind
from jags.kernel.identifiers.names import find_likely_names
from jags.kernel.identifiers.search import find_identifiers

_MARK = re.compile(r"\[\[(\w+)\|(.+?)\]\]", re.DOTALL)
_TODAY = re.compile(r"# today: (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True)
class Labelled:
    """A text, the places in it that identify somebody, and the London date on which it is read."""

    text: str
    marked: tuple[Finding, ...]
    today: date


@dataclass
class Figures:
    """What came of one kind: how often it stands in the texts, and what was missed or alarmed wrongly, as (text, words)."""

    there: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)
    # Texts without anything of this kind, and the false alarms in them and beside what is marked.
    without: int = 0
    alarms: list[tuple[str, str]] = field(default_factory=list)
    texts_alarmed: int = 0

    @property
    def found(self) -> int:
        """Return how many were found."""
        return self.there - len(self.missed)


@dataclass
class Measured:
    """The figures of each kind, and of all that stop a text together; names are apart, because they do not stop it."""

    kinds: dict[Kind, Figures]
    stops: Figures


def read_labelled(lines: Iterable[str], *, today: date) -> list[Labelled]:
    r"""Return the texts of a file: one a line, `\n` for a line break, `[[kind|words]]` for what identifies somebody.

    Lines that begin with # are remarks; `# today: 2026-11-24` sets the date, which is `today` where none is set. Raises
    `Invalid` for a kind that there is none of.
    """
    found = []
    for line in lines:
        if setting := _TODAY.match(line):
            today = date.fromisoformat(setting[1])
        elif line.strip() and not line.startswith("#"):
            found.append(_labelled(line.strip().replace("\\n", "\n"), today))
    return found


def measure(texts: Iterable[Labelled]) -> Measured:
    """Return what the guard does with labelled texts."""
    measured = Measured({kind: Figures() for kind in Kind}, Figures())
    for one in texts:
        found = (*find_identifiers(one.text, today=one.today), *find_likely_names(one.text))
        for kind, figures in measured.kinds.items():
            _count(figures, one, found, {kind})
        _count(measured.stops, one, found, set(Kind) - {Kind.NAME})
    return measured


def _count(figures: Figures, one: Labelled, found: tuple[Finding, ...], kinds: set[Kind]) -> None:
    marked = [place for place in one.marked if place.kind in kinds]
    seen = [place for place in found if place.kind in kinds]
    figures.there += len(marked)
    figures.missed += [
        (one.text, _words(one, m)) for m in marked if not any(_same(m, place) for place in seen)
    ]
    alarms = [place for place in seen if not any(_same(m, place) for m in marked)]
    figures.alarms += [(one.text, _words(one, place)) for place in alarms]
    figures.without += not marked
    figures.texts_alarmed += bool(alarms) and not marked


def _same(one: Finding, other: Finding) -> bool:
    return one.kind is other.kind and one.start < other.end and other.start < one.end


def _words(one: Labelled, place: Finding) -> str:
    return one.text[place.start : place.end]


def _labelled(line: str, today: date) -> Labelled:
    text, marked, done = "", [], 0
    for mark in _MARK.finditer(line):
        text += line[done : mark.start()]
        try:
            kind = Kind(mark[1])
        except ValueError:
            raise Invalid(f"There is no kind {mark[1]!r}; the kinds are {', '.join(Kind)}.") from None
        marked.append(Finding(kind, len(text), len(text) + len(mark[2])))
        text, done = text + mark[2], mark.end()
    return Labelled(text + line[done:], tuple(marked), today)
