"""Join things as people say them."""

from collections.abc import Iterable


def listing(values: Iterable[object], last: str = "and") -> str:
    """Return things as "a, b and c"."""
    *rest, final = [str(value) for value in values] or [""]
    return f"{', '.join(rest)} {last} {final}" if rest else final
