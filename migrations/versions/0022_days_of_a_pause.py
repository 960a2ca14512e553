"""Give the local targets the days of a pause back: keep from when they count, in whatever state the request is."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

# In the order of the model.
BEFORE = (
    "received_at",
    "id",
    "state",
    "owner_id",
    "priority",
    "locality",
    "agency_id",
    "agency_typed",
    "paused_at",
    "transitional_confirmed",
    "transitional_view",
    "received_on",
)


def upgrade() -> None:
    op.drop_index("ix_request_queue", table_name="request")
    op.execute("ALTER TABLE request RENAME COLUMN triage_from TO counts_from")
    op.add_column("request", sa.Column("received_counts_from", sa.Date(), nullable=True))
    # It said when the decision counts from, and was kept when the decision had been taken.
    op.execute(
        "UPDATE request SET counts_from = NULL WHERE state NOT IN ('in_triage', 'waiting_for_requester')"
    )
    op.create_index(
        "ix_request_queue",
        "request",
        [*BEFORE, "counts_from", "state_changed_at", "received_counts_from"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_request_queue", table_name="request")
    op.drop_column("request", "received_counts_from")
    op.execute("ALTER TABLE request RENAME COLUMN counts_from TO triage_from")
    op.create_index("ix_request_queue", "request", [*BEFORE, "triage_from", "state_changed_at"], unique=False)
