"""An evaluation of many requests: its figures the first time in a unit of work and again, the whole draft, and the draft as a PDF."""

from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import TypeVar

from sqlalchemy.orm import Session

from benchmarks.store import Store
from benchmarks.table import Row
from jags.evaluation.queries import figures
from jags.evaluation.render.formats import write_document
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import Edition, Format
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.work import unit_of_work

MOST_WARM_MS, MOST_COLD_S, MOST_PDF_S = 100.0, 2.0, 10.0
_ROUNDS = 5
_Found = TypeVar("_Found")


def measure(store: Store, *, requests: int) -> list[Row]:
    """Return the rows of a database with so many requests, received over the last year."""
    ports = store.app.extensions["jags_ports"]
    with (
        store.app.app_context(),
        Session(db.engine) as session,
        unit_of_work(session, actor=system("benchmark"), ports=ports, write=False) as work,
    ):
        year = Period(work.today - timedelta(days=364), work.today)

        def read() -> object:
            return figures(work, from_on=year.from_on, to_on=year.to_on)

        _, cold = _timed(read)
        warm = median(_timed(read)[1] for _ in range(_ROUNDS))
        document, whole = _timed(lambda: draft_report(work, Asked(year), Edition.INTERNAL))
        _, pdf = _timed(lambda: write_document(document, Format.PDF))
    name = f"{requests:,} requests, {store.kind}"
    return [
        Row(f"figures of {name}, first", f"{cold:.2f} s", "–", f"≤ {MOST_COLD_S:g} s", cold <= MOST_COLD_S),
        Row(
            f"figures of {name}, again",
            f"{warm * 1000:.0f} ms",
            "–",
            f"≤ {MOST_WARM_MS:g} ms",
            warm * 1000 <= MOST_WARM_MS,
        ),
        Row(f"draft of {name}, every section", f"{whole:.2f} s", "–", "–", None),
        Row(
            f"draft of {name} as PDF, read back",
            f"{pdf:.1f} s",
            "–",
            f"≤ {MOST_PDF_S:g} s",
            pdf <= MOST_PDF_S,
        ),
    ]


def _timed(do: Callable[[], _Found]) -> tuple[_Found, float]:
    begins = perf_counter()
    found = do()
    return found, perf_counter() - begins
