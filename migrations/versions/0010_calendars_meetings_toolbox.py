"""Addresses of calendars and busy times that are read from them; network meetings, training events and the toolbox."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_address",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("address_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claim", sa.Uuid(), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_until", sa.Date(), nullable=True),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.Column("problem_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_calendar_address_key_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_calendar_address_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("person_id", name=op.f("uq_calendar_address_person_id")),
    )
    op.create_index("ix_calendar_address_due_at", "calendar_address", ["due_at"])
    op.create_table(
        "busy_time",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_busy_time_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_busy_time_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_time")),
    )
    op.create_index("ix_busy_time_person_id_ends_at", "busy_time", ["person_id", "ends_at"])
    op.add_column("training", sa.Column("gathering_ref", sa.Uuid(), nullable=True))
    op.create_table(
        "gathering",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall_start", sa.DateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("about_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("agenda_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("cost_pence", sa.Integer(), nullable=True),
        sa.Column("transitional", sa.Boolean(), nullable=False),
        sa.Column("calendar_uid", sa.Text(), nullable=False),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("times_invited", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_gathering_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gathering")),
        sa.UniqueConstraint("calendar_uid", name=op.f("uq_gathering_calendar_uid")),
    )
    op.create_index("ix_gathering_starts_at", "gathering", ["starts_at"])
    op.create_table(
        "gathering_invitee",
        sa.Column("gathering_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reply", sa.String(length=64), nullable=False),
        sa.Column("clashes", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["gathering_id"], ["gathering.id"], name=op.f("fk_gathering_invitee_gathering_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_gathering_invitee_person_id")
        ),
        sa.PrimaryKeyConstraint("gathering_id", "person_id", name=op.f("pk_gathering_invitee")),
    )
    op.create_index("ix_gathering_invitee_person_id", "gathering_invitee", ["person_id"])
    op.create_table(
        "toolbox_document",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=64), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edition_count", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toolbox_document")),
    )
    op.create_table(
        "toolbox_edition",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["toolbox_document.id"], name=op.f("fk_toolbox_edition_document_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_toolbox_edition")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_toolbox_edition_document_id_number")),
    )


def downgrade() -> None:
    # Time that is held for a meeting that nobody knows any more would keep people from sessions for nothing.
    op.execute("DELETE FROM booking WHERE ref IN (SELECT id FROM gathering)")
    op.drop_table("toolbox_edition")
    op.drop_table("toolbox_document")
    op.drop_table("gathering_invitee")
    op.drop_table("gathering")
    op.drop_column("training", "gathering_ref")
    op.drop_table("busy_time")
    op.drop_table("calendar_address")
