"""Tell facilitators in time that their training is about to lapse."""

from jags.accounts.queries import contact_of
from jags.facilitators.queries import get_facilitator, lapsing_training
from jags.kernel.time import date_in_words
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail


def tell_of_lapsing_training(work: Work) -> int:
    """Tell everybody whose training is about to lapse, once for each day on which it would; return how many.

    Whose training has lapsed already is not written to; the coordinator sees what they have booked.
    """
    told = 0
    for lapsing in lapsing_training(work):
        facilitator = get_facilitator(work, lapsing.person_id)
        if lapsing.last_day < work.today or facilitator.lapse_told_for == lapsing.last_day:
            continue
        facilitator.lapse_told_for = lapsing.last_day
        work.record("facilitator:lapse_told", lapsing.person_id)
        told += 1
        contact = contact_of(work, facilitator.person)
        if contact.email:
            queue_mail(
                work,
                kind=MailKind.TRAINING_LAPSING,
                cause_ref=f"training:{lapsing.person_id}:{lapsing.last_day.isoformat()}",
                recipient_ref=str(lapsing.person_id),
                to=Recipient(contact.name, contact.email),
                params={"last_day": date_in_words(lapsing.last_day)},
            )
    return told
