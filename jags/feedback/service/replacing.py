"""Replace links that were lost, by spare tickets that were minted when their round began.

Who has lost a link is sealed to the jobs process, and only it hands a spare ticket out: no row, and no transaction that
could be read, holds a person beside a ticket, and no ticket is made for one person (docs/adr/0005-anonymous-feedback.md).
"""

import secrets
import uuid
from collections import defaultdict

from sqlalchemy import select

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.feedback.model import LostLink, Round
from jags.feedback.policy import require_job
from jags.feedback.queries import lost_links, open_by_links
from jags.feedback.service.opening import (
    invitation_params,
    keep_spares,
    mail_cause,
    open_spares,
    open_threads,
    recipients_of,
    seal_threads,
)
from jags.kernel.box import open_as_jobs, seal_for_jobs
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.ids import new_id
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import get_session, invitable


def ask_for_another_link(work: Work, session_id: uuid.UUID, *, member_id: uuid.UUID | None) -> None:
    """Ask that somebody who has lost their link to the open round of a session is sent another.

    Nobody but the job sees whether they were asked at all. Raises `NotFound`, `NotAllowed`, `MoveNotPossible` where no
    link can be replaced, and `Invalid` at `whom`.
    """
    require(work.actor, Permission.SESSION_ARRANGE)
    session = get_session(work, session_id)
    found = work.session.scalars(open_by_links(session.id, work.now).with_for_update(of=Round)).one_or_none()
    status = lost_links(work, session)
    if found is None or status.refused:
        raise MoveNotPossible(status.refused)
    people = {one.id for one in invitable(work, session.request) if one.email}
    if member_id not in people:
        raise Invalid("Select who has lost their link.", field="whom")
    row = LostLink(id=new_id(), round_id=found.id)
    row.whom_sealed = seal_for_jobs(work, _wish_info(row), str(member_id).encode())
    work.session.add(row)
    work.record("feedback_round:link_lost", found.id, session=str(session.id))


def replace_lost_links(work: Work) -> int:
    """Send another link to whoever has lost theirs and was asked, once each; return how many wishes were dealt with."""
    require_job(work.actor)
    wishes: dict[uuid.UUID, list[LostLink]] = defaultdict(list)
    for wish in work.session.scalars(select(LostLink).order_by(LostLink.id).with_for_update()):
        wishes[wish.round_id].append(wish)
    due = work.session.execute(
        select(Round, JagsSession)
        .join(JagsSession, JagsSession.id == Round.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(
            Round.id.in_(wishes),
            Round.closes_at > work.now,
            Request.paused_at.is_(None),
            # The closing day moves by a pause before anybody is told of it.
            Request.paused_seconds == Round.paused_seconds,
        )
        .order_by(Round.id)
        .with_for_update(of=Round)
    ).all()
    return sum(_replace(work, found, session, wishes[found.id]) for found, session in due)


def _replace(work: Work, found: Round, session: JagsSession, wishes: list[LostLink]) -> int:
    asked, spares = open_spares(work, found)
    threads = dict(open_threads(work, found))
    members = [uuid.UUID(open_as_jobs(work, _wish_info(one), one.whom_sealed).decode()) for one in wishes]
    # In no order, and somebody for whom it was asked twice has one.
    members = sorted(set(members) & set(asked))
    secrets.SystemRandom().shuffle(members)
    for member_id, recipient in recipients_of(work, members[: len(spares)]).items():
        threads |= _send(work, found, session, member_id, recipient, spares.pop())
        asked.remove(member_id)
    for one in wishes:
        work.session.delete(one)
    # Counted is what was asked for, not what was sent: the difference would tell who was not there.
    found.replaced += len(wishes)
    keep_spares(work, found, asked=asked, spares=spares)
    if found.threads_sealed is not None:
        # The reminder is a reply to the message that they can find.
        seal_threads(work, found, list(threads.items()))
    work.record("feedback_round:links_replaced", found.id, session=str(session.id), number=len(wishes))
    return len(wishes)


def _send(
    work: Work, found: Round, session: JagsSession, member_id: uuid.UUID, to: Recipient, ticket: str
) -> dict[uuid.UUID, str]:
    queued = queue_mail(
        work,
        kind=MailKind.FEEDBACK_LINK_AGAIN,
        cause_ref=mail_cause(found),
        recipient_ref=str(new_id()),
        to=to,
        params=invitation_params(session, found),
        about_ref=str(session.request_id),
        link=work.ports.links.page(f"/feedback/{ticket}"),
        only_for_jobs=True,
    )
    return {member_id: queued.message_id} if queued else {}


def _wish_info(row: LostLink) -> str:
    return f"lost-link|{row.id}"
