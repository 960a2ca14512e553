"""Ask people around a child which dates suit, and keep what each answers."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "date_question",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("nudged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_date_question_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_question")),
    )
    op.create_index("ix_date_question_request_id", "date_question", ["request_id"])
    op.create_index(
        "uq_date_question_open",
        "date_question",
        ["request_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_table(
        "date_option",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("wall_start", sa.DateTime(), nullable=False),
        sa.Column("chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["date_question.id"], name=op.f("fk_date_option_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_option")),
        sa.UniqueConstraint("question_id", "wall_start", name=op.f("uq_date_option_question_id_wall_start")),
    )
    op.create_table(
        "date_asked",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("noted_by", sa.Uuid(), nullable=True),
        sa.Column("told_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("stand_in_id", sa.Uuid(), nullable=True),
        sa.Column("stand_in_waits", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_date_asked_key_id")),
        sa.ForeignKeyConstraint(["member_id"], ["network_member.id"], name=op.f("fk_date_asked_member_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_date_asked_noted_by")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["date_question.id"], name=op.f("fk_date_asked_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["network_member.id"], name=op.f("fk_date_asked_stand_in_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_asked")),
        sa.UniqueConstraint("question_id", "member_id", name=op.f("uq_date_asked_question_id_member_id")),
    )
    op.create_index("ix_date_asked_member_id", "date_asked", ["member_id"])
    op.create_table(
        "date_vote",
        sa.Column("asked_id", sa.Uuid(), nullable=False),
        sa.Column("option_id", sa.Uuid(), nullable=False),
        sa.Column("vote", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["asked_id"], ["date_asked.id"], name=op.f("fk_date_vote_asked_id")),
        sa.ForeignKeyConstraint(["option_id"], ["date_option.id"], name=op.f("fk_date_vote_option_id")),
        sa.PrimaryKeyConstraint("asked_id", "option_id", name=op.f("pk_date_vote")),
    )
    op.create_index("ix_date_vote_option_id", "date_vote", ["option_id"])


def downgrade() -> None:
    for table in ("date_vote", "date_asked", "date_option", "date_question"):
        op.drop_table(table)
