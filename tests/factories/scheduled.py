"""Messages that wait for a scheduler, and what became of them, by the name of whom they are for."""

from sqlalchemy import select

from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail


def queue(work_on, *names, **details):
    with work_on() as work:
        for name in names:
            queue_mail(
                work,
                kind=MailKind.STATUS_LINK,
                cause_ref=f"cause of {name}",
                recipient_ref=name,
                to=Recipient(name, f"{name}@example.org"),
                params={"reference": "JAGS-2026-0001"},
                link="https://localhost/link/x",
                **details,
            )


def states(work_on):
    with work_on(write=False) as work:
        rows = work.session.execute(select(OutboxMessage.recipient_ref, OutboxMessage.state)).all()
        return dict(rows)
