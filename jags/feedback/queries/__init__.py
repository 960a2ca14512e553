"""Read rounds and tallies; nothing here can tell who answered or what one person said."""

from jags.feedback.queries.comments import CommentLine, by_question, comments, count_comments, get_comment
from jags.feedback.queries.following import LaterStatus, find_account, later_status
from jags.feedback.queries.forms import (
    FormInForce,
    VersionLine,
    find_form_version,
    form_in_force,
    form_versions,
    statements,
    text_items,
    worries,
)
from jags.feedback.queries.pools import AtAGlance, Pooled, at_a_glance, pooled
from jags.feedback.queries.rounds import (
    LostLinks,
    RoundStatus,
    lost_links,
    not_yet_prolonged,
    open_by_links,
    round_status,
    rounds_not_opened,
    slips_made,
    waiting_rounds,
)
from jags.feedback.queries.sectors import SectorsOfYear, sectors_by_year
from jags.feedback.queries.tickets import (
    TICKET_KEY,
    TicketPage,
    last_day,
    outcome_without_ticket,
    stands_still,
    takes_answers,
    ticket_page,
)

__all__ = [
    "TICKET_KEY",
    "AtAGlance",
    "CommentLine",
    "FormInForce",
    "LaterStatus",
    "LostLinks",
    "Pooled",
    "RoundStatus",
    "SectorsOfYear",
    "TicketPage",
    "VersionLine",
    "at_a_glance",
    "by_question",
    "comments",
    "count_comments",
    "find_account",
    "find_form_version",
    "form_in_force",
    "form_versions",
    "get_comment",
    "last_day",
    "later_status",
    "lost_links",
    "not_yet_prolonged",
    "open_by_links",
    "outcome_without_ticket",
    "pooled",
    "round_status",
    "rounds_not_opened",
    "sectors_by_year",
    "slips_made",
    "stands_still",
    "statements",
    "takes_answers",
    "text_items",
    "ticket_page",
    "waiting_rounds",
    "worries",
]
