"""Whether a report of one locality can be released: nobody is found by what reports say together (docs/adr/0027-what-a-release-narrows.md).

Reports of one locality are of the same dates or share no day, and tell of a locality and dates once. So whatever somebody takes
from each other is some of these localities of some dates, and any blocks of all requests.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from jags.evaluation.rules.blocks import LEAST_RECORDS
from jags.evaluation.rules.counting import Period

# Under these keys a block keeps how many of its requests came from each locality.
LOCALITIES, REQUESTS = "localities", "requests"
# Locality → requests.
ByLocality = Mapping[str, int]


@dataclass(frozen=True)
class Narrowed:
    """What another report of one locality tells of, released, withdrawn or on its way."""

    locality: str
    periods: tuple[Period, ...]


def why_not_beside(locality: str, period: Period, earlier: Iterable[Narrowed]) -> str:
    """Return why a report of a locality and a period cannot stand beside those released before; empty when it can."""
    for other in earlier:
        for told in other.periods:
            if told == period and other.locality == locality:
                return (
                    "This is a draft that cannot be released: these dates of this locality were told before. Requests that came later "
                    "would show by the difference, also after that report was withdrawn."
                )
            if told != period and told.from_on <= period.to_on and period.from_on <= told.to_on:
                return (
                    f"This is a draft that cannot be released: a report of {other.locality} tells of {told.from_on:%-d %B %Y} to "
                    f"{told.to_on:%-d %B %Y}, which shares days with this one. Choose the same dates, or dates that share no day."
                )
    return ""


def localities_told(period: Period, earlier: Iterable[Narrowed]) -> frozenset[str]:
    """Return the localities of which other reports tell for a period."""
    return frozenset(one.locality for one in earlier if period in one.periods)


def why_not_narrowed(
    locality: str, others: Collection[str], blocks: Collection[tuple[int, ByLocality]]
) -> str:
    """Return why a report of one locality, over some blocks, stays a draft; empty when it can be released.

    `others` are the localities of which other reports tell for the same blocks. Each block is how many requests it holds, and how many
    of these came from each locality. The days between two listed dates are such blocks as well.
    """
    if sum(found.get(locality, 0) for _, found in blocks) < LEAST_RECORDS:
        return (
            f"This is a draft that cannot be released: it counts fewer than {LEAST_RECORDS} requests of this locality in whole "
            "groups, so that somebody could be known by it."
        )
    for some in _with_others(locality, others):
        # A reader holds any reports of all localities: block by block, the nearest of them counts it or leaves it out.
        told = [(whole, sum(found.get(one, 0) for one in some)) for whole, found in blocks]
        if sum(min(number, whole - number) for whole, number in told) < LEAST_RECORDS:
            return (
                "This is a draft that cannot be released: beside other reports it would tell of few requests by themselves. "
                "A longer period may do, or fewer localities."
            )
    return ""


def _with_others(locality: str, others: Collection[str]) -> Iterator[tuple[str, ...]]:
    """Return the locality with every choice of the others, which somebody may add to it."""
    rest = sorted(set(others) - {locality})
    for number in range(len(rest) + 1):
        for some in combinations(rest, number):
            yield (locality, *some)
