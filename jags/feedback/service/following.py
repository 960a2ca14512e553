"""Keep a requester's account of what the young person or family has said or shown since; it is theirs, and no proof."""

import uuid

from jags.accounts.rules import Purpose
from jags.feedback.model import RequesterAccount
from jags.feedback.queries import find_account
from jags.feedback.rules import WhatFollowed
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, NotAllowed
from jags.kernel.work import Work
from jags.requests.model import Request


def account_of(work: Work, request_id: uuid.UUID) -> tuple[WhatFollowed, int]:
    """Return the requester's own account, to them, and its version; 0 means that there is none yet. Raises `NotAllowed`."""
    _require_own(work.actor, request_id)
    row = find_account(work, request_id)
    return (work.vault.open(row, "account", WhatFollowed), row.version) if row else (WhatFollowed(), 0)


def give_account(work: Work, request_id: uuid.UUID, *, account: WhatFollowed, version: int) -> None:
    """Keep the account of a requester, who came by the link of this one question.

    Raises `Invalid` at `said` when nothing is written, `NotAllowed`, and `Stale` when it was changed elsewhere since.
    """
    _require_own(work.actor, request_id)
    if not (account.said.strip() or account.to_you.strip()):
        raise Invalid("Write what was said or shown, or close this page: you need not answer.", field="said")
    row = find_account(work, request_id)
    if row is None:
        key_id = work.session.get_one(Request, request_id).key_id
        row = RequesterAccount(key_id=key_id, request_id=request_id)
        work.session.add(row)
    else:
        row.expect(version)
    row.told_at = work.now
    work.vault.seal(row, "account", account)
    work.record("request:account_given", request_id)


def _require_own(actor: Actor, request_id: uuid.UUID) -> None:
    if not (
        actor.kind is ActorKind.LINK
        and actor.purpose == Purpose.WHAT_FOLLOWED
        and actor.subject_id == request_id
    ):
        raise NotAllowed
