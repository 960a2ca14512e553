"""Records that must outlive the database, as files beside it: what was erased, and how far the audit trail had come, one line each."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from jags.audit.rules import Anchor, read_anchors
from jags.kernel.errors import Invalid, SetupIncomplete
from jags.retention.rules import ErasureNote, read_notes

_ERASURES = "erasures.jsonl"
_ANCHORS = "anchors.jsonl"
# Its group reads it: the scheduler writes, and the web processes may be another user of the machine.
_FOLDER_MODE = 0o750
_FILE_MODE = 0o640


class OutsideRecords:
    """A folder of files that only grow; it belongs with the backups of the keys, apart from those of the database.

    Owner and group read it, whatever the umask of who makes it. Where it cannot be read, reading raises `SetupIncomplete`, which says
    what to do.
    """

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
        try:
            return path.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise SetupIncomplete(
                f"This user of the machine may not read {path}. Give the users of web server and scheduler one group, and let it "
                "read JAGS_RECORDS_DIR: chgrp, then chmod 2750 for the folder and 640 for the files in it."
            ) from error

    def _append(self, name: str, lines: list[str]) -> None:
        if not lines:
            return
        if not self._folder.exists():
            self._folder.mkdir(parents=True)
            # What a folder above hands down, its group, is kept.
            self._folder.chmod(_FOLDER_MODE | (self._folder.stat().st_mode & stat.S_ISGID))
        path = self._folder / name
        is_new = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _FILE_MODE)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            if is_new:
                # A strict umask would shut the group out.
                os.fchmod(handle, _FILE_MODE)
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
