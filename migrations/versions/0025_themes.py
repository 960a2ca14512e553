"""Themes: versions of the code frame, the texts that are read, readings, what is agreed, and remarks on drafts."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_TABLES = ("theme_remark", "theme_consensus", "theme_reading", "reading_text", "frame_version")


def upgrade() -> None:
    op.create_table(
        "frame_version",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("themes", sa.Text(), nullable=False),
        sa.Column("change", sa.String(length=64), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_frame_version_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frame_version")),
        sa.UniqueConstraint("number", name=op.f("uq_frame_version_number")),
    )
    op.create_table(
        "reading_text",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["jags_session.id"], name=op.f("fk_reading_text_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_text")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_reading_text_source_source_id")),
    )
    op.create_table(
        "theme_reading",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("frame_number", sa.Integer(), nullable=False),
        sa.Column("themes", sa.Text(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["person.id"], name=op.f("fk_theme_reading_reader_id")),
        sa.ForeignKeyConstraint(["text_id"], ["reading_text.id"], name=op.f("fk_theme_reading_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_reading")),
        sa.UniqueConstraint("text_id", "reader_id", name=op.f("uq_theme_reading_text_id_reader_id")),
    )
    op.create_table(
        "theme_consensus",
        sa.Column("text_id", sa.Uuid(), nullable=False),
        sa.Column("frame_number", sa.Integer(), nullable=False),
        sa.Column("themes", sa.Text(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_theme_consensus_agreed_by")),
        sa.ForeignKeyConstraint(["text_id"], ["reading_text.id"], name=op.f("fk_theme_consensus_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_consensus")),
        sa.UniqueConstraint("text_id", name=op.f("uq_theme_consensus_text_id")),
    )
    op.create_table(
        "theme_remark",
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("remark_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_theme_remark_key_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_theme_remark_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_remark")),
    )
    op.create_index("ix_theme_remark_theme", "theme_remark", ["theme"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
