"""Reports from draft to release, and the ledger of which requests belong to which block for good."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ledger_block",
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("formed_on", sa.Date(), nullable=False),
        sa.Column("counts_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_ledger_block_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_block")),
    )
    op.create_index("ix_ledger_block_first_on", "ledger_block", ["first_on"])
    op.create_table(
        "ledger_entry",
        sa.Column("record_hash", sa.LargeBinary(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["ledger_block.id"], name=op.f("fk_ledger_entry_block_id")),
        sa.PrimaryKeyConstraint("record_hash", name=op.f("pk_ledger_entry")),
    )
    op.create_index(op.f("ix_ledger_entry_block_id"), "ledger_entry", ["block_id"])
    op.create_table(
        "report",
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("transitional", sa.Boolean(), nullable=False),
        sa.Column("compare_from", sa.Date(), nullable=True),
        sa.Column("compare_to", sa.Date(), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by", sa.Uuid(), nullable=False),
        sa.Column("sent_by", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("statement_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("stated_by", sa.Uuid(), nullable=True),
        sa.Column("frozen_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_report_key_id")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("fk_report_reviewed_by")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_report_sent_by")),
        sa.ForeignKeyConstraint(["stated_by"], ["person.id"], name=op.f("fk_report_stated_by")),
        sa.ForeignKeyConstraint(["written_by"], ["person.id"], name=op.f("fk_report_written_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("reference", name=op.f("uq_report_reference")),
    )
    op.create_table(
        "report_block",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("block_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["ledger_block.id"], name=op.f("fk_report_block_block_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_block_report_id")),
        sa.PrimaryKeyConstraint("report_id", "block_id", name=op.f("pk_report_block")),
    )
    op.create_index(op.f("ix_report_block_block_id"), "report_block", ["block_id"])
    op.create_table(
        "report_question",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reply_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_report_question_asked_by")),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_report_question_key_id")),
        sa.ForeignKeyConstraint(["replied_by"], ["person.id"], name=op.f("fk_report_question_replied_by")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_question_report_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_question")),
    )
    op.create_index("ix_report_question_report_id", "report_question", ["report_id"])
    op.create_table(
        "report_reader",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_report_reader_person_id")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_reader_report_id")),
        sa.PrimaryKeyConstraint("report_id", "person_id", name=op.f("pk_report_reader")),
    )
    op.create_index(op.f("ix_report_reader_person_id"), "report_reader", ["person_id"])
    op.create_table(
        "report_table",
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("crossed", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_table_report_id")),
        sa.PrimaryKeyConstraint("report_id", "key", name=op.f("pk_report_table")),
    )


def downgrade() -> None:
    op.drop_table("report_table")
    op.drop_index(op.f("ix_report_reader_person_id"), table_name="report_reader")
    op.drop_table("report_reader")
    op.drop_index("ix_report_question_report_id", table_name="report_question")
    op.drop_table("report_question")
    op.drop_index(op.f("ix_report_block_block_id"), table_name="report_block")
    op.drop_table("report_block")
    op.drop_table("report")
    op.drop_index(op.f("ix_ledger_entry_block_id"), table_name="ledger_entry")
    op.drop_table("ledger_entry")
    op.drop_index("ix_ledger_block_first_on", table_name="ledger_block")
    op.drop_table("ledger_block")
