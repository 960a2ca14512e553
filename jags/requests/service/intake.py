"""Begin a draft, keep its answers page by page, send it, and confirm the e-mail address of who asked."""

import dataclasses
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select

from jags.accounts.model import Agency
from jags.accounts.queries import find_agency
from jags.accounts.rules import Permission, Purpose
from jags.accounts.service import revoke_links
from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid, Stale
from jags.kernel.sealing import DataKey
from jags.kernel.time import day_in_words, london_date
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.notifications.service import has_mail, withdraw_mail
from jags.requests.model import DraftPart, InvolvedAgency, NetworkMember, Request
from jags.requests.policy import request_by_link, request_for, require_writer
from jags.requests.queries import detail_of, find_for_requester, old_drafts, promised_call, unfinished
from jags.requests.rules import (
    AgeBand,
    CaseDetail,
    DateMatters,
    LeadKnows,
    NetworkContact,
    Part,
    Plan,
    Question,
    Reason,
    RequesterContact,
    Responsibility,
    Source,
    State,
    Tie,
    Verb,
    YesNoUnsure,
)
from jags.requests.service.moves import move_request, next_reference, once, tell_requester
from jags.settings.queries import partnership


@dataclass(frozen=True)
class AboutYou:
    """Who asks."""

    contact: RequesterContact
    agency: str


@dataclass(frozen=True)
class AboutTheChild:
    """Whom it is about, without anything that names them."""

    pseudonym: str
    age_bands: frozenset[AgeBand]
    sibling_group: bool | None = None
    locality: str | None = None
    responsibility: Responsibility | None = None
    plans: frozenset[Plan] = frozenset()
    own_reference: str = ""


@dataclass(frozen=True)
class WhyAndHopes:
    """Why a JAGS is asked for, and what reflection should help with."""

    reasons: frozenset[Reason]
    hopes: str
    reason_other: str = ""


@dataclass(frozen=True)
class SomebodyInvolved:
    """A person around the child, as typed."""

    contact: NetworkContact
    agency: str = ""


@dataclass(frozen=True)
class WhoIsInvolved:
    """Agencies and people around the child."""

    agencies: tuple[str, ...] = ()
    lead: SomebodyInvolved | None = None
    lead_knows: LeadKnows | None = None
    people: tuple[SomebodyInvolved, ...] = ()


@dataclass(frozen=True)
class Shown:
    """What a page of the form was shown: how often its part had been answered, and the page's own mark."""

    version: int
    page: str


@dataclass(frozen=True)
class LastThings:
    """Transitional safeguarding as the requester sees it, dates, and what makes contact unsafe."""

    transitional_view: YesNoUnsure
    date_matters: DateMatters | None = None
    date_note: str = ""
    unsafe_contact: str = ""
    who_should_not: str = ""
    heard_from: str = ""


PARTS: dict[type, Part] = {
    AboutYou: Part.REQUESTER,
    AboutTheChild: Part.CHILD,
    WhyAndHopes: Part.REASONS,
    WhoIsInvolved: Part.PEOPLE,
    LastThings: Part.LAST,
}
NOTHING_KNOWN = NetworkContact()
# How long a link that was asked for is given to arrive before another is sent; pages say so too.
ASKED_LATELY = timedelta(minutes=10)
Answers = AboutYou | AboutTheChild | WhyAndHopes | WhoIsInvolved | LastThings


