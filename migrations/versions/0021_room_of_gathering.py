"""Book the place of a network meeting or a training event as that of a session is booked."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "gathering",
        sa.Column(
            "venue_id",
            sa.Uuid(),
            sa.ForeignKey("venue.id", name=op.f("fk_gathering_venue_id")),
            nullable=True,
        ),
        inline_references=op.get_bind().dialect.name == "sqlite",
    )


def downgrade() -> None:
    # A room that is not known to be a meeting's any more is nobody's.
    op.execute("DELETE FROM venue_booking WHERE ref IN (SELECT id FROM gathering)")
    op.drop_column("gathering", "venue_id")
