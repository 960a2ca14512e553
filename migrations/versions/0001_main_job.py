"""Every table of the main job, the rule against overlapping bookings and the append-only audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Two half-open spans [starts_at, ends_at) of one person must not share an instant.
POSTGRESQL_UP = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    """ALTER TABLE booking ADD CONSTRAINT ex_booking_overlap
    EXCLUDE USING gist (person_id WITH =, tstzrange(starts_at, ends_at) WITH &&)""",
    """CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$""",
    """CREATE TRIGGER audit_event_row BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()""",
    """CREATE TRIGGER audit_event_all BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
)

_OVERLAP = """
CREATE TRIGGER booking_overlap_{verb} BEFORE {verb} ON booking
WHEN EXISTS (
    SELECT 1 FROM booking other
    WHERE other.person_id = NEW.person_id AND other.id <> NEW.id
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
)
BEGIN
    SELECT RAISE(ABORT, 'booking overlaps: ex_booking_overlap');
END
"""

SQLITE_UP = (
    _OVERLAP.format(verb="INSERT"),
    _OVERLAP.format(verb="UPDATE"),
    """CREATE TRIGGER audit_event_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
    """CREATE TRIGGER audit_event_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END""",
)


def upgrade() -> None:
    op.create_table(
        "agency",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("spelling", sa.Text(), nullable=False),
        sa.Column("agency_type", sa.Text(), nullable=False),
        sa.Column("sector", sa.String(length=64), nullable=False),
        sa.Column("age_remit", sa.String(length=64), nullable=False),
        sa.Column("employer", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["successor_id"], ["agency.id"], name=op.f("fk_agency_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency")),
        sa.UniqueConstraint("key", name=op.f("uq_agency_key")),
        sa.UniqueConstraint("spelling", name=op.f("uq_agency_spelling")),
    )
    op.create_table(
        "audit_detail",
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_audit_detail")),
    )
    op.create_table(
        "audit_event",
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("prev_mac", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("actor_ref", sa.Text(), nullable=False),
        sa.Column("subject_ref", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("detail_digest", sa.LargeBinary(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("prev_mac", name=op.f("uq_audit_event_prev_mac")),
    )
    op.create_index("ix_audit_event_subject_ref", "audit_event", ["subject_ref"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "block",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_block")),
    )
    op.create_table(
        "data_key",
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("master_key_id", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
        sa.UniqueConstraint("name", name=op.f("uq_data_key_name")),
    )
    op.create_table(
        "form_version",
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_version")),
        sa.UniqueConstraint("form", "number", name=op.f("uq_form_version_form_number")),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.Column("handled", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", name=op.f("uq_job_run_job")),
    )
    op.create_table(
        "jobs_public_key",
        sa.Column("slot", sa.Text(), nullable=False),
        sa.Column("public_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs_public_key")),
        sa.UniqueConstraint("slot", name=op.f("uq_jobs_public_key_slot")),
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "link",
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_link_secret_hash")),
    )
    op.create_index("ix_link_purpose_subject_id", "link", ["purpose", "subject_id"], unique=False)
    op.create_table(
        "mail_template",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", name=op.f("pk_mail_template")),
    )
    op.create_table(
        "outbox_message",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("cause_ref", sa.Text(), nullable=False),
        sa.Column("recipient_ref", sa.Text(), nullable=False),
        sa.Column("about_ref", sa.Text(), nullable=False),
        sa.Column("sent_when_paused", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("sealed_to", sa.String(length=64), nullable=False),
        sa.Column("envelope_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_problem", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint(
            "cause_ref", "recipient_ref", "kind", name=op.f("uq_outbox_message_cause_ref_recipient_ref_kind")
        ),
    )
    op.create_index("ix_outbox_message_about_ref", "outbox_message", ["about_ref"], unique=False)
    op.create_index("ix_outbox_message_state_due_at", "outbox_message", ["state", "due_at"], unique=False)
    op.create_table(
        "reference_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_reference_counter")),
    )
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_setting")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    op.create_index("ix_sign_in_failure_place_at", "sign_in_failure", ["place", "at"], unique=False)
    op.create_table(
        "agency_alias",
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spelling", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_alias_agency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_alias")),
        sa.UniqueConstraint("spelling", name=op.f("uq_agency_alias_spelling")),
    )
    op.create_index(op.f("ix_agency_alias_agency_id"), "agency_alias", ["agency_id"], unique=False)
    op.create_table(
        "person",
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("job_title", sa.Text(), nullable=False),
        sa.Column("line_manager_email_index", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_person_agency_id")),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_person_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email_index", name=op.f("uq_person_email_index")),
    )
    op.create_index(op.f("ix_person_agency_id"), "person", ["agency_id"], unique=False)
    op.create_table(
        "pool",
        sa.Column("block_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["block_id"], ["block.id"], name=op.f("fk_pool_block_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool")),
    )
    op.create_table(
        "account",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
    )
    op.create_table(
        "affiliation",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_affiliation_agency_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_affiliation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliation")),
    )
    op.create_index(op.f("ix_affiliation_person_id"), "affiliation", ["person_id"], unique=False)
    op.create_table(
        "facilitator",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=64), nullable=False),
        sa.Column("sessions_per_quarter", sa.Integer(), nullable=False),
        sa.Column("transitional_training", sa.Boolean(), nullable=False),
        sa.Column("last_observed_on", sa.Date(), nullable=True),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_facilitator_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_facilitator")),
    )
    op.create_table(
        "feedback_comment",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("may_quote", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_feedback_comment_key_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_feedback_comment_pool_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_comment")),
    )
    op.create_index("ix_feedback_comment_pool_id", "feedback_comment", ["pool_id"], unique=False)
    op.create_table(
        "recusal",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recusal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
        sa.UniqueConstraint("person_id", "request_id", name=op.f("uq_recusal_person_id_request_id")),
    )
    op.create_table(
        "request",
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("legacy_number", sa.Text(), nullable=True),
        sa.Column("tracker_number", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("state_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("form_version", sa.Integer(), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("requester_email_index", sa.LargeBinary(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("agency_typed", sa.Text(), nullable=False),
        sa.Column("sibling_group", sa.Boolean(), nullable=True),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("responsibility", sa.String(length=64), nullable=True),
        sa.Column("lead_knows", sa.String(length=64), nullable=True),
        sa.Column("date_matters", sa.String(length=64), nullable=True),
        sa.Column("transitional_view", sa.String(length=64), nullable=True),
        sa.Column("transitional_confirmed", sa.Boolean(), nullable=True),
        sa.Column("priority", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("previous_request_id", sa.Uuid(), nullable=True),
        sa.Column("prepared_on", sa.Date(), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_reason", sa.String(length=64), nullable=True),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_request_agency_id")),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_request_key_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_request_owner_id")),
        sa.ForeignKeyConstraint(
            ["previous_request_id"], ["request.id"], name=op.f("fk_request_previous_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("reference", name=op.f("uq_request_reference")),
        sa.UniqueConstraint("source", "legacy_number", name=op.f("uq_request_source_legacy_number")),
    )
    op.create_index(op.f("ix_request_agency_id"), "request", ["agency_id"], unique=False)
    op.create_index("ix_request_received_on", "request", ["received_on"], unique=False)
    op.create_index(
        op.f("ix_request_requester_email_index"), "request", ["requester_email_index"], unique=False
    )
    op.create_index(op.f("ix_request_tracker_number"), "request", ["tracker_number"], unique=False)
    op.create_index(
        "ix_request_received_at_id_state", "request", ["received_at", "id", "state"], unique=False
    )
    op.create_table(
        "tally",
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("form_version_id", sa.Uuid(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("option", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_version.id"], name=op.f("fk_tally_form_version_id")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_tally_pool_id")),
        sa.PrimaryKeyConstraint("pool_id", "form_version_id", "item", "option", name=op.f("pk_tally")),
    )
    op.create_table(
        "account_role",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_role_account_id")),
        sa.PrimaryKeyConstraint("account_id", "role", name=op.f("pk_account_role")),
    )
    op.create_table(
        "availability",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_availability_order")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_availability_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_availability")),
    )
    op.create_index(
        "ix_availability_person_id_starts_at", "availability", ["person_id", "starts_at"], unique=False
    )
    op.create_table(
        "booking",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_order")),
        sa.ForeignKeyConstraint(["person_id"], ["facilitator.person_id"], name=op.f("fk_booking_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    op.create_index("ix_booking_person_id_starts_at", "booking", ["person_id", "starts_at"], unique=False)
    op.create_index("ix_booking_ref", "booking", ["ref"], unique=False)
    op.create_table(
        "doubt_cleared",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("doubt", sa.String(length=64), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_doubt_cleared_key_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_doubt_cleared_person_id")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_doubt_cleared_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_doubt_cleared")),
        sa.UniqueConstraint(
            "request_id", "person_id", "doubt", name=op.f("uq_doubt_cleared_request_id_person_id_doubt")
        ),
    )
    op.create_table(
        "facilitator_locality",
        sa.Column("facilitator_id", sa.Uuid(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facilitator_id"], ["facilitator.person_id"], name=op.f("fk_facilitator_locality_facilitator_id")
        ),
        sa.PrimaryKeyConstraint("facilitator_id", "locality", name=op.f("pk_facilitator_locality")),
    )
    op.create_table(
        "draft_part",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_draft_part_request_id")),
        sa.PrimaryKeyConstraint("request_id", "part", name=op.f("pk_draft_part")),
    )
    op.create_table(
        "involved_agency",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("agency_typed", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_involved_agency_agency_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_involved_agency_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involved_agency")),
    )
    op.create_index(op.f("ix_involved_agency_agency_id"), "involved_agency", ["agency_id"], unique=False)
    op.create_index("ix_involved_agency_request_id", "involved_agency", ["request_id"], unique=False)
    op.create_table(
        "jags_session",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall_start", sa.DateTime(timezone=False), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("hour_known", sa.Boolean(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=True),
        sa.Column("place_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("calendar_uid", sa.Text(), nullable=False),
        sa.Column("calendar_sequence", sa.Integer(), nullable=False),
        sa.Column("presence_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("imported_agencies", sa.Integer(), nullable=True),
        sa.Column("imported_forms", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_jags_session_key_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_jags_session_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jags_session")),
        sa.UniqueConstraint("calendar_uid", name=op.f("uq_jags_session_calendar_uid")),
    )
    op.create_index("ix_jags_session_request_id", "jags_session", ["request_id"], unique=False)
    op.create_index("ix_jags_session_state_starts_at", "jags_session", ["state", "starts_at"], unique=False)
    op.create_table(
        "network_member",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tie", sa.String(length=64), nullable=False),
        sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.LargeBinary(), nullable=True),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("agency_typed", sa.Text(), nullable=False),
        sa.Column("show_name", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_network_member_agency_id")),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_network_member_key_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_network_member_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_member")),
    )
    op.create_index(op.f("ix_network_member_email_index"), "network_member", ["email_index"], unique=False)
    op.create_index("ix_network_member_request_id", "network_member", ["request_id"], unique=False)
    op.create_table(
        "offered_pair",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paused_seconds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_offered_pair_key_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_offered_pair_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offered_pair")),
    )
    op.create_index("ix_offered_pair_request_id", "offered_pair", ["request_id"], unique=False)
    op.create_table(
        "request_choice",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=64), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_choice_request_id")),
        sa.PrimaryKeyConstraint("request_id", "question", "choice", name=op.f("pk_request_choice")),
    )
    op.create_table(
        "request_move",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("verb", sa.String(length=64), nullable=False),
        sa.Column("left_state", sa.String(length=64), nullable=False),
        sa.Column("reached_state", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_ref", sa.Text(), nullable=False),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_request_move_key_id")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_move_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_move")),
        sa.UniqueConstraint("request_id", "number", name=op.f("uq_request_move_request_id_number")),
    )
    op.create_table(
        "signed_in_session",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_signed_in_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_in_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_signed_in_session_secret_hash")),
    )
    op.create_index(
        op.f("ix_signed_in_session_account_id"), "signed_in_session", ["account_id"], unique=False
    )
    op.create_table(
        "training",
        sa.Column("facilitator_id", sa.Uuid(), nullable=False),
        sa.Column("course", sa.Text(), nullable=False),
        sa.Column("trained_on", sa.Date(), nullable=False),
        sa.Column("refresher_due_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["facilitator_id"], ["facilitator.person_id"], name=op.f("fk_training_facilitator_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_facilitator_id"), "training", ["facilitator_id"], unique=False)
    op.create_table(
        "agency_attendance",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("agency_typed", sa.Text(), nullable=False),
        sa.Column("attendance", sa.String(length=64), nullable=False),
        sa.Column("apology_reason", sa.String(length=64), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_agency_attendance_agency_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["jags_session.id"], name=op.f("fk_agency_attendance_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agency_attendance")),
    )
    op.create_index("ix_agency_attendance_session_id", "agency_attendance", ["session_id"], unique=False)
    op.create_table(
        "agreed_exception",
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_agreed_exception_key_id")),
        sa.ForeignKeyConstraint(["pair_id"], ["offered_pair.id"], name=op.f("fk_agreed_exception_pair_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreed_exception")),
        sa.UniqueConstraint("pair_id", "rule", name=op.f("uq_agreed_exception_pair_id_rule")),
    )
    op.create_table(
        "attendee",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["network_member.id"], name=op.f("fk_attendee_member_id")),
        sa.ForeignKeyConstraint(["session_id"], ["jags_session.id"], name=op.f("fk_attendee_session_id")),
        sa.PrimaryKeyConstraint("session_id", "member_id", name=op.f("pk_attendee")),
    )
    op.create_table(
        "facilitator_reflection",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reflection_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_facilitator_reflection_key_id")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_facilitator_reflection_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["jags_session.id"], name=op.f("fk_facilitator_reflection_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilitator_reflection")),
        sa.UniqueConstraint(
            "session_id", "person_id", name=op.f("uq_facilitator_reflection_session_id_person_id")
        ),
    )
    op.create_table(
        "feedback_round",
        sa.Column("form", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("cohort_id", sa.Uuid(), nullable=True),
        sa.Column("pool_id", sa.Uuid(), nullable=True),
        sa.Column("form_version_id", sa.Uuid(), nullable=False),
        sa.Column("invited", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("private_key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["form_version_id"], ["form_version.id"], name=op.f("fk_feedback_round_form_version_id")
        ),
        sa.ForeignKeyConstraint(["pool_id"], ["pool.id"], name=op.f("fk_feedback_round_pool_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["jags_session.id"], name=op.f("fk_feedback_round_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_round")),
        sa.CheckConstraint(
            "(session_id IS NULL) <> (cohort_id IS NULL)", name=op.f("ck_feedback_round_session_or_cohort")
        ),
        sa.UniqueConstraint("cohort_id", "form", name=op.f("uq_feedback_round_cohort_id_form")),
        sa.UniqueConstraint("session_id", "form", name=op.f("uq_feedback_round_session_id_form")),
    )
    op.create_index(op.f("ix_feedback_round_pool_id"), "feedback_round", ["pool_id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("pair_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("declaration_version", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["offered_pair.id"], name=op.f("fk_offer_pair_id")),
        sa.ForeignKeyConstraint(["person_id"], ["facilitator.person_id"], name=op.f("fk_offer_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("pair_id", "person_id", name=op.f("uq_offer_pair_id_person_id")),
    )
    op.create_index("ix_offer_person_id_state", "offer", ["person_id", "state"], unique=False)
    op.create_table(
        "session_facilitator",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_session_facilitator_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["jags_session.id"], name=op.f("fk_session_facilitator_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_session_facilitator")),
    )
    op.create_table(
        "session_record",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("kept_to_approach", sa.String(length=64), nullable=False),
        sa.Column("people_present", sa.Integer(), nullable=False),
        sa.Column("learning_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_session_record_key_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_session_record_recorded_by")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["jags_session.id"], name=op.f("fk_session_record_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_record")),
        sa.UniqueConstraint("session_id", name=op.f("uq_session_record_session_id")),
    )
    op.create_table(
        "declared_statement",
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_declared_statement_offer_id")),
        sa.PrimaryKeyConstraint("offer_id", "statement", name=op.f("pk_declared_statement")),
    )
    op.create_table(
        "pot",
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["feedback_round.id"], name=op.f("fk_pot_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pot")),
    )
    op.create_index(op.f("ix_pot_round_id"), "pot", ["round_id"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("pot_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["pot_id"], ["pot.id"], name=op.f("fk_ticket_pot_id")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_ticket")),
    )
    op.create_index(op.f("ix_ticket_pot_id"), "ticket", ["pot_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL_UP:
            op.execute(statement)
    else:
        for statement in SQLITE_UP:
            op.execute(statement)


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_pot_id"), table_name="ticket")
    op.drop_table("ticket")
    op.drop_index(op.f("ix_pot_round_id"), table_name="pot")
    op.drop_table("pot")
    op.drop_table("declared_statement")
    op.drop_table("session_record")
    op.drop_table("session_facilitator")
    op.drop_index("ix_offer_person_id_state", table_name="offer")
    op.drop_table("offer")
    op.drop_index(op.f("ix_feedback_round_pool_id"), table_name="feedback_round")
    op.drop_table("feedback_round")
    op.drop_table("facilitator_reflection")
    op.drop_table("attendee")
    op.drop_table("agreed_exception")
    op.drop_index("ix_agency_attendance_session_id", table_name="agency_attendance")
    op.drop_table("agency_attendance")
    op.drop_index(op.f("ix_training_facilitator_id"), table_name="training")
    op.drop_table("training")
    op.drop_index(op.f("ix_signed_in_session_account_id"), table_name="signed_in_session")
    op.drop_table("signed_in_session")
    op.drop_table("request_move")
    op.drop_table("request_choice")
    op.drop_index("ix_offered_pair_request_id", table_name="offered_pair")
    op.drop_table("offered_pair")
    op.drop_index("ix_network_member_request_id", table_name="network_member")
    op.drop_index(op.f("ix_network_member_email_index"), table_name="network_member")
    op.drop_table("network_member")
    op.drop_index("ix_jags_session_state_starts_at", table_name="jags_session")
    op.drop_index("ix_jags_session_request_id", table_name="jags_session")
    op.drop_table("jags_session")
    op.drop_index("ix_involved_agency_request_id", table_name="involved_agency")
    op.drop_index(op.f("ix_involved_agency_agency_id"), table_name="involved_agency")
    op.drop_table("involved_agency")
    op.drop_table("draft_part")
    op.drop_table("facilitator_locality")
    op.drop_table("doubt_cleared")
    op.drop_index("ix_booking_ref", table_name="booking")
    op.drop_index("ix_booking_person_id_starts_at", table_name="booking")
    op.drop_table("booking")
    op.drop_index("ix_availability_person_id_starts_at", table_name="availability")
    op.drop_table("availability")
    op.drop_table("account_role")
    op.drop_table("tally")
    op.drop_index("ix_request_received_at_id_state", table_name="request")
    op.drop_index(op.f("ix_request_tracker_number"), table_name="request")
    op.drop_index(op.f("ix_request_requester_email_index"), table_name="request")
    op.drop_index("ix_request_received_on", table_name="request")
    op.drop_index(op.f("ix_request_agency_id"), table_name="request")
    op.drop_table("request")
    op.drop_table("recusal")
    op.drop_index("ix_feedback_comment_pool_id", table_name="feedback_comment")
    op.drop_table("feedback_comment")
    op.drop_table("facilitator")
    op.drop_index(op.f("ix_affiliation_person_id"), table_name="affiliation")
    op.drop_table("affiliation")
    op.drop_table("account")
    op.drop_table("pool")
    op.drop_index(op.f("ix_person_agency_id"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_agency_alias_agency_id"), table_name="agency_alias")
    op.drop_table("agency_alias")
    op.drop_index("ix_sign_in_failure_place_at", table_name="sign_in_failure")
    op.drop_table("sign_in_failure")
    op.drop_table("setting")
    op.drop_table("reference_counter")
    op.drop_index("ix_outbox_message_state_due_at", table_name="outbox_message")
    op.drop_index("ix_outbox_message_about_ref", table_name="outbox_message")
    op.drop_table("outbox_message")
    op.drop_table("mail_template")
    op.drop_index("ix_link_purpose_subject_id", table_name="link")
    op.drop_table("link")
    op.drop_table("lease")
    op.drop_table("jobs_public_key")
    op.drop_table("job_run")
    op.drop_table("form_version")
    op.drop_table("data_key")
    op.drop_table("block")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_event_subject_ref", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("audit_detail")
    op.drop_table("agency")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_is_append_only")
