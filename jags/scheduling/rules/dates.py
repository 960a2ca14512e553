"""Words and rules of finding a date: what is asked, what is answered, which slots are proposed, and what speaks against one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from jags.scheduling.rules.sessions import SessionFormat

# Two dates are proposed first; a poll has more, and still fits a telephone.
TWO = 2
POLL_LEAST, POLL_MOST = 3, 8


class QuestionKind(StrEnum):
    """How a date is asked for: two are proposed first, and a poll follows only where neither does."""

    TWO_DATES = "two_dates"
    POLL = "poll"


class Vote(StrEnum):
    """What somebody answers to one date."""

    YES = "yes"
    IF_NEED_BE = "if_need_be"
    NO = "no"
    # They cannot, and somebody comes instead of them.
    SOMEBODY_ELSE = "somebody_else"


OFFERED_VOTES: dict[QuestionKind, tuple[Vote, ...]] = {
    QuestionKind.TWO_DATES: (Vote.YES, Vote.NO, Vote.SOMEBODY_ELSE),
    QuestionKind.POLL: (Vote.YES, Vote.IF_NEED_BE, Vote.NO),
}


class Outcome(StrEnum):
    """How a question about dates ended."""

    DATE_SET = "date_set"
    # The facilitators have chosen one of the dates, and the Business Unit sets it.
    DATE_CHOSEN = "date_chosen"
    ASKED_AGAIN = "asked_again"
    CLOSED = "closed"
    FACILITATORS_CHANGED = "facilitators_changed"
    REQUEST_ENDED = "request_ended"


@dataclass(frozen=True)
class DatesWanted:
    """What is asked: naive London times of the dates, the length in minutes, and the last London day for an answer.

    `despite` says that whoever asks has read what speaks against the dates.
    """

    kind: QuestionKind
    starts: tuple[datetime, ...]
    minutes: int
    format: SessionFormat
    answer_by: date
    despite: bool = False


@dataclass(frozen=True)
class ToldBy:
    """Who told us an answer by telephone, where it was not the person themselves; sealed."""

    name: str = ""


@dataclass(frozen=True)
class Slot:
    """A time that could be proposed: its naive London start, what speaks against it, and what is good to know.

    `holiday` is the school holiday that it lies in, `late` tells whether the local target has passed by then, `ask` names the
    facilitators of whom nothing is recorded.
    """

    wall_start: datetime
    against: tuple[str, ...] = ()
    holiday: str = ""
    late: bool = False
    ask: tuple[str, ...] = ()


def best_few(slots: Iterable[Slot], number: int, *, school: bool) -> list[Slot]:
    """Return the slots to propose, by date: none that something speaks against, and no two that would fail for one reason.

    School holidays are avoided while a `school` is waited for, and the local target is kept where it can be. Then each
    weekday, and each half of it, is proposed once before any is proposed twice: somebody who never can on a Tuesday can on
    another. The order in which the slots come never matters.
    """
    good = sorted(
        (slot for slot in slots if not slot.against),
        key=lambda s: (school and bool(s.holiday), s.late, len(s.ask), s.wall_start),
    )
    chosen: list[Slot] = []
    for alike in (_same_weekday, _same_weekday_and_half, _same_day):
        for slot in good:
            if len(chosen) < number and not any(alike(slot, other) for other in chosen):
                chosen.append(slot)
    return sorted(chosen, key=lambda s: s.wall_start)


def _same_weekday(one: Slot, other: Slot) -> bool:
    return one.wall_start.weekday() == other.wall_start.weekday()


def _same_weekday_and_half(one: Slot, other: Slot) -> bool:
    return _same_weekday(one, other) and (one.wall_start.hour < _NOON) is (other.wall_start.hour < _NOON)


def _same_day(one: Slot, other: Slot) -> bool:
    return one.wall_start.date() == other.wall_start.date()


_NOON = 12
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NUMBER = r"(\d{1,2})(?:st|nd|rd|th)?"
_IN_WORDS = re.compile(
    rf"{_NUMBER}(?:\s+(?P<from>[a-z]{{3,9}})\.?)?(?:\s*(?:-|–|to|until)\s*{_NUMBER})?\s+(?:of\s+)?{_MONTH}(?:\s+(?P<year>\d{{4}}))?"
)
_IN_FIGURES = re.compile(r"\b(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2,4}))?\b")


def named_in(text: str, day: date) -> bool:
    """Tell whether a text about dates that do not work seems to name a day: its weekday, its date, or a span around it.

    People write as they speak ("not Fridays; 14 to 18 December"), so this finds what is plain and no more: the text itself
    always stands beside the dates.
    """
    said = text.casefold()
    if re.search(rf"\b{_DAYS[day.weekday()]}s?\b", said):
        return True
    for found in _IN_WORDS.finditer(said):
        first, last = int(found[1]), int(found[3] or found[1])
        end = _MONTHS.index(found["month"]) + 1
        begin = _month_of(found["from"]) or end
        right_year = found["year"] is None or int(found["year"]) == day.year
        if right_year and _lies_in((day.month, day.day), (begin, first), (end, last)):
            return True
    return any(
        (int(found[1]), int(found[2])) == (day.day, day.month)
        and (not found[3] or int(found[3]) % 100 == day.year % 100)
        for found in _IN_FIGURES.finditer(said)
    )


def _lies_in(day: tuple[int, int], first: tuple[int, int], last: tuple[int, int]) -> bool:
    """Tell whether a month and day lie between two others; where the last is earlier in the year, it is of the next one."""
    return first <= day <= last if first <= last else day >= first or day <= last


def _month_of(word: str | None) -> int:
    return _MONTHS.index(word[:3]) + 1 if word and word[:3] in _MONTHS else 0
