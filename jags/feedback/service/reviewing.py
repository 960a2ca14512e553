"""Let one person review each comment before anybody else reads it: release it, changed where needed, or hold it back.

The audit trail says that it was done and why, never what was written.
"""

import uuid

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.feedback.model import Comment
from jags.feedback.rules import COMMENT_MOST, CommentState, CommentText, CommentWhy
from jags.kernel.errors import Invalid, NotFound, Stale
from jags.kernel.identifiers import refuse_identifiers
from jags.kernel.work import Work


def release_comment(
    work: Work,
    comment_id: uuid.UUID,
    *,
    text: str,
    why: CommentWhy | None = None,
    rung: bool = False,
    version: int,
) -> None:
    """Release a comment as it stands or with a text that was made safe; what stood there before is gone for good.

    `rung` says that the reviewer met a worry and has rung the Designated Safeguarding Lead. Raises `Invalid` at `text` or
    `why`, `NotFound`, and `Stale` when somebody has reviewed it already.
    """
    row = _waiting(work, comment_id, version)
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Invalid("Leave something to read, or do not release this comment.", field="text")
    if len(text) > COMMENT_MOST:
        raise Invalid(f"Shorten this to {COMMENT_MOST:,} characters or fewer.", field="text")
    refuse_identifiers(text, today=work.today, field="text")
    changed = text != work.vault.open(row, "text", CommentText).text
    if changed and why is None:
        raise Invalid("Select why you changed what was written.", field="why")
    if changed:
        work.vault.seal(row, "text", CommentText(text))
        row.why = why
    row.state = CommentState.RELEASED
    work.record("feedback_comment:released", row.id, why=str(row.why or ""))
    _note_rung(work, row, rung=rung)


def withhold_comment(
    work: Work, comment_id: uuid.UUID, *, why: CommentWhy | None, rung: bool = False, version: int
) -> None:
    """Hold a comment back for good, and delete what was written; raises as `release_comment`."""
    row = _waiting(work, comment_id, version)
    if why is None:
        raise Invalid("Select why it is not released.", field="why")
    row.state, row.why, row.text_sealed = CommentState.WITHHELD, why, None
    work.record("feedback_comment:withheld", row.id, why=why)
    _note_rung(work, row, rung=rung)


def _waiting(work: Work, comment_id: uuid.UUID, version: int) -> Comment:
    require(work.actor, Permission.FEEDBACK_REVIEW)
    row = work.session.get(Comment, comment_id, with_for_update=True)
    if row is None:
        raise NotFound("There is no such comment.")
    if row.state is not CommentState.WAITING:
        raise Stale("Somebody has reviewed this comment already.")
    row.expect(version)
    return row


def _note_rung(work: Work, row: Comment, *, rung: bool) -> None:
    if rung:
        work.record("feedback_comment:worry_passed_on", row.id)
