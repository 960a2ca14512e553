"""Calendars, lists of sessions and the pages that set a date: how long each takes, and how many queries it asks."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import truediv
from statistics import median

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.bare import PATH as BARE_PATH
from benchmarks.load import Bare, in_turn
from benchmarks.made_up import benchmark_work, sign_in_coordinator
from benchmarks.queries import queries_of
from benchmarks.store import Store
from benchmarks.table import Row, as_ratio
from benchmarks.visitor import Visitor
from benchmarks.web_server import WebServer
from jags.accounts.model import Agency, Person
from jags.accounts.rules import Contact
from jags.extensions import db
from jags.facilitators.model import Booking, Facilitator
from jags.facilitators.rules import BookingKind
from jags.kernel.ids import new_id
from jags.kernel.time import from_wall
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State
from jags.scheduling.model import Attendee, JagsSession, SessionFacilitator
from jags.scheduling.rules import Place, SessionFormat, SessionState
from jags.venues.rules import VenueDetails
from jags.venues.service import add_venue

COOKIE = "jags_signed_in"
# A county holds about fifty sessions a year; this is forty times as many, spread over a year, so a month shows some 160.
SESSIONS, FACILITATORS, VENUES = 2_000, 60, 20
MOST_MS, MOST_QUERIES, MOST_QUERIES_OF_A_SESSION = 50.0, 8, 12


def fill(app: Flask) -> uuid.UUID:
    """Give the first requests a session each, over the year around today; return one that is to come."""
    with app.app_context(), Session(db.engine) as session, benchmark_work(app, session) as work:
        for n in range(VENUES):
            add_venue(work, details=VenueDetails(f"Room {n}", "1 Market Place"), seats=10)
        people = [_facilitator(work, n) for n in range(FACILITATORS)]
        requests = work.session.scalars(select(Request).order_by(Request.id).limit(SESSIONS)).all()
        made = [_session(work, request, n, people) for n, request in enumerate(requests)]
        return next(one.id for one in made if one.starts_at > work.now + timedelta(days=7))


def measure(bare: Bare, server: WebServer, store: Store, session_id: uuid.UUID) -> list[Row]:
    """Open each page as a coordinator, and bare Flask, in turn."""
    secret = sign_in_coordinator(store.app)
    stranger = Visitor(bare.url.removesuffix(BARE_PATH))
    visitor = Visitor(server.url).keep_cookie(COOKIE, secret)
    with store.app.app_context(), Session(db.engine) as session:
        request_id = session.get_one(JagsSession, session_id).request_id
    pages = {
        "calendar, month": ("/calendar?view=month", MOST_QUERIES),
        "calendar, week": ("/calendar?view=week", MOST_QUERIES),
        "calendar, list of three months": ("/calendar?view=list", MOST_QUERIES),
        "places": ("/venues", MOST_QUERIES),
        "a session": (f"/sessions/{session_id}", MOST_QUERIES_OF_A_SESSION),
        "moving a date": (f"/sessions/{session_id}/move", MOST_QUERIES),
        "changing places": (f"/sessions/{session_id}/swap", MOST_QUERIES_OF_A_SESSION),
        "setting a date": (f"/requests/{request_id}/date", MOST_QUERIES_OF_A_SESSION),
    }
    rows = []
    for name, (path, most) in pages.items():
        if visitor.get(path).status != 200:
            raise RuntimeError(f"{path} does not open.")
        least, taken = in_turn([lambda: stranger.get(BARE_PATH), lambda path=path: visitor.get(path)])
        rows += rows_of(f"{name}, {store.kind}", least, taken, queries_of(store.app, secret, path), most)
    return rows


def rows_of(name: str, least: Sequence[float], taken: Sequence[float], queries: int, most: int) -> list[Row]:
    """Return the rows of a page: milliseconds beside bare Flask, and queries."""
    return [
        row_of(name, least, taken),
        Row(f"{name}: queries", str(queries), "–", f"≤ {most}", queries <= most),
    ]


def row_of(name: str, least: Sequence[float], taken: Sequence[float]) -> Row:
    """Return the row of a page: milliseconds beside bare Flask."""
    milliseconds, ratio = median(taken), as_ratio(median(map(truediv, taken, least)))
    return Row(
        name,
        f"{milliseconds:.1f} ms",
        f"{ratio} × as long",
        f"≤ {MOST_MS:.0f} ms",
        milliseconds <= MOST_MS,
    )


def _facilitator(work: Work, number: int) -> uuid.UUID:
    agency = work.session.scalars(select(Agency).order_by(Agency.key).offset(number % 24).limit(1)).one()
    person = Person(key_id=work.vault.new_key(), agency=agency)
    work.vault.seal(person, "contact", Contact(f"Facilitator {number}", f"facilitator{number}@example.org"))
    work.session.add(person)
    work.session.add(Facilitator(person_id=person.id, person=person, joined_on=work.today))
    work.session.flush()
    return person.id


def _session(work: Work, request: Request, number: int, people: Sequence[uuid.UUID]) -> JagsSession:
    # Thirty pairs, each with a day of its own for each of its sessions, so that nobody is in two places.
    pair, turn = number % (len(people) // 2), number // (len(people) // 2)
    day = work.today + timedelta(days=round((turn - 33) * 5.4))
    wall_start = datetime(day.year, day.month, day.day, 9 + pair % 8)  # noqa: DTZ001 - A wall time.
    starts_at = from_wall(wall_start)
    request.state = State.SCHEDULED if starts_at > work.now else State.HELD
    session = JagsSession(
        key_id=request.key_id,
        request_id=request.id,
        state=SessionState.SCHEDULED if starts_at > work.now else SessionState.HELD,
        starts_at=starts_at,
        wall_start=wall_start,
        minutes=120,
        format=SessionFormat.IN_PERSON,
        calendar_uid=f"{new_id()}@example.org",
    )
    work.vault.seal(session, "place", Place("Town Hall"))
    held_by = people[2 * pair : 2 * pair + 2]
    session.facilitators = [SessionFacilitator(person_id=p, position=n) for n, p in enumerate(held_by)]
    session.attendees = [
        Attendee(member_id=member.id, position=n, invited_at=work.now)
        for n, member in enumerate(request.network)
    ]
    work.session.add(session)
    for person_id in held_by:
        work.session.add(
            Booking(
                person_id=person_id,
                starts_at=starts_at - timedelta(minutes=70),
                ends_at=starts_at + timedelta(minutes=180),
                kind=BookingKind.SESSION,
                ref=session.id,
            )
        )
    return session
