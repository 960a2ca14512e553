"""An evaluation of many requests, half of them held and reflected on: its figures, the whole draft, the draft as a PDF, and the memory that they take."""

import tracemalloc
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.made_up import benchmark_work
from benchmarks.store import Store
from benchmarks.table import Row
from jags.accounts.model import Agency
from jags.accounts.rules import Contact
from jags.accounts.service import add_person
from jags.evaluation.queries import figures
from jags.evaluation.render.formats import write_document
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import Edition, Format
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.ids import new_id
from jags.kernel.time import LONDON
from jags.kernel.work import Work, unit_of_work
from jags.quality.model import FacilitatorReflection
from jags.quality.rules.elements import Element, Seen
from jags.quality.rules.reflections import Pooled
from jags.requests.model import Request
from jags.requests.rules import State
from jags.scheduling.model import AgencyAttendance, JagsSession, SessionRecord
from jags.scheduling.rules import Attendance, KeptToApproach, SessionState

MOST_WARM_MS, MOST_COLD_S, MOST_PDF_S, MOST_MB = 100.0, 2.0, 10.0, 40.0
_BATCH = 500
_ROUNDS = 5
_Found = TypeVar("_Found")


def fill(store: Store) -> None:
    """Hold every other request, each with the agencies that were there and two sealed reflections."""
    with store.app.app_context(), Session(db.engine) as session:
        with benchmark_work(store.app, session) as work:
            people = [
                add_person(work, contact=Contact(f"Facilitator {n}", f"f{n}@example.org")).id
                for n in range(2)
            ]
            agencies = work.session.scalars(select(Agency.id).order_by(Agency.key)).all()
            ids = work.session.scalars(select(Request.id).order_by(Request.id)).all()[::2]
        for first in range(0, len(ids), _BATCH):
            with benchmark_work(store.app, session) as work:
                for request in work.session.scalars(
                    select(Request).where(Request.id.in_(ids[first : first + _BATCH]))
                ):
                    _hold(work, request, people, agencies)
            session.expunge_all()


def _hold(work: Work, request: Request, people: Sequence[uuid.UUID], agencies: Sequence[uuid.UUID]) -> None:
    request.state = State.HELD
    starts_at = (request.received_at or work.now) + timedelta(hours=1)
    held = JagsSession(
        id=new_id(),
        key_id=request.key_id,
        request_id=request.id,
        state=SessionState.HELD,
        starts_at=starts_at,
        wall_start=starts_at.astimezone(LONDON).replace(tzinfo=None),
        minutes=120,
        calendar_uid=f"{request.id}@example.org",
    )
    held.attendance = [
        AgencyAttendance(
            position=n,
            agency_id=agencies[(n + request.id.int) % len(agencies)],
            attendance=Attendance.PRESENT,
        )
        for n in range(5)
    ]
    held.record = SessionRecord(
        key_id=request.key_id,
        recorded_by=people[0],
        recorded_at=starts_at,
        minutes=120,
        kept_to_approach=KeptToApproach.YES,
        people_present=6,
    )
    work.session.add(held)
    # Reflections know their session by its id alone, so that it has to be there first.
    work.session.flush()
    for person_id in people:
        row = FacilitatorReflection(
            key_id=request.key_id, session_id=held.id, person_id=person_id, saved_at=starts_at
        )
        work.vault.seal(
            row, "pooled", Pooled({one.value: Seen.SEEN for one in Element}, principles=("relational",))
        )
        work.session.add(row)


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
        public, outside = _timed(lambda: draft_report(work, Asked(year), Edition.PUBLIC))
        megabytes = {
            "figures": _megabytes(lambda: figures(work, from_on=year.from_on, to_on=work.today)),
            "the draft": _megabytes(lambda: draft_report(work, Asked(year), Edition.INTERNAL)),
            "its PDF": _megabytes(lambda: write_document(public, Format.PDF)),
        }
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
        Row(f"draft of {name}, public edition", f"{outside:.2f} s", "–", "–", None),
        *(
            Row(
                f"memory that {what} of {name} takes",
                f"{taken:.0f} MB",
                "–",
                f"≤ {MOST_MB:g} MB",
                taken <= MOST_MB,
            )
            for what, taken in megabytes.items()
        ),
    ]


def _megabytes(do: Callable[[], object]) -> float:
    """Return how much more memory is in use at the most while something is done, in megabytes of 1,000,000 bytes."""
    tracemalloc.start()
    try:
        do()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _timed(do: Callable[[], _Found]) -> tuple[_Found, float]:
    begins = perf_counter()
    found = do()
    return found, perf_counter() - begins
