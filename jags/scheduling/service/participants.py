"""Change who is expected at a session: invite and take off, and send apologies with or without somebody who comes instead."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from jags.accounts.queries import contact_of as contact_of_person
from jags.allocation.service import what_stands_against
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import (
    agency_name,
    contact_of,
    lead_professional,
    members,
    who_hears_of,
)
from jags.requests.rules import NetworkContact
from jags.requests.service import SomebodyInvolved, bring_member, take_off_member
from jags.scheduling.model import AccessNeed, Attendee, JagsSession
from jags.scheduling.policy import require_own_place
from jags.scheduling.queries import (
    find_access_need,
    find_requester_member,
    get_request_to_date,
    present_attendees,
    session_of_member,
)
from jags.scheduling.rules import OWN_REASONS, AccessNeeds, ApologyReason, SessionState
from jags.scheduling.service.checking import open_for_change
from jags.scheduling.service.messages import (
    NOT_EXPECTED,
    NOTHING_TO_DO,
    call_off,
    cause_prefix,
    invited_members,
    send_invitations,
    tell_of_change,
)


def change_participants(
    work: Work, session_id: uuid.UUID, *, member_ids: Sequence[uuid.UUID], version: int
) -> JagsSession:
    """Invite exactly these members of the network: new ones get an invitation, removed ones their own cancellation.

    Raises `Invalid` for nobody or somebody of another network, `MoveNotPossible` while everything is paused, and `Stale`.
    """
    session = open_for_change(work, session_id, version)
    session.request.expect_unpaused()
    invited = chosen_members(work, session.request, member_ids)
    if {m.id for m in invited} == {a.member_id for a in present_attendees(session)}:
        return session
    session.calendar_sequence += 1
    set_attendees(work, session, invited, tell_stayers=False)
    return session


def member_of_requester(work: Work, request_id: uuid.UUID, *, version: int) -> uuid.UUID:
    """Return the member of the network who is the requester, added when they are not in it yet; raises `Stale`."""
    request = get_request_to_date(work, request_id)
    known = find_requester_member(work, request)
    if known is not None:
        return known
    request.expect(version)
    contact = contact_of(work, request)
    person = SomebodyInvolved(
        NetworkContact(contact.name, contact.role, contact.team, contact.email, contact.phone),
        agency_name(request),
    )
    return bring_member(work, request, person).id


def send_apologies(
    work: Work,
    member_id: uuid.UUID,
    *,
    reason: ApologyReason,
    instead: SomebodyInvolved | None = None,
) -> JagsSession:
    """Note that somebody cannot come, and why; the entry is taken out of their calendar, and nobody else is written to.

    Who comes `instead` joins the network. They are invited at once, unless they may be connected to a facilitator: then the
    coordinator is told, and decides. By the participant's own link, or by a coordinator who was told by telephone. Raises
    `Invalid`, `NotFound` for somebody who is not expected, `MoveNotPossible` once it has begun or while all is paused.
    """
    require_own_place(work.actor, member_id)
    session, attendee = _expected(work, member_id)
    if reason not in OWN_REASONS:
        raise Invalid("Select why you cannot come.", field="reason")
    attendee.apologised_at, attendee.apology_reason = work.now, reason
    session.calendar_sequence += 1
    call_off(
        work,
        session,
        invited_members(work, [attendee.member]),
        what="Thank you for telling us that you cannot come. We have taken this JAGS session out of your calendar.",
        what_next="You do not need to do anything. If you can come after all, please ring us.",
    )
    work.record("session:apologies", session.id, why=reason, instead=instead is not None)
    if instead is not None:
        _stand_in(work, session, attendee, instead)
    return session


def decide_on_stand_in(
    work: Work, session_id: uuid.UUID, member_id: uuid.UUID, *, invite: bool, version: int
) -> JagsSession:
    """Invite somebody who was named to come instead of another, or take them off again; nobody else is written to.

    Raises `MoveNotPossible` while they may be connected to a facilitator, `NotFound` for somebody who does not wait.
    """
    session = open_for_change(work, session_id, version)
    waiting = next((a for a in session.attendees if a.member_id == member_id and a.waits_since), None)
    if waiting is None:
        raise NotFound("There is nobody of this session who waits to be invited.")
    if invite:
        against = against_facilitators(work, session)
        if against:
            raise MoveNotPossible(
                f"Something stands between them and a facilitator ({'; '.join(against)}). Clear it first, on the page of "
                "the request, or ask for somebody else."
            )
        session.calendar_sequence += 1
        _expect_again(waiting, at=work.now)
        work.session.flush()
        send_invitations(work, session, invited_members(work, [waiting.member]))
    else:
        waiting.removed_at, waiting.waits_since = work.now, None
        take_off_member(work, session.request, member_id)
    work.record("session:participants_changed", session.id, change="added" if invite else "removed")
    return session


def say_about_me(work: Work, member_id: uuid.UUID, *, show_name: bool, needs: str) -> None:
    """Keep whether others see somebody's name before the day, and what they need so that they can take part.

    Only those who arrange the room see what is needed. Raises `NotFound` for somebody who is not expected.
    """
    require_own_place(work.actor, member_id)
    session, attendee = _expected(work, member_id)
    attendee.member.show_name = show_name
    known = find_access_need(work, member_id)
    if known is None and needs.strip():
        known = AccessNeed(key_id=session.key_id, member_id=member_id, noted_at=work.now)
        work.session.add(known)
    if known is not None and needs.strip():
        known.noted_at = work.now
        work.vault.seal(known, "need", AccessNeeds(needs.strip()))
    elif known is not None:
        work.session.delete(known)
    work.record("session:participant_said", session.id, name_shown=show_name, needs=bool(needs.strip()))


def _expected(work: Work, member_id: uuid.UUID) -> tuple[JagsSession, Attendee]:
    session, attendee = session_of_member(work, member_id)
    if not attendee.expected:
        raise NotFound("You are not expected at this session.")
    if session.request.paused:
        raise MoveNotPossible(
            "Everything about this JAGS is paused, so you need not do anything. Ring us if you would like to."
        )
    if session.state is not SessionState.SCHEDULED or session.starts_at <= work.now:
        raise MoveNotPossible(
            "This session is not to come any more, so nothing can be changed here. Ring us instead."
        )
    return session, attendee


def bring_stand_in(
    work: Work,
    request: Request,
    person: SomebodyInvolved,
    *,
    for_: NetworkMember,
    pair: Sequence[uuid.UUID],
    on: date,
) -> tuple[NetworkMember, bool]:
    """Bring somebody into a network who comes instead of a member, and tell whether they may be connected to a facilitator.

    The caller has checked whether the actor may. Raises `Invalid` for nobody.
    """
    if not person.contact.name:
        raise Invalid("Enter the name of who comes instead.", field="name")
    before = what_stands_against(work, request, pair, on=on) if pair else ()
    member = bring_member(work, request, person)
    if member.agency is None and not member.agency_typed:
        # Who comes instead is a colleague unless somebody says otherwise.
        member.agency, member.agency_typed = for_.agency, for_.agency_typed
    work.session.flush()
    after = what_stands_against(work, request, pair, on=on) if pair else ()
    return member, bool(set(after) - set(before))


def _stand_in(work: Work, session: JagsSession, for_: Attendee, person: SomebodyInvolved) -> None:
    member, waits = bring_stand_in(
        work,
        session.request,
        person,
        for_=for_.member,
        pair=[f.person_id for f in session.facilitators],
        on=london_date(session.starts_at),
    )
    attendee = Attendee(
        member=member,
        member_id=member.id,
        position=1 + max(a.position for a in session.attendees),
        invited_at=work.now,
        stands_in_for=for_.member_id,
        waits_since=work.now if waits else None,
    )
    session.attendees.append(attendee)
    work.session.flush()
    if waits:
        tell_that_one_waits(
            work,
            session.request,
            cause=f"{cause_prefix(session)}{session.calendar_sequence}",
            page=f"/sessions/{session.id}",
            not_after=session.starts_at,
        )
    else:
        send_invitations(work, session, invited_members(work, [member]))
    work.record("session:participants_changed", session.id, change="added")


def against_facilitators(work: Work, session: JagsSession) -> tuple[str, ...]:
    """Say what stands against the facilitators of a session as things are now; empty when nothing does."""
    pair = [f.person_id for f in session.facilitators]
    return what_stands_against(work, session.request, pair, on=london_date(session.starts_at)) if pair else ()


def tell_that_one_waits(work: Work, request: Request, *, cause: str, page: str, not_after: datetime) -> None:
    """Tell whoever looks after a request that somebody who comes instead of another may be connected to a facilitator."""
    for person in who_hears_of(work, request):
        contact = contact_of_person(work, person)
        if contact.email:
            queue_mail(
                work,
                kind=MailKind.STAND_IN_WAITS,
                cause_ref=cause,
                recipient_ref=str(person.id),
                to=Recipient(contact.name, contact.email),
                params={"reference": request.reference or ""},
                about_ref=str(request.id),
                link=work.ports.links.page(page),
                not_after=not_after,
            )


def _expect_again(attendee: Attendee, *, at: datetime) -> None:
    attendee.removed_at, attendee.apologised_at, attendee.apology_reason = None, None, None
    attendee.waits_since, attendee.invited_at = None, at


def set_attendees(
    work: Work, session: JagsSession, invited: Sequence[NetworkMember], *, tell_stayers: bool
) -> None:
    """Invite exactly these people: each who is new gets an invitation, each who is not among them a cancellation."""
    wanted = {m.id for m in invited}
    known = {a.member_id: a for a in session.attendees}
    present = {a.member_id for a in present_attendees(session)}
    leaving = [a.member for a in present_attendees(session) if a.member_id not in wanted]
    coming = [m for m in invited if m.id not in present]
    staying = [m for m in invited if m.id in present]
    for member in leaving:
        known[member.id].removed_at = work.now
    for member in coming:
        if member.id in known:
            _expect_again(known[member.id], at=work.now)
        else:
            position = 1 + max((a.position for a in session.attendees), default=-1)
            session.attendees.append(
                Attendee(member=member, member_id=member.id, position=position, invited_at=work.now)
            )
    work.session.flush()
    call_off(work, session, invited_members(work, leaving), what=NOT_EXPECTED, what_next=NOTHING_TO_DO)
    send_invitations(work, session, invited_members(work, coming))
    if tell_stayers:
        tell_of_change(work, session, invited_members(work, staying))
    for change, number in (("added", len(coming)), ("removed", len(leaving))):
        if number and present:
            work.record("session:participants_changed", session.id, change=change)


def chosen_members(work: Work, request: Request, member_ids: Iterable[uuid.UUID]) -> list[NetworkMember]:
    """Return the members of a network who were chosen, in its order; raises `Invalid` for nobody, or a stranger."""
    lead = lead_professional(work, request)
    invitable = {m.id: m for m, _ in [*([lead] if lead else []), *members(work, request)]}
    wanted = list(dict.fromkeys(member_ids))
    if not wanted:
        raise Invalid("Select at least one person to invite.", field="member_ids")
    if not invitable.keys() >= set(wanted):
        raise Invalid(
            "Select people from this list. Somebody has been taken off it since.", field="member_ids"
        )
    return [m for m in invitable.values() if m.id in wanted]
