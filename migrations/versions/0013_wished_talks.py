"""Find the few requests with which somebody wants to talk without looking at all of them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_WISHED = sa.text("talk_wished_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_request_talk_wished_at",
        "request",
        ["talk_wished_at"],
        unique=False,
        sqlite_where=_WISHED,
        postgresql_where=_WISHED,
    )
    op.create_index("ix_offer_state", "offer", ["state"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_offer_state", table_name="offer")
    op.drop_index("ix_request_talk_wished_at", table_name="request")
