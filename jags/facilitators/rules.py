"""Words and rules of the pool: status, bookings, quarters and training that is valid on a day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FacilitatorStatus(StrEnum):
    """Whether a facilitator is asked."""

    ACTIVE = "active"
    PAUSED = "paused"
    NOT_AT_THE_MOMENT = "not_at_the_moment"
    LEFT = "left"


class BookingKind(StrEnum):
    """What a person's time is taken by."""

    SESSION = "session"
    NETWORK_MEETING = "network_meeting"
    TRAINING = "training"
    LEAVE = "leave"


@dataclass(frozen=True)
class TrainingRecord:
    """One course of a facilitator."""

    trained_on: date
    refresher_due_on: date | None


def is_current(records: tuple[TrainingRecord, ...], on: date) -> bool:
    """Tell whether training is valid on a day (docs/glossary.md, "current").

    Without a training date a person is not current; without a refresher date training does not lapse.
    """
    return any(r.trained_on <= on and (r.refresher_due_on is None or on <= r.refresher_due_on) for r in records)


def quarter_of(day: date) -> tuple[date, date]:
    """Return the first day of a date's calendar quarter and the first day of the next."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    following = date(first.year + 1, 1, 1) if first.month == 10 else date(first.year, first.month + 3, 1)  # noqa: PLR2004 - October opens the last quarter.
    return first, following
