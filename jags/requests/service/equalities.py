"""Take optional equalities answers into one sealed row a year, and count them once the year is over.

Two copies of the database one answer apart tell that somebody answered, and neither who nor what
(docs/adr/0005-anonymous-feedback.md).
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import select, text

from jags.accounts.policy import require
from jags.accounts.rules import Permission, Purpose
from jags.kernel.box import OVERHEAD, open_as_jobs, seal_for_jobs
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import EqualityTally, EqualityYear, Request
from jags.requests.policy import request_by_link
from jags.requests.queries import equalities_mark, may_answer_equalities
from jags.requests.rules import (
    EQUALITIES_LEAST,
    EQUALITIES_MARK_BYTES,
    Equality,
    equalities_close_on,
    equality_choices,
)
from jags.settings.queries import partnership

# All answers have one size, so that none can be told from another by it.
_PLAIN_BYTES = 1_024
_ENVELOPE_BYTES = _PLAIN_BYTES + OVERHEAD
_BEGIN_YEAR = text(
    "INSERT INTO equality_year (year, body, marks) VALUES (:year, :empty, :empty) ON CONFLICT (year) DO NOTHING"
)


def answer_equalities(work: Work, request: Request, answers: Mapping[Equality, str]) -> bool:
    """Put one request's answers to those of the London year in which it was received; what is empty is left out.

    Answered once for each request: a second time changes nothing, and neither does an answer after the year was counted; then
    it returns False. Of two that come at once the second waits for the first.
    Nothing is written but the row of the year: no audit event, no time, nothing at the request. Raises `Invalid` for an
    answer that is not offered, `LinkNotValid` for somebody else's request.
    """
    request_by_link(work, request.id, Purpose.REQUEST_DRAFT)
    if request.received_on is None:
        raise Invalid("Send your request first.")
    choices = equality_choices(partnership(work))
    for question, choice in answers.items():
        if choice and choice not in choices[question]:
            raise Invalid("Select one of the answers that are offered.", field=question)
    year = request.received_on.year
    work.session.execute(_BEGIN_YEAR, {"year": year, "empty": b""})
    row = _locked(work, year)
    if not may_answer_equalities(work, request):
        return False
    chosen = {question.value: choice for question, choice in answers.items() if choice}
    plain = json.dumps(chosen).encode().ljust(_PLAIN_BYTES)
    envelope = seal_for_jobs(work, _info(year), plain)
    row.body = b"".join(sorted([*_pieces(row.body, _ENVELOPE_BYTES), envelope]))
    row.marks = b"".join(sorted([*_pieces(row.marks, EQUALITIES_MARK_BYTES), equalities_mark(work, request)]))
    work.session.flush()
    return True


def count_equalities(work: Work) -> int:
    """Count the answers of each year that is over, all at once; return how many years.

    Of a year with fewer than ten answers only that number is kept. Only the scheduler process can open them.
    """
    require(work.actor, Permission.REQUEST_TRIAGE)
    waiting = work.session.scalars(
        select(EqualityYear.year).where(EqualityYear.answers.is_(None)).order_by(EqualityYear.year)
    ).all()
    over = [year for year in waiting if equalities_close_on(year) <= work.today]
    for year in over:
        _count(work, year)
    return len(over)


def _count(work: Work, year: int) -> None:
    row = _locked(work, year)
    envelopes = list(_pieces(row.body, _ENVELOPE_BYTES))
    if len(envelopes) >= EQUALITIES_LEAST:
        counted: Counter[tuple[str, str]] = Counter()
        for envelope in envelopes:
            counted.update(json.loads(open_as_jobs(work, _info(year), envelope)).items())
        for (question, choice), number in sorted(counted.items()):
            key = (year, Equality(question), choice)
            tally = work.session.get(EqualityTally, key)
            if tally is None:
                tally = EqualityTally(year=year, question=Equality(question), choice=choice, number=0)
                work.session.add(tally)
            tally.number += number
    row.answers, row.body, row.marks = len(envelopes), b"", b""
    work.record("equalities:counted", str(year), year=year, answers=len(envelopes))


def _locked(work: Work, year: int) -> EqualityYear:
    found = select(EqualityYear).where(EqualityYear.year == year)
    return work.session.scalars(found.with_for_update().execution_options(populate_existing=True)).one()


def _info(year: int) -> str:
    return f"equalities|{year}"


def _pieces(joined: bytes, size: int) -> Iterator[bytes]:
    return (joined[start : start + size] for start in range(0, len(joined), size))
