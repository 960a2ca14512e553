"""Requests whose facilitators have agreed, sessions with a date, and what their people find in the mail."""

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event
from sqlalchemy import select

from factories.pool import Offered, accepted_request, declares, involved, offer_to
from factories.pool import facilitator as add_facilitator
from jags.accounts.rules import PERMISSIONS, Role
from jags.allocation.queries import get_offer
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import Envelope, MailState
from jags.requests.model import Request
from jags.scheduling.queries import invitable
from jags.scheduling.rules import Appointment, Place, SessionFormat
from jags.scheduling.service import accept_offer_and_keep_date, schedule_session

COORDINATOR = Actor(ActorKind.ACCOUNT, "coordinator", frozenset(PERMISSIONS[Role.COORDINATOR]))
TOWN_HALL = Place(venue="Town Hall, Room 4")
# A Tuesday, two weeks after conftest.NOW.
WALL = datetime.fromisoformat("2026-12-08T14:00")


@dataclass(frozen=True)
class Sent:
    """One queued message, opened."""

    kind: str
    recipient_ref: str
    envelope: Envelope
    state: MailState


def agree(work_on, *, people: int = 4, names: tuple[str, str] = ("Ash Reed", "Birch Lane")) -> Offered:
    """Take a request all the way to "facilitators agreed"; its network has so many people with addresses."""
    with work_on() as work:
        network = tuple(
            involved(f"Person {n}", email=f"person{n}@example.org", of="A School") for n in range(people)
        )
        request = accepted_request(work, people=network)
        offered = offer_to(work, request, tuple(add_facilitator(work, name) for name in names))
    accept_all(work_on, offered)
    return offered


def accept_all(work_on, offered: Offered) -> None:
    """Let the two people declare independence and accept."""
    for offer_id, actor in zip(offered.offers, offered.actors, strict=False):
        with work_on(actor) as work:
            declares(work, offer_id)
        with work_on(actor) as work:
            accept_offer_and_keep_date(work, offer_id, version=get_offer(work, offer_id).version)


def arrange(work_on, offered: Offered, **details) -> uuid.UUID:
    """Set a date for everybody of the network; `details` are those of an appointment, and `member_ids`, `version`."""
    with work_on(COORDINATOR) as work:
        return schedule(work, offered.request_id, **details).id


def schedule(work: Work, request_id: uuid.UUID, **details):
    """Call `schedule_session` with everybody of the network, in person on WALL unless `details` say otherwise."""
    request = work.session.get_one(Request, request_id)
    who = {
        "member_ids": details.pop("member_ids", None),
        "version": details.pop("version", request.version),
    }
    if who["member_ids"] is None:
        who["member_ids"] = [p.id for p in invitable(work, request)]
    return schedule_session(work, request_id, appointment(**details), **who)


def appointment(wall_start: datetime = WALL, **details) -> Appointment:
    """Return two hours in person in the town hall unless `details` say otherwise."""
    usual = {"minutes": 120, "format": SessionFormat.IN_PERSON, "place": TOWN_HALL}
    return Appointment(wall_start, **{**usual, **details})


def mail(work: Work, session_id: uuid.UUID, *, state: MailState = MailState.QUEUED) -> list[Sent]:
    """Return the messages about a session in a state, in the order of kind and recipient."""
    rows = work.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.cause_ref.startswith(f"session:{session_id}:"), OutboxMessage.state == state)
        .order_by(OutboxMessage.kind, OutboxMessage.recipient_ref)
    )
    return [Sent(row.kind.value, row.recipient_ref, _open(work, row), row.state) for row in rows]


def event_of(sent: Sent) -> Event:
    """Return the calendar entry that travels with a message."""
    return Calendar.from_ical(sent.envelope.calendar_text).events[0]


def deliver(work_on, session_id: uuid.UUID) -> None:
    """Mark everything that waits about a session as sent."""
    with work_on() as work:
        for row in work.session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.cause_ref.startswith(f"session:{session_id}:"),
                OutboxMessage.state == MailState.QUEUED,
            )
        ):
            row.state = MailState.SENT


def _open(work: Work, row: OutboxMessage) -> Envelope:
    if row.envelope_sealed is None:
        return Envelope("", "")
    plain = work.vault.open_bytes("outbox", f"outbox_message|envelope_sealed|{row.id}", row.envelope_sealed)
    return Envelope(**json.loads(plain))
