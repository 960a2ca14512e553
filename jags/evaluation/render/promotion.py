"""Tell the promotion log as a table for a file; a reach that nobody counted is not recorded, never zero."""

from collections.abc import Iterable

from jags.evaluation.queries.promotion import LogEntry
from jags.evaluation.render.spreadsheet import Value, csv_file
from jags.evaluation.rules.document import NOT_RECORDED

_HEAD = ("Date", "Audience", "Channel", "Reach", "Note")


def promotion_file(entries: Iterable[LogEntry]) -> bytes:
    """Return the log as a CSV file; a colon stands for a reach that is not recorded."""
    rows: Iterable[tuple[Value, ...]] = (
        (e.promotion.on, e.promotion.audience, e.channel, e.promotion.reach, e.promotion.note)
        for e in entries
    )
    return csv_file(_HEAD, rows, nothing=NOT_RECORDED)


def reach_text(reach: int | None) -> str:
    """Return how many were reached, or a colon where nobody counted."""
    return NOT_RECORDED if reach is None else f"{reach:,}"
