"""The pages on which a date is found: how long each takes, and how many queries it asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.bare import PATH as BARE_PATH
from benchmarks.calendar import COOKIE, MOST_QUERIES_OF_A_SESSION, row_of, rows_of
from benchmarks.load import Bare, in_turn
from benchmarks.made_up import benchmark_work, sign_in_coordinator
from benchmarks.queries import queries_of
from benchmarks.store import Store
from benchmarks.table import Row
from benchmarks.visitor import Visitor
from benchmarks.web_server import WebServer
from jags.accounts.rules import Purpose
from jags.accounts.service import issue_link
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.rules import OfferState
from jags.extensions import db
from jags.facilitators.model import Availability, Facilitator, Training
from jags.facilitators.rules import slot_span
from jags.kernel.work import Work
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import NetworkContact, State
from jags.scheduling.model import DateAsked, DateOption, DateQuestion, DateVote
from jags.scheduling.rules import POLL_MOST, QuestionKind, SessionFormat, Vote

# As many people as may make a session uncomfortable, so that a poll of the most dates has eighty answers.
PEOPLE, HALF_DAYS = 10, 112
_VOTES = (Vote.YES, Vote.IF_NEED_BE, Vote.NO)


@dataclass(frozen=True)
class Poll:
    """A poll that is open, and the link of somebody who was asked."""

    request_id: UUID
    question_id: UUID
    secret: str


def fill(app: Flask) -> Poll:
    """Let two facilitators with ticks for eight weeks hold the last request, and ask ten people about eight dates."""
    with app.app_context(), Session(db.engine) as session, benchmark_work(app, session) as work:
        pair = work.session.scalars(
            select(Facilitator.person_id).order_by(Facilitator.person_id).limit(2)
        ).all()
        request = work.session.scalars(select(Request).order_by(Request.id.desc()).limit(1)).one()
        request.state = State.FACILITATORS_AGREED
        _agree(work, request, pair)
        question = _ask(work, request)
        _, secret = issue_link(
            work,
            purpose=Purpose.DATES,
            subject_id=question.asked[-1].id,
            expires_at=work.now + timedelta(days=7),
        )
        return Poll(request.id, question.id, secret)


def measure(bare: Bare, server: WebServer, store: Store, poll: Poll) -> list[Row]:
    """Open each page as a coordinator, or as somebody who was asked, and bare Flask, in turn."""
    secret = sign_in_coordinator(store.app)
    stranger = Visitor(bare.url.removesuffix(BARE_PATH))
    visitor = Visitor(server.url).keep_cookie(COOKIE, secret)
    pages = {
        "how dates stand": f"/requests/{poll.request_id}/dates",
        "asking about dates": f"/requests/{poll.request_id}/dates/ask",
        "changing what is asked": f"/date-questions/{poll.question_id}/change",
    }
    rows = []
    for name, path in pages.items():
        if visitor.get(path).status != 200:
            raise RuntimeError(f"{path} does not open.")
        least, taken = in_turn([lambda: stranger.get(BARE_PATH), lambda path=path: visitor.get(path)])
        rows += rows_of(
            f"{name}, {store.kind}",
            least,
            taken,
            queries_of(store.app, secret, path),
            MOST_QUERIES_OF_A_SESSION,
        )
    asked = Visitor(server.url)
    page = asked.get(f"/link/{poll.secret}")
    if page.status != 200:
        raise RuntimeError("The link to an answer does not open.")
    least, taken = in_turn([lambda: stranger.get(BARE_PATH), lambda: asked.get(page.path)])
    rows.append(row_of(f"answering by link, {store.kind}", least, taken))
    return rows


def _agree(work: Work, request: Request, pair: Sequence[UUID]) -> None:
    offered = OfferedPair(
        request_id=request.id,
        key_id=request.key_id,
        made_at=work.now,
        lapses_at=work.now + timedelta(days=7),
    )
    offered.offers = [
        Offer(person_id=person_id, position=n, state=OfferState.ACCEPTED) for n, person_id in enumerate(pair)
    ]
    work.session.add(offered)
    tomorrow = work.today + timedelta(days=1)
    for person_id in pair:
        work.session.add(Training(facilitator_id=person_id, trained_on=work.today - timedelta(days=100)))
        for number in range(HALF_DAYS):
            half = slot_span(tomorrow, number)
            work.session.add(
                Availability(person_id=person_id, starts_at=half.starts_at, ends_at=half.ends_at)
            )


def _ask(work: Work, request: Request) -> DateQuestion:
    first = work.today + timedelta(days=14)
    question = DateQuestion(
        request_id=request.id,
        kind=QuestionKind.POLL,
        asked_at=work.now,
        answer_by=work.today + timedelta(days=7),
        minutes=120,
        format=SessionFormat.IN_PERSON,
    )
    question.options = [
        DateOption(wall_start=datetime.combine(first + timedelta(days=n), time(10))) for n in range(POLL_MOST)
    ]
    question.asked = [_asked(work, request, n) for n in range(PEOPLE)]
    work.session.add(question)
    work.session.flush()
    for n, asked in enumerate(question.asked[:-2]):
        asked.answered_at = work.now
        asked.votes = [
            DateVote(option_id=option.id, vote=_VOTES[(n + place) % len(_VOTES)])
            for place, option in enumerate(question.options)
        ]
    return question


def _asked(work: Work, request: Request, number: int) -> DateAsked:
    member = NetworkMember(
        request_id=request.id, key_id=request.key_id, position=100 + number, agency_typed=f"Agency {number}"
    )
    work.vault.seal(member, "contact", NetworkContact(f"Person {number}", email=f"p{number}@example.org"))
    return DateAsked(key_id=request.key_id, member=member, position=number)
