"""Reflections apart by who can open them, calls, concerns that came up, observations, development logs, and audits."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_OPEN_CALL = sa.text("made_on IS NULL")
_LIVE = sa.text("state <> 'called_off'")


def upgrade() -> None:
    with op.batch_alter_table("facilitator_reflection") as table:
        table.add_column(sa.Column("page", sa.Text(), server_default="", nullable=False))
        for part in ("both", "unit", "pooled"):
            table.add_column(sa.Column(f"{part}_sealed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "wished_call",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("wished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["caller_id"], ["person.id"], name=op.f("fk_wished_call_caller_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wished_call_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["jags_session.id"], name=op.f("fk_wished_call_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wished_call")),
    )
    op.create_index(
        "ix_wished_call_session_id_person_id",
        "wished_call",
        ["session_id", "person_id"],
        unique=True,
        sqlite_where=_OPEN_CALL,
        postgresql_where=_OPEN_CALL,
    )
    op.create_table(
        "surfaced_concern",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("noted_by", sa.Uuid(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("route", sa.String(length=64), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("taken_by_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_surfaced_concern_key_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_surfaced_concern_noted_by")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["jags_session.id"], name=op.f("fk_surfaced_concern_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surfaced_concern")),
    )
    op.create_index("ix_surfaced_concern_session_id", "surfaced_concern", ["session_id"])
    op.create_table(
        "development_entry",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("entry_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_development_entry_key_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_development_entry_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_development_entry")),
    )
    op.create_index("ix_development_entry_person_id", "development_entry", ["person_id"])
    op.create_table(
        "observation",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("observer_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shared_on", sa.Date(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_observation_key_id")),
        sa.ForeignKeyConstraint(["observer_id"], ["person.id"], name=op.f("fk_observation_observer_id")),
        sa.ForeignKeyConstraint(["session_id"], ["jags_session.id"], name=op.f("fk_observation_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
    )
    op.create_index("ix_observation_observer_id", "observation", ["observer_id"])
    op.create_index(
        "ix_observation_session_id",
        "observation",
        ["session_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_table(
        "observation_agreement",
        sa.Column("observation_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_observation_agreement_observation_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_observation_agreement_person_id")
        ),
        sa.PrimaryKeyConstraint("observation_id", "person_id", name=op.f("pk_observation_agreement")),
    )
    op.create_table(
        "practice_audit",
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("held_from", sa.Date(), nullable=False),
        sa.Column("held_to", sa.Date(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("purposes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_practice_audit_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_audit")),
    )
    op.create_table(
        "audited_session",
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("moderated_on", sa.Date(), nullable=True),
        sa.Column("panel_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["practice_audit.id"], name=op.f("fk_audited_session_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["jags_session.id"], name=op.f("fk_audited_session_session_id")
        ),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_audited_session_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audited_session")),
        sa.UniqueConstraint("audit_id", "session_id", name=op.f("uq_audited_session_audit_id_session_id")),
    )
    op.create_table(
        "agency_return",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("asked_of_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("return_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["audited_session.id"], name=op.f("fk_agency_return_case_id")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_return_agency_id")),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_agency_return_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_return")),
        sa.UniqueConstraint("case_id", "agency_id", name=op.f("uq_agency_return_case_id_agency_id")),
    )
    op.create_table(
        "audit_recommendation",
        sa.Column("audit_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("group", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("plan_reference", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["practice_audit.id"], name=op.f("fk_audit_recommendation_audit_id")
        ),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_audit_recommendation_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_recommendation")),
        sa.UniqueConstraint("audit_id", "number", name=op.f("uq_audit_recommendation_audit_id_number")),
    )


def downgrade() -> None:
    for table in ("audit_recommendation", "agency_return", "audited_session", "practice_audit"):
        op.drop_table(table)
    op.drop_table("observation_agreement")
    op.drop_index("ix_observation_session_id", table_name="observation")
    op.drop_index("ix_observation_observer_id", table_name="observation")
    op.drop_table("observation")
    op.drop_index("ix_development_entry_person_id", table_name="development_entry")
    op.drop_table("development_entry")
    op.drop_index("ix_surfaced_concern_session_id", table_name="surfaced_concern")
    op.drop_table("surfaced_concern")
    op.drop_index("ix_wished_call_session_id_person_id", table_name="wished_call")
    op.drop_table("wished_call")
    with op.batch_alter_table("facilitator_reflection") as table:
        for part in ("pooled", "unit", "both"):
            table.drop_column(f"{part}_sealed")
        table.drop_column("page")
