"""Read network meetings, training events, what sessions were about, and the toolbox."""

from jags.practice.queries.gatherings import (
    Candidate,
    GatheringLine,
    InviteeLine,
    about_of,
    agenda_of,
    find_invitee,
    find_transitional_attendance,
    gatherings,
    gatherings_of,
    get_gathering,
    invitees_of,
    not_invited,
    place_of,
    place_shown,
)
from jags.practice.queries.themes import Theme, Themes, themes_of_sessions
from jags.practice.queries.toolbox import (
    get_document,
    get_edition,
    newest_of,
    open_edition,
    toolbox,
)

__all__ = [
    "Candidate",
    "GatheringLine",
    "InviteeLine",
    "Theme",
    "Themes",
    "about_of",
    "agenda_of",
    "find_invitee",
    "find_transitional_attendance",
    "gatherings",
    "gatherings_of",
    "get_document",
    "get_edition",
    "get_gathering",
    "invitees_of",
    "newest_of",
    "not_invited",
    "open_edition",
    "place_of",
    "place_shown",
    "themes_of_sessions",
    "toolbox",
]
