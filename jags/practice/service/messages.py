"""Tell facilitators of a meeting or a training event, each with an entry for their own calendar."""

from collections.abc import Iterable

from jags.accounts.queries import contact_of
from jags.facilitators.rules import FacilitatorStatus
from jags.kernel.time import date_in_words
from jags.kernel.work import Work
from jags.notifications.queries import lies_unsent
from jags.notifications.rules import CalendarPart, MailKind, Recipient
from jags.notifications.service import queue_mail, withdraw_mail
from jags.practice.model import Gathering, Invitee
from jags.practice.queries import about_of, agenda_of, place_of
from jags.practice.rules import GatheringKind
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


def name_of(work: Work, gathering: Gathering) -> str:
    """Return what a meeting or a training event is called in a mail."""
    if gathering.kind is GatheringKind.NETWORK_MEETING:
        return "network meeting of JAGS facilitators"
    return f"training for JAGS facilitators, {about_of(work, gathering).title}"


def send_invitations(work: Work, gathering: Gathering, people: Iterable[Invitee]) -> None:
    """Invite people."""
    for invitee in people:
        _queue(work, gathering, invitee, MailKind.GATHERING_INVITATION, Method.REQUEST)


def tell_of_change(work: Work, gathering: Gathering) -> None:
    """Tell everybody who is invited of another date, time or place; whoever has not been sent the invitation yet gets that."""
    for invitee in gathering.invitees:
        new = _never_invited(work, gathering, invitee)
        withdraw_mail(work, cause_prefix=_cause_prefix(gathering), recipient_ref=str(invitee.person_id))
        kind = MailKind.GATHERING_INVITATION if new else MailKind.GATHERING_CHANGED
        _queue(work, gathering, invitee, kind, Method.REQUEST)


def tell_of_calling_off(work: Work, gathering: Gathering) -> None:
    """Take it out of the calendars of everybody who was told of it."""
    for invitee in gathering.invitees:
        never_told = _never_invited(work, gathering, invitee)
        withdraw_mail(work, cause_prefix=_cause_prefix(gathering), recipient_ref=str(invitee.person_id))
        if not never_told:
            _queue(work, gathering, invitee, MailKind.GATHERING_CALLED_OFF, Method.CANCEL)


def _cause_prefix(gathering: Gathering) -> str:
    return f"gathering:{gathering.id}:"


def _never_invited(work: Work, gathering: Gathering, invitee: Invitee) -> bool:
    return lies_unsent(
        work,
        kind=MailKind.GATHERING_INVITATION,
        cause_prefix=_cause_prefix(gathering),
        recipient_ref=str(invitee.person_id),
    )


def _queue(work: Work, gathering: Gathering, invitee: Invitee, kind: MailKind, method: Method) -> None:
    contact = contact_of(work, invitee.facilitator.person)
    has_left = invitee.facilitator.status is FacilitatorStatus.LEFT
    if not contact.email or (has_left and method is Method.REQUEST):
        return
    queue_mail(
        work,
        kind=kind,
        cause_ref=f"{_cause_prefix(gathering)}{gathering.calendar_sequence}",
        recipient_ref=str(invitee.person_id),
        to=Recipient(contact.name, contact.email),
        params={
            "meeting": name_of(work, gathering),
            "day": date_in_words(gathering.wall_start),
            "when": when_in_words(gathering.wall_start, gathering.minutes),
            "where": place_in_words(gathering.format, place_of(work, gathering)),
            "about": _note(work, gathering),
        },
        link=work.ports.links.page("/my-meetings"),
        # Nobody is invited to what has begun; that it was called off is worth knowing even late.
        not_after=gathering.starts_at if method is Method.REQUEST else None,
        calendar=CalendarPart(
            method.value,
            calendar_text(_entry(work, gathering, Mailbox(contact.name, contact.email)), method),
        ),
    )


def _note(work: Work, gathering: Gathering) -> str:
    provider, topics = about_of(work, gathering).provider, agenda_of(work, gathering)
    if provider:
        return f"Given by {provider}."
    return "\n".join(["What it is about:", *(f"- {topic}" for topic in topics)]) if topics else ""


def _entry(work: Work, gathering: Gathering, attendee: Mailbox) -> CalendarEntry:
    settings, place = partnership(work), place_of(work, gathering)
    words = "network meeting" if gathering.kind is GatheringKind.NETWORK_MEETING else "training"
    return CalendarEntry(
        uid=gathering.calendar_uid,
        sequence=gathering.calendar_sequence,
        stamped_at=work.now,
        reference=f"JAGS {words}",
        wall_start=gathering.wall_start,
        minutes=gathering.minutes,
        location=place.venue or ("Online" if gathering.format is SessionFormat.ONLINE else ""),
        online_link=place.online_link,
        description=f"If something has changed, ring the {settings.business_unit} on {settings.phone}.",
        organiser=Mailbox(f"{settings.business_unit}, {settings.name}", settings.email),
        attendee=attendee,
    )
