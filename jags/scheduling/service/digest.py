"""Tell each coordinator once a day what waits for them, in counts."""

from datetime import datetime, time

from jags.accounts.policy import require
from jags.accounts.queries import accounts_with_role, actor_of, get_person
from jags.accounts.queries import contact_of as contact_of_person
from jags.accounts.rules import Permission, Role
from jags.allocation.queries import requests_waiting_for_talk
from jags.kernel.time import day_in_words, from_wall, start_of_day, time_in_words
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.requests.queries import overview, undelivered
from jags.requests.rules import is_working_day
from jags.scheduling.queries import agreements_to_look_at, date_tasks, this_weeks_sessions
from jags.settings.queries import partnership


def send_digests(work: Work) -> int:
    """Queue today's digest to each coordinator for whom something waits, once the hour of the setting has come.

    It goes on working days, and says numbers and references of today's sessions: nothing about a case. One that has not left by
    the end of the day is withdrawn, so that days without a scheduler bring one digest and not several. Returns how many.
    """
    require(work.actor, Permission.REQUEST_TRIAGE)
    hour = time.fromisoformat(partnership(work).digest_at)
    if not is_working_day(work.today) or work.now < from_wall(datetime.combine(work.today, hour)):
        return 0
    job, sent = work.actor, 0
    for account in accounts_with_role(work, Role.COORDINATOR):
        # Each as they see it: what somebody is involved in is not counted for them.
        work.as_actor(actor_of(account))
        lines = _waiting(work)
        work.as_actor(job)
        if not lines:
            continue
        contact = contact_of_person(work, get_person(work, account.person_id))
        queued = queue_mail(
            work,
            kind=MailKind.DIGEST,
            cause_ref=f"digest:{work.today.isoformat()}",
            recipient_ref=str(account.person_id),
            to=Recipient(contact.name, contact.email),
            params={"today": day_in_words(work.today), "lines": "\n".join(f"– {line}" for line in lines)},
            link=work.ports.links.page("/home"),
            not_after=start_of_day(work.today.fromordinal(work.today.toordinal() + 1)),
        )
        sent += queued is not None
    return sent


def _waiting(work: Work) -> list[str]:
    counted = overview(work, also=requests_waiting_for_talk())
    numbers = (
        (counted.need_decision, "waits for a decision", "wait for a decision"),
        (counted.late, "is past its local target", "are past their local target"),
        (counted.nobodys, "is looked after by nobody", "are looked after by nobody"),
    )
    lines = [f"{n} {'request ' + one if n == 1 else 'requests ' + more}" for n, one, more in numbers if n]
    if again := len(agreements_to_look_at(work)):
        lines.append(
            "The facilitators of 1 request have to be looked at again: something stands against them now"
            if again == 1
            else f"The facilitators of {again} requests have to be looked at again: something stands against them now"
        )
    if lost := len(undelivered(work)):
        lines.append(f"{lost} e-mail{'' if lost == 1 else 's'} did not arrive: somebody has to be rung")
    if dates := len(date_tasks(work)):
        lines.append(
            f"{dates} date{' waits' if dates == 1 else 's wait'} for you: somebody is to be rung, or a date to be set"
        )
    today = [line for line in this_weeks_sessions(work) if line.session.wall_start.date() == work.today]
    lines += [f"Today at {time_in_words(line.session.wall_start)}: {line.reference}" for line in today]
    return lines
