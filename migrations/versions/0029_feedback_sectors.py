"""From which sectors feedback came: sealed together for a year, then numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback_sector_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_feedback_sector_year")),
    )
    op.create_table(
        "feedback_sector_tally",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sector", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "sector", name=op.f("pk_feedback_sector_tally")),
    )


def downgrade() -> None:
    # What was told in a year that is not over is sealed, and is not counted by the older software.
    op.drop_table("feedback_sector_tally")
    op.drop_table("feedback_sector_year")
