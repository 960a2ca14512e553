"""Read what the jobs process has worked out, or is to work out, and the requests that it is about."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from jags.accounts.model import Person
from jags.accounts.queries import contact_of
from jags.allocation.model import Calculation
from jags.allocation.rules.calculation import Answer, CalculationKind, Question
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import visible_to
from jags.requests.rules import State

_WAITS = (Request.state == State.ACCEPTED) & Request.paused_at.is_(None)


def find_calculation(work: Work, kind: CalculationKind) -> Calculation | None:
    """Return the latest calculation of a kind, if there is one."""
    return work.session.scalar(select(Calculation).where(Calculation.kind == kind))


def question_of(work: Work, calculation: Calculation) -> Question:
    """Open what a replay was asked."""
    return work.vault.open(calculation, "question", Question)


def answer_of(work: Work, calculation: Calculation) -> str:
    """Open what came out, as JSON; empty before that."""
    return work.vault.open(calculation, "answer", Answer).text


def waiting_requests(work: Work) -> Sequence[Request]:
    """Return the requests that wait for facilitators, received first: accepted, and not paused."""
    return work.session.scalars(
        select(Request)
        .where(_WAITS, visible_to(work.actor))
        .options(joinedload(Request.agency))
        .order_by(Request.received_at, Request.id)
    ).all()


def count_waiting(work: Work) -> int:
    """Count the requests that wait for facilitators, as far as the actor may see them."""
    return work.session.scalar(select(func.count()).where(_WAITS, visible_to(work.actor))) or 0


def requests_by_id(work: Work, request_ids: Collection[uuid.UUID]) -> dict[str, Request]:
    """Return those of some requests that the actor may see, by id as text."""
    found = work.session.scalars(
        select(Request).where(Request.id.in_(request_ids), visible_to(work.actor)).order_by(Request.id)
    )
    return {str(request.id): request for request in found}


def people_by_id(work: Work, person_ids: Collection[uuid.UUID]) -> dict[str, tuple[str, str]]:
    """Return the name and the agency of people, by id as text, by two queries."""
    people = work.session.scalars(
        select(Person).where(Person.id.in_(person_ids)).options(joinedload(Person.agency)).order_by(Person.id)
    ).all()
    work.vault.prefetch(people)
    return {
        str(person.id): (contact_of(work, person).name, person.agency.name if person.agency else "")
        for person in people
    }
