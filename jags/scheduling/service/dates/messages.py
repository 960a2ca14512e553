"""Write to people about dates: which suit them, once more where it still matters, and that one was chosen."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from jags.accounts.queries import contact_of as contact_of_person
from jags.accounts.queries import people_of
from jags.accounts.rules import Purpose
from jags.allocation.queries import agreed_facilitators
from jags.kernel.time import day_in_words, from_wall
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import LinkWanted, change_waiting, queue_mail, withdraw_mail
from jags.requests.queries import who_hears_of
from jags.requests.rules import NetworkContact
from jags.scheduling.model import DateAsked, DateOption, DateQuestion
from jags.scheduling.queries import answers_until
from jags.scheduling.render import when_in_words
from jags.scheduling.rules import QuestionKind
from jags.settings.queries import partnership

_ASKS = {QuestionKind.TWO_DATES: MailKind.DATES_PROPOSED, QuestionKind.POLL: MailKind.DATES_POLL}


def ask(work: Work, question: DateQuestion, people: Iterable[DateAsked]) -> None:
    """Ask people which of the dates suit; who has no address gets nothing, and is rung.

    What lies unsent of an earlier edition is withdrawn: it names other dates.
    """
    for asked in people:
        withdraw_mail(work, cause_prefix=cause_prefix(question), recipient_ref=str(asked.member_id))
        _queue(work, question, asked, _ASKS[question.kind], f"{cause_prefix(question)}{question.edition}")


def ask_once_more(work: Work, question: DateQuestion, people: Iterable[DateAsked]) -> int:
    """Send the one nudge; return to how many it goes."""
    cause = f"{cause_prefix(question)}nudge"
    return sum(_queue(work, question, asked, MailKind.DATES_NUDGE, cause) for asked in people)


def change_last_day(work: Work, question: DateQuestion) -> None:
    """Put the present last day for an answer into what lies unsent."""
    change_waiting(work, cause_prefix=cause_prefix(question), params={"reply_by": _reply_by(question)})


def tell_of_chosen(work: Work, question: DateQuestion, option: DateOption) -> None:
    """Tell who looks after a request that its facilitators have chosen a date, so that they set it."""
    for person in who_hears_of(work, question.request):
        contact = contact_of_person(work, person)
        if contact.email:
            queue_mail(
                work,
                kind=MailKind.DATE_CHOSEN,
                cause_ref=f"{cause_prefix(question)}chosen:{option.id}:{question.edition}",
                recipient_ref=str(person.id),
                to=Recipient(contact.name, contact.email),
                params={
                    "reference": question.request.reference or "",
                    "when": when_in_words(option.wall_start, question.minutes),
                },
                about_ref=str(question.request_id),
                link=work.ports.links.page(f"/requests/{question.request_id}/dates"),
                not_after=from_wall(option.wall_start),
            )


def tell_of_last_day(work: Work, question: DateQuestion) -> int:
    """Tell who looks after a request, and its facilitators where they find the date, that nobody can answer any more."""
    people = {person.id: person for person in who_hears_of(work, question.request)}
    if partnership(work).facilitators_find_dates:
        people |= people_of(work, agreed_facilitators(work, question.request_id))
    asked, answered = len(question.people), sum(a.answered_at is not None for a in question.people)
    sent = 0
    for person in people.values():
        contact = contact_of_person(work, person)
        if contact.email:
            queued = queue_mail(
                work,
                kind=MailKind.DATES_OVER,
                cause_ref=f"{cause_prefix(question)}over:{answers_until(question).isoformat()}",
                recipient_ref=str(person.id),
                to=Recipient(contact.name, contact.email),
                params={
                    "reference": question.request.reference or "",
                    "answered": f"Of {asked} {'person' if asked == 1 else 'people'}, {answered} answered."
                    if answered
                    else "Nobody answered.",
                },
                about_ref=str(question.request_id),
                link=work.ports.links.page(page_of(question)),
                not_after=from_wall(max(o.wall_start for o in question.options)),
            )
            sent += queued is not None
    return sent


def cause_prefix(question: DateQuestion) -> str:
    """Return what the cause of every message about a question begins with."""
    return f"dates:{question.id}:"


def page_of(question: DateQuestion) -> str:
    """Return the page on which a question stands, for those who arrange."""
    return f"/requests/{question.request_id}/dates"


def _queue(work: Work, question: DateQuestion, asked: DateAsked, kind: MailKind, cause: str) -> bool:
    contact = work.vault.open(asked.member, "contact", NetworkContact)
    if not contact.email:
        return False
    queued = queue_mail(
        work,
        kind=kind,
        cause_ref=cause,
        recipient_ref=str(asked.member_id),
        to=Recipient(contact.called, contact.email),
        params={
            "reference": question.request.reference or "",
            "dates": "\n".join(
                f"– {when_in_words(o.wall_start, question.minutes)}" for o in _in_order(question)
            ),
            "reply_by": _reply_by(question),
        },
        about_ref=str(question.request_id),
        link=LinkWanted(Purpose.DATES, asked.id, timedelta(days=partnership(work).link_days)),
        # Nobody is asked when their answer would not be taken any more.
        not_after=from_wall(datetime.combine(question.answer_by + timedelta(days=1), time())),
    )
    return queued is not None


def _reply_by(question: DateQuestion) -> str:
    return day_in_words(answers_until(question))


def _in_order(question: DateQuestion) -> list[DateOption]:
    return sorted(question.options, key=lambda o: o.wall_start)
