"""The sealed envelope of a message: its address and values, and the message that they make."""

import json
import uuid
from dataclasses import asdict
from datetime import timedelta
from email.message import EmailMessage

from jags.kernel.box import open_as_jobs, seal_for_jobs
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.render import render_message
from jags.notifications.rules import Envelope, SealedTo
from jags.notifications.service.wording import wording_in_force
from jags.settings.queries import partnership

_KEY = "outbox"


def seal(work: Work, row: OutboxMessage, envelope: Envelope) -> None:
    """Seal the address and the values of a message into its row, to whom the row says."""
    plain = json.dumps(asdict(envelope), ensure_ascii=False).encode()
    if row.sealed_to is SealedTo.JOBS:
        row.envelope_sealed = seal_for_jobs(work, _place(row), plain)
    else:
        row.envelope_sealed = work.vault.seal_bytes(_KEY, _place(row), plain)


def open_envelope(work: Work, row: OutboxMessage) -> Envelope:
    """Open the address and the values of a message; raises `ValueError` once they are gone."""
    if row.envelope_sealed is None:
        raise ValueError("the envelope is gone")
    if row.sealed_to is SealedTo.JOBS:
        plain = open_as_jobs(work, _place(row), row.envelope_sealed)
    else:
        plain = work.vault.open_bytes(_KEY, _place(row), row.envelope_sealed)
    return Envelope(**json.loads(plain))


def render(work: Work, row: OutboxMessage) -> EmailMessage:
    """Return a message as it leaves, with its link minted now."""
    envelope = open_envelope(work, row)
    link = envelope.link
    if envelope.link_purpose:
        link = work.ports.links.mint(
            work,
            purpose=envelope.link_purpose,
            subject_id=uuid.UUID(envelope.link_subject),
            expires_at=work.now + timedelta(seconds=envelope.link_seconds),
        )
    return filled(work, row, envelope, link)


def filled(work: Work, row: OutboxMessage, envelope: Envelope, link: str) -> EmailMessage:
    """Return a message with a link that is there already."""
    return render_message(
        envelope,
        wording=wording_in_force(work, row.kind),
        link=link,
        message_id=row.message_id,
        partnership=partnership(work),
    )


def _place(row: OutboxMessage) -> str:
    return f"outbox_message|envelope_sealed|{row.id}"
