"""Read the answer of somebody's calendar to the entry of a session."""

from dataclasses import dataclass

from jags.scheduling.rules import CalendarReply


@dataclass(frozen=True)
class ReadReply:
    """Which entry was answered, by which address, and how; `sequence` is that of the entry as it was answered."""

    uid: str
    sequence: int
    email: str
    answer: CalendarReply


def read_reply(text: str) -> ReadReply | None:
    """Return the answer in the text of a calendar; None for anything that is none (RFC 5546, section 3.2.3)."""
    from icalendar import Calendar, Event  # noqa: PLC0415 - Only the command that receives mail needs it.

    try:
        calendar = Calendar.from_ical(text)
        events = [part for part in calendar.walk("VEVENT") if isinstance(part, Event)]
        if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(events) != 1:
            return None
        event = events[0]
        attendee = event["ATTENDEE"]
        address, uid = str(attendee), str(event["UID"])
        if not (address.isprintable() and uid.isprintable()):
            return None
        return ReadReply(
            uid=uid,
            sequence=int(event.get("SEQUENCE", 0)),
            email=address[len("mailto:") :] if address.lower().startswith("mailto:") else address,
            answer=CalendarReply(str(attendee.params["PARTSTAT"]).lower()),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        # Anything may be sent to us; a person reads what this does not understand.
        return None
