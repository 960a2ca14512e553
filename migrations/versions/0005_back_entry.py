"""Sessions that were held before: what was not recorded of them, how they were asked for, and names outside the pool."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("request", sa.Column("asked_by", sa.String(length=64), nullable=True))
    op.add_column(
        "jags_session", sa.Column("minutes_known", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.add_column("jags_session", sa.Column("named_sealed", sa.LargeBinary(), nullable=True))
    session = sa.table(
        "jags_session", sa.column("imported", sa.Boolean), sa.column("minutes_known", sa.Boolean)
    )
    # The old tracker never told how long a session lasted: the usual length stood in.
    op.execute(session.update().where(session.c.imported.is_(True)).values(minutes_known=False))


def downgrade() -> None:
    attendance = sa.table("agency_attendance", sa.column("attendance", sa.String))
    # The software before knows no such answer, and would not open the session.
    op.execute(attendance.delete().where(attendance.c.attendance == "not_recorded"))
    op.drop_column("jags_session", "named_sealed")
    op.drop_column("jags_session", "minutes_known")
    op.drop_column("request", "asked_by")
