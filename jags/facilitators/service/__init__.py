"""Verbs on the pool: add, train, change and pause facilitators, keep what they offer, and book their time."""

from jags.facilitators.service.calendar import (
    ClaimedCalendar,
    claim_calendar,
    give_calendar,
    note_calendar_not_read,
    note_calendar_read,
    remove_calendar,
)
from jags.facilitators.service.details import PersonDetails, change_details, take_in
from jags.facilitators.service.leave import cancel_leave, note_leave
from jags.facilitators.service.patterns import extend_patterns, forget_pattern, save_pattern
from jags.facilitators.service.pool import (
    SESSIONS_MOST,
    add_facilitator,
    add_training,
    change_facilitator,
    remove_training,
    set_status,
)
from jags.facilitators.service.themes import (
    NotedThemes,
    note_themes,
    themes_beside_pairs,
    themes_to_avoid,
)
from jags.facilitators.service.time import book, give_availability, hold_people, mark_heavy, occupy, release
from jags.facilitators.service.training import tell_of_lapsing_training

__all__ = [
    "SESSIONS_MOST",
    "ClaimedCalendar",
    "NotedThemes",
    "PersonDetails",
    "add_facilitator",
    "add_training",
    "book",
    "cancel_leave",
    "change_details",
    "change_facilitator",
    "claim_calendar",
    "extend_patterns",
    "forget_pattern",
    "give_availability",
    "give_calendar",
    "hold_people",
    "mark_heavy",
    "note_calendar_not_read",
    "note_calendar_read",
    "note_leave",
    "note_themes",
    "occupy",
    "release",
    "remove_calendar",
    "remove_training",
    "save_pattern",
    "set_status",
    "take_in",
    "tell_of_lapsing_training",
    "themes_beside_pairs",
    "themes_to_avoid",
]
