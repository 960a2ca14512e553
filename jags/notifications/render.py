"""Render a message at delivery: one text with named placeholders gives the plain and the HTML part.

A paragraph of the form `[Words](${link})` is the message's one link; in plain text it reads "Words: address".
"""

import base64
import html
import re
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from importlib import resources
from string import Template

from jags.kernel.words import hours_in_words
from jags.notifications.rules import Envelope, MailKind, Wording
from jags.notifications.rules.wording import LINK
from jags.settings.rules import Partnership

# What every message ends with; placeholders, so that a partnership's own words are never read as a template.
_CLOSING = (
    "${business_unit}, ${partnership}\nTelephone ${phone}",
    "If you are not sure that this message is from us, find us from our own website, ${website}, and ring us.",
)


def default_wording(kind: MailKind) -> Wording:
    """Return subject and body of a kind, as they lie in its files."""
    folder = resources.files("jags.notifications") / "templates" / kind.value
    subject, body = ((folder / name).read_text("utf-8").strip() for name in ("subject.txt", "body.txt"))
    return Wording(subject, body)


def subject_line(envelope: Envelope, *, wording: Wording, partnership: Partnership) -> str:
    """Return the subject of a message; raises `KeyError` as `render_message`."""
    return _one_line(Template(wording.subject).substitute(_values(envelope, partnership, link="")))


def render_message(
    envelope: Envelope,
    *,
    wording: Wording,
    link: str,
    message_id: str,
    partnership: Partnership,
) -> EmailMessage:
    """Return the message, ready for a mail server.

    Raises `KeyError` naming the placeholder when a value is missing, and `ValueError` for an address that is none.
    """
    values = _values(envelope, partnership, link=link)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(Template(wording.subject).substitute(values))
    message["From"] = _address(f"{partnership.business_unit}, {partnership.name}", partnership.email)
    message["To"] = _address(envelope.name, envelope.email)
    message["Message-ID"] = message_id
    if envelope.reply_to:
        message["In-Reply-To"] = message["References"] = envelope.reply_to
    message["Auto-Submitted"] = "auto-generated"
    paragraphs = [*_filled(wording.body, values), *_CLOSING]
    message.set_content("\n\n".join(_plain(p, values) for p in paragraphs) + "\n", cte="quoted-printable")
    message.add_alternative(_page(paragraphs, values), subtype="html", cte="quoted-printable")
    if envelope.calendar_method:
        message.add_alternative(
            envelope.calendar_text.encode(),
            maintype="text",
            subtype="calendar",
            cte="base64",
            params={"method": envelope.calendar_method, "charset": "utf-8"},
        )
    if envelope.attached:
        # As a file, so that nothing in it is read as a part of this message.
        message.add_attachment(
            base64.b64decode(envelope.attached),
            maintype="application",
            subtype="octet-stream",
            filename="message.eml",
        )
    return message


def _values(envelope: Envelope, partnership: Partnership, *, link: str) -> dict[str, str]:
    return {
        # What was written before a caller was named.
        "caller": "Somebody",
        **envelope.params,
        # Whoever gave an address and no name is greeted all the same.
        "recipient_name": envelope.name or "colleague",
        "partnership": partnership.name,
        "business_unit": partnership.business_unit,
        # What a session takes of a facilitator, all in all.
        "hours": hours_in_words(partnership.hours_a_session),
        "phone": partnership.phone,
        "website": partnership.website,
        "link": link,
    }


def _address(name: str, email: str) -> Address:
    try:
        return Address(display_name=_one_line(name), addr_spec=email)
    except (MessageError, IndexError, ValueError) as error:
        raise ValueError("the address cannot be used") from error


def _one_line(text: str) -> str:
    """Return a text without control characters and line breaks, which would end a header."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", text).split())


def _filled(body: str, values: dict[str, str]) -> list[str]:
    """Return the paragraphs without those whose only content is a value that is empty this time."""
    return [p for p in body.split("\n\n") if LINK.match(p.strip()) or Template(p).substitute(values).strip()]


def _plain(paragraph: str, values: dict[str, str]) -> str:
    found = LINK.match(paragraph.strip())
    if found:
        return f"{found['words']}:\n{Template(found['address']).substitute(values)}"
    return Template(paragraph).substitute(values)


def _page(paragraphs: list[str], values: dict[str, str]) -> str:
    safe = {name: html.escape(value) for name, value in values.items()}
    parts = []
    for paragraph in paragraphs:
        found = LINK.match(paragraph.strip())
        if found:
            address = html.escape(Template(found["address"]).substitute(values))
            parts.append(f'<p><a href="{address}">{html.escape(found["words"])}</a></p>')
        else:
            text = Template(html.escape(paragraph)).substitute(safe)
            parts.append("<p>" + text.replace("\n", "<br>\n") + "</p>")
    inner = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>JAGS</title></head>\n'
        '<body style="font-family: Arial, sans-serif; font-size: 16px; line-height: 1.5; color: #1d2a30">\n'
        f"{inner}\n</body></html>\n"
    )
