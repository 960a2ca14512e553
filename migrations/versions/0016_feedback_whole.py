"""Feedback as a whole: kinds of questions, slips handed out in the room."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_VERSIONS = sa.text("SELECT id, items FROM form_version")
_CHANGE = sa.text("UPDATE form_version SET items = :items WHERE id = :id")


def upgrade() -> None:
    op.add_column(
        "feedback_round", sa.Column("door", sa.String(length=64), nullable=False, server_default="links")
    )
    op.add_column("feedback_comment", sa.Column("why", sa.String(length=64), nullable=True))
    op.add_column(
        "feedback_comment", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    _change_items(lambda item: {**item, "kind": "quote"} if item["key"] == "may_quote" else item)


def downgrade() -> None:
    # The older software asks the core only, and knows nothing of the rest; its rounds are answered by tickets of any kind.
    _change_items(_as_before)
    op.drop_column("feedback_comment", "version")
    op.drop_column("feedback_comment", "why")
    op.drop_column("feedback_round", "door")


def _as_before(item: dict[str, Any]) -> dict[str, Any] | None:
    if item.pop("more", False):
        return None
    item.pop("choices", None)
    return {**item, "kind": "choice"} if item["kind"] == "quote" else item


def _change_items(change: Any) -> None:
    bind = op.get_bind()
    for row in bind.execute(_VERSIONS).all():
        items = [changed for item in json.loads(row.items) if (changed := change(item)) is not None]
        bind.execute(_CHANGE, {"id": row.id, "items": json.dumps(items, ensure_ascii=False)})
