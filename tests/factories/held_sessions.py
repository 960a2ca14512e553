"""Held sessions as the capabilities below feedback leave them, and the tickets that their participants are mailed."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from jags.accounts.model import Person
from jags.accounts.rules import Contact
from jags.facilitators.model import Facilitator
from jags.feedback.model import Round
from jags.feedback.rules import FormKey
from jags.kernel.box import open_as_jobs, seal_for_jobs
from jags.kernel.ids import new_id
from jags.kernel.time import LONDON, london_date
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import AgeBand, NetworkContact, Question, State
from jags.scheduling.model import JagsSession, SessionFacilitator, SessionRecord
from jags.scheduling.rules import KeptToApproach, SessionState


def add_request(
    work: Work,
    *,
    state: State = State.IN_TRIAGE,
    received_at: datetime | None = None,
    age_bands: frozenset[AgeBand] = frozenset({AgeBand.FIVE_TO_TEN}),
    confirmed: bool | None = None,
    **values: object,
) -> Request:
    """Add a request in any state, with nothing written in it."""
    received = received_at or work.now
    request = Request(
        key_id=work.vault.new_key(),
        state=state,
        started_at=received,
        state_changed_at=received,
        received_at=received,
        received_on=london_date(received),
        transitional_confirmed=confirmed,
        **values,
    )
    request.choose(Question.AGE_BAND, frozenset(age_bands))
    work.session.add(request)
    work.session.flush()
    return request


def add_held_session(
    work: Work,
    *,
    people: int = 6,
    without_address: int = 0,
    starts_at: datetime | None = None,
    recorded: bool = True,
    shared_address: str = "",
    **request_values: object,
) -> JagsSession:
    """Add a request that was held yesterday, with so many people ticked as present."""
    starts = starts_at or work.now - timedelta(days=1)
    request_values.setdefault("received_at", starts - timedelta(days=20))
    request = add_request(work, state=State.HELD, **request_values)
    session = JagsSession(
        id=new_id(),
        key_id=request.key_id,
        request_id=request.id,
        state=SessionState.HELD,
        starts_at=starts,
        wall_start=starts.astimezone(LONDON).replace(tzinfo=None),
        minutes=120,
        calendar_uid=f"{uuid.uuid4()}@example.org",
    )
    members = [
        _member(work, request, n, shared_address or f"person{n}@example.org" if n < people else "")
        for n in range(people + without_address)
    ]
    if members:
        present = json.dumps([str(m.id) for m in members]).encode()
        session.presence_sealed = seal_for_jobs(work, f"presence|{session.id}", present)
    work.session.add(session)
    work.session.flush()
    facilitator = add_facilitator(work)
    session.facilitators = [SessionFacilitator(person_id=facilitator.person_id, position=0)]
    if recorded:
        session.record = SessionRecord(
            key_id=request.key_id,
            recorded_by=facilitator.person_id,
            recorded_at=work.now,
            minutes=120,
            kept_to_approach=KeptToApproach.YES,
            people_present=len(members),
        )
    work.session.flush()
    return session


def add_facilitator(work: Work) -> Facilitator:
    """Add a facilitator to the pool."""
    person = Person(key_id=work.vault.new_key())
    work.vault.seal(person, "contact", Contact(name="Robin Vale", email="robin@example.org"))
    work.session.add(person)
    work.session.flush()
    facilitator = Facilitator(person_id=person.id, joined_on=work.today)
    work.session.add(facilitator)
    work.session.flush()
    return facilitator


def tickets_mailed(work: Work, session_id: uuid.UUID) -> list[str]:
    """Return the tickets of a session's round, as its participants find them in their mail."""
    return _mailed(work, session_id, FormKey.PARTICIPANT, MailKind.FEEDBACK_INVITATION)


def later_tickets(work: Work, session_id: uuid.UUID) -> list[str]:
    """Return the tickets of a session's later round, as those who were there find them in their mail."""
    return _mailed(work, session_id, FormKey.LATER, MailKind.FEEDBACK_LATER)


def _mailed(work: Work, session_id: uuid.UUID, form: FormKey, kind: MailKind) -> list[str]:
    round_id = work.session.scalars(
        select(Round.id).where(Round.session_id == session_id, Round.form == form)
    ).one()
    rows = work.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.cause_ref == f"round:{round_id}", OutboxMessage.kind == kind)
        .order_by(OutboxMessage.recipient_ref)
    ).all()
    return [envelope_of(work, row)["link"].rpartition("/feedback/")[2] for row in rows]


def envelope_of(work: Work, row: OutboxMessage) -> dict[str, Any]:
    """Open a message of feedback, as the scheduler process does."""
    plain = open_as_jobs(work, f"outbox_message|envelope_sealed|{row.id}", row.envelope_sealed or b"")
    opened: dict[str, Any] = json.loads(plain)
    return opened


def _member(work: Work, request: Request, position: int, email: str) -> NetworkMember:
    member = NetworkMember(key_id=request.key_id, request_id=request.id, position=position)
    work.vault.seal(member, "contact", NetworkContact(name=f"Person {position}", email=email))
    work.session.add(member)
    return member
