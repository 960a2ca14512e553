"""The verbs on a request: ask for a JAGS, decide on it, pause it, and move it along its way."""

from jags.requests.service.agencies import settle_agency
from jags.requests.service.following import note_call, nudge_requesters
from jags.requests.service.intake import (
    AboutTheChild,
    AboutYou,
    Answers,
    LastThings,
    Shown,
    SomebodyInvolved,
    WhoIsInvolved,
    WhyAndHopes,
    confirm_by_telephone,
    confirm_request,
    delete_old_drafts,
    save_answers,
    send_return_link,
    send_status_link,
    start_draft,
    submit_request,
)
from jags.requests.service.keeping import add_member, confirm_transitional, note_preparation, set_priority
from jags.requests.service.lead import ask_lead
from jags.requests.service.legal import note_legal_check, set_legal_live
from jags.requests.service.moves import move_request, next_reference, tell_requester
from jags.requests.service.notes import add_note
from jags.requests.service.pause import lift_legal_hold, lift_pause, pause_request
from jags.requests.service.triage import (
    Considered,
    accept_request,
    answer_question,
    ask_requester,
    close_without_answer,
    end_with_mail,
    mark_duplicate,
    reopen_request,
    signpost_request,
)
from jags.requests.service.undelivered import note_rung, send_mail_again

__all__ = [
    "AboutTheChild",
    "AboutYou",
    "Answers",
    "Considered",
    "LastThings",
    "Shown",
    "SomebodyInvolved",
    "WhoIsInvolved",
    "WhyAndHopes",
    "accept_request",
    "add_member",
    "add_note",
    "answer_question",
    "ask_lead",
    "ask_requester",
    "close_without_answer",
    "confirm_by_telephone",
    "confirm_request",
    "confirm_transitional",
    "delete_old_drafts",
    "end_with_mail",
    "lift_legal_hold",
    "lift_pause",
    "mark_duplicate",
    "move_request",
    "next_reference",
    "note_call",
    "note_legal_check",
    "note_preparation",
    "note_rung",
    "nudge_requesters",
    "pause_request",
    "reopen_request",
    "save_answers",
    "send_mail_again",
    "send_return_link",
    "send_status_link",
    "set_legal_live",
    "set_priority",
    "settle_agency",
    "signpost_request",
    "start_draft",
    "submit_request",
    "tell_requester",
]
