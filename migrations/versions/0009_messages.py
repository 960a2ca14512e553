"""Find a message by its Message-ID when it comes back, and keep what calendars answer."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_outbox_message_message_id"), "outbox_message", ["message_id"], unique=False)
    op.create_table(
        "calendar_answer",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("invitee_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["jags_session.id"], name=op.f("fk_calendar_answer_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "invitee_id", name=op.f("pk_calendar_answer")),
    )


def downgrade() -> None:
    op.drop_table("calendar_answer")
    op.drop_index(op.f("ix_outbox_message_message_id"), table_name="outbox_message")
    # The older software does not know that a message can come back, nor these kinds of mail.
    op.execute("UPDATE outbox_message SET state = 'failed' WHERE state = 'came_back'")
    op.execute("DELETE FROM outbox_message WHERE kind IN ('digest', 'forwarded', 'reminder', 'spoken_yet')")
    op.execute(
        "DELETE FROM mail_template WHERE kind IN ('digest', 'forwarded', 'reminder', 'spoken_yet') OR body = ''"
    )
