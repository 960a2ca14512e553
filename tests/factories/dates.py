"""Questions about dates as facilitators and coordinators ask them, and the answers of who was asked."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import select

from factories.people import agency
from factories.pool import Offered, involved
from factories.sessions import COORDINATOR, agree
from jags.accounts.rules import AgeRemit, Purpose
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import Request
from jags.requests.service import bring_member
from jags.scheduling.model import DateQuestion
from jags.scheduling.queries import find_question, invitable
from jags.scheduling.rules import DatesWanted, QuestionKind, SessionFormat, Vote
from jags.scheduling.service import answer_dates, ask_about_dates, change_question

# A Monday, a Tuesday and a Thursday, two weeks after conftest.NOW.
DATES = tuple(datetime.fromisoformat(f"2026-12-{day}T10:00") for day in ("07", "08", "10"))
ANSWER_BY = date(2026, 12, 1)


def wanted(*starts: datetime, **details) -> DatesWanted:
    """Return what is asked: the first two of DATES unless `starts` or `details` say otherwise."""
    asked = starts or DATES[:2]
    usual = {
        "kind": QuestionKind.TWO_DATES if len(asked) == 2 else QuestionKind.POLL,
        "minutes": 120,
        "format": SessionFormat.IN_PERSON,
        "answer_by": ANSWER_BY,
    }
    return DatesWanted(starts=asked, **{**usual, **details})


def ask(work_on, offered: Offered, *starts: datetime, actor: Actor = COORDINATOR, **details) -> uuid.UUID:
    """Ask everybody of the network about dates; return the question's id."""
    with work_on(actor) as work:
        request = work.session.get_one(Request, offered.request_id)
        member_ids = details.pop("member_ids", None) or [p.id for p in invitable(work, request)]
        asked = wanted(*starts, **details)
        return ask_about_dates(work, request.id, asked, member_ids=member_ids, version=request.version).id


def poll(work_on, offered: Offered) -> uuid.UUID:
    """Propose two dates, and then ask about three."""
    ask(work_on, offered)
    return ask(work_on, offered, *DATES)


def change(work_on, question_id: uuid.UUID, *starts: datetime, actor: Actor = COORDINATOR, **details) -> None:
    """Change what is asked; everybody who was asked is asked on unless `member_ids` say otherwise."""
    with work_on(actor) as work:
        question = work.session.get_one(DateQuestion, question_id)
        member_ids = details.pop("member_ids", None) or [a.member_id for a in question.asked]
        version = details.pop("version", question.version)
        change_question(work, question_id, wanted(*starts, **details), member_ids=member_ids, version=version)


def asked_ids(work: Work, request_id: uuid.UUID) -> list[uuid.UUID]:
    """Return whom the latest question asks, in order."""
    question = find_question(work, request_id)
    return [a.id for a in question.asked] if question else []


def by_dates_link(asked_id: uuid.UUID) -> Actor:
    """Return somebody who came by the link to their own answer."""
    return Actor(ActorKind.LINK, "link:test", purpose=Purpose.DATES, subject_id=asked_id)


def answer(work_on, asked_id: uuid.UUID, *votes: Vote, actor: Actor | None = None, **details) -> None:
    """Answer the dates in their order, by their own link unless `actor` says otherwise."""
    with work_on(actor or by_dates_link(asked_id)) as work:
        options = _options(work, asked_id)
        answer_dates(work, asked_id, dict(zip(options, votes, strict=True)), **details)


def mail_about(work: Work, kind: MailKind, *, state: MailState = MailState.QUEUED) -> list[str]:
    """Return the recipients of the mails of a kind in a state, in order."""
    rows = work.session.scalars(
        select(OutboxMessage.recipient_ref).where(OutboxMessage.kind == kind, OutboxMessage.state == state)
    )
    return sorted(rows)


def later(clock, **by) -> None:
    """Move the clock."""
    clock.instant += timedelta(**by)


def _options(work: Work, asked_id: uuid.UUID) -> list[uuid.UUID]:
    question = work.session.scalars(select(DateQuestion).where(DateQuestion.asked.any(id=asked_id))).one()
    return [o.id for o in question.options]


def agreed_around_five(work_on) -> Offered:
    """Agree facilitators for three people of one school, one of the police and one of adult care; no recorded agency is silent yet."""
    found = agree(work_on, people=1)
    with work_on() as work:
        request = work.session.get_one(Request, found.request_id)
        agency(work, "pol", "Police")
        agency(work, "asc", "Adult Care", age_remit=AgeRemit.ADULTS)
        for name, of in (("Pat Quinn", "Police"), ("Mo Hart", "Adult Care")):
            bring(work, request, name, of)
    return found


def bring(work: Work, request: Request, name: str, of: str, *, email: str | None = None):
    """Bring somebody into the network, with an address of their first name unless `email` says otherwise."""
    address = f"{name.split(maxsplit=1)[0].lower()}@example.org" if email is None else email
    return bring_member(work, request, involved(name, email=address, of=of))


def question_of(work: Work, offered: Offered):
    """Return the question about dates of what was offered, if there is one."""
    return find_question(work, offered.request_id)
