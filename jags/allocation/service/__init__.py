"""The verbs of allocation: offer a pair, declare, accept, decline, step back, let lapse and withdraw."""

from jags.allocation.service.answering import (
    accept_offer,
    declare_independence,
    decline_offer,
    release_person,
    step_back,
)
from jags.allocation.service.holding import what_stands_against
from jags.allocation.service.lapsing import lapse_offers
from jags.allocation.service.offering import (
    choose_again,
    clear_doubt,
    clear_talk,
    offer_pair,
    withdraw_offers,
)
from jags.allocation.service.outcomes import offer_mail_left
from jags.allocation.service.recording import note_identity

__all__ = [
    "accept_offer",
    "choose_again",
    "clear_doubt",
    "clear_talk",
    "declare_independence",
    "decline_offer",
    "lapse_offers",
    "note_identity",
    "offer_mail_left",
    "offer_pair",
    "release_person",
    "step_back",
    "what_stands_against",
    "withdraw_offers",
]
