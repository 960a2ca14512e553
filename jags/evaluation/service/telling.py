"""Tell a named reader that a report is there to read: a link, never the file."""

import uuid

from jags.accounts.queries import contact_of, get_person
from jags.evaluation.model import Report
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail


def tell_reader(work: Work, report: Report, person_id: uuid.UUID) -> None:
    """Write to a reader of a released report, once."""
    contact = contact_of(work, get_person(work, person_id))
    if contact.email:
        queue_mail(
            work,
            kind=MailKind.REPORT_RELEASED,
            cause_ref=f"report:{report.id}",
            recipient_ref=str(person_id),
            to=Recipient(contact.name, contact.email),
            params={"reference": report.reference or ""},
            link=work.ports.links.page(f"/evaluation/reports/{report.id}"),
        )
