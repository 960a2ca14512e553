"""Take what comes back to the address from which e-mails leave: what did not arrive, answers of calendars, anything else."""

import hashlib
import uuid
from enum import StrEnum

from sqlalchemy import select

from jags.kernel.work import Work
from jags.notifications.queries import is_ours
from jags.notifications.rules import MailKind, Received, Recipient, read_received
from jags.notifications.service import note_report, queue_mail
from jags.scheduling.model import CalendarAnswer, JagsSession
from jags.scheduling.readers import ReadReply, read_reply
from jags.scheduling.rules import SessionState
from jags.scheduling.service.messages import everybody
from jags.settings.queries import partnership


class Taken(StrEnum):
    """What became of a message."""

    REPORTED = "noted what a server reports on an e-mail of ours"
    ANSWERED = "noted an answer of a calendar"
    OURS = "left alone: it is an e-mail of ours"
    FORWARDED = "passed on to the shared mailbox"


def receive_mail(work: Work, raw: bytes) -> Taken:
    """Take one message as a mail server hands it on; whatever is not understood is passed on, so that nothing is lost.

    The same message taken twice has one effect. Nothing that it claims is believed beyond what the outbox and the session
    know: an e-mail of ours that was sent, an address that is invited.
    """
    received = read_received(raw)
    if note_report(work, received.reported, failed=received.failed, status=received.status):
        return Taken.REPORTED
    reply = read_reply(received.calendar) if received.calendar else None
    if reply is not None and _note_answer(work, reply):
        return Taken.ANSWERED
    # Passed on by mistake, a message of ours would come back for ever.
    if is_ours(work, received.message_id):
        return Taken.OURS
    _pass_on(work, raw, received)
    return Taken.FORWARDED


def _note_answer(work: Work, reply: ReadReply) -> bool:
    """Keep an answer for everybody who is invited under this address; False where it answers nothing that we know."""
    session = work.session.scalar(
        select(JagsSession).where(JagsSession.calendar_uid == reply.uid).with_for_update()
    )
    if session is None or session.state is not SessionState.SCHEDULED:
        return False
    # An entry that we never sent is not answered; believed, it would keep every true answer out.
    if not 0 <= reply.sequence <= session.calendar_sequence:
        return False
    invitees = [i for i in everybody(work, session) if i.email.casefold() == reply.email.strip().casefold()]
    if not invitees:
        return False
    for invitee in invitees:
        _keep(work, session, invitee.id, reply)
    return True


def _keep(work: Work, session: JagsSession, invitee_id: uuid.UUID, reply: ReadReply) -> None:
    row = work.session.get(CalendarAnswer, (session.id, invitee_id))
    # What was answered to a later date stands.
    if row is not None and row.sequence > reply.sequence:
        return
    if row is None:
        row = CalendarAnswer(session_id=session.id, invitee_id=invitee_id)
        work.session.add(row)
    row.answer, row.sequence, row.answered_at = reply.answer, reply.sequence, work.now
    work.record("session:calendar_answered", session.id, answer=reply.answer, sequence=reply.sequence)


def _pass_on(work: Work, raw: bytes, received: Received) -> None:
    digest = hashlib.sha256(raw).digest()
    house = partnership(work)
    queue_mail(
        work,
        kind=MailKind.FORWARDED,
        cause_ref=f"received:{digest.hex()}",
        recipient_ref=str(uuid.UUID(bytes=digest[:16])),
        to=Recipient(house.business_unit, house.email),
        params={
            "sender": received.sender or "not said",
            "their_subject": received.subject or "without a subject",
        },
        attached=raw,
    )
