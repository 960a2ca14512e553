"""The verbs of scheduling: arrange, change, call off and record a session, and end a request at any stage."""

from jags.scheduling.service.arranging import (
    change_participants,
    member_of_requester,
    move_session,
    schedule_session,
    time_of_facilitators,
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
from jags.scheduling.service.keeping import accept_offer_and_keep_date, free_released
from jags.scheduling.service.pausing import facilitators_who_know, tell_of_pause
from jags.scheduling.service.receiving import Taken, receive_mail
from jags.scheduling.service.recording import presence_info, record_session
from jags.scheduling.service.reminding import send_reminders

__all__ = [
    "Taken",
    "accept_offer_and_keep_date",
    "change_participants",
    "end_request",
    "facilitators_who_know",
    "free_released",
    "let_date_go",
    "member_of_requester",
    "move_session",
    "note_did_not_take_place",
    "postpone_session",
    "presence_info",
    "receive_mail",
    "record_session",
    "schedule_session",
    "send_digests",
    "send_reminders",
    "step_back",
    "step_back_from_offer",
    "tell_of_pause",
    "time_of_facilitators",
]
