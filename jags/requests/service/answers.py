"""The answers of each page of the request form, and how they are kept; both halves, whoever writes them."""

import dataclasses
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from jags.accounts.model import Agency
from jags.accounts.queries import find_agency
from jags.accounts.rules import Purpose
from jags.accounts.service import revoke_links
from jags.kernel.addresses import checked_email
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.notifications.service import withdraw_mail
from jags.requests.model import InvolvedAgency, NetworkMember, Request
from jags.requests.queries import detail_of, members
from jags.requests.rules import (
    AgeBand,
    DateMatters,
    Gate,
    Involvement,
    LeadKnows,
    NetworkContact,
    Part,
    Plan,
    Question,
    Reason,
    RequesterContact,
    Responsibility,
    State,
    Tie,
    YesNoUnsure,
)


@dataclass(frozen=True)
class BeforeYouAsk:
    """The questions before the form that were answered yes, with why the person went on all the same."""

    went_on: Mapping[Gate, str] = field(default_factory=dict)


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
    # What was answered in place of a locality of the list.
    elsewhere: str = ""
    responsibility: Responsibility | None = None
    plans: frozenset[Plan] = frozenset()


@dataclass(frozen=True)
class WhyAndHopes:
    """Why a JAGS is asked for, and what reflection should help with."""

    reasons: frozenset[Reason]
    hopes: str
    reason_other: str = ""


@dataclass(frozen=True)
class SomebodyInvolved:
    """A person around the child, as typed; `member_id` names one who is in the network already."""

    contact: NetworkContact
    agency: str = ""
    agreed: YesNoUnsure | None = None
    member_id: uuid.UUID | None = None


@dataclass(frozen=True)
class WhoIsInvolved:
    """Agencies around the child, and the lead professional."""

    agencies: tuple[str, ...] = ()
    lead: SomebodyInvolved | None = None
    lead_knows: LeadKnows | None = None


@dataclass(frozen=True)
class IntoAdulthood:
    """Transitional safeguarding as the requester sees it, and which adult services are needed and not there yet."""

    view: YesNoUnsure | None
    needed: tuple[str, ...] = ()


@dataclass(frozen=True)
class LastThings:
    """Dates, what makes contact unsafe, and how the requester heard of JAGS (a code of the partnership's list)."""

    date_matters: frozenset[DateMatters] = frozenset()
    date_note: str = ""
    unsafe_contact: str = ""
    heard_of: str | None = None
    heard_from: str = ""


@dataclass(frozen=True)
class Contacts:
    """The people in each agency, and whether they agreed to take part."""

    people: tuple[SomebodyInvolved, ...] = ()


@dataclass(frozen=True)
class ChildAndFamily:
    """Whether child and family know, and what the young person would want us to hold in mind."""

    family_knows: str = ""
    young_person_wish: str = ""


@dataclass(frozen=True)
class TheWork:
    """Court, criminal or review activity, what has been tried, and the requester's own reference."""

    legal_live: YesNoUnsure | None = None
    legal_activity: str = ""
    tried: str = ""
    own_reference: str = ""


@dataclass(frozen=True)
class Arrangements:
    """What has to be thought of when the JAGS is arranged."""

    format_wish: str = ""
    access_needs: str = ""
    not_these_dates: str = ""
    who_should_not: str = ""
    line_manager_aware: str = ""


FirstHalf = BeforeYouAsk | AboutYou | AboutTheChild | WhyAndHopes | WhoIsInvolved | IntoAdulthood | LastThings
SecondHalf = Contacts | ChildAndFamily | TheWork | Arrangements
Answers = FirstHalf | SecondHalf
PARTS: dict[type, Part] = {
    BeforeYouAsk: Part.GATE,
    AboutYou: Part.REQUESTER,
    AboutTheChild: Part.CHILD,
    WhyAndHopes: Part.REASONS,
    WhoIsInvolved: Part.PEOPLE,
    IntoAdulthood: Part.ADULTHOOD,
    LastThings: Part.LAST,
    Contacts: Part.CONTACTS,
    ChildAndFamily: Part.FAMILY,
    TheWork: Part.WORK,
    Arrangements: Part.ARRANGEMENTS,
}
NOTHING_KNOWN = NetworkContact()


def keep_answers(work: Work, request: Request, page: Answers) -> None:
    """Keep what one page says, in place of what it said before; raises `Invalid` for an e-mail address that is none."""
    _KEEPERS[type(page)](work, request, page)


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
    index = None
    if contact.email:
        contact = dataclasses.replace(contact, email=checked_email(contact.email))
        index = work.vault.blind_index("email", contact.email)
    member.email_index = index
    if person.agency or not (member.agency or member.agency_typed):
        member.agency, member.agency_typed = _settled(work, person.agency)
    if person.agreed is not None:
        member.agreed = person.agreed
    work.vault.seal(member, "contact", contact)


def _keep_gate(work: Work, request: Request, page: BeforeYouAsk) -> None:
    request.choose(Question.GATE, frozenset(page.went_on))
    _change_detail(work, request, **{f"gate_{gate.value}": page.went_on.get(gate, "") for gate in Gate})


