"""The pool: of which last day of training somebody was told, sessions that were heavy for somebody, themes to avoid, and patterns."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("facilitator", sa.Column("lapse_told_for", sa.Date(), nullable=True))
    op.add_column("booking", sa.Column("heavy", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "themes_to_avoid",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("themes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_themes_to_avoid_key_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_themes_to_avoid_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes_to_avoid")),
        sa.UniqueConstraint("person_id", name=op.f("uq_themes_to_avoid_person_id")),
    )
    op.create_table(
        "availability_pattern",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("cycle_days", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("halves", sa.Text(), nullable=False),
        sa.Column("term_time_only", sa.Boolean(), nullable=False),
        sa.Column("filled_until", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_availability_pattern_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_availability_pattern")),
    )


def downgrade() -> None:
    op.drop_table("availability_pattern")
    op.drop_table("themes_to_avoid")
    op.drop_column("booking", "heavy")
    op.drop_column("facilitator", "lapse_told_for")
