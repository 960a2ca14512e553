"""Verbs on network meetings, training events and the toolbox."""

from jags.practice.service.attending import answer_invitation, record_attendance
from jags.practice.service.planning import (
    call_off_gathering,
    change_gathering,
    invite_to_gathering,
    plan_gathering,
    set_agenda,
)
from jags.practice.service.toolbox import (
    add_document,
    add_edition,
    change_document,
    return_document,
    withdraw_document,
)

__all__ = [
    "add_document",
    "add_edition",
    "answer_invitation",
    "call_off_gathering",
    "change_document",
    "change_gathering",
    "invite_to_gathering",
    "plan_gathering",
    "record_attendance",
    "return_document",
    "set_agenda",
    "withdraw_document",
]
