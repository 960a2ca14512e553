"""Keep the sectors that people told apart from what they answered, and count them once the year is over.

Never for a session: while a year lasts they lie sealed together, an envelope for each opened answer, told or not
(docs/adr/0005-anonymous-feedback.md).
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import select, text

from jags.accounts.rules import Sector
from jags.feedback.model import SectorTally, SectorYear
from jags.feedback.policy import require_job
from jags.feedback.rules import LEAST_OF_SECTOR, year_began_on
from jags.kernel.box import OVERHEAD, open_as_jobs, seal_for_jobs
from jags.kernel.work import Work

_PLAIN_BYTES = 32
_ENVELOPE_BYTES = _PLAIN_BYTES + OVERHEAD
_BEGIN_YEAR = text(
    "INSERT INTO feedback_sector_year (year, body) VALUES (:year, :empty) ON CONFLICT (year) DO NOTHING"
)


def keep_sectors(work: Work, sectors: Iterable[str]) -> None:
    """Put the sectors of answers that were opened together to those of the year, empty ones too, in no order."""
    year = year_began_on(work.today).year
    work.session.execute(_BEGIN_YEAR, {"year": year, "empty": b""})
    row = _locked(work, year)
    sealed = [seal_for_jobs(work, _info(year), sector.encode().ljust(_PLAIN_BYTES)) for sector in sectors]
    row.body = b"".join(sorted([*_envelopes(row.body), *sealed]))
    work.session.flush()


def count_sectors(work: Work) -> int:
    """Count the sectors of each year that is over, those that ten answers or more came from; return how many years.

    Of smaller ones nothing is kept, and neither is how many told none. Only the scheduler process can open them.
    """
    require_job(work.actor)
    waiting = work.session.scalars(
        select(SectorYear.year)
        .where(SectorYear.answers.is_(None), SectorYear.year < year_began_on(work.today).year)
        .order_by(SectorYear.year)
    ).all()
    for year in waiting:
        _count(work, year)
    return len(waiting)


def _count(work: Work, year: int) -> None:
    row = _locked(work, year)
    envelopes = list(_envelopes(row.body))
    told = Counter(open_as_jobs(work, _info(year), one).decode().strip() for one in envelopes)
    work.session.add_all(
        SectorTally(year=year, sector=sector, number=told[sector.value])
        for sector in Sector
        if told[sector.value] >= LEAST_OF_SECTOR
    )
    row.answers, row.body = len(envelopes), b""
    work.record("feedback_sectors:counted", str(year), year=year, answers=len(envelopes))


def _locked(work: Work, year: int) -> SectorYear:
    found = select(SectorYear).where(SectorYear.year == year)
    return work.session.scalars(found.with_for_update().execution_options(populate_existing=True)).one()


def _info(year: int) -> str:
    return f"feedback-sectors|{year}"


def _envelopes(body: bytes) -> Iterator[bytes]:
    return (body[start : start + _ENVELOPE_BYTES] for start in range(0, len(body), _ENVELOPE_BYTES))
