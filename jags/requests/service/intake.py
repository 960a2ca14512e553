"""Begin a draft, keep its answers page by page, send it, and confirm the e-mail address of who asked."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, func, select, text

from jags.accounts.rules import Purpose
from jags.accounts.service import revoke_links
from jags.kernel.errors import Invalid, Stale
from jags.kernel.sealing import DataKey
from jags.kernel.time import day_in_words, london_date
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.notifications.service import count_mail, has_mail, withdraw_mail
from jags.requests.model import DraftPart, Request
from jags.requests.policy import request_by_link, require_writer
from jags.requests.queries import (
    caller_of,
    contact_of,
    forget_kept_parts,
    kept_part,
    old_drafts,
    promised_call,
    unfinished,
)
from jags.requests.rules import FORM_VERSION, Part, Source, State, Verb
from jags.requests.service.answers import PARTS, Answers, keep_answers
from jags.requests.service.begun import forget_counts
from jags.requests.service.checks import open_to_writing
from jags.requests.service.moves import move_request, next_reference, once, tell_requester
from jags.settings.queries import partnership


@dataclass(frozen=True)
class Shown:
    """What a page of the form was shown: how often its part had been answered, and the page's own mark.

    A page that keeps itself is sent more than once: `step` counts, so that what was overtaken on its way is known.
    """

    version: int
    page: str
    step: int = 0


# How long a link that was asked for is given to arrive before another is sent; pages say so too.
ASKED_LATELY = timedelta(minutes=10)
# So many mails within the period go to an address of which nobody has said yet that it is theirs.
UNCONFIRMED_MAILS = 5
_UNCONFIRMED_PERIOD = timedelta(hours=1)
_LOCKED = select(Request.version).where(Request.id == bindparam("request_id")).with_for_update()
_COUNT = text(
    "INSERT INTO draft_part (request_id, part, version, page) VALUES (:request_id, :part, :version, :page) "
    "ON CONFLICT (request_id, part) DO UPDATE SET version = :version, page = :page"
).bindparams(bindparam("request_id", type_=DraftPart.request_id.type))


def start_draft(work: Work, *pages: Answers, source: Source = Source.WEB) -> Request:
    """Begin a request with its first answers, which anybody may; nothing of it is received until it is sent.

    Raises `Invalid` for an e-mail address that is none.
    """
    request = Request(
        key_id=work.vault.new_key(),
        source=source,
        form_version=FORM_VERSION,
        state=State.DRAFT,
        state_changed_at=work.now,
        started_at=work.now,
    )
    work.session.add(request)
    work.session.flush()
    work.record("request:draft_started", request.id)
    _keep(work, request, pages, shown=None)
    return request


def save_answers(work: Work, request: Request, *pages: Answers, shown: Shown | None = None) -> None:
    """Keep the answers of one or more pages of a draft, in place of what these pages said before.

    With `shown`, a page may replace the answers that it showed, and those that it sent itself: who goes back in the same
    tab and sends a page again is its writer. What another tab or another device has answered meanwhile is not replaced.
    Each part is counted by itself, so that two tabs at two parts do not disturb each other.

    Raises `Stale` in that case, `Invalid` for an e-mail address that is none, `LinkNotValid` for somebody else's draft, and
    `NotAllowed` once it has been sent.
    """
    if shown is not None:
        _lock(work, request)
    require_writer(work, request)
    _keep(work, request, pages, shown=shown)
    work.write_alone(request)


def _count(work: Work, request: Request, part: Part, shown: Shown | None) -> bool:
    """Count that a part is answered once more; tell whether it is, or was overtaken by what the same page sent later."""
    version, page = kept_part(work, request, part)
    mark, _, step = page.partition(":")
    if shown is not None and mark and shown.page == mark:
        if shown.step < int(step or 0):
            return False
    elif shown is not None and shown.version != version:
        raise Stale
    page = f"{shown.page}:{shown.step}" if shown and shown.page else ""
    work.rows(_COUNT, {"request_id": request.id, "part": part.value, "version": version + 1, "page": page})
    forget_kept_parts(work, request)
    return True


def _keep(work: Work, request: Request, pages: Iterable[Answers], *, shown: Shown | None) -> None:
    for page in pages:
        if _count(work, request, PARTS[type(page)], shown):
            keep_answers(work, request, page)


def send_return_link(work: Work, request: Request) -> None:
    """Mail a link with which the writer of a draft comes back to it, for as long as the draft is kept.

    Asked for again at once, nothing more is sent to the same address, and neither is where several drafts have sent mail to
    one that nobody has confirmed; the answer is the same. Raises `Invalid` while no address is known.
    """
    require_writer(work, request)
    if not contact_of(work, request).email:
        raise Invalid("Enter your work e-mail address first, so that we can send you a link.", field="email")
    _lock(work, request)
    address = (request.requester_email_index or b"").hex()[:8]
    if _asked_lately(work, request, MailKind.RETURN_LINK, to=address) or _mailed_enough(work, request):
        return
    kept = timedelta(days=partnership(work).draft_kept_days)
    until = request.started_at + kept
    tell_requester(
        work,
        request,
        kind=MailKind.RETURN_LINK,
        cause=f"{address}:{once()}",
        params={"until": day_in_words(london_date(until))},
        purpose=Purpose.REQUEST_DRAFT,
        lifetime=max(until - work.now, timedelta(days=1)),
    )


def submit_request(work: Work, request: Request) -> None:
    """Send a request: it is received now, gets its reference, and the e-mail address is asked to confirm.

    What a coordinator entered for somebody on the telephone needs no confirmation and is considered at once.
    Sending twice has one effect. Where several have been sent from one address that nobody has confirmed, no more mail goes
    there: the Business Unit rings, or a new link is asked for. Raises `Invalid` while a part of the form lacks what we cannot begin without.
    """
    _lock(work, request)
    if request.state is not State.DRAFT:
        return
    require_writer(work, request)
    if unfinished(work, request):
        raise Invalid(
            "Some answers are still missing. Finish the parts that are marked before you send this."
        )
    request.received_at, request.received_on = work.now, work.today
    request.reference = next_reference(work, received_on=work.today)
    _forget_counts(work, request)
    move = move_request(work, request, Verb.SUBMIT)
    if request.source is Source.TELEPHONE:
        # It was said to us on the telephone. The address was typed by us, so it has yet to be shown that it is theirs.
        request.requester_to_confirm_since = work.now if request.requester_email_index else None
        _confirmed(work, request, Verb.CONFIRM_BY_TELEPHONE)
        return
    if not _mailed_enough(work, request, sent=True):
        tell_requester(
            work, request, kind=MailKind.CONFIRM_REQUEST, cause=move, purpose=Purpose.CONFIRM_REQUEST
        )


def confirm_request(work: Work, request_id: uuid.UUID) -> Request:
    """Take a request into triage, because whoever reads the requester's mail says that they asked.

    Confirming twice has one effect. Raises `LinkNotValid` without the link of the confirmation mail.
    """
    request = request_by_link(work, request_id, Purpose.CONFIRM_REQUEST)
    _lock(work, request)
    if request.state is State.UNCONFIRMED:
        _confirmed(work, request, Verb.CONFIRM)
    return request


def confirm_by_telephone(work: Work, request_id: uuid.UUID, *, version: int) -> Request:
    """Take a request into triage after the Business Unit has spoken to the requester."""
    request = open_to_writing(work, request_id, version)
    _confirmed(work, request, Verb.CONFIRM_BY_TELEPHONE)
    withdraw_mail(work, about_ref=str(request.id), kind=MailKind.CONFIRM_REQUEST)
    return request


def send_status_link(work: Work, request: Request) -> None:
    """Mail a new link to the status page, or to what the requester confirms first.

    One mail is enough: while one waits to be sent, or was sent just now, there is no other.
    """
    _lock(work, request)
    confirming = request.state is State.UNCONFIRMED
    kind = MailKind.CONFIRM_REQUEST if confirming else MailKind.STATUS_LINK
    if _asked_lately(work, request, kind):
        return
    tell_requester(
        work,
        request,
        kind=kind,
        cause=once(),
        purpose=Purpose.CONFIRM_REQUEST if confirming else Purpose.REQUEST_STATUS,
    )


def delete_old_drafts(work: Work) -> int:
    """Delete drafts that were begun longer ago than the partnership keeps them, with their key; return how many.

    What was counted of hours that are over goes with them.
    """
    forget_counts(work)
    before = work.now - timedelta(days=partnership(work).draft_kept_days)
    drafts = old_drafts(work, started_before=before)
    for request in drafts:
        withdraw_mail(work, about_ref=str(request.id))
        revoke_links(work, purpose=Purpose.REQUEST_DRAFT, subject_id=request.id)
        work.record(
            "request:moved", request.id, verb=Verb.ABANDON, **{"from": request.state.value, "to": "deleted"}
        )
        key_id = request.key_id
        _forget_counts(work, request)
        work.session.delete(request)
        work.session.flush()
        work.session.execute(delete(DataKey).where(DataKey.id == key_id))
    return len(drafts)


def _lock(work: Work, request: Request) -> None:
    """Wait for anybody else who is at this request, so that the second of two equal posts finds the first one's effect."""
    work.session.flush()
    if work.session.get_bind().dialect.name == "sqlite":
        # There a writing unit of work is the only writer from before its first read.
        return
    if work.rows(_LOCKED, {"request_id": request.id}).scalar() != request.version:
        work.session.refresh(request)
    forget_kept_parts(work, request)


