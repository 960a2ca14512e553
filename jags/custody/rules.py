"""A key on paper: lines that can be read aloud and typed, each with a check of its own."""

import base64
import hashlib

from jags.kernel.errors import Invalid

_GROUP = 4
_GROUPS_A_LINE = 4
_KEY_BYTES = 32
# What people read for a letter or figure that base32 does not have.
_READ_AS = str.maketrans({"0": "O", "1": "I", "8": "B"})


def sheet_of(name: str, key: bytes, *, printed_on: str) -> str:
    """Return a key as a sheet of paper: its name, its fingerprint, and numbered lines that end in a check of two letters."""
    text = base64.b32encode(key).decode().rstrip("=")
    length = _GROUP * _GROUPS_A_LINE
    lines = [text[start : start + length] for start in range(0, len(text), length)]
    rows = [
        f"  {number}  {_in_groups(line)}   {_check(number, line)}"
        for number, line in enumerate(lines, start=1)
    ]
    return "\n".join(
        (
            f"JAGS key: {name}",
            f"Printed on {printed_on}. Fingerprint: {fingerprint(key)}",
            "",
            *rows,
            "",
            "Whoever holds this sheet and a copy of the database can read everything in it. Seal it in an envelope, sign over",
            "the flap, and keep two of them in the safes of two agencies. Once a year, restore a backup with one.",
            "To make the key file again, type the numbered lines into a text file, and run: jags keys restore FILE DIRECTORY",
            "",
        )
    )


def key_of(sheet: str) -> tuple[str, bytes]:
    """Return the name and the key of a sheet that was typed off paper; raises `Invalid` naming the line that is wrong."""
    name, found = "", {}
    for line in sheet.splitlines():
        words = line.split()
        if line.startswith("JAGS key:"):
            name = line.partition(":")[2].strip()
        if words and words[0].isdecimal() and len(words) > 1:
            number = int(words[0])
            typed = "".join(words[1:]).upper().translate(_READ_AS)
            text, check = typed[:-2], typed[-2:]
            if check != _check(number, text):
                raise Invalid(f"Line {number} is not as it was printed: compare it with the sheet.")
            found[number] = text
    text = "".join(found[number] for number in sorted(found))
    if sorted(found) != list(range(1, len(found) + 1)) or not found:
        raise Invalid("A line of the sheet is missing.")
    try:
        key = base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError as error:
        raise Invalid("This is not a whole key.") from error
    if len(key) != _KEY_BYTES:
        raise Invalid("A line of the sheet is missing.")
    if not name or not _fits_a_file(name):
        raise Invalid("The first line, which names the key, is missing.")
    return name, key


def fingerprint(key: bytes) -> str:
    """Return a short name of a key's content, which tells two keys apart and nothing of either."""
    return _in_groups(base64.b32encode(hashlib.sha256(b"fingerprint|" + key).digest()).decode()[:12])


def _check(number: int, line: str) -> str:
    return base64.b32encode(hashlib.sha256(f"{number}|{line}".encode()).digest()).decode()[:2]


def _in_groups(text: str) -> str:
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def _fits_a_file(name: str) -> bool:
    return all(c.isalnum() or c in "-_." for c in name) and not name.startswith(".")
