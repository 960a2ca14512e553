"""The verbs of finding a date: ask, change and reopen, answer, nudge once, choose, and end."""

from jags.scheduling.service.dates.answering import Told, answer_dates, decide_on_instead
from jags.scheduling.service.dates.asking import ask_about_dates, change_question
from jags.scheduling.service.dates.closing import choose_date, close_question, end_question
from jags.scheduling.service.dates.following import nudge_about_dates, tell_of_dates_over

__all__ = [
    "Told",
    "answer_dates",
    "ask_about_dates",
    "change_question",
    "choose_date",
    "close_question",
    "decide_on_instead",
    "end_question",
    "nudge_about_dates",
    "tell_of_dates_over",
]
