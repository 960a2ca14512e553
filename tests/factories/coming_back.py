"""What mail servers and calendars send back, as they write it."""

from email.message import EmailMessage


def bounce(
    message_id: str, *, action: str = "failed", status: str = "5.1.1", headers_only: bool = False
) -> bytes:
    """Return a delivery report (RFC 3464) on a message of ours."""
    original = f"Message-ID: {message_id}\r\nSubject: Invitation\r\nTo: person0@example.org\r\n"
    last = (
        f"Content-Type: text/rfc822-headers\r\n\r\n{original}"
        if headers_only
        else f"Content-Type: message/rfc822\r\n\r\n{original}\r\nDear Person\r\n"
    )
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.example.org>\r\n"
        "To: back@example.org\r\nSubject: Undelivered Mail\r\nMessage-ID: <dsn@mx.example.org>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; person0@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"\r\n--b\r\n{last}\r\n--b--\r\n"
    ).encode()


def calendar_reply(uid: str, email: str, answer: str, *, sequence: int = 0, method: str = "REPLY") -> bytes:
    """Return the answer of a calendar program (RFC 5546) to an entry."""
    message = EmailMessage()
    message["From"] = email
    message["To"] = "back@example.org"
    message["Subject"] = "Accepted: JAGS-2026-0001"
    message["Message-ID"] = f"<reply-{answer}-{sequence}@example.org>"
    message.set_content("Accepted.")
    message.add_alternative(
        "\r\n".join(
            (
                "BEGIN:VCALENDAR",
                "VERSION:2.0",
                "PRODID:-//Example//Calendar//EN",
                f"METHOD:{method}",
                "BEGIN:VEVENT",
                f"UID:{uid}",
                f"SEQUENCE:{sequence}",
                "DTSTAMP:20261125T090000Z",
                "DTSTART:20261208T140000Z",
                f"ATTENDEE;PARTSTAT={answer};CN=Person:MAILTO:{email}",
                "END:VEVENT",
                "END:VCALENDAR",
                "",
            )
        ).encode(),
        maintype="text",
        subtype="calendar",
        params={"method": method, "charset": "utf-8"},
    )
    return message.as_bytes()


def letter(text: str = "I cannot come, sorry.", *, message_id: str = "<hello@example.org>") -> bytes:
    """Return what somebody wrote by hand."""
    return (
        f"From: =?utf-8?q?Zo=C3=AB?= <person0@example.org>\r\nTo: back@example.org\r\nSubject: Re: Invitation\r\n"
        f"Message-ID: {message_id}\r\n\r\n{text}\r\n"
    ).encode()
