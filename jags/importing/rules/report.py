"""What an import tells the person who ran it: counts, problems and disagreements, each with its place."""

import dataclasses
from dataclasses import dataclass, field

from jags.kernel.errors import DomainError


class FileNotRead(DomainError):
    """The file could not be read; the message is one line that names the file, and row and column where it can."""

    # How a page answers: the file is there, and something in it is wrong.
    status = 400


class NoSpreadsheet(FileNotRead):
    """The file is of another kind, whatever its name says."""

    status = 415


class TooMuch(FileNotRead):
    """The file holds more than is read at once."""

    status = 413


@dataclass(frozen=True)
class Finding:
    """Something about one cell, row or file that a person should look at; rows count from 1, headings included."""

    file: str
    sheet: str
    row: int
    column: str
    problem: str


@dataclass
class Report:
    """The result of one import. `changed` counts rows that now say something else than what stands here.

    `linked` counts rows whose request came in here as well, so that it counts once. `identifiers` are places at which
    something that could identify a child was left out; they never hold it. `gaps` tell what is missing of sessions that were
    held before. With `dry_run` nothing was written.
    """

    dry_run: bool = False
    imported: int = 0
    linked: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[Finding] = field(default_factory=list)
    disagreements: list[Finding] = field(default_factory=list)
    identifiers: list[Finding] = field(default_factory=list)
    gaps: list[Finding] = field(default_factory=list)

    def put_in_order(self) -> None:
        """Put what was found in the order of the file, sheet by sheet and row by row."""
        for findings in (self.problems, self.disagreements, self.identifiers, self.gaps):
            sheets = list(dict.fromkeys((one.file, one.sheet) for one in findings))
            findings.sort(key=lambda one: (sheets.index((one.file, one.sheet)), one.row))

    def as_document(self) -> dict[str, object]:
        """Return the report as it is printed with `--json`."""
        return dataclasses.asdict(self)
