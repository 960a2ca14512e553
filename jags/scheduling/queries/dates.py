"""Read questions about dates: who may ask them, how they stand by agency, and what somebody who was asked sees."""

import math
import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from jags.accounts.queries import is_recused, recusals_of
from jags.accounts.rules import Permission
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries import agreed_facilitators
from jags.allocation.rules import OfferState
from jags.kernel.errors import NotFound
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import State
from jags.scheduling.model import DateAsked, DateOption, DateQuestion
from jags.scheduling.rules import (
    Vote,
)
from jags.settings.queries import partnership


def get_request_to_date(work: Work, request_id: uuid.UUID) -> Request:
    """Return a request whose date the actor may find: a coordinator, or, where the setting says so, its two facilitators.

    Raises `NotFound` for everybody else, and for who is recused from it.
    """
    if work.actor.can(Permission.SESSION_ARRANGE):
        return get_request(work, request_id)
    me = work.actor.person_id
    if (
        me is None
        or not partnership(work).facilitators_find_dates
        or me not in agreed_facilitators(work, request_id)
        or is_recused(work, me, request_id)
    ):
        raise NotFound("There is no such request.")
    return work.session.get_one(Request, request_id)


def find_question(work: Work, request_id: uuid.UUID) -> DateQuestion | None:
    """Return the question about the date of a request that is open, or the latest; None where none was asked."""
    latest = (
        select(DateQuestion.id)
        .where(DateQuestion.request_id == request_id)
        .order_by(DateQuestion.closed_at.is_(None).desc(), DateQuestion.asked_at.desc(), DateQuestion.id)
        .limit(1)
        .scalar_subquery()
    )
    return work.session.scalars(whole_questions().where(DateQuestion.id == latest)).unique().one_or_none()


def get_question(work: Work, question_id: uuid.UUID, *, hold: bool = False) -> DateQuestion:
    """Return a question of a request whose date the actor may find; raises `NotFound`.

    To change it, it is read as the database has it now and held until the end of this unit of work.
    """
    wanted = question_held(question_id) if hold else whole_questions().where(DateQuestion.id == question_id)
    found = work.session.scalars(wanted).unique().one_or_none()
    if found is None:
        raise NotFound("There is no such question.")
    get_request_to_date(work, found.request_id)
    return found


def question_held(question_id: uuid.UUID) -> Select[DateQuestion]:
    """Return the query of a question as the database has it now, held until the end of the unit of work."""
    return (
        select(DateQuestion)
        .where(DateQuestion.id == question_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def open_question_of(work: Work, request_id: uuid.UUID) -> DateQuestion | None:
    """Return the question of a request that is not closed, if there is one, as the database has it now, held as above."""
    return work.session.scalar(
        select(DateQuestion)
        .where(DateQuestion.request_id == request_id, DateQuestion.closed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def get_asked(work: Work, asked_id: uuid.UUID) -> DateAsked:
    """Return somebody who was asked; raises `NotFound` when they are not asked any more. The caller checks whose it is."""
    found = work.session.scalar(
        select(DateAsked)
        .where(DateAsked.id == asked_id)
        .options(
            joinedload(DateAsked.question).joinedload(DateQuestion.request),
            joinedload(DateAsked.member),
            joinedload(DateAsked.stand_in),
            selectinload(DateAsked.votes),
        )
    )
    if found is None or found.member.removed_at is not None:
        raise NotFound("You are not asked about these dates any more, so you need not do anything.")
    return found


def answers_until(question: DateQuestion) -> date:
    """Return the last London day for an answer: a pause since it was asked gives its time back, in whole days."""
    paused = question.request.paused_seconds - question.paused_seconds
    return question.answer_by + timedelta(days=math.ceil(paused / timedelta(days=1).total_seconds()))


def takes_answers(work: Work, question: DateQuestion) -> bool:
    """Tell whether a question can be answered now."""
    request = question.request
    return (
        question.closed_at is None
        and request.state is State.FACILITATORS_AGREED
        and not request.paused
        and work.today <= answers_until(question)
    )


def member_ids_for(option: DateOption) -> list[uuid.UUID]:
    """Return whom to invite on a date: everybody who was asked, or who comes instead of them.

    Whoever said that they cannot is among them: nobody sees who said what, and their invitation lets them send a colleague.
    """
    found = []
    for asked in option.question.people:
        vote = next((v.vote for v in asked.votes if v.option_id == option.id), None)
        instead = asked.instead if vote is Vote.SOMEBODY_ELSE and not asked.stand_in_waits else None
        found.append(instead.id if instead else asked.member_id)
    return found


def find_option(work: Work, request_id: uuid.UUID, option_id: uuid.UUID) -> DateOption | None:
    """Return one of the dates that were asked for a request, if it is one."""
    return work.session.scalar(
        select(DateOption)
        .join(DateOption.question)
        .where(DateOption.id == option_id, DateQuestion.request_id == request_id)
        .options(
            joinedload(DateOption.question).selectinload(DateQuestion.asked).selectinload(DateAsked.votes)
        )
    )


def asked_before(work: Work, request_id: uuid.UUID) -> list[uuid.UUID]:
    """Return the members who were asked about dates of a request last; nobody where none was asked."""
    latest = (
        select(DateQuestion.id)
        .where(DateQuestion.request_id == request_id)
        .order_by(DateQuestion.asked_at.desc(), DateQuestion.id)
        .limit(1)
        .scalar_subquery()
    )
    asked = select(DateAsked.member_id).where(DateAsked.question_id == latest)
    return list(work.session.scalars(asked.order_by(DateAsked.position, DateAsked.id)))


def questions_due(work: Work) -> Sequence[DateQuestion]:
    """Return the open questions of requests that wait for a date and are not paused, the oldest first."""
    return work.session.scalars(questions_of_waiting(DateQuestion.closed_at.is_(None))).unique().all()


def dates_to_find(work: Work, person_id: uuid.UUID) -> list[tuple[uuid.UUID, str]]:
    """Return id and reference of the requests for which a facilitator may find the date now."""
    if not partnership(work).facilitators_find_dates:
        return []
    rows = work.session.execute(
        select(Request.id, Request.reference)
        .join(OfferedPair, OfferedPair.request_id == Request.id)
        .join(Offer, Offer.pair_id == OfferedPair.id)
        .where(
            Offer.person_id == person_id,
            Offer.state == OfferState.ACCEPTED,
            Request.state == State.FACILITATORS_AGREED,
            Request.paused_at.is_(None),
            Request.id.not_in(recusals_of(work.actor.person_id)),
        )
        .order_by(Request.reference)
    )
    return [(request_id, reference or "") for request_id, reference in rows]


def whole_questions() -> Select[DateQuestion]:
    """Return the query of questions with their dates, and who was asked with their votes: two queries, however much that is."""
    return select(DateQuestion).options(
        joinedload(DateQuestion.request),
        joinedload(DateQuestion.options),
        selectinload(DateQuestion.asked).options(
            joinedload(DateAsked.member), joinedload(DateAsked.stand_in), joinedload(DateAsked.votes)
        ),
    )


def questions_of_waiting(*conditions: object) -> Select[DateQuestion]:
    """Return the query of questions of requests that wait for a date and are not paused: the oldest first, an open one last."""
    return (
        whole_questions()
        .join(DateQuestion.request)
        .where(Request.state == State.FACILITATORS_AGREED, Request.paused_at.is_(None), *conditions)  # type: ignore[arg-type] # Conditions of columns.
        .order_by(DateQuestion.closed_at.is_(None), DateQuestion.asked_at, DateQuestion.id)
    )