def start_draft(work: Work, *pages: Answers, source: Source = Source.WEB) -> Request:
    """Begin a request with its first answers, which anybody may; nothing of it is received until it is sent.

    Raises `Invalid` for an e-mail address that is none.
    """
    request = Request(
        key_id=work.vault.new_key(),
        source=source,
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


def _count(request: Request, part: Part, shown: Shown | None) -> None:
    kept = next((one for one in request.draft_parts if one.part is part), None)
    if kept is None:
        kept = DraftPart(part=part, version=0, page="")
        request.draft_parts.append(kept)
    if shown is not None and shown.version != kept.version and shown.page != (kept.page or None):
        raise Stale
    kept.version += 1
    kept.page = shown.page if shown else ""


def _keep(work: Work, request: Request, pages: Iterable[Answers], *, shown: Shown | None) -> None:
    for page in pages:
        _count(request, PARTS[type(page)], shown)
        match page:
            case AboutYou():
                _save_requester(work, request, page)
            case AboutTheChild():
                _save_child(work, request, page)
            case WhyAndHopes():
                request.choose(Question.REASON, frozenset(page.reasons))
                _change_detail(work, request, hopes=page.hopes, reason_other=page.reason_other)
            case WhoIsInvolved():
                _save_involved(work, request, page)
            case LastThings():
                _save_last(work, request, page)


def send_return_link(work: Work, request: Request) -> None:
    """Mail a link with which the writer of a draft comes back to it, for as long as the draft is kept.

    Asked for again at once, nothing more is sent to the same address.
    """
    require_writer(work, request)
    _lock(work, request)
    address = (request.requester_email_index or b"").hex()[:8]
    if _asked_lately(work, request, MailKind.RETURN_LINK, to=address):
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

    Sending twice has one effect. Raises `Invalid` while a part of the form lacks what we cannot begin without.
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
    request.draft_parts = []
    move = move_request(work, request, Verb.SUBMIT)
    tell_requester(work, request, kind=MailKind.CONFIRM_REQUEST, cause=move, purpose=Purpose.CONFIRM_REQUEST)


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
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    _confirmed(work, request, Verb.CONFIRM_BY_TELEPHONE)
    withdraw_mail(work, about_ref=str(request.id), kind=MailKind.CONFIRM_REQUEST)
    return request


def send_status_link(work: Work, *, reference: str, email: str) -> None:
    """Mail a new link to the status page when reference and address fit; say nothing about whether they do.

    One mail is enough: while one waits to be sent, or was sent just now, there is no other.
    """
    request = find_for_requester(work, reference=reference, email=email)
    if request is None:
        return
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
    """Delete drafts that were begun longer ago than the partnership keeps them, with their key; return how many."""
    before = work.now - timedelta(days=partnership(work).draft_kept_days)
    drafts = old_drafts(work, started_before=before)
    for request in drafts:
        withdraw_mail(work, about_ref=str(request.id))
        revoke_links(work, purpose=Purpose.REQUEST_DRAFT, subject_id=request.id)
        work.record(
            "request:moved", request.id, verb=Verb.ABANDON, **{"from": request.state.value, "to": "deleted"}
        )
        key_id = request.key_id
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
    work.session.execute(select(Request.id).where(Request.id == request.id).with_for_update())
    work.session.refresh(request)
    work.session.expire(request, ["draft_parts"])


def _asked_lately(work: Work, request: Request, kind: MailKind, *, to: str = "") -> bool:
    return has_mail(
        work,
        kind=kind,
        about_ref=str(request.id),
        queued_since=work.now - ASKED_LATELY,
        cause_prefix=f"request:{request.id}:{to}",
    )


def _confirmed(work: Work, request: Request, verb: Verb) -> None:
    move = move_request(work, request, verb)
    request.confirmed_at = work.now
    ring_by = promised_call(work, request) or work.today
    tell_requester(
        work, request, kind=MailKind.REQUEST_RECEIVED, cause=move, params={"ring_by": day_in_words(ring_by)}
    )


def _save_requester(work: Work, request: Request, page: AboutYou) -> None:
    contact = dataclasses.replace(page.contact, email=checked_email(page.contact.email))
    work.vault.seal(request, "contact", contact)
    request.requester_email_index = work.vault.blind_index("email", contact.email)
    request.agency, request.agency_typed = _settled(work, page.agency)


def _save_child(work: Work, request: Request, page: AboutTheChild) -> None:
    request.choose(Question.AGE_BAND, frozenset(page.age_bands))
    request.choose(Question.PLAN, frozenset(page.plans))
    request.sibling_group = page.sibling_group
    request.locality = page.locality
    request.responsibility = page.responsibility
    _change_detail(work, request, pseudonym=page.pseudonym, own_reference=page.own_reference)


def _save_involved(work: Work, request: Request, page: WhoIsInvolved) -> None:
    request.lead_knows = page.lead_knows
    request.involved = []
    request.network = []
    work.session.flush()
    for position, typed in enumerate(dict.fromkeys(t.strip() for t in page.agencies if t.strip())):
        agency, rest = _settled(work, typed)
        request.involved.append(InvolvedAgency(position=position, agency=agency, agency_typed=rest))
    named = [(Tie.NETWORK, person) for person in page.people]
    if page.lead is not None:
        named.insert(0, (Tie.LEAD_PROFESSIONAL, page.lead))
    for position, (tie, person) in enumerate(named):
        request.network.append(new_member(work, request, person, tie=tie, position=position))


def new_member(
    work: Work, request: Request, person: SomebodyInvolved, *, tie: Tie, position: int
) -> NetworkMember:
    """Return a person around the child as a row of the network; raises `Invalid` for an address that is none."""
    member = NetworkMember(key_id=request.key_id, position=position, tie=tie)
    describe_member(work, member, person)
    return member


def describe_member(
    work: Work, member: NetworkMember, person: SomebodyInvolved, *, known: NetworkContact = NOTHING_KNOWN
) -> None:
    """Write down who a member of the network is; what was left empty stays as it is `known`.

    Raises `Invalid` for an address that is none.
    """
    typed = {name: value for name, value in dataclasses.asdict(person.contact).items() if value}
    contact: NetworkContact = dataclasses.replace(known, **typed)
    if contact.email:
        contact = dataclasses.replace(contact, email=checked_email(contact.email))
        member.email_index = work.vault.blind_index("email", contact.email)
    if person.agency or not (member.agency or member.agency_typed):
        member.agency, member.agency_typed = _settled(work, person.agency)
    work.vault.seal(member, "contact", contact)


def _save_last(work: Work, request: Request, page: LastThings) -> None:
    request.transitional_view = page.transitional_view
    request.date_matters = page.date_matters
    _change_detail(
        work,
        request,
        date_note=page.date_note,
        unsafe_contact=page.unsafe_contact,
        who_should_not=page.who_should_not,
        heard_from=page.heard_from,
    )


def _change_detail(work: Work, request: Request, **changes: str) -> None:
    changed: CaseDetail = dataclasses.replace(detail_of(work, request), **changes)
    work.vault.seal(request, "detail", changed)


def _settled(work: Work, typed: str) -> tuple[Agency | None, str]:
    """Return the agency of a spelling, or what was typed for the coordinator to settle."""
    agency = find_agency(work, typed)
    return (agency, "") if agency else (None, typed.strip())
