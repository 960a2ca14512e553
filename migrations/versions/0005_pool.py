"""The pool: of which last day of training somebody was told, and sessions that were heavy for somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("facilitator", sa.Column("lapse_told_for", sa.Date(), nullable=True))
    op.add_column("booking", sa.Column("heavy", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("booking", "heavy")
    op.drop_column("facilitator", "lapse_told_for")
