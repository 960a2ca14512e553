"""Blocks of texts that were read for themes, tables whose rows are merged, and keys to released figures."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "ledger_block", sa.Column("kind", sa.String(length=64), nullable=False, server_default="requests")
    )
    op.add_column(
        "report_table", sa.Column("merged", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "figures_key",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_figures_key_made_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figures_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_figures_key_key_hash")),
    )


def downgrade() -> None:
    op.drop_table("figures_key")
    # The older software knows no merged rows: what such a table showed and hid, it cannot hold others against.
    op.execute("DELETE FROM report_table WHERE merged")
    op.drop_column("report_table", "merged")
    # The older software takes every block for one of requests.
    texts = "(SELECT id FROM ledger_block WHERE kind <> 'requests')"
    op.execute(f"DELETE FROM report_block WHERE block_id IN {texts}")  # noqa: S608 - Nothing from outside.
    op.execute(f"DELETE FROM ledger_entry WHERE block_id IN {texts}")  # noqa: S608 - Nothing from outside.
    op.execute("DELETE FROM ledger_block WHERE kind <> 'requests'")
    op.drop_column("ledger_block", "kind")
