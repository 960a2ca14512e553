"""Whether a report of one locality can be released: no two releases may differ by few requests (docs/adr/0027-what-a-release-narrows.md)."""

from collections.abc import Iterable, Mapping

from jags.evaluation.rules.blocks import LEAST_RECORDS

# Under these keys a block keeps how many of its requests came from each locality.
LOCALITIES, REQUESTS = "localities", "requests"
# Block → requests.
InBlocks = Mapping[str, int]


def why_not_narrowed(of_locality: InBlocks, whole: InBlocks, earlier: Iterable[InBlocks]) -> str:
    """Return why a report of one locality, over some blocks, stays a draft; empty when it can be released.

    `of_locality` are the requests of the locality in each block that the report counts, `whole` all of that block; `earlier` are those
    that other reports of the same locality count. Reports of all localities count whole blocks, whichever these are. The days
    between two listed dates are such blocks as well.
    """
    if sum(of_locality.values()) < LEAST_RECORDS:
        return (
            f"This is a draft that cannot be released: it counts fewer than {LEAST_RECORDS} requests of this locality in whole "
            "groups, so that somebody could be known by it."
        )
    # A reader holds any reports of all localities: block by block, the nearest of them counts it or leaves it out.
    apart = sum(min(number, whole[block] - number) for block, number in of_locality.items())
    if _is_few(apart) or any(_is_few(_between(of_locality, other)) for other in earlier):
        return (
            "This is a draft that cannot be released: beside other reports it would tell of few requests by themselves. "
            "A longer period may do."
        )
    return ""


def _between(one: InBlocks, other: InBlocks) -> int:
    """Return how many requests of the locality only one of two reports counts."""
    return sum({**one, **other}[block] for block in one.keys() ^ other.keys())


def _is_few(number: int) -> bool:
    return 0 < number < LEAST_RECORDS
