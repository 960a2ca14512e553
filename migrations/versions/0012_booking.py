"""Places booked once at a time, apologies and stand-ins, access needs, calendar feeds, and an hour that happens twice."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Two half-open spans [starts_at, ends_at) of one place must not share an instant: the same rule as for a person's time.
POSTGRESQL_UP = (
    """ALTER TABLE venue_booking ADD CONSTRAINT ex_venue_booking_overlap
    EXCLUDE USING gist (venue_id WITH =, tstzrange(starts_at, ends_at) WITH &&)""",
)

_OVERLAP = """
CREATE TRIGGER venue_booking_overlap_{verb} BEFORE {verb} ON venue_booking
WHEN EXISTS (
    SELECT 1 FROM venue_booking other
    WHERE other.venue_id = NEW.venue_id AND other.id <> NEW.id
    AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at
)
BEGIN
    SELECT RAISE(ABORT, 'booking overlaps: ex_venue_booking_overlap');
END
"""

SQLITE_UP = (_OVERLAP.format(verb="INSERT"), _OVERLAP.format(verb="UPDATE"))


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.create_table(
        "venue",
        sa.Column("details_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("name_index", sa.LargeBinary(), nullable=False),
        sa.Column("locality", sa.Text(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("step_free", sa.Boolean(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_venue_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("name_index", name=op.f("uq_venue_name_index")),
    )
    op.create_table(
        "venue_booking",
        sa.Column("venue_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ref", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_venue_booking_order")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_venue_booking_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_booking")),
    )
    op.create_index("ix_venue_booking_venue_id_starts_at", "venue_booking", ["venue_id", "starts_at"])
    op.create_index("ix_venue_booking_ref", "venue_booking", ["ref"])
    for statement in SQLITE_UP if sqlite else POSTGRESQL_UP:
        op.execute(statement)
    op.add_column(
        "jags_session",
        sa.Column(
            "venue_id",
            sa.Uuid(),
            sa.ForeignKey("venue.id", name=op.f("fk_jags_session_venue_id")),
            nullable=True,
        ),
        inline_references=sqlite,
    )
    op.add_column(
        "jags_session", sa.Column("second_hour", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("attendee", sa.Column("apologised_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("attendee", sa.Column("apology_reason", sa.String(length=64), nullable=True))
    op.add_column(
        "attendee",
        sa.Column(
            "stands_in_for",
            sa.Uuid(),
            sa.ForeignKey("network_member.id", name=op.f("fk_attendee_stands_in_for")),
            nullable=True,
        ),
        inline_references=sqlite,
    )
    op.add_column("attendee", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "access_need",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("need_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["data_key.id"], name=op.f("fk_access_need_key_id")),
        sa.ForeignKeyConstraint(["member_id"], ["network_member.id"], name=op.f("fk_access_need_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_need")),
        sa.UniqueConstraint("member_id", name=op.f("uq_access_need_member_id")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["facilitator.person_id"], name=op.f("fk_calendar_feed_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_feed_secret_hash")),
    )


def downgrade() -> None:
    op.drop_table("calendar_feed")
    op.drop_table("access_need")
    for name in ("waits_since", "stands_in_for", "apology_reason", "apologised_at"):
        op.drop_column("attendee", name)
    op.drop_column("jags_session", "second_hour")
    op.drop_column("jags_session", "venue_id")
    op.drop_index("ix_venue_booking_ref", table_name="venue_booking")
    op.drop_index("ix_venue_booking_venue_id_starts_at", table_name="venue_booking")
    op.drop_table("venue_booking")
    op.drop_table("venue")
