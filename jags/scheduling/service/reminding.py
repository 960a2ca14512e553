"""Remind people of a session, and ask its facilitators whether they have spoken; each once, and never late."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from sqlalchemy import select

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.kernel.time import from_wall
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import whole_sessions
from jags.scheduling.rules import SessionState
from jags.scheduling.service.messages import cause_prefix, everybody, remind
from jags.settings.queries import partnership

# In the morning, so that nothing is due between 1 and 2 in the night, when the clocks change.
_AT = time(8)
# A reminder that could not leave within a day is no longer one; it is withdrawn and listed as too late.
_FRESH = timedelta(hours=24)
_TELLS_THE_DATE = frozenset({MailKind.SESSION_CHANGED, MailKind.SESSION_INVITATION})


def send_reminders(work: Work) -> int:
    """Queue the reminders of sessions to come that are due now; return how many e-mails.

    The plan is the partnership's: so many days before for everybody, and for facilitators who have not prepared. Nothing is
    written about a paused request, nor to somebody who was invited, or told of a change, after the reminder was due.
    """
    require(work.actor, Permission.SESSION_ARRANGE)
    house = partnership(work)
    furthest = max(house.first_reminder_days, house.last_reminder_days, house.spoken_days)
    sessions = work.session.scalars(
        whole_sessions()
        .join(Request, Request.id == JagsSession.request_id)
        .where(
            JagsSession.state == SessionState.SCHEDULED,
            JagsSession.starts_at > work.now,
            JagsSession.starts_at <= work.now + timedelta(days=furthest + 1),
            Request.paused_at.is_(None),
        )
        .order_by(JagsSession.starts_at, JagsSession.id)
    ).all()
    return sum(_remind(work, session, *due) for session in sessions for due in _due(work, session))


def _due(work: Work, session: JagsSession) -> Iterator[tuple[MailKind, int, datetime]]:
    """Return what is due of the plan: its kind, the days before the session, and the instant since when it is due."""
    house = partnership(work)
    plan = [(MailKind.REMINDER, house.first_reminder_days), (MailKind.REMINDER, house.last_reminder_days)]
    if session.request.prepared_on is None:
        plan.append((MailKind.SPOKEN_YET, house.spoken_days))
    for kind, days in dict.fromkeys(plan):
        day = session.wall_start.date() - timedelta(days=days)
        due_at = from_wall(datetime.combine(day, _AT))
        if days and due_at <= work.now:
            yield kind, days, due_at


def _remind(work: Work, session: JagsSession, kind: MailKind, days: int, due_at: datetime) -> int:
    # The start is part of the cause: a date that was moved is reminded of anew.
    cause = f"{cause_prefix(session)}{session.wall_start:%Y%m%dT%H%M}:{days}"
    known = work.session.execute(
        select(
            OutboxMessage.kind, OutboxMessage.recipient_ref, OutboxMessage.cause_ref, OutboxMessage.queued_at
        ).where(OutboxMessage.cause_ref.startswith(cause_prefix(session), autoescape=True))
    ).all()
    if any(row.cause_ref == cause for row in known):
        return 0
    told_since = {
        row.recipient_ref for row in known if row.kind in _TELLS_THE_DATE and row.queued_at > due_at
    }
    people = [
        person
        for person in everybody(work, session)
        if str(person.id) not in told_since and (person.facilitates or kind is MailKind.REMINDER)
    ]
    return remind(
        work, session, people, kind=kind, cause_ref=cause, not_after=min(due_at + _FRESH, session.starts_at)
    )