def _forget_counts(work: Work, request: Request) -> None:
    work.session.execute(delete(DraftPart).where(DraftPart.request_id == request.id))


def _asked_lately(work: Work, request: Request, kind: MailKind, *, to: str = "") -> bool:
    return has_mail(
        work,
        kind=kind,
        about_ref=str(request.id),
        queued_since=work.now - ASKED_LATELY,
        cause_prefix=f"request:{request.id}:{to}",
    )


def _mailed_enough(work: Work, request: Request, *, sent: bool = False) -> bool:
    """Tell whether an address that anybody may type has had its mail of this hour, from all drafts together.

    `sent` says that this request has been sent and is one of those that are counted.
    """
    index = request.requester_email_index or b""
    since = work.now - _UNCONFIRMED_PERIOD
    links = count_mail(
        work, kind=MailKind.RETURN_LINK, queued_since=since, cause_part=f":{index.hex()[:8]}:asked:"
    )
    unconfirmed = work.session.scalar(
        select(func.count())
        .select_from(Request)
        .where(
            Request.requester_email_index == index,
            Request.state == State.UNCONFIRMED,
            Request.received_at > since,
        )
    )
    return links + (unconfirmed or 0) - sent >= UNCONFIRMED_MAILS


def _confirmed(work: Work, request: Request, verb: Verb) -> None:
    move = move_request(work, request, verb)
    request.confirmed_at = work.now
    ring_by = promised_call(work, request) or work.today
    tell_requester(
        work,
        request,
        kind=MailKind.REQUEST_RECEIVED,
        cause=move,
        params={"caller": caller_of(work, request) or "Somebody", "ring_by": day_in_words(ring_by)},
    )
