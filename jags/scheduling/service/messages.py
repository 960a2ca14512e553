"""Tell the people of a session about it: invitations, changes and cancellations, each with their own calendar entry."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jags.accounts.model import Person
from jags.accounts.queries import contact_of
from jags.accounts.rules import Purpose
from jags.kernel.time import time_in_words
from jags.kernel.work import Work
from jags.notifications.queries import never_left
from jags.notifications.rules import CalendarPart, MailKind, Recipient
from jags.notifications.service import LinkWanted, queue_mail, withdraw_mail
from jags.requests.model import NetworkMember
from jags.requests.rules import NetworkContact
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import place_of, present_attendees
from jags.scheduling.render import (
    CalendarEntry,
    Mailbox,
    Method,
    calendar_text,
    place_in_words,
    when_in_words,
)
from jags.scheduling.rules import SessionFormat
from jags.settings.queries import partnership

NOT_EXPECTED = "You are no longer expected at this JAGS session, and we have taken it out of your calendar."
NOTHING_TO_DO = "You do not need to do anything."


@dataclass(frozen=True)
class Invitee:
    """Somebody who gets messages about a session; participants without an address get none."""

    id: uuid.UUID
    name: str
    email: str
    facilitates: bool


def invited_members(work: Work, members: Iterable[NetworkMember]) -> list[Invitee]:
    """Return members of a network as people to write to."""
    return [
        Invitee(m.id, contact.called, contact.email, facilitates=False)
        for m in members
        for contact in [work.vault.open(m, "contact", NetworkContact)]
    ]


def invited_facilitators(work: Work, person_ids: Iterable[uuid.UUID]) -> list[Invitee]:
    """Return facilitators as people to write to."""
    return [
        Invitee(person_id, contact.name, contact.email, facilitates=True)
        for person_id in person_ids
        for contact in [contact_of(work, work.session.get_one(Person, person_id))]
    ]


def everybody(work: Work, session: JagsSession) -> list[Invitee]:
    """Return both facilitators and everybody who is invited now."""
    return [
        *invited_facilitators(work, [f.person_id for f in session.facilitators]),
        *invited_members(work, [a.member for a in present_attendees(session)]),
    ]


def send_invitations(work: Work, session: JagsSession, people: Sequence[Invitee]) -> None:
    """Invite people, each with an entry for their own calendar."""
    for invitee in people:
        _queue(work, session, invitee, MailKind.SESSION_INVITATION, Method.REQUEST)


def tell_of_change(work: Work, session: JagsSession, people: Sequence[Invitee]) -> None:
    """Tell people of another date, time or place; their entry is updated.

    Whoever has not been sent the invitation yet gets that, as it is now.
    """
    for invitee in people:
        new = _invitation_never_left(work, session, invitee)
        withdraw_mail(work, cause_prefix=cause_prefix(session), recipient_ref=str(invitee.id))
        kind = MailKind.SESSION_INVITATION if new else MailKind.SESSION_CHANGED
        _queue(work, session, invitee, kind, Method.REQUEST)


def call_off(
    work: Work, session: JagsSession, people: Sequence[Invitee], *, what: str, what_next: str
) -> set[uuid.UUID]:
    """Take the session out of people's calendars and say why; return whom this tells.

    Whoever was never told of the session is not told now.
    """
    told = set()
    for invitee in people:
        never_told = _invitation_never_left(work, session, invitee)
        withdraw_mail(work, cause_prefix=cause_prefix(session), recipient_ref=str(invitee.id))
        if not never_told:
            words = {"what": what, "what_next": what_next}
            _queue(work, session, invitee, MailKind.CALLED_OFF, Method.CANCEL, words)
            told.add(invitee.id)
    return told


def remind(
    work: Work,
    session: JagsSession,
    people: Iterable[Invitee],
    *,
    kind: MailKind,
    cause_ref: str,
    not_after: datetime,
) -> int:
    """Queue a reminder, without a calendar entry, to those who have an address; return to how many."""
    sent = 0
    for invitee in people:
        if invitee.email:
            queued = queue_mail(
                work,
                kind=kind,
                cause_ref=cause_ref,
                recipient_ref=str(invitee.id),
                to=Recipient(invitee.name, invitee.email),
                params=_told(work, session, invitee),
                about_ref=str(session.request_id),
                link=_link(work, session, invitee),
                not_after=not_after,
            )
            sent += queued is not None
    return sent


def cause_prefix(session: JagsSession) -> str:
    """Return what the cause of every message about a session begins with."""
    return f"session:{session.id}:"


def _queue(
    work: Work,
    session: JagsSession,
    invitee: Invitee,
    kind: MailKind,
    method: Method,
    words: dict[str, str] | None = None,
) -> None:
    if not invitee.email:
        return
    queue_mail(
        work,
        kind=kind,
        cause_ref=f"{cause_prefix(session)}{session.calendar_sequence}",
        recipient_ref=str(invitee.id),
        to=Recipient(invitee.name, invitee.email),
        params={**_told(work, session, invitee), **(words or {})},
        about_ref=str(session.request_id),
        link=_link(work, session, invitee),
        # Nobody is invited to what has begun; that it was called off is worth knowing even late.
        not_after=session.starts_at if method is Method.REQUEST else None,
        # Whoever would come to what does not take place has to know, whatever else is paused.
        sent_when_paused=kind is MailKind.CALLED_OFF,
        calendar=CalendarPart(method.value, calendar_text(_entry(work, session, invitee), method)),
    )


def _told(work: Work, session: JagsSession, invitee: Invitee) -> dict[str, str]:
    return {
        "reference": session.request.reference or "",
        "when": when_in_words(session.wall_start, session.minutes),
        "where": place_in_words(session.format, place_of(work, session)),
        "part": _part(work, invitee),
    }


def _part(work: Work, invitee: Invitee) -> str:
    settings = partnership(work)
    if not invitee.facilitates:
        return "You are invited as somebody who works with this child, young person or family."
    return (
        "You are one of the two facilitators. Your calendar entry includes "
        f"{settings.preparation_minutes} minutes before to prepare and {settings.debrief_minutes} minutes after for "
        "the two of you."
    )


def _link(work: Work, session: JagsSession, invitee: Invitee) -> LinkWanted | str:
    if invitee.facilitates:
        return work.ports.links.page("/my-sessions")
    lifetime = session.starts_at - work.now + timedelta(days=partnership(work).link_days)
    return LinkWanted(Purpose.PARTICIPANT, invitee.id, max(lifetime, timedelta(days=1)))


def _entry(work: Work, session: JagsSession, invitee: Invitee) -> CalendarEntry:
    settings = partnership(work)
    place = place_of(work, session)
    before = settings.preparation_minutes if invitee.facilitates else 0
    after = settings.debrief_minutes if invitee.facilitates else 0
    lines = ["A reflective space for practitioners of several agencies. It is not minuted and sets no tasks."]
    if invitee.facilitates:
        lines.append(
            f"People come at {time_in_words(session.wall_start)}; time to prepare and to debrief is included."
        )
    lines.append(f"If something has changed, ring the {settings.business_unit} on {settings.phone}.")
    return CalendarEntry(
        uid=session.calendar_uid,
        sequence=session.calendar_sequence,
        stamped_at=work.now,
        reference=session.request.reference or "",
        wall_start=session.wall_start - timedelta(minutes=before),
        minutes=before + session.minutes + after,
        location=place.venue or ("Online" if session.format is SessionFormat.ONLINE else ""),
        online_link=place.online_link,
        description=" ".join(lines),
        organiser=Mailbox(
            f"{settings.business_unit}, {settings.name}", settings.return_email or settings.email
        ),
        attendee=Mailbox(invitee.name, invitee.email),
    )


def _invitation_never_left(work: Work, session: JagsSession, invitee: Invitee) -> bool:
    """Tell whether none of what invites somebody left, though it was queued; one that was tried may have arrived."""
    return never_left(
        work,
        kinds=(MailKind.SESSION_INVITATION, MailKind.SESSION_CHANGED),
        cause_prefix=cause_prefix(session),
        recipient_ref=str(invitee.id),
    )
