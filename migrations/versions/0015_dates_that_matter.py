"""Keep every reason for which a date matters, and not only one; keep which requests are not about the same work."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_REQUEST = sa.table("request", sa.column("id", sa.Uuid()), sa.column("date_matters", sa.String()))
_CHOICE = sa.table(
    "request_choice",
    sa.column("request_id", sa.Uuid()),
    sa.column("question", sa.String()),
    sa.column("choice", sa.Text()),
)
# The one that is kept where only one has a place: the one that presses most.
_PRESSING = (
    "turns_18_in_1",
    "turns_18_in_3",
    "hearing",
    "move",
    "worker_leaving",
    "staff_struggling",
    "turns_18_in_6",
    "no",
)


def upgrade() -> None:
    kept = sa.select(_REQUEST.c.id, sa.literal("date_matters"), _REQUEST.c.date_matters)
    op.execute(
        _CHOICE.insert().from_select(
            ["request_id", "question", "choice"], kept.where(_REQUEST.c.date_matters.is_not(None))
        )
    )
    op.drop_column("request", "date_matters")
    op.create_table(
        "not_same_work",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_not_same_work_request_id")),
        sa.ForeignKeyConstraint(["other_id"], ["request.id"], name=op.f("fk_not_same_work_other_id")),
        sa.PrimaryKeyConstraint("request_id", "other_id", name=op.f("pk_not_same_work")),
    )
    op.create_index(op.f("ix_not_same_work_other_id"), "not_same_work", ["other_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_not_same_work_other_id"), table_name="not_same_work")
    op.drop_table("not_same_work")
    op.add_column("request", sa.Column("date_matters", sa.String(length=64), nullable=True))
    chosen = _CHOICE.c.question == "date_matters"
    for reason in _PRESSING:
        of_it = sa.select(_CHOICE.c.request_id).where(chosen, _CHOICE.c.choice == reason)
        op.execute(
            _REQUEST.update()
            .where(_REQUEST.c.date_matters.is_(None), _REQUEST.c.id.in_(of_it))
            .values(date_matters=reason)
        )
    op.execute(_CHOICE.delete().where(chosen))
