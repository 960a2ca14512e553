"""Complaints, and concerns about a facilitator."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_complaint_key_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_complaint_owner_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_complaint_person_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_complaint_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index("ix_complaint_closed_on", "complaint", ["closed_on"])
    op.create_table(
        "facilitator_concern",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_facilitator_concern_key_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_facilitator_concern_noted_by")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_facilitator_concern_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilitator_concern")),
    )
    op.create_index("ix_facilitator_concern_person_id", "facilitator_concern", ["person_id"])


def downgrade() -> None:
    op.drop_table("facilitator_concern")
    op.drop_table("complaint")
