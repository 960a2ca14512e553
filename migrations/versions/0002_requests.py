"""Both halves of a request, notes, legal checks, cover, equalities by year, and the promotion log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Columns of `request` that may be empty, in the order of the model.
REQUEST_COLUMNS = (
    ("own_reference_index", sa.LargeBinary()),
    ("heard_of", sa.Text()),
    ("legal_live", sa.String(length=64)),
    ("told_on", sa.Date()),
    ("nudged_at", sa.DateTime(timezone=True)),
    ("followed_up_at", sa.DateTime(timezone=True)),
    ("lead_asked_at", sa.DateTime(timezone=True)),
    ("legal_hold_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name, kind in REQUEST_COLUMNS:
        op.add_column("request", sa.Column(name, kind, nullable=True))
    op.add_column(
        "request",
        sa.Column("equalities_counted", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.create_index(op.f("ix_request_own_reference_index"), "request", ["own_reference_index"], unique=False)
    op.add_column(
        "involved_agency",
        sa.Column("involvement", sa.String(length=64), nullable=False, server_default="involved"),
    )
    op.add_column("network_member", sa.Column("agreed", sa.String(length=64), nullable=True))
    op.create_table(
        "request_note",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_request_note_author_id")),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_request_note_key_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_note_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_note")),
    )
    op.create_index("ix_request_note_request_id_at", "request_note", ["request_id", "at"], unique=False)
    op.create_table(
        "legal_check",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=False),
        sa.Column("spoken_on", sa.Date(), nullable=False),
        sa.Column("conversation_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_ref", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_legal_check_key_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_legal_check_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_check")),
    )
    op.create_index("ix_legal_check_request_id_at", "legal_check", ["request_id", "at"], unique=False)
    op.create_table(
        "cover",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("deputy_id", sa.Uuid(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_cover_order")),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name=op.f("fk_cover_deputy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cover_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    op.create_index(op.f("ix_cover_deputy_id"), "cover", ["deputy_id"], unique=False)
    op.create_index(op.f("ix_cover_person_id"), "cover", ["person_id"], unique=False)
    op.create_table(
        "equality_tally",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", "question", "choice", name=op.f("pk_equality_tally")),
    )
    op.create_table(
        "taken_request",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_taken_request_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_taken_request")),
        sa.UniqueConstraint("person_id", "request_id", name=op.f("uq_taken_request_person_id_request_id")),
    )
    op.create_table(
        "promotion",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotion")),
    )
    op.create_index(op.f("ix_promotion_on"), "promotion", ["on"], unique=False)


def downgrade() -> None:
    for table in ("promotion", "taken_request", "equality_tally", "cover", "legal_check", "request_note"):
        op.drop_table(table)
    op.drop_column("network_member", "agreed")
    op.drop_column("involved_agency", "involvement")
    op.drop_index(op.f("ix_request_own_reference_index"), table_name="request")
    op.drop_column("request", "equalities_counted")
    for name, _ in reversed(REQUEST_COLUMNS):
        op.drop_column("request", name)
