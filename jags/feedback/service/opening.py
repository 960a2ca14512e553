"""Open a round of feedback for each session that was held: all tickets at once, and their mail."""

import json
import secrets
import uuid

from sqlalchemy import and_, select

from jags.feedback.model import Round
from jags.feedback.policy import require_job
from jags.feedback.queries import last_day
from jags.feedback.rules import FormKey
from jags.feedback.service.rounds import begin_round
from jags.kernel.box import open_as_jobs
from jags.kernel.ids import new_id
from jags.kernel.time import day_in_words, london_date
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import NetworkContact, working_day_after
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState
from jags.settings.queries import partnership


def open_due_rounds(work: Work) -> int:
    """Open a round for each held session whose participants have not been asked yet; return how many.

    Only the scheduler process can: who was present is sealed to it. Imported sessions ask nobody, and nothing is asked
    while a request is paused.
    """
    require_job(work.actor)
    due = work.session.scalars(
        select(JagsSession)
        .join(Request, Request.id == JagsSession.request_id)
        .outerjoin(Round, and_(Round.session_id == JagsSession.id, Round.form == FormKey.PARTICIPANT))
        .where(
            JagsSession.state == SessionState.HELD,
            JagsSession.imported.is_(False),
            JagsSession.presence_sealed.is_not(None),
            Request.paused_at.is_(None),
            Round.id.is_(None),
        )
        .order_by(JagsSession.starts_at, JagsSession.id)
        .with_for_update(of=JagsSession)
    ).all()
    for session in due:
        _open_round(work, session)
    return len(due)


def _open_round(work: Work, session: JagsSession) -> None:
    recipients = _recipients(work, session)
    found, tickets = begin_round(
        work,
        session,
        form=FormKey.PARTICIPANT,
        number=len(recipients),
        last=working_day_after(work.today, partnership(work).feedback_open_days),
    )
    # Neither the order of the messages nor that of the tickets is the order of anything else.
    secrets.SystemRandom().shuffle(recipients)
    for recipient, ticket in zip(recipients, tickets, strict=True):
        queue_mail(
            work,
            kind=MailKind.FEEDBACK_INVITATION,
            cause_ref=mail_cause(found),
            # Drawn, not derived: who was present must not be found in the outbox, whatever keys somebody holds.
            recipient_ref=str(new_id()),
            to=recipient,
            params={
                "held_on": day_in_words(london_date(session.starts_at)),
                "last_day": day_in_words(last_day(found.closes_at)),
            },
            about_ref=str(session.request_id),
            link=work.ports.links.page(f"/feedback/{ticket}"),
            only_for_jobs=True,
        )


def mail_cause(found: Round) -> str:
    """Return the cause under which a round's mail is queued."""
    return f"round:{found.id}"


def _recipients(work: Work, session: JagsSession) -> list[Recipient]:
    """Return who was present and has an address; people who share one are each asked."""
    sealed = session.presence_sealed or b""
    present = [uuid.UUID(ref) for ref in json.loads(open_as_jobs(work, f"presence|{session.id}", sealed))]
    members = work.session.scalars(
        select(NetworkMember).where(NetworkMember.id.in_(present)).order_by(NetworkMember.id)
    ).all()
    work.vault.prefetch(members)
    contacts = [work.vault.open(member, "contact", NetworkContact) for member in members]
    return [Recipient(contact.called, contact.email) for contact in contacts if contact.email]
