"""Open rounds of feedback for sessions that were held, straight after and some weeks later: all tickets at once, and their mail."""

import json
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import aliased

from jags.accounts.rules import Purpose
from jags.feedback.model import Round
from jags.feedback.policy import require_job
from jags.feedback.queries import last_day
from jags.feedback.rules import FormKey, RoundState, spares_for
from jags.feedback.service.rounds import begin_round
from jags.kernel.box import open_as_jobs, seal_for_jobs
from jags.kernel.ids import new_id
from jags.kernel.time import day_in_words, london_date, start_of_day
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import NetworkContact, working_day_after
from jags.requests.service import tell_requester
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState
from jags.settings.queries import partnership

INVITATIONS = {
    FormKey.PARTICIPANT: MailKind.FEEDBACK_INVITATION,
    FormKey.LATER: MailKind.FEEDBACK_LATER,
}
# A session for which the later survey has not begun so long after its day (a pause, new software) is not asked any more.
_LATEST = timedelta(weeks=6)


def open_due_rounds(work: Work) -> int:
    """Open a round for each held session whose participants have not been asked yet; return how many.

    Only the scheduler process can: who was present is sealed to it. Imported sessions ask nobody, and nothing is asked
    while a request is paused.
    """
    require_job(work.actor)
    due = _due(work, FormKey.PARTICIPANT)
    for session in due:
        _open_round(work, session, FormKey.PARTICIPANT)
    return len(due)


def open_later_rounds(work: Work) -> int:
    """Ask those who were at sessions some weeks ago what has followed, and the requester one question; return how many sessions.

    The same anonymity: rounds, tickets and pools of their own. Who was there is forgotten when nobody is to be asked any more.
    """
    require_job(work.actor)
    weeks = partnership(work).feedback_later_weeks
    # At the beginning of the day, so that everybody is asked on a morning and not at the hour of the session.
    until = start_of_day(work.today - timedelta(weeks=weeks) + timedelta(days=1))
    asked = 0
    for session in _due(work, FormKey.LATER, JagsSession.starts_at < until, _asked_already()):
        if not weeks or session.starts_at < until - _LATEST:
            session.presence_sealed = None
            continue
        _open_round(work, session, FormKey.LATER)
        _ask_requester(work, session)
        asked += 1
    return asked


def mail_cause(found: Round) -> str:
    """Return the cause under which a round's mail is queued."""
    return f"round:{found.id}"


def open_threads(work: Work, found: Round) -> list[tuple[uuid.UUID, str]]:
    """Return who of the network was sent which message, as the jobs process alone can."""
    if found.threads_sealed is None:
        return []
    opened = json.loads(open_as_jobs(work, _threads_info(found), found.threads_sealed))
    return [(uuid.UUID(member), message_id) for member, message_id in opened]


def seal_threads(work: Work, found: Round, threads: list[tuple[uuid.UUID, str]]) -> None:
    """Keep, for the jobs process alone, who of the network was sent which message."""
    told = json.dumps([(str(member_id), message_id) for member_id, message_id in threads])
    found.threads_sealed = seal_for_jobs(work, _threads_info(found), told.encode())


def keep_spares(work: Work, found: Round, *, asked: list[uuid.UUID], spares: list[str]) -> None:
    """Keep, for the jobs process alone, the spare tickets of a round and who may still have one."""
    kept = json.dumps({"asked": [str(one) for one in asked], "spares": spares})
    found.spares_sealed = seal_for_jobs(work, _spares_info(found), kept.encode())


def open_spares(work: Work, found: Round) -> tuple[list[uuid.UUID], list[str]]:
    """Return who may still have a spare ticket of a round, and the spare tickets that are left."""
    if found.spares_sealed is None:
        return [], []
    kept = json.loads(open_as_jobs(work, _spares_info(found), found.spares_sealed))
    return [uuid.UUID(one) for one in kept["asked"]], kept["spares"]


