"""Read how a question about dates stands: which date is best by agency, who is silent, and what there is to do."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from jags.accounts.queries import names_of
from jags.accounts.rules import AgeRemit
from jags.kernel.time import date_in_words, day_in_words, london_date, time_in_words
from jags.kernel.work import Work
from jags.requests.model import NetworkMember
from jags.requests.queries import visible_to
from jags.requests.rules import NetworkContact, working_day_after
from jags.scheduling.model import DateAsked, DateOption, DateQuestion
from jags.scheduling.queries.dates import answers_until, questions_of_waiting, takes_answers
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
    def suits_nobody(self) -> bool:
        """Tell whether every agency has answered for every date, and none can come on any of them."""
        return not any(
            line.covered.there or line.covered.perhaps or line.covered.unheard for line in self.lines
        )

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


def date_tasks(work: Work) -> list[DateTask]:
    """Return what somebody has to do about dates, of the requests that the actor may see; the oldest question first."""
    wanted = questions_of_waiting(
        DateQuestion.closed_at.is_(None) | DateQuestion.outcome.in_([Outcome.DATE_CHOSEN, Outcome.CLOSED]),
        visible_to(work.actor),
    )
    latest = {question.request_id: question for question in work.session.scalars(wanted).unique()}
    work.vault.prefetch(asked.member for question in latest.values() for asked in question.people)
    tasks = ((question, _to_do(work, question)) for question in latest.values())
    return [DateTask(q.request_id, q.request.reference or "", what) for q, what in tasks if what]


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
    return Voice(str(asked.id), _agency_of(asked.member), agency.age_remit if agency else None, votes)


def _counts_as(asked: DateAsked, vote: Vote) -> Vote:
    if vote is not Vote.SOMEBODY_ELSE:
        return vote
    if asked.instead is None:
        return Vote.NO
    # Until a coordinator has looked at their ties to a facilitator, they may or may not come.
    return Vote.IF_NEED_BE if asked.stand_in_waits else Vote.YES


def _agency_of(member: NetworkMember) -> str:
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
        agency = _agency_of(asked.member)
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
    if question.outcome is Outcome.CLOSED:
        return "Nobody is asked about a date now: set one, or ask again"
    if work.today > answers_until(question):
        return "The last day for answers is over: choose a date, or ask again"
    waiting = waiting_for(question)
    if not waiting:
        covered, _ = _standing(question)
        if not any(one.there or one.perhaps for one in covered):
            return "None of the dates suits anybody: ask about others"
        return "Nobody’s answer can change which date is best any more: set it"
    ring = sum(
        _is_rung(
            work,
            question,
            reachable=bool(work.vault.open(asked.member, "contact", NetworkContact).email),
        )
        for asked in waiting
    )
    return f"Ring {'1 person' if ring == 1 else f'{ring} people'} about the date" if ring else ""
