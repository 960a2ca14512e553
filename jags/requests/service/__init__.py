"""The verbs on a request: ask for a JAGS, decide on it, pause it, and move it along its way."""

from jags.requests.service.agencies import settle_agency
from jags.requests.service.answers import (
    AboutTheChild,
    AboutYou,
    Answers,
    Arrangements,
    BeforeYouAsk,
    ChildAndFamily,
    Contacts,
    IntoAdulthood,
    LastThings,
    SecondHalf,
    SomebodyInvolved,
    TheWork,
    WhoIsInvolved,
    WhyAndHopes,
)
from jags.requests.service.begun import count_draft
from jags.requests.service.checks import telling_problems, told_by_telephone
from jags.requests.service.conflict import find_stuck, give_back, lift_recusal, pass_on, take_over
from jags.requests.service.cover import end_cover, enter_cover, not_for_deputy
from jags.requests.service.equalities import answer_equalities, count_equalities
from jags.requests.service.following import note_call, nudge_requesters
from jags.requests.service.intake import (
    Shown,
    confirm_by_telephone,
    confirm_request,
    delete_old_drafts,
    save_answers,
    send_return_link,
    start_draft,
    submit_request,
)
from jags.requests.service.keeping import (
    add_member,
    bring_member,
    confirm_transitional,
    note_preparation,
    set_priority,
    take_off_member,
)
from jags.requests.service.lead import ask_lead
from jags.requests.service.legal import note_legal_check, set_legal_live
from jags.requests.service.moves import move_request, next_reference, tell_requester
from jags.requests.service.new_link import ask_for_link, send_asked_links
from jags.requests.service.notes import add_note
from jags.requests.service.ownership import hand_over, may_hand_over, set_owner, work_shown
from jags.requests.service.pause import lift_legal_hold, lift_pause, pause_request
from jags.requests.service.requester import answer_nudge, change_requester, confirm_requester
from jags.requests.service.searching import (
    SEARCHED_MOST,
    Found,
    SearchKind,
    find_of_requester,
    search_open_requests,
)
from jags.requests.service.second_half import save_second_half
from jags.requests.service.similar import link_as_repeat, say_other_work, say_same_work, unlink_repeat
from jags.requests.service.triage import (
    Considered,
    accept_problems,
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
    "SEARCHED_MOST",
    "AboutTheChild",
    "AboutYou",
    "Answers",
    "Arrangements",
    "BeforeYouAsk",
    "ChildAndFamily",
    "Considered",
    "Contacts",
    "Found",
    "IntoAdulthood",
    "LastThings",
    "SearchKind",
    "SecondHalf",
    "Shown",
    "SomebodyInvolved",
    "TheWork",
    "WhoIsInvolved",
    "WhyAndHopes",
    "accept_problems",
    "accept_request",
    "add_member",
    "add_note",
    "answer_equalities",
    "answer_nudge",
    "answer_question",
    "ask_for_link",
    "ask_lead",
    "ask_requester",
    "bring_member",
    "change_requester",
    "close_without_answer",
    "confirm_by_telephone",
    "confirm_request",
    "confirm_requester",
    "confirm_transitional",
    "count_draft",
    "count_equalities",
    "delete_old_drafts",
    "end_cover",
    "end_with_mail",
    "enter_cover",
    "find_of_requester",
    "find_stuck",
    "give_back",
    "hand_over",
    "lift_legal_hold",
    "lift_pause",
    "lift_recusal",
    "link_as_repeat",
    "mark_duplicate",
    "may_hand_over",
    "move_request",
    "next_reference",
    "not_for_deputy",
    "note_call",
    "note_legal_check",
    "note_preparation",
    "note_rung",
    "nudge_requesters",
    "pass_on",
    "pause_request",
    "reopen_request",
    "save_answers",
    "save_second_half",
    "say_other_work",
    "say_same_work",
    "search_open_requests",
    "send_asked_links",
    "send_mail_again",
    "send_return_link",
    "set_legal_live",
    "set_owner",
    "set_priority",
    "settle_agency",
    "signpost_request",
    "start_draft",
    "submit_request",
    "take_off_member",
    "take_over",
    "tell_requester",
    "telling_problems",
    "told_by_telephone",
    "unlink_repeat",
    "work_shown",
]
