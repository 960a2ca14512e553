"""Keep of what exactly a doubt that was cleared is about, and whose attendance it was that trained them for transitional safeguarding."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NAME = "uq_doubt_cleared_request_id_person_id_doubt"
_NAMED_NOW = f"{_NAME}_about"
# Of several of one kind, the software before keeps the last.
_OLDER = sa.text(
    "DELETE FROM doubt_cleared WHERE EXISTS (SELECT 1 FROM doubt_cleared AS later"
    " WHERE later.request_id = doubt_cleared.request_id AND later.person_id = doubt_cleared.person_id"
    " AND later.doubt = doubt_cleared.doubt AND (later.cleared_at > doubt_cleared.cleared_at"
    " OR (later.cleared_at = doubt_cleared.cleared_at AND later.id > doubt_cleared.id)))"
)


def upgrade() -> None:
    with op.batch_alter_table("doubt_cleared") as table:
        # What was cleared before is asked again: nobody kept whom it was about.
        table.add_column(sa.Column("about", sa.Text(), nullable=False, server_default=""))
        table.drop_constraint(op.f(_NAME), type_="unique")
        table.create_unique_constraint(op.f(_NAMED_NOW), ["request_id", "person_id", "doubt", "about"])
    with op.batch_alter_table("doubt_cleared") as table:
        table.alter_column("about", server_default=None)
    with op.batch_alter_table("gathering_invitee") as table:
        # Of what was recorded before nobody knows whether they had been trained already.
        table.add_column(sa.Column("trained_by_it", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("gathering_invitee") as table:
        table.alter_column("trained_by_it", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("gathering_invitee") as table:
        table.drop_column("trained_by_it")
    op.execute(_OLDER)
    with op.batch_alter_table("doubt_cleared") as table:
        table.drop_constraint(op.f(_NAMED_NOW), type_="unique")
        table.create_unique_constraint(op.f(_NAME), ["request_id", "person_id", "doubt"])
        table.drop_column("about")
