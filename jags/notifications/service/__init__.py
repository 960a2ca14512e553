"""Queue mail with its cause and take it through delivery, read what comes back, and change what e-mails say."""

from jags.notifications.service.outbox import (
    Claimed,
    LinkWanted,
    change_waiting,
    claim_next,
    count_mail,
    give_back,
    has_mail,
    letters,
    note_not_sent,
    note_report,
    note_sent,
    queue_mail,
    send_again,
    set_aside,
    still_wanted,
    withdraw_mail,
)
from jags.notifications.service.wording import (
    change_wording,
    preview,
    restore_wording,
    wording_in_force,
)

__all__ = [
    "Claimed",
    "LinkWanted",
    "change_waiting",
    "change_wording",
    "claim_next",
    "count_mail",
    "give_back",
    "has_mail",
    "letters",
    "note_not_sent",
    "note_report",
    "note_sent",
    "preview",
    "queue_mail",
    "restore_wording",
    "send_again",
    "set_aside",
    "still_wanted",
    "withdraw_mail",
    "wording_in_force",
]
