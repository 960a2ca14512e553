"""The wording of e-mails: what is in force, what it would look like, and changing it."""

from sqlalchemy import select

from jags.kernel.errors import NotAllowed, Stale
from jags.kernel.work import Work
from jags.notifications.model import MailTemplate
from jags.notifications.render import default_wording, render_message
from jags.notifications.rules import (
    Envelope,
    MailKind,
    Wording,
    allowed_placeholders,
    check_wording,
    example_values,
)
from jags.settings.queries import partnership

# The permission to change wordings; accounts stand above this capability.
MANAGE = "message:manage"


def wording_in_force(work: Work, kind: MailKind) -> Wording:
    """Return the wording in which a kind is sent now; a version without text stands for the one of the software."""
    row = work.session.scalar(
        select(MailTemplate).where(MailTemplate.kind == kind).order_by(MailTemplate.version.desc()).limit(1)
    )
    default = default_wording(kind)
    if row is None:
        return default
    if not row.body:
        return Wording(default.subject, default.body, row.version)
    return Wording(row.subject, row.body, row.version, own=True)


def change_wording(work: Work, kind: MailKind, *, subject: str, body: str, version: int) -> Wording:
    """Put another wording in force for what is delivered from now on.

    Raises `Invalid` at `subject` or `body` (jags.notifications.rules.wording), and `Stale` when somebody else has changed
    it since `version` was shown.
    """
    subject, body = subject.strip(), "\n".join(body.strip().splitlines())
    check_wording(default_wording(kind), subject=subject, body=body)
    return _new_version(work, kind, subject=subject, body=body, version=version)


def restore_wording(work: Work, kind: MailKind, *, version: int) -> Wording:
    """Put the wording that came with the software in force again; raises `Stale` as above."""
    return _new_version(work, kind, subject="", body="", version=version)


def preview(work: Work, kind: MailKind, *, subject: str, body: str) -> tuple[str, str]:
    """Return subject and text of a wording as somebody would read it, with made-up values; raises `Invalid` as above."""
    subject, body = subject.strip(), "\n".join(body.strip().splitlines())
    default = default_wording(kind)
    check_wording(default, subject=subject, body=body)
    values = example_values(allowed_placeholders(default))
    house = partnership(work)
    message = render_message(
        Envelope(values.get("recipient_name", "Ash Reed"), "ash.reed@example.org", params=values),
        wording=Wording(subject, body),
        link=values.get("link", ""),
        message_id="<preview@example.org>",
        partnership=house,
    )
    plain = message.get_body(("plain",))
    return str(message["Subject"]), plain.get_content().strip() if plain else ""


def _new_version(work: Work, kind: MailKind, *, subject: str, body: str, version: int) -> Wording:
    if not work.actor.can(MANAGE):
        raise NotAllowed
    if wording_in_force(work, kind).version != version:
        raise Stale
    work.session.add(
        MailTemplate(kind=kind, version=version + 1, subject=subject, body=body, changed_at=work.now)
    )
    work.session.flush()
    work.record("mail_template:changed", kind, kind=kind, version=version + 1, own=bool(body))
    return wording_in_force(work, kind)
