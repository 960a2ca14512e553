"""Set rules, take a list of what is due through two people, erase, erase again in a restored copy, look after the trail's end, and its files."""

from jags.retention.service.erasing import apply_again, erase
from jags.retention.service.files import approve_file, ask_for_file, drop_file, take_file
from jags.retention.service.lists import (
    approve,
    carry_out,
    drop,
    list_one_request,
    make_list,
    make_list_by_job,
    put_forward,
    set_rule,
)
from jags.retention.service.trail import ask_about_restore, confirm_restore, mail_anchors, waiting_restore

__all__ = [
    "apply_again",
    "approve",
    "approve_file",
    "ask_about_restore",
    "ask_for_file",
    "carry_out",
    "confirm_restore",
    "drop",
    "drop_file",
    "erase",
    "list_one_request",
    "mail_anchors",
    "make_list",
    "make_list_by_job",
    "put_forward",
    "set_rule",
    "take_file",
    "waiting_restore",
]
