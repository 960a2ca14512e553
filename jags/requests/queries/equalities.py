"""Read whether somebody may still answer the optional questions, and the figures of years that are over."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from jags.kernel.work import Work
from jags.requests.model import EqualityTally, EqualityYear, Request
from jags.requests.rules import (
    EQUALITIES_MARK_BYTES,
    Equality,
    equality_choices,
    shown_number,
)
from jags.settings.queries import partnership

_KEY = "equalities"


@dataclass(frozen=True)
class EqualitiesOfYear:
    """A year that is over: how many answered, and question → words of an answer → number; None: hidden, from 1 to 5.

    There are no figures where too few answered.
    """

    year: int
    answers: int
    figures: Mapping[Equality, Mapping[str, int | None]]


def may_answer_equalities(work: Work, request: Request) -> bool:
    """Tell whether the optional questions of a request that was sent are still to be answered."""
    if request.received_on is None:
        return False
    row = work.session.get(EqualityYear, request.received_on.year)
    if row is None:
        return True
    marks = [
        row.marks[start : start + EQUALITIES_MARK_BYTES]
        for start in range(0, len(row.marks), EQUALITIES_MARK_BYTES)
    ]
    return row.answers is None and (not marks or equalities_mark(work, request) not in marks)


def equalities_mark(work: Work, request: Request) -> bytes:
    """Return what stands for a request whose optional questions were answered; it leads back only with the key."""
    return hmac.new(work.vault.system_key(_KEY), request.id.bytes, hashlib.sha256).digest()


def equalities_by_year(work: Work) -> list[EqualitiesOfYear]:
    """Return the figures of the years that were counted, the latest first.

    No totals of a question are told, so a hidden number stays one of five. What is no longer offered keeps its code.
    """
    numbers: dict[int, dict[tuple[Equality, str], int]] = {}
    counted: dict[int, int] = {}
    for year, answers, tally in work.session.execute(
        select(EqualityYear.year, EqualityYear.answers, EqualityTally)
        .outerjoin(EqualityTally, EqualityTally.year == EqualityYear.year)
        .where(EqualityYear.answers.is_not(None))
        .order_by(EqualityYear.year.desc())
    ):
        counted[year] = answers or 0
        if tally is not None:
            numbers.setdefault(year, {})[tally.question, tally.choice] = tally.number
    offered = equality_choices(partnership(work))
    return [
        EqualitiesOfYear(year, answers, _figures(numbers.get(year, {}), offered))
        for year, answers in counted.items()
    ]


def _figures(
    numbers: Mapping[tuple[Equality, str], int], offered: Mapping[Equality, Mapping[str, str]]
) -> dict[Equality, dict[str, int | None]]:
    if not numbers:
        return {}
    figures: dict[Equality, dict[str, int | None]] = {}
    for question, words in offered.items():
        given = [choice for asked, choice in sorted(numbers) if asked is question]
        codes = dict.fromkeys([*words, *given])
        figures[question] = {
            words.get(code, code): shown_number(numbers.get((question, code), 0)) for code in codes
        }
    return figures
