"""Set rules, take a list of what is due through two people, erase, and erase again in a restored copy."""

from jags.retention.service.erasing import apply_again, erase
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

__all__ = [
    "apply_again",
    "approve",
    "carry_out",
    "drop",
    "erase",
    "list_one_request",
    "make_list",
    "make_list_by_job",
    "put_forward",
    "set_rule",
]
