"""Remind all who were asked by mail, once and alike, as a reply to their invitation and without a link."""

from sqlalchemy import select

from jags.feedback.model import Round
from jags.feedback.policy import require_job
from jags.feedback.queries import last_day
from jags.feedback.rules import RoundState
from jags.feedback.service.opening import (
    INVITATIONS,
    invitation_params,
    mail_cause,
    open_threads,
    recipients_of,
)
from jags.kernel.ids import new_id
from jags.kernel.work import Work
from jags.notifications.queries import sent_of
from jags.notifications.rules import MailKind
from jags.notifications.service import queue_mail, subject_of
from jags.requests.model import Request
from jags.requests.rules import working_day_after
from jags.scheduling.model import JagsSession
from jags.settings.queries import partnership


def remind_rounds(work: Work) -> int:
    """Remind the people of each open round that closes in a few working days; return of how many rounds.

    Nobody knows who has answered, so everybody gets it whose invitation was sent. The list of who that was is then empty,
    which is also what keeps a second reminder from leaving.
    """
    require_job(work.actor)
    days = partnership(work).feedback_reminder_days
    if not days:
        return 0
    due = work.session.execute(
        select(Round, JagsSession)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(
            Round.state == RoundState.OPEN,
            Round.threads_sealed.is_not(None),
            Request.paused_at.is_(None),
            # The closing day moves by a pause before anybody is told of it.
            Request.paused_seconds == Round.paused_seconds,
            Round.closes_at > work.now,
        )
        .order_by(Round.closes_at, Round.id)
        .with_for_update(of=Round)
    ).all()
    soon = [
        (found, s) for found, s in due if last_day(found.closes_at) <= working_day_after(work.today, days)
    ]
    for found, session in soon:
        _remind(work, found, session)
    return len(soon)


def _remind(work: Work, found: Round, session: JagsSession) -> None:
    threads = open_threads(work, found)
    recipients = recipients_of(work, [member_id for member_id, _ in threads])
    sent = sent_of(work, [message_id for _, message_id in threads])
    params = invitation_params(session, found)
    params["their_subject"] = subject_of(work, INVITATIONS[found.form], params=params)
    # In the order of the invitations, which is that of nothing else.
    for member_id, message_id in threads:
        if member_id in recipients and message_id in sent:
            queue_mail(
                work,
                kind=MailKind.FEEDBACK_REMINDER,
                cause_ref=mail_cause(found),
                recipient_ref=str(new_id()),
                to=recipients[member_id],
                params=params,
                about_ref=str(session.request_id),
                reply_to=message_id,
                only_for_jobs=True,
            )
    found.threads_sealed = None
    work.record("feedback_round:reminded", found.id, session=str(session.id))
