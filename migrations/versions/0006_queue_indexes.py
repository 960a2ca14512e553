"""From when the target for a decision counts, and one index that the work queue reads alone."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# In the order of the model.
QUEUE = (
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
    "triage_from",
    "state_changed_at",
)


def upgrade() -> None:
    # What is in triage already counts from when it came into this state: after an answer, that is later than by its story.
    op.add_column("request", sa.Column("triage_from", sa.Date(), nullable=True))
    op.create_index("ix_request_queue", "request", list(QUEUE), unique=False)
    op.drop_index("ix_request_received_at_id_state", table_name="request")


def downgrade() -> None:
    op.create_index(
        "ix_request_received_at_id_state", "request", ["received_at", "id", "state"], unique=False
    )
    op.drop_index("ix_request_queue", table_name="request")
    op.drop_column("request", "triage_from")