def recipients_of(work: Work, member_ids: list[uuid.UUID]) -> dict[uuid.UUID, Recipient]:
    """Return how to reach members of a network; people who share an address are each asked, and who has none is not there."""
    members = work.session.scalars(
        select(NetworkMember).where(NetworkMember.id.in_(member_ids)).order_by(NetworkMember.id)
    ).all()
    work.vault.prefetch(members)
    contacts = {member.id: work.vault.open(member, "contact", NetworkContact) for member in members}
    return {
        id_: Recipient(contact.called, contact.email) for id_, contact in contacts.items() if contact.email
    }


def _due(work: Work, form: FormKey, *more: ColumnElement[bool]) -> list[JagsSession]:
    due = work.session.scalars(
        select(JagsSession)
        .join(Request, Request.id == JagsSession.request_id)
        .outerjoin(Round, and_(Round.session_id == JagsSession.id, Round.form == form))
        .where(
            JagsSession.state == SessionState.HELD,
            JagsSession.imported.is_(False),
            JagsSession.presence_sealed.is_not(None),
            Request.paused_at.is_(None),
            Round.id.is_(None),
            *more,
        )
        .order_by(JagsSession.starts_at, JagsSession.id)
        .with_for_update(of=JagsSession)
    )
    return list(due)


def _asked_already() -> ColumnElement[bool]:
    """Return the condition for sessions whose first round has closed."""
    first = aliased(Round)
    return exists(
        select(first.id).where(
            first.session_id == JagsSession.id,
            first.form == FormKey.PARTICIPANT,
            first.state != RoundState.OPEN,
        )
    )


def _open_round(work: Work, session: JagsSession, form: FormKey) -> None:
    sealed = session.presence_sealed or b""
    present = [uuid.UUID(ref) for ref in json.loads(open_as_jobs(work, f"presence|{session.id}", sealed))]
    recipients = list(recipients_of(work, present).items())
    found, tickets = begin_round(
        work,
        session,
        form=form,
        number=len(recipients),
        last=working_day_after(work.today, partnership(work).feedback_open_days),
        spares=spares_for(len(recipients)),
    )
    spares = tickets[len(recipients) :]
    # Neither the order of the messages nor that of the tickets is the order of anything else.
    secrets.SystemRandom().shuffle(recipients)
    threads = []
    for (member_id, recipient), ticket in zip(recipients, tickets[: len(recipients)], strict=True):
        queued = queue_mail(
            work,
            kind=INVITATIONS[form],
            cause_ref=mail_cause(found),
            # Drawn, not derived: who was present must not be found in the outbox, whatever keys somebody holds.
            recipient_ref=str(new_id()),
            to=recipient,
            params=invitation_params(session, found),
            about_ref=str(session.request_id),
            link=work.ports.links.page(f"/feedback/{ticket}"),
            only_for_jobs=True,
        )
        threads.append((member_id, queued.message_id if queued else ""))
    seal_threads(work, found, threads)
    keep_spares(work, found, asked=[member_id for member_id, _ in recipients], spares=spares)


def invitation_params(session: JagsSession, found: Round) -> dict[str, str]:
    """Return what the mail of a round says of its session and its last day."""
    return {
        "held_on": day_in_words(london_date(session.starts_at)),
        "last_day": day_in_words(last_day(found.closes_at)),
    }


def _ask_requester(work: Work, session: JagsSession) -> None:
    """Ask the requester the one question that is answered under their name; whoever has not said who they are is not asked."""
    if session.request.requester_to_confirm_since is not None:
        return
    tell_requester(
        work,
        session.request,
        kind=MailKind.WHAT_FOLLOWED,
        cause=f"what-followed:{session.id}",
        params={"held_on": day_in_words(london_date(session.starts_at))},
        purpose=Purpose.WHAT_FOLLOWED,
    )


def _spares_info(found: Round) -> str:
    return f"round-spares|{found.id}"


def _threads_info(found: Round) -> str:
    return f"round-threads|{found.id}"
