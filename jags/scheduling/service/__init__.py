"""The verbs of scheduling: arrange, change, call off and record a session, and end a request at any stage."""

from jags.scheduling.service.arranging import move_session, schedule_session
from jags.scheduling.service.checking import written_out
from jags.scheduling.service.clock import MovedInstant, keep_wall_times, keep_wall_times_by_job
from jags.scheduling.service.dates import (
    Told,
    answer_dates,
    ask_about_dates,
    change_question,
    choose_date,
    close_question,
    decide_on_instead,
    nudge_about_dates,
    tell_of_dates_over,
)
from jags.scheduling.service.digest import send_digests
from jags.scheduling.service.ending import (
    end_request,
    let_date_go,
    note_did_not_take_place,
    postpone_session,
    step_back,
    step_back_from_offer,
)
from jags.scheduling.service.exchanging import reinstate_session, swap_sessions
from jags.scheduling.service.feed import close_feed, open_feed
from jags.scheduling.service.keeping import accept_offer_and_keep_date, free_released
from jags.scheduling.service.participants import (
    against_facilitators,
    change_participants,
    decide_on_stand_in,
    member_of_requester,
    say_about_me,
    send_apologies,
)
from jags.scheduling.service.pausing import facilitators_who_know, tell_of_pause
from jags.scheduling.service.receiving import Taken, receive_mail
from jags.scheduling.service.recording import presence_info, record_session
from jags.scheduling.service.reminding import send_reminders
from jags.scheduling.service.time import time_together, with_the_way

__all__ = [
    "MovedInstant",
    "Taken",
    "Told",
    "accept_offer_and_keep_date",
    "against_facilitators",
    "answer_dates",
    "ask_about_dates",
    "change_participants",
    "change_question",
    "choose_date",
    "close_feed",
    "close_question",
    "decide_on_instead",
    "decide_on_stand_in",
    "end_request",
    "facilitators_who_know",
    "free_released",
    "keep_wall_times",
    "keep_wall_times_by_job",
    "let_date_go",
    "member_of_requester",
    "move_session",
    "note_did_not_take_place",
    "nudge_about_dates",
    "open_feed",
    "postpone_session",
    "presence_info",
    "receive_mail",
    "record_session",
    "reinstate_session",
    "say_about_me",
    "schedule_session",
    "send_apologies",
    "send_digests",
    "send_reminders",
    "step_back",
    "step_back_from_offer",
    "swap_sessions",
    "tell_of_dates_over",
    "tell_of_pause",
    "time_together",
    "with_the_way",
    "written_out",
]
