"""Feedback as a whole: kinds of questions, slips handed out in the room."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

import jags.kernel.base

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# What the older software could not read: rounds of the later survey with all that hangs on them, and mail and links of new kinds.
_OF_THE_NEWER_SOFTWARE = (
    """
    DELETE FROM ticket WHERE pot_id IN
    (SELECT pot.id FROM pot JOIN feedback_round AS r ON r.id = pot.round_id WHERE r.form = 'later')
    """,
    "DELETE FROM pot WHERE round_id IN (SELECT id FROM feedback_round WHERE form = 'later')",
    "DELETE FROM tally WHERE form_version_id IN (SELECT id FROM form_version WHERE form = 'later')",
    "DELETE FROM feedback_round WHERE form = 'later'",
    "DELETE FROM form_version WHERE form = 'later'",
    "DELETE FROM outbox_message WHERE kind IN ('feedback_later', 'feedback_reminder', 'what_followed')",
    "DELETE FROM mail_template WHERE kind IN ('feedback_later', 'feedback_reminder', 'what_followed')",
    "DELETE FROM link WHERE purpose = 'what_followed'",
)
_VERSIONS = sa.text("SELECT id, items FROM form_version")
_CHANGE = sa.text("UPDATE form_version SET items = :items WHERE id = :id")


def upgrade() -> None:
    op.add_column(
        "feedback_round", sa.Column("door", sa.String(length=64), nullable=False, server_default="links")
    )
    op.add_column("feedback_round", sa.Column("threads_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "requester_account",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("told_at", jags.kernel.base.UtcDateTime(), nullable=False),
        sa.Column("account_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_key.id"], name=op.f("fk_requester_account_key_id_data_key")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_requester_account_request_id_request")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requester_account")),
        sa.UniqueConstraint("request_id", name=op.f("uq_requester_account_request_id")),
    )
    op.add_column("feedback_comment", sa.Column("why", sa.String(length=64), nullable=True))
    op.add_column(
        "feedback_comment", sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1"))
    )
    _change_items(lambda item: {**item, "kind": "quote"} if item["key"] == "may_quote" else item)


def downgrade() -> None:
    # The older software asks the core only, and knows nothing of the rest; its rounds are answered by tickets of any kind.
    _change_items(_as_before)
    op.drop_table("requester_account")
    for gone in _OF_THE_NEWER_SOFTWARE:
        op.execute(sa.text(gone))
    op.drop_column("feedback_round", "threads_sealed")
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
