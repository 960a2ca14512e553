"""Read questions about dates: who may ask them, how they stand by agency, and what somebody who was asked sees."""

import math
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from jags.accounts.queries import is_recused, names_of, recusals_of
from jags.accounts.rules import AgeRemit, Permission
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.queries import agreed_facilitators
from jags.allocation.rules import OfferState
from jags.kernel.errors import NotFound
from jags.kernel.time import date_in_words, day_in_words, london_date, time_in_words
from jags.kernel.work import Work
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import get_request, visible_to
from jags.requests.rules import NetworkContact, State, working_day_after
from jags.scheduling.model import DateAsked, DateOption, DateQuestion
from jags.scheduling.queries.slots import judged_slots
from jags.scheduling.rules import (
    Choice,
    Coverage,
    Outcome,
    Slot,
    ToldBy,
    Voice,
    Vote,
    coverage,
    who_can_change,
)
from jags.settings.queries import partnership

_NO_AGENCY = "Agency not recorded"


@dataclass(frozen=True)
class AskedLine:
    """Somebody who was asked, without what they answered: that is counted, and seen by agency."""

    id: uuid.UUID
    name: str
    role: str
    agency: str
    phone: str
    reachable: bool
    answered: bool
    # "told us by telephone on 3 March 2026, noted by …"; empty for an answer by link.
    told: str
    # Their answer can still change which date is best; and the nudge has left, or there is no address.
    matters: bool
    ring: bool
    stand_in: str
    stand_in_waits: bool


@dataclass(frozen=True)
class DateLine:
    """One of the dates as those who arrange see it."""

    option: DateOption
    covered: Coverage
    slot: Slot
    best: bool

    @property
    def when(self) -> str:
        """Return the date and the hour in words."""
        return f"{day_in_words(self.option.wall_start.date())}, {time_in_words(self.option.wall_start)}"


@dataclass(frozen=True)
class DateBoard:
    """How a question stands: the dates, the best first, and who was asked."""

    question: DateQuestion
    lines: tuple[DateLine, ...]
    asked: tuple[AskedLine, ...]
    open: bool
    until: date
    # The remits of which nobody was asked, though both are wanted.
    sides_unasked: tuple[AgeRemit, ...]

    @property
    def ask(self) -> tuple[str, ...]:
        """Return the names of the facilitators of whom nothing is recorded on some of the dates."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.slot.ask))

    @property
    def settled(self) -> bool:
        """Tell whether nobody's answer can change which date is best any more."""
        return not any(line.matters for line in self.asked)


@dataclass(frozen=True)
class DateTask:
    """What somebody has to do about the date of a request."""

    request_id: uuid.UUID
    reference: str
    what: str


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
    return work.session.scalars(_whole().where(DateQuestion.id == latest)).unique().one_or_none()


def get_question(work: Work, question_id: uuid.UUID, *, hold: bool = False) -> DateQuestion:
    """Return a question of a request whose date the actor may find; raises `NotFound`.

    To change it, it is read as the database has it now and held until the end of this unit of work.
    """
    wanted = question_held(question_id) if hold else _whole().where(DateQuestion.id == question_id)
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


def board(work: Work, question: DateQuestion) -> DateBoard:
    """Return how a question stands, for those who arrange: votes as counts and agencies alone."""
    request = question.request
    covered, matter = _standing(question)
    slots = judged_slots(
        work,
        request,
        [o.wall_start for o in question.options],
        minutes=question.minutes,
        format_=question.format,
    )
    judged = {o.id: slot for o, slot in zip(question.options, slots, strict=True)}
    options = {str(o.id): o for o in question.options}
    lines = [
        DateLine(options[c.choice.key], c, judged[options[c.choice.key].id], best=n == 0)
        for n, c in enumerate(covered)
    ]
    return DateBoard(
        question,
        tuple(lines),
        tuple(_asked_lines(work, question, matter)),
        takes_answers(work, question),
        answers_until(question),
        _sides_unasked(question),
    )


def waiting_for(question: DateQuestion) -> list[DateAsked]:
    """Return those whose missing answers can still change which date is best."""
    _, matter = _standing(question)
    return [asked for asked in question.people if str(asked.id) in matter]


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
    return work.session.scalars(_of_waiting(DateQuestion.closed_at.is_(None))).unique().all()


def date_tasks(work: Work) -> list[DateTask]:
    """Return what somebody has to do about dates, of the requests that the actor may see; the oldest question first."""
    wanted = _of_waiting(
        DateQuestion.closed_at.is_(None) | (DateQuestion.outcome == Outcome.DATE_CHOSEN),
        visible_to(work.actor),
    )
    latest = {question.request_id: question for question in work.session.scalars(wanted).unique()}
    tasks = ((question, _to_do(work, question)) for question in latest.values())
    return [DateTask(q.request_id, q.request.reference or "", what) for q, what in tasks if what]


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


