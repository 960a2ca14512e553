"""Dates in the database: days between two, and the London date of an instant, on SQLite and on PostgreSQL."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from jags.evaluation.rules import Period
from jags.kernel.time import start_of_day


def instants_of(period: Period) -> tuple[datetime, datetime]:
    """Return the first instant of a period and the first after it."""
    return start_of_day(period.from_on), start_of_day(period.to_on + timedelta(days=1))


class days_between(FunctionElement[int]):  # noqa: N801 - It reads like the SQL function that it is.
    """Calendar days from one date to another."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _days_between_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    first, last = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(days_between, "postgresql")
def _days_between_postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    first, last = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({last} - {first})"


class london_day(FunctionElement[date]):  # noqa: N801 - It reads like the SQL function that it is.
    """The calendar date in London at an instant."""

    type = Date()
    inherit_cache = True


@compiles(london_day, "sqlite")
def _london_day_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    """SQLite knows no zones: summer time is from one o'clock UTC on the last Sunday of March to that of October."""
    (instant,) = (compiler.process(clause, **options) for clause in element.clauses)
    changes = [
        f"datetime(strftime('%Y-{month}-25', {instant}), 'weekday 0', '+1 hour')" for month in ("03", "10")
    ]
    summer = f"datetime({instant}) >= {changes[0]} AND datetime({instant}) < {changes[1]}"
    return f"date({instant}, CASE WHEN {summer} THEN '+1 hour' ELSE '+0 hours' END)"


@compiles(london_day, "postgresql")
def _london_day_postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    (instant,) = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(({instant}) AT TIME ZONE 'Europe/London' AS DATE)"
