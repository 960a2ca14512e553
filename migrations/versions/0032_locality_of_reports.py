"""Reports of one locality, and blocks of sessions."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("locality", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    given = sa.text("SELECT count(*) FROM report WHERE locality <> '' AND reference IS NOT NULL")
    if op.get_bind().execute(given).scalar():
        # Their numbers would be given twice, and what was told would be forgotten when the next release is decided.
        raise RuntimeError(
            "Reports of one locality were released, which older software does not know: stay at 0032."
        )
    # The older software takes every report for one of all localities: drafts of one go, as if they were never begun.
    of_one = "(SELECT id FROM report WHERE locality <> '')"
    for table in ("report_block", "report_table", "report_reader", "report_question"):
        op.execute(f"DELETE FROM {table} WHERE report_id IN {of_one}")  # noqa: S608 - Nothing from outside.
    op.execute("DELETE FROM report WHERE locality <> ''")
    op.drop_column("report", "locality")
    # The older software knows no blocks of sessions.
    of_sessions = "(SELECT id FROM ledger_block WHERE kind IN ('sessions', 'sessions_confirmed'))"
    op.execute(f"DELETE FROM report_block WHERE block_id IN {of_sessions}")  # noqa: S608 - Nothing from outside.
    op.execute(f"DELETE FROM ledger_entry WHERE block_id IN {of_sessions}")  # noqa: S608 - Nothing from outside.
    op.execute("DELETE FROM ledger_block WHERE kind IN ('sessions', 'sessions_confirmed')")
