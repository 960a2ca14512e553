"""From when a decision counts for older requests, pauses in the closing moment of feedback, and optional answers apart from requests."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_LONDON = ZoneInfo("Europe/London")
_SATURDAY = 5


def upgrade() -> None:
    op.add_column(
        "feedback_round",
        sa.Column("paused_seconds", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    _begin_with_the_pauses_so_far()
    _keep_from_when_the_decision_counts()
    op.create_table(
        "equality_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_equality_year")),
    )
    # Whoever had answered is not remembered: that is what the column gave away.
    op.drop_column("request", "equalities_counted")


def downgrade() -> None:
    op.add_column(
        "request", sa.Column("equalities_counted", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # Answers of a year that is not over are sealed, and are not counted by the older software.
    op.drop_table("equality_year")
    # From when a decision counts is right as it stands, so it stays.
    op.drop_column("feedback_round", "paused_seconds")


def _begin_with_the_pauses_so_far() -> None:
    """A pause that was lifted before has had its effect on a round: none."""
    feedback = sa.table(
        "feedback_round",
        sa.column("session_id", sa.Uuid()),
        sa.column("paused_seconds", sa.Integer()),
        sa.column("state", sa.String()),
    )
    session = sa.table("jags_session", sa.column("id", sa.Uuid()), sa.column("request_id", sa.Uuid()))
    request = sa.table("request", sa.column("id", sa.Uuid()), sa.column("paused_seconds", sa.Integer()))
    paused = (
        sa.select(request.c.paused_seconds)
        .join(session, session.c.request_id == request.c.id)
        .where(session.c.id == feedback.c.session_id)
        .scalar_subquery()
    )
    op.execute(feedback.update().values(paused_seconds=sa.func.coalesce(paused, 0)))


def _keep_from_when_the_decision_counts() -> None:
    """Tell it by the story of each request that is in triage, or may come back there with an answer."""
    request = sa.table(
        "request",
        sa.column("id", sa.Uuid()),
        sa.column("state", sa.String()),
        sa.column("triage_from", sa.Date()),
    )
    move = sa.table(
        "request_move",
        sa.column("request_id", sa.Uuid()),
        sa.column("number", sa.Integer()),
        sa.column("verb", sa.String()),
        sa.column("reached_state", sa.String()),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    open_ones = request.c.state.in_(["in_triage", "waiting_for_requester"]) & request.c.triage_from.is_(None)
    rows = op.get_bind().execute(
        sa.select(move)
        .join(request, request.c.id == move.c.request_id)
        .where(open_ones)
        .order_by(move.c.request_id, move.c.number)
    )
    stories: dict[Any, list[Any]] = {}
    for row in rows:
        stories.setdefault(row.request_id, []).append(row)
    for request_id, moves in stories.items():
        counts_from = _counts_from(moves)
        if counts_from is not None:
            op.execute(request.update().where(request.c.id == request_id).values(triage_from=counts_from))


def _counts_from(moves: Iterable[Any]) -> date | None:
    """Return the day from which the target counts: an answer puts it forward by the working days since we asked."""
    found, before_on = None, None
    for move in moves:
        on = _london_date(move.at)
        if move.reached_state == "in_triage":
            if move.verb == "answer" and found is not None and before_on is not None:
                found = _working_day_after(found, _working_days_between(before_on, on))
            else:
                found = on
        before_on = on
    return found


def _london_date(at: datetime) -> date:
    # SQLite gives back naive times in UTC.
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(_LONDON).date()


def _is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and day not in holidays.country_holidays(
        "GB", subdiv="ENG", years=day.year
    )


def _working_days_between(first: date, last: date) -> int:
    return sum(_is_working_day(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _working_day_after(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= _is_working_day(day)
    return day
