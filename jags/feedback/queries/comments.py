"""Read comments: those that wait for their one reviewer, and those that were released; neither has an order or a time."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from jags.feedback.model import Comment
from jags.feedback.queries.forms import text_items
from jags.feedback.rules import CommentState, CommentText
from jags.kernel.errors import NotFound
from jags.kernel.work import Work

_QUOTABLE = (Comment.state == CommentState.RELEASED) & Comment.may_quote.is_(True)


@dataclass(frozen=True)
class CommentLine:
    """A comment with the question that it answers."""

    id: uuid.UUID
    question: str
    text: str
    may_quote: bool
    state: CommentState
    version: int
    changed: bool


def comments(work: Work, state: CommentState, *, skip: int = 0, most: int = 50) -> list[CommentLine]:
    """Return comments in a state, in the order of their random ids, which tells nothing."""
    rows = work.session.scalars(
        select(Comment).where(Comment.state == state).order_by(Comment.id).offset(skip).limit(most)
    ).all()
    questions = _questions(work)
    work.vault.prefetch(rows)
    return [_line(work, row, questions) for row in rows]


def count_comments(work: Work, state: CommentState) -> int:
    """Return how many comments are in a state."""
    counted = select(func.count()).select_from(Comment).where(Comment.state == state)
    return work.session.scalar(counted) or 0


def count_quotable(work: Work, *, pools: Collection[uuid.UUID]) -> int:
    """Return how many released comments of some pools may be quoted."""
    counted = select(func.count()).select_from(Comment).where(_QUOTABLE, Comment.pool_id.in_(pools))
    return work.session.scalar(counted) or 0


def quotable(
    work: Work, *, pools: Collection[uuid.UUID], only: Collection[uuid.UUID] | None = None, most: int = 200
) -> list[CommentLine]:
    """Return released comments of some pools that may be quoted, all or `only` some, in the order of their random ids; by two queries."""
    wanted = select(Comment).where(_QUOTABLE, Comment.pool_id.in_(pools))
    if only is not None:
        wanted = wanted.where(Comment.id.in_(only))
    rows = work.session.scalars(wanted.order_by(Comment.id).limit(most)).all()
    questions = _questions(work)
    work.vault.prefetch(rows)
    return [_line(work, row, questions) for row in rows]


def get_comment(work: Work, comment_id: uuid.UUID) -> CommentLine:
    """Return a comment; raises `NotFound`."""
    row = work.session.get(Comment, comment_id)
    if row is None:
        raise NotFound("There is no such comment.")
    return _line(work, row, _questions(work))


def by_question(lines: list[CommentLine]) -> Mapping[str, list[CommentLine]]:
    """Return comments by the question that they answer."""
    found: dict[str, list[CommentLine]] = defaultdict(list)
    for line in lines:
        found[line.question].append(line)
    return found


def _questions(work: Work) -> dict[str, str]:
    return {item.key: item.words for item in text_items(work)}


def _line(work: Work, row: Comment, questions: Mapping[str, str]) -> CommentLine:
    return CommentLine(
        row.id,
        questions.get(row.item, "A question that is asked no more"),
        work.vault.open(row, "text", CommentText).text,
        row.may_quote,
        row.state,
        row.version,
        row.state is CommentState.RELEASED and row.why is not None,
    )
