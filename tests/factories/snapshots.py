"""Everything that stands in the database at a moment, to be laid beside another moment."""

from typing import Any

from sqlalchemy import select

from conftest import WorkOn
from jags.schema import METADATA


def snapshot(work_on: WorkOn) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table, as text that can be compared."""
    with work_on(write=False) as work:
        return {
            table.name: sorted((tuple(map(str, row)) for row in work.session.execute(select(table))), key=str)
            for table in METADATA.sorted_tables
        }