def _whole() -> Select[DateQuestion]:
    # Two queries, however much was asked and answered: the question with its dates, and who was asked with their votes.
    return select(DateQuestion).options(
        joinedload(DateQuestion.request),
        joinedload(DateQuestion.options),
        selectinload(DateQuestion.asked).options(
            joinedload(DateAsked.member), joinedload(DateAsked.stand_in), joinedload(DateAsked.votes)
        ),
    )


def _of_waiting(*conditions: object) -> Select[DateQuestion]:
    return (
        _whole()
        .join(DateQuestion.request)
        .where(Request.state == State.FACILITATORS_AGREED, Request.paused_at.is_(None), *conditions)  # type: ignore[arg-type] # Conditions of columns.
        .order_by(DateQuestion.closed_at.is_(None), DateQuestion.asked_at, DateQuestion.id)
    )


def _standing(question: DateQuestion) -> tuple[list[Coverage], frozenset[str]]:
    choices = [Choice(str(o.id), o.wall_start) for o in question.options]
    voices = [_voice(asked) for asked in question.people]
    both = question.request.transitional_confirmed is True
    return coverage(choices, voices, both_sides=both), who_can_change(choices, voices, both_sides=both)


def _sides_unasked(question: DateQuestion) -> tuple[AgeRemit, ...]:
    asked = {a.member.agency.age_remit for a in question.people if a.member.agency}
    wanted = (AgeRemit.CHILDREN, AgeRemit.ADULTS) if question.request.transitional_confirmed else ()
    return tuple(side for side in wanted if side not in asked)


def _voice(asked: DateAsked) -> Voice:
    votes = {str(v.option_id): _counts_as(asked, v.vote) for v in asked.votes}
    agency = asked.member.agency
    return Voice(str(asked.id), agency_of(asked.member), agency.age_remit if agency else None, votes)


def _counts_as(asked: DateAsked, vote: Vote) -> Vote:
    if vote is not Vote.SOMEBODY_ELSE:
        return vote
    if asked.instead is None:
        return Vote.NO
    # Until a coordinator has looked at their ties to a facilitator, they may or may not come.
    return Vote.IF_NEED_BE if asked.stand_in_waits else Vote.YES


def agency_of(member: NetworkMember) -> str:
    """Return the agency for which somebody speaks."""
    return (member.agency.name if member.agency else member.agency_typed) or _NO_AGENCY


def _asked_lines(work: Work, question: DateQuestion, matter: Collection[str]) -> list[AskedLine]:
    people = [m for a in question.people for m in (a.member, a.instead) if m is not None]
    work.vault.prefetch(people)
    noted = names_of(work, {a.noted_by for a in question.people if a.noted_by})
    taken = takes_answers(work, question)
    lines = []
    for asked in question.people:
        contact = work.vault.open(asked.member, "contact", NetworkContact)
        agency = agency_of(asked.member)
        instead = work.vault.open(asked.instead, "contact", NetworkContact).called if asked.instead else ""
        matters = taken and str(asked.id) in matter
        lines.append(
            AskedLine(
                asked.id,
                contact.shown(agency),
                contact.role,
                agency,
                contact.phone,
                bool(contact.email),
                asked.answered_at is not None,
                _told(work, asked, noted.get(asked.noted_by, "") if asked.noted_by else ""),
                matters,
                ring=matters and _is_rung(work, question, reachable=bool(contact.email)),
                stand_in=instead,
                stand_in_waits=bool(asked.instead) and asked.stand_in_waits,
            )
        )
    return lines


def _told(work: Work, asked: DateAsked, noted_by: str) -> str:
    if asked.told_on is None:
        return ""
    other = work.vault.open(asked, "told", ToldBy).name
    return (
        f"told us by telephone on {date_in_words(asked.told_on)}{f' (by {other})' if other else ''}"
        f"{f', noted by {noted_by}' if noted_by else ''}"
    )


def _is_rung(work: Work, question: DateQuestion, *, reachable: bool) -> bool:
    """Tell whether somebody who is silent is rung: they have no address, or the one nudge left and they are silent still."""
    if not reachable:
        return True
    if question.nudged_at is None:
        return False
    return work.today > working_day_after(london_date(question.nudged_at), partnership(work).date_nudge_days)


def _to_do(work: Work, question: DateQuestion) -> str:
    if question.outcome is Outcome.DATE_CHOSEN:
        return "The facilitators have chosen a date: set it"
    if work.today > answers_until(question):
        return "The last day for answers is over: choose a date, or ask again"
    waiting = waiting_for(question)
    if not waiting:
        return "Nobody’s answer can change which date is best any more: set it"
    work.vault.prefetch([asked.member for asked in waiting])
    ring = sum(
        _is_rung(
            work,
            question,
            reachable=bool(work.vault.open(asked.member, "contact", NetworkContact).email),
        )
        for asked in waiting
    )
    return f"Ring {'1 person' if ring == 1 else f'{ring} people'} about the date" if ring else ""
