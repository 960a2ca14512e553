"""Read what tables about children count of requests."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from jags.evaluation.rules.children import ChildFacts
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request, RequestChoice
from jags.requests.rules import RECEIVED, Question
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState

_QUESTIONS = (Question.AGE_BAND, Question.PLAN, Question.TRANSITIONAL_FEATURE, Question.DATE_MATTERS)


@dataclass(frozen=True)
class ChildRecord:
    """A request with its keyed hash, its London date and what is counted of it."""

    record_hash: bytes
    received_on: date
    facts: ChildFacts


def child_records(work: Work, *, from_on: date | None = None, to_on: date) -> Iterator[ChildRecord]:
    """Return the requests received up to a London date, from another one where it is given, by three queries."""
    wanted = Request.state.in_(sorted(RECEIVED)) & (Request.received_on <= to_on)
    if from_on is not None:
        wanted &= Request.received_on >= from_on
    chosen: dict[uuid.UUID, dict[Question, set[str]]] = defaultdict(lambda: defaultdict(set))
    for request_id, question, choice in work.session.execute(
        select(RequestChoice.request_id, RequestChoice.question, RequestChoice.choice)
        .join(Request, Request.id == RequestChoice.request_id)
        .where(wanted, RequestChoice.question.in_(_QUESTIONS))
    ):
        chosen[request_id][question].add(choice)
    held = dict(
        work.session.execute(
            select(JagsSession.request_id, func.min(JagsSession.starts_at))
            .join(Request, Request.id == JagsSession.request_id)
            .where(wanted, JagsSession.state == SessionState.HELD)
            .group_by(JagsSession.request_id)
        ).all()
    )
    for request_id, received_on, confirmed, locality in work.session.execute(
        select(Request.id, Request.received_on, Request.transitional_confirmed, Request.locality)
        .where(wanted)
        .order_by(Request.received_on, Request.id)
    ):
        if received_on is None:
            raise AssertionError("what was received has the date of that")
        answers = chosen[request_id]
        begins = held.get(request_id)
        yield ChildRecord(
            work.vault.blind_index("ledger", str(request_id)),
            received_on,
            ChildFacts(
                ages=frozenset(answers[Question.AGE_BAND]),
                plans=frozenset(answers[Question.PLAN]),
                features=frozenset(answers[Question.TRANSITIONAL_FEATURE]),
                dates=frozenset(answers[Question.DATE_MATTERS]),
                confirmed=bool(confirmed),
                held_after=None if begins is None else (london_date(begins) - received_on).days,
                locality=locality or "",
            ),
        )
