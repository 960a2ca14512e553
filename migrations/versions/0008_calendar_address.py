"""The address of a facilitator's own calendar, and the busy times that are read from it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_address",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_until", sa.Date(), nullable=True),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.Column("problem_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_calendar_address_key_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_calendar_address_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("person_id", name=op.f("uq_calendar_address_person_id")),
    )
    op.create_index("ix_calendar_address_due_at", "calendar_address", ["due_at"])
    op.create_table(
        "busy_time",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_busy_time_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_busy_time_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_time")),
    )
    op.create_index("ix_busy_time_person_id_ends_at", "busy_time", ["person_id", "ends_at"])


def downgrade() -> None:
    op.drop_table("busy_time")
    op.drop_table("calendar_address")
