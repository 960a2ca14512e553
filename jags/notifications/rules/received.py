"""Read what comes back: a report that an e-mail did not arrive, an answer from a calendar, or anything else.

Everything here may be hostile: nothing of it is believed beyond what the outbox and the session already know.
Delivery reports: RFC 3464. Answers from calendars: RFC 5546, section 3.2.3.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message

# Bytes of a message that is read at all; our own e-mails have a few thousand.
RECEIVED_MOST = 5_000_000
_EXCERPT = 300
# Visible ASCII only: nothing else is in an id of ours, and not every database takes it.
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_STATUS = re.compile(r"^[245]\.\d{1,3}\.\d{1,3}$")


@dataclass(frozen=True)
class Received:
    """What was read out of a message.

    `reported` are the Message-IDs of e-mails that a server reports on: `failed` tells whether it has given them up (or is only
    late), and `status` is its code (like 5.1.1); `calendar` is the text of an answer from a calendar; `sender` and `subject` are one line each, as somebody wrote them.
    """

    message_id: str = ""
    reported: tuple[str, ...] = ()
    failed: bool = False
    status: str = ""
    calendar: str = ""
    sender: str = ""
    subject: str = ""


def read_received(raw: bytes) -> Received:
    """Read a message as a mail server hands it on; one that nobody can read gives an empty `Received`."""
    try:
        message = message_from_bytes(raw)
        return Received(
            message_id=_first_id(message.get("Message-ID")),
            reported=_reported(message),
            failed=_failed(message),
            status=_status(message),
            calendar=_calendar(message),
            sender=_one_line(message.get("From")),
            subject=_one_line(message.get("Subject")),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Received()


def _reported(message: Message) -> tuple[str, ...]:
    if message.get_content_type() != "multipart/report":
        return ()
    parts = list(message.walk())[1:]
    return tuple(dict.fromkeys(found for part in parts for found in _ids_of_original(part)))


def _blocks(message: Message) -> list[Message]:
    """Return the blocks of a delivery report: one about the message, one for each recipient."""
    return [
        block
        for part in message.walk()
        if part.get_content_type() == "message/delivery-status" and part.is_multipart()
        for block in part.get_payload()
        if isinstance(block, Message)
    ]


def _failed(message: Message) -> bool:
    return any(str(block.get("Action", "")).strip().lower() == "failed" for block in _blocks(message))


def _ids_of_original(part: Message) -> list[str]:
    kind = part.get_content_type()
    if kind == "message/rfc822" and part.is_multipart():
        originals = [inner for inner in part.get_payload() if isinstance(inner, Message)]
        return [found for inner in originals if (found := _first_id(inner.get("Message-ID")))]
    if kind == "text/rfc822-headers":
        found = _first_id(message_from_bytes(_decoded(part)).get("Message-ID"))
        return [found] if found else []
    return []


def _status(message: Message) -> str:
    codes = (str(block.get("Status", "")).strip() for block in _blocks(message))
    return next((code for code in codes if _STATUS.match(code)), "")


def _calendar(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/calendar" and not part.is_multipart():
            text = _decoded(part).decode("utf-8", "replace")
            if re.search(r"^METHOD:REPLY\s*$", text, re.MULTILINE | re.IGNORECASE):
                return text
    return ""


def _decoded(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _first_id(header: object) -> str:
    found = _MESSAGE_ID.search(str(header or ""))
    return found[0] if found else ""


def _one_line(header: object) -> str:
    """Return a header as one line without controls, shortened."""
    try:
        text = str(make_header(decode_header(str(header or ""))))
    except (ValueError, LookupError):
        text = str(header or "")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_EXCERPT]
