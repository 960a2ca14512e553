"""Links of feedback that were lost, returns and observations that were told of by telephone."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: SQLite would copy the table, to which others refer.
    op.add_column("feedback_round", sa.Column("spares_sealed", sa.LargeBinary(), nullable=True))
    op.add_column(
        "feedback_round", sa.Column("replaced", sa.Integer(), server_default=sa.text("0"), nullable=False)
    )
    op.create_table(
        "lost_link",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("whom_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["feedback_round.id"], name=op.f("fk_lost_link_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_link")),
    )
    op.create_index("ix_lost_link_round_id", "lost_link", ["round_id"])
    with op.batch_alter_table("agency_return") as table:
        table.add_column(sa.Column("taken_down_by", sa.Uuid(), nullable=True))
        table.create_foreign_key(op.f("fk_agency_return_taken_down_by"), "person", ["taken_down_by"], ["id"])
    op.create_table(
        "observation_told",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_observation_told_observation_id")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["network_member.id"], name=op.f("fk_observation_told_member_id")
        ),
        sa.PrimaryKeyConstraint("observation_id", "member_id", name=op.f("pk_observation_told")),
    )


def downgrade() -> None:
    op.drop_table("observation_told")
    with op.batch_alter_table("agency_return") as table:
        table.drop_constraint(op.f("fk_agency_return_taken_down_by"), type_="foreignkey")
        table.drop_column("taken_down_by")
    op.drop_index("ix_lost_link_round_id", table_name="lost_link")
    op.drop_table("lost_link")
    op.drop_column("feedback_round", "replaced")
    op.drop_column("feedback_round", "spares_sealed")
