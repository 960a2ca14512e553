"""The verbs of allocation: offer a pair, declare, accept, decline, step back, let lapse and withdraw; plan and replay."""

from jags.allocation.service.answering import (
    accept_offer,
    declare_independence,
    decline_offer,
    release_person,
    step_back,
)
from jags.allocation.service.calculating import claim_calculation, keep_answer, note_failed
from jags.allocation.service.holding import what_stands_against
from jags.allocation.service.lapsing import lapse_offers
from jags.allocation.service.offering import (
    choose_again,
    clear_doubt,
    clear_talk,
    offer_pair,
    withdraw_offers,
)
from jags.allocation.service.outcomes import lock_request, offer_mail_left
from jags.allocation.service.planning import ask_for_plan, offer_planned
from jags.allocation.service.recording import note_identity
from jags.allocation.service.replaying import ask_for_replay, check_question, question_of_today
from jags.allocation.service.working_out import prepare, replay_past, rules_asked, rules_now

__all__ = [
    "accept_offer",
    "ask_for_plan",
    "ask_for_replay",
    "check_question",
    "choose_again",
    "claim_calculation",
    "clear_doubt",
    "clear_talk",
    "declare_independence",
    "decline_offer",
    "keep_answer",
    "lapse_offers",
    "lock_request",
    "note_failed",
    "note_identity",
    "offer_mail_left",
    "offer_pair",
    "offer_planned",
    "prepare",
    "question_of_today",
    "release_person",
    "replay_past",
    "rules_asked",
    "rules_now",
    "step_back",
    "what_stands_against",
    "withdraw_offers",
]
