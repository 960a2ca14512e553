"""Signed checkpoints of the audit trail; events may go up to one that says that the trail was cut there."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

# What the trigger refuses, and what it lets go: never a change, and an event only up to where the trail was cut.
_LET_GO = """EXISTS (
    SELECT 1 FROM audit_checkpoint WHERE audit_checkpoint.stream = OLD.stream
    AND audit_checkpoint.seq >= OLD.seq AND audit_checkpoint.cut_at IS NOT NULL
)"""
_SAID = "audit events are append-only"

POSTGRESQL_UP = (
    f"""CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'DELETE' THEN
        IF {_LET_GO} THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION '{_SAID}';
END $$""",
)
POSTGRESQL_DOWN = (
    f"""CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '{_SAID}'; END $$""",
)
SQLITE_UP = (
    "DROP TRIGGER audit_event_delete",
    f"""CREATE TRIGGER audit_event_delete BEFORE DELETE ON audit_event WHEN NOT {_LET_GO}
    BEGIN SELECT RAISE(ABORT, '{_SAID}'); END""",
)
SQLITE_DOWN = (
    "DROP TRIGGER audit_event_delete",
    f"""CREATE TRIGGER audit_event_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, '{_SAID}'); END""",
)


def upgrade() -> None:
    op.create_table(
        "audit_checkpoint",
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("cut_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cut_signature", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("stream", "seq", name=op.f("pk_audit_checkpoint")),
    )
    _run(SQLITE_UP, POSTGRESQL_UP)


def downgrade() -> None:
    cut = (
        op.get_bind()
        .execute(sa.text("SELECT count(*) FROM audit_checkpoint WHERE cut_at IS NOT NULL"))
        .scalar()
    )
    if cut:
        # Without the checkpoint nobody could tell a trail that was cut by rule from one that was cut by a thief.
        raise RuntimeError(
            "The audit trail was cut at a checkpoint, which older software does not know: stay at 0030."
        )
    _run(SQLITE_DOWN, POSTGRESQL_DOWN)
    op.drop_table("audit_checkpoint")


def _run(on_sqlite: tuple[str, ...], on_postgresql: tuple[str, ...]) -> None:
    for statement in on_sqlite if op.get_bind().dialect.name == "sqlite" else on_postgresql:
        op.execute(statement)
