"""Independence records of agreements, and what was said on the telephone about knowing the family."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("offer", sa.Column("identity_checked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("offer", sa.Column("identity_known", sa.Boolean(), nullable=True))
    op.create_table(
        "independence_record",
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("facts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_independence_record_key_id")),
        sa.ForeignKeyConstraint(
            ["pair_id"], ["offered_pair.id"], name=op.f("fk_independence_record_pair_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_independence_record_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_independence_record")),
        sa.UniqueConstraint("pair_id", name=op.f("uq_independence_record_pair_id")),
    )
    op.create_index(
        op.f("ix_independence_record_request_id"), "independence_record", ["request_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("independence_record")
    op.drop_column("offer", "identity_known")
    op.drop_column("offer", "identity_checked_at")
