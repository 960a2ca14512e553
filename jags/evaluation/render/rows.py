"""Write rows of released figures as a CSV file."""

from collections.abc import Iterable
from dataclasses import astuple, fields
from typing import Any

from jags.evaluation.render.spreadsheet import Value, csv_file


def rows_file(kind: type[Any], rows: Iterable[Any]) -> bytes:
    """Return rows of one kind (`jags.evaluation.rules.rows`) as the bytes of a CSV file, under the names of their fields."""
    head = [field.name for field in fields(kind)]
    return csv_file(head, (_plain(astuple(row)) for row in rows), nothing="")


def _plain(values: tuple[Any, ...]) -> list[Value]:
    return [("true" if value else "false") if isinstance(value, bool) else value for value in values]
