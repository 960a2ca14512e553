"""Messages of the outbox: queued, claimed, delivered, and how they stand."""

from sqlalchemy import select

from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import claim_next, note_sent, queue_mail

ASH = Recipient("Ash Reed", "ash@example.org")
PAUSED = "paused-request"


def queue(work, cause="cause", **details):
    values = {
        "kind": MailKind.INVITATION,
        "recipient_ref": "ash",
        "to": ASH,
        "params": {"role": "coordinator", "days": "14"},
        "link": "https://localhost/link/made-before",
        **details,
    }
    return queue_mail(work, cause_ref=cause, **values)


def claim(work_on, holder="a"):
    with work_on() as work:
        return claim_next(work, holder=holder, paused=[PAUSED])


def sent_by(work_on, holder="a"):
    """Deliver everything that is due, and return the addresses in order."""
    addresses = []
    while claimed := claim(work_on, holder):
        addresses.append(claimed.message["To"].addresses[0].addr_spec)
        with work_on() as work:
            note_sent(work, claimed.id)
    return addresses


def states(work_on):
    with work_on(write=False) as work:
        rows = work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.due_at)).all()
        return {row.cause_ref: row.state for row in rows}


def row_of(work, cause="cause"):
    return work.session.scalars(select(OutboxMessage).where(OutboxMessage.cause_ref == cause)).one()
