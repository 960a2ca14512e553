"""Ask people around a child which dates suit: two at first, several where neither does; change what is asked, and reopen it."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from jags.allocation.queries import agreed_facilitators
from jags.allocation.service import lock_request
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import day_in_words, time_in_words
from jags.kernel.work import Work
from jags.notifications.service import withdraw_mail
from jags.requests.model import NetworkMember, Request
from jags.requests.rules import State
from jags.scheduling.model import DateAsked, DateOption, DateQuestion
from jags.scheduling.queries import (
    asked_before,
    get_question,
    get_request_to_date,
    judged_slots,
    open_question_of,
)
from jags.scheduling.rules import (
    POLL_LEAST,
    POLL_MOST,
    TWO,
    Appointment,
    DatesWanted,
    Outcome,
    Place,
    QuestionKind,
)
from jags.scheduling.service.checking import check_time
from jags.scheduling.service.dates.closing import close
from jags.scheduling.service.dates.messages import ask, cause_prefix, change_last_day
from jags.scheduling.service.participants import chosen_members


def ask_about_dates(
    work: Work,
    request_id: uuid.UUID,
    wanted: DatesWanted,
    *,
    member_ids: Sequence[uuid.UUID],
    version: int,
) -> DateQuestion:
    """Ask members of a network which dates suit, each by a link of their own; a question that is open is closed.

    Two dates come first, a poll only after them. `version` is the request's. Raises `Invalid` (slots, answer_by, member_ids;
    despite, when something speaks against a date), `MoveNotPossible` unless both facilitators have agreed, there is no date
    and nothing is paused, `NotFound`, `Stale`.
    """
    get_request_to_date(work, request_id)
    request = lock_request(work, request_id)
    request.expect(version)
    _expect_to_date(work, request)
    if wanted.kind is QuestionKind.POLL and not asked_before(work, request_id):
        raise MoveNotPossible(
            "Propose two dates first: most networks need no more. A poll is for when neither suits."
        )
    invited = chosen_members(work, request, member_ids)
    _check(work, request, wanted)
    before = open_question_of(work, request_id)
    if before is not None:
        close(work, before, Outcome.ASKED_AGAIN)
        work.session.flush()
    question = DateQuestion(
        request_id=request.id,
        kind=wanted.kind,
        asked_at=work.now,
        answer_by=wanted.answer_by,
        minutes=wanted.minutes,
        format=wanted.format,
        paused_seconds=request.paused_seconds,
        edition=1,
    )
    question.request = request
    question.options = [DateOption(wall_start=start) for start in sorted(set(wanted.starts))]
    question.asked = [_asked(request, member, n) for n, member in enumerate(invited)]
    work.session.add(question)
    work.session.flush()
    ask(work, question, question.asked)
    work.record(
        "date_question:asked",
        question.id,
        request=str(request.id),
        kind=wanted.kind,
        dates=len(question.options),
        people=len(question.asked),
    )
    return question


def change_question(
    work: Work,
    question_id: uuid.UUID,
    wanted: DatesWanted,
    *,
    member_ids: Sequence[uuid.UUID],
    version: int,
) -> DateQuestion:
    """Change what is asked, or ask it again after it was closed; votes for dates that stay are kept.

    Where dates are new or the question was closed, everybody is asked who has not answered all of it; else only who is new is.
    Raises as `ask_about_dates`; `version` is the question's.
    """
    question = get_question(work, question_id, hold=True)
    question.expect(version)
    request = lock_request(work, question.request_id)
    _expect_to_date(work, request)
    other = open_question_of(work, request.id)
    if other is not None and other.id != question.id:
        raise MoveNotPossible("Other dates have been asked about since. Change those instead.")
    invited = chosen_members(work, request, member_ids)
    _check(work, request, wanted)
    reopened = question.closed_at is not None
    longer = (wanted.minutes, wanted.format) != (question.minutes, question.format)
    new_dates = _set_options(question, wanted)
    new_people = _set_people(work, question, invited)
    question.closed_at, question.outcome = None, None
    for option in question.options:
        option.chosen = False
    question.minutes, question.format, question.answer_by = wanted.minutes, wanted.format, wanted.answer_by
    question.paused_seconds = request.paused_seconds
    # Where there is another day to answer, what says that there is none is not true any more.
    withdraw_mail(work, cause_prefix=f"{cause_prefix(question)}over:")
    again = reopened or new_dates or longer
    question.edition += again
    work.session.flush()
    if again:
        # Another length is another question, also to whoever has answered all of it.
        ask(work, question, [a for a in question.people if longer or len(a.votes) < len(question.options)])
    else:
        change_last_day(work, question)
        ask(work, question, new_people)
    work.record(
        "date_question:changed",
        question.id,
        request=str(request.id),
        dates=len(question.options),
        people=len(question.asked),
        edition=question.edition,
    )
    return question


def _expect_to_date(work: Work, request: Request) -> None:
    request.expect_unpaused()
    if request.state is not State.FACILITATORS_AGREED or not agreed_facilitators(work, request.id):
        raise MoveNotPossible(
            "Dates can be asked about while both facilitators have agreed and no date is set. Look at the request first."
        )


def _check(work: Work, request: Request, wanted: DatesWanted) -> None:
    starts = sorted(set(wanted.starts))
    if wanted.kind is QuestionKind.TWO_DATES and len(starts) != TWO:
        raise Invalid(f"Select two dates; you have {len(starts)}.", field="slots")
    if wanted.kind is QuestionKind.POLL and not POLL_LEAST <= len(starts) <= POLL_MOST:
        raise Invalid(f"Select {POLL_LEAST} to {POLL_MOST} dates; you have {len(starts)}.", field="slots")
    for start in starts:
        try:
            check_time(work, Appointment(start, wanted.minutes, wanted.format, Place()))
        except Invalid as error:
            if error.field == "minutes":
                raise
            said = f"{day_in_words(start.date())}, {time_in_words(start)}: {error}"
            raise Invalid(said, field="slots") from error
    if wanted.answer_by < work.today:
        raise Invalid("Enter a day that is to come.", field="answer_by")
    if wanted.answer_by >= starts[0].date():
        last = starts[0].date() - timedelta(days=1)
        raise Invalid(
            f"Enter a day before the first of the dates: {day_in_words(last)} at the latest.",
            field="answer_by",
        )
    if not wanted.despite:
        _ask_whether_meant(work, request, wanted)


def _ask_whether_meant(work: Work, request: Request, wanted: DatesWanted) -> None:
    judged = judged_slots(
        work, request, sorted(set(wanted.starts)), minutes=wanted.minutes, format_=wanted.format
    )
    said = [
        f"{day_in_words(slot.wall_start.date())} at {time_in_words(slot.wall_start)}: {'; '.join(slot.against)}"
        for slot in judged
        if slot.against
    ]
    if said:
        raise Invalid(
            f"Something speaks against this. {'. '.join(said)}. Choose another date, or tick that it is meant all the same.",
            field="despite",
        )


def _set_options(question: DateQuestion, wanted: DatesWanted) -> bool:
    """Keep, add and remove dates; tell whether any is new."""
    have = {option.wall_start: option for option in question.options}
    for start, option in have.items():
        if start not in wanted.starts:
            for asked in question.asked:
                asked.votes = [v for v in asked.votes if v.option_id != option.id]
            question.options.remove(option)
    new = sorted(set(wanted.starts) - have.keys())
    question.options.extend(DateOption(wall_start=start) for start in new)
    return bool(new)


def _set_people(work: Work, question: DateQuestion, invited: Sequence[NetworkMember]) -> list[DateAsked]:
    """Ask exactly these people, and return who is new; the link of whoever is not among them leads nowhere any more."""
    wanted = {member.id for member in invited}
    for asked in [a for a in question.asked if a.member_id not in wanted]:
        _withdraw_for(work, question, asked)
        question.asked.remove(asked)
    have = {asked.member_id for asked in question.asked}
    first = 1 + max((asked.position for asked in question.asked), default=-1)
    new = [
        _asked(question.request, member, first + n)
        for n, member in enumerate(m for m in invited if m.id not in have)
    ]
    question.asked.extend(new)
    return new


def _withdraw_for(work: Work, question: DateQuestion, asked: DateAsked) -> None:
    """Withdraw what lies unsent to somebody who is not asked any more."""
    withdraw_mail(work, cause_prefix=cause_prefix(question), recipient_ref=str(asked.member_id))


def _asked(request: Request, member: NetworkMember, position: int) -> DateAsked:
    return DateAsked(key_id=request.key_id, member=member, member_id=member.id, position=position, votes=[])
