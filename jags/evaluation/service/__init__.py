"""What evaluation does: keep the promotion log, and bring reports from draft to release."""

from jags.evaluation.queries.periods import cuts_of
from jags.evaluation.service.drafting import draft_of_report, draft_report
from jags.evaluation.service.keys import make_key, revoke_key
from jags.evaluation.service.ledger import why_not
from jags.evaluation.service.pack import make_pack
from jags.evaluation.service.promotion import add_promotion, change_promotion, delete_promotion
from jags.evaluation.service.releasing import (
    copy_of,
    give_back,
    note_reading,
    reader_name,
    release_report,
    send_for_review,
    withdraw_report,
)
from jags.evaluation.service.writing import (
    ask,
    begin_report,
    name_readers,
    reply,
    state_own_view,
    write_words,
)

__all__ = [
    "add_promotion",
    "ask",
    "begin_report",
    "change_promotion",
    "copy_of",
    "cuts_of",
    "delete_promotion",
    "draft_of_report",
    "draft_report",
    "give_back",
    "make_key",
    "make_pack",
    "name_readers",
    "note_reading",
    "reader_name",
    "release_report",
    "reply",
    "revoke_key",
    "send_for_review",
    "state_own_view",
    "why_not",
    "withdraw_report",
    "write_words",
]
