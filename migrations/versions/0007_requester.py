"""A requester who changes, and who has to say that it is them; a wish to talk; links that were asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("requester_to_confirm_since", "talk_wished_at"):
        op.add_column("request", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "requester_change",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_ref", sa.Text(), nullable=False),
        sa.Column("why", sa.String(length=64), nullable=False),
        sa.Column("former_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_requester_change_key_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_requester_change_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requester_change")),
    )
    op.create_index(
        "ix_requester_change_request_id_at", "requester_change", ["request_id", "at"], unique=False
    )
    op.create_index(op.f("ix_request_previous_request_id"), "request", ["previous_request_id"], unique=False)
    op.create_table(
        "link_wish",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("email_index", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("reference", "email_index", name=op.f("pk_link_wish")),
    )


def downgrade() -> None:
    op.drop_table("link_wish")
    op.drop_index(op.f("ix_request_previous_request_id"), table_name="request")
    op.drop_table("requester_change")
    op.drop_column("request", "talk_wished_at")
    op.drop_column("request", "requester_to_confirm_since")
