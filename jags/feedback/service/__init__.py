"""The verbs of feedback: ask, take answers, close and open rounds, and close finished requests."""

from jags.feedback.service.answering import accept_answer
from jags.feedback.service.closing import close_due_rounds, close_finished_requests, forget_opened
from jags.feedback.service.following import account_of, give_account
from jags.feedback.service.forms import change_form, restore_form
from jags.feedback.service.opening import open_due_rounds, open_later_rounds
from jags.feedback.service.reminding import remind_rounds
from jags.feedback.service.replacing import ask_for_another_link, replace_lost_links
from jags.feedback.service.reviewing import release_comment, withhold_comment
from jags.feedback.service.sectors import count_sectors
from jags.feedback.service.slips import Sheet, Slips, make_slips, slips_of

__all__ = [
    "Sheet",
    "Slips",
    "accept_answer",
    "account_of",
    "ask_for_another_link",
    "change_form",
    "close_due_rounds",
    "close_finished_requests",
    "count_sectors",
    "forget_opened",
    "give_account",
    "make_slips",
    "open_due_rounds",
    "open_later_rounds",
    "release_comment",
    "remind_rounds",
    "replace_lost_links",
    "restore_form",
    "slips_of",
    "withhold_comment",
]
