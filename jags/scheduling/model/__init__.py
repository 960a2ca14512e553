"""Sessions, who holds and attends them, and the questions by which their dates are found."""

from jags.scheduling.model.dates import DateAsked, DateOption, DateQuestion, DateVote
from jags.scheduling.model.sessions import (
    AccessNeed,
    AgencyAttendance,
    Attendee,
    CalendarAnswer,
    CalendarFeed,
    JagsSession,
    SessionFacilitator,
    SessionRecord,
)

__all__ = [
    "AccessNeed",
    "AgencyAttendance",
    "Attendee",
    "CalendarAnswer",
    "CalendarFeed",
    "DateAsked",
    "DateOption",
    "DateQuestion",
    "DateVote",
    "JagsSession",
    "SessionFacilitator",
    "SessionRecord",
]
