"""Queue mail with its cause and take it through delivery, read what comes back, and change what e-mails say."""

from jags.notifications.service.delivery import (
    Claimed,
    claim_next,
    give_back,
    note_not_sent,
    note_sent,
    still_wanted,
)
from jags.notifications.service.outbox import (
    LinkWanted,
    change_waiting,
    count_mail,
    has_mail,
    letters,
    note_report,
    queue_mail,
    send_again,
    set_aside,
    subject_of,
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
    "subject_of",
    "withdraw_mail",
    "wording_in_force",
]
