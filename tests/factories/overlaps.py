"""Look for overlaps in a way of its own: read the rows as they lie there, put them in order, and compare neighbours."""

from datetime import datetime
from itertools import pairwise

from sqlalchemy import text

from jags.kernel.work import Work


def overlaps(work: Work) -> list[tuple[str, str, str]]:
    """Return every two neighbouring bookings of one person, or of one place, that share an instant."""
    found = []
    for table, whose in (("booking", "person_id"), ("venue_booking", "venue_id")):
        rows = work.session.execute(text(f"SELECT {whose}, starts_at, ends_at FROM {table}")).all()  # noqa: S608 - Names from above.
        spans: dict[str, list[tuple[datetime, datetime]]] = {}
        for key, starts, ends in rows:
            spans.setdefault(str(key), []).append((_instant(starts), _instant(ends)))
        for key, taken in spans.items():
            taken.sort()
            for (start, end), (following, _) in pairwise(taken):
                if following < end:
                    found.append((table, key, f"{start} to {end}, and {following}"))
    return found


def _instant(value: str | datetime) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found.replace(tzinfo=None) if found.tzinfo is None else found.astimezone().replace(tzinfo=None)
