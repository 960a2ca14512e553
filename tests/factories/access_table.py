"""The table of who gets in where: tests/architecture/routes.txt."""

from pathlib import Path
from typing import NamedTuple

MATRIX = Path(__file__).parents[1] / "architecture" / "routes.txt"
EVERYBODY = "everybody"


class Line(NamedTuple):
    """One line of the matrix."""

    endpoint: str
    methods: str
    rule: str
    who: frozenset[str]


def matrix() -> list[Line]:
    rows = [
        [cell.strip() for cell in line.split("|")]
        for line in MATRIX.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return [
        Line(endpoint, methods, rule, frozenset(who.split(", "))) for endpoint, methods, rule, who in rows
    ]
