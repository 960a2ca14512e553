"""Read from which sectors feedback came, in whole years that are over."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from jags.accounts.rules import Sector
from jags.feedback.model import SectorTally, SectorYear
from jags.kernel.work import Work


@dataclass(frozen=True)
class SectorsOfYear:
    """A year from 1 April that is over: answers opened in it, and how many came from each sector that had ten or more.

    How many told no sector is not said, so a smaller one cannot be worked out from the rest.
    """

    year: int
    answers: int
    numbers: Mapping[Sector, int]


def sectors_by_year(work: Work) -> list[SectorsOfYear]:
    """Return the years that were counted, the latest first, with one query; sectors in the order of their names."""
    answers: dict[int, int] = {}
    numbers: dict[int, dict[Sector, int]] = {}
    for year, opened, tally in work.session.execute(
        select(SectorYear.year, SectorYear.answers, SectorTally)
        .outerjoin(SectorTally, SectorTally.year == SectorYear.year)
        .where(SectorYear.answers.is_not(None))
        .order_by(SectorYear.year.desc(), SectorTally.sector)
    ):
        answers[year] = opened or 0
        if tally is not None:
            numbers.setdefault(year, {})[tally.sector] = tally.number
    return [SectorsOfYear(year, opened, numbers.get(year, {})) for year, opened in answers.items()]