def _keep_requester(work: Work, request: Request, page: AboutYou) -> None:
    contact = page.contact
    if contact.email:
        contact = dataclasses.replace(contact, email=checked_email(contact.email))
    work.vault.seal(request, "contact", contact)
    index = work.vault.blind_index("email", contact.email) if contact.email else None
    if request.requester_email_index is not None and index != request.requester_email_index:
        _close_to_former_address(work, request)
    request.requester_email_index = index
    request.agency, request.agency_typed = _settled(work, page.agency)


def _close_to_former_address(work: Work, request: Request) -> None:
    """Take back the links to a draft that were mailed to an address which was mistyped; its writer's own stays."""
    withdraw_mail(work, about_ref=str(request.id), kind=MailKind.RETURN_LINK)
    revoke_links(work, purpose=Purpose.REQUEST_DRAFT, subject_id=request.id, issued_after=request.started_at)


def _keep_child(work: Work, request: Request, page: AboutTheChild) -> None:
    request.choose(Question.AGE_BAND, frozenset(page.age_bands))
    request.choose(Question.PLAN, frozenset(page.plans))
    request.sibling_group = page.sibling_group
    request.locality = page.locality
    request.responsibility = page.responsibility
    _change_detail(work, request, pseudonym=page.pseudonym, locality_as_typed=page.elsewhere)


def _keep_why(work: Work, request: Request, page: WhyAndHopes) -> None:
    request.choose(Question.REASON, frozenset(page.reasons))
    _change_detail(work, request, hopes=page.hopes, reason_other=page.reason_other)


def _keep_involved(work: Work, request: Request, page: WhoIsInvolved) -> None:
    request.lead_knows = page.lead_knows
    _keep_agencies(work, request, page.agencies, Involvement.INVOLVED)
    before = [m for m in request.network if m.tie is Tie.LEAD_PROFESSIONAL]
    for member in before:
        request.network.remove(member)
    if page.lead is not None:
        request.network.append(new_member(work, request, page.lead, tie=Tie.LEAD_PROFESSIONAL, position=0))


def _keep_adulthood(work: Work, request: Request, page: IntoAdulthood) -> None:
    request.transitional_view = page.view
    _keep_agencies(work, request, page.needed, Involvement.NEEDED)


def _keep_last(work: Work, request: Request, page: LastThings) -> None:
    request.choose(Question.DATE_MATTERS, frozenset(page.date_matters))
    request.heard_of = page.heard_of
    _change_detail(work, request, **_texts(page, "date_note", "unsafe_contact", "heard_from"))


def _keep_agencies(
    work: Work, request: Request, typed_names: tuple[str, ...], involvement: Involvement
) -> None:
    for row in [row for row in request.involved if row.involvement is involvement]:
        request.involved.remove(row)
    work.session.flush()
    for position, typed in enumerate(dict.fromkeys(t.strip() for t in typed_names if t.strip())):
        agency, rest = _settled(work, typed)
        request.involved.append(
            InvolvedAgency(position=position, agency=agency, agency_typed=rest, involvement=involvement)
        )


def _keep_contacts(work: Work, request: Request, page: Contacts) -> None:
    """Keep the people of the page; who is not on it any more is taken off, but for the lead professional."""
    known = {member.id: (member, contact) for member, contact in members(work, request)}
    for position, person in enumerate(page.people, 1):
        found = known.pop(person.member_id, None) if person.member_id else None
        if found is None:
            request.network.append(new_member(work, request, person, tie=Tie.NETWORK, position=position))
            continue
        member, _ = found
        member.position, member.agreed = position, person.agreed
        describe_member(work, member, person)
        if not person.agency:
            member.agency, member.agency_typed = None, ""
    for member, _ in known.values():
        if request.state is State.DRAFT:
            request.network.remove(member)
        else:
            member.removed_at = work.now


def _keep_work(work: Work, request: Request, page: TheWork) -> None:
    request.legal_live = page.legal_live
    request.own_reference_index = (
        work.vault.blind_index("own-reference", page.own_reference) if page.own_reference else None
    )
    _change_detail(work, request, **_texts(page, "legal_activity", "tried", "own_reference"))


def _keep_texts(work: Work, request: Request, page: ChildAndFamily | Arrangements) -> None:
    _change_detail(work, request, **dataclasses.asdict(page))


def _texts(page: Answers, *names: str) -> dict[str, str]:
    return {name: getattr(page, name) for name in names}


def _change_detail(work: Work, request: Request, **changes: str) -> None:
    work.vault.seal(request, "detail", dataclasses.replace(detail_of(work, request), **changes))


def _settled(work: Work, typed: str) -> tuple[Agency | None, str]:
    """Return the agency of a spelling, or what was typed for the coordinator to settle."""
    agency = find_agency(work, typed)
    return (agency, "") if agency else (None, typed.strip())


_KEEPERS: dict[type, Callable[[Work, Request, Any], None]] = {
    BeforeYouAsk: _keep_gate,
    AboutYou: _keep_requester,
    AboutTheChild: _keep_child,
    WhyAndHopes: _keep_why,
    WhoIsInvolved: _keep_involved,
    IntoAdulthood: _keep_adulthood,
    LastThings: _keep_last,
    Contacts: _keep_contacts,
    ChildAndFamily: _keep_texts,
    TheWork: _keep_work,
    Arrangements: _keep_texts,
}
