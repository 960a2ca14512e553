"""Records that must outlive the database, as files beside it: what was erased, and how far the audit trail had come, one line each."""

import os
from collections.abc import Iterable
from pathlib import Path

from jags.audit.rules import Anchor, read_anchors
from jags.kernel.errors import Invalid
from jags.retention.rules import ErasureNote, read_notes

_ERASURES = "erasures.jsonl"
_ANCHORS = "anchors.jsonl"


class OutsideRecords:
    """A folder of files that only grow; it belongs with the backups of the keys, apart from those of the database."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def erasures(self) -> list[ErasureNote]:
        """Return what was noted as erased, in order; raises `Invalid` naming a line that cannot be read."""
        return read_notes(self._lines(_ERASURES))

    def note_erasures(self, notes: Iterable[ErasureNote]) -> None:
        """Add notes of erasures; they are on the disk when this returns."""
        self._append(_ERASURES, [note.line() for note in notes])

    def anchors(self) -> list[Anchor]:
        """Return the ends of the audit trail that were noted, in order; raises `Invalid` naming a line that cannot be read."""
        try:
            return read_anchors(self._lines(_ANCHORS))
        except ValueError as error:
            raise Invalid(str(error)) from error

    def note_anchors(self, anchors: Iterable[Anchor]) -> None:
        """Add signed ends of the audit trail; they are on the disk when this returns."""
        self._append(_ANCHORS, [anchor.line() for anchor in anchors])

    def _lines(self, name: str) -> list[str]:
        path = self._folder / name
        return path.read_text("utf-8").splitlines() if path.exists() else []

    def _append(self, name: str, lines: list[str]) -> None:
        if not lines:
            return
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
