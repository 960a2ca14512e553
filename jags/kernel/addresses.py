"""E-mail addresses: as they are stored, and found in a list that somebody pasted."""

import re
from dataclasses import dataclass

from jags.kernel.errors import Invalid


def checked_email(text: str) -> str:
    """Return an e-mail address as it is stored; raises `Invalid` with what to do."""
    # Loaded with the first address, for which no worker waits at its start.
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - See above.

    try:
        return validate_email(text.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise Invalid(
            "Enter an e-mail address in the correct format, like name@example.org.", field="email"
        ) from error


@dataclass(frozen=True)
class PastedAddress:
    """An address of a list, with the name beside it where there is one."""

    address: str
    name: str = ""


def addresses_in(text: str) -> tuple[list[PastedAddress], list[str]]:
    """Return the addresses of a pasted list, each once, in its order, and the pieces that hold none.

    Pieces are parted by semicolons, commas and line ends; a comma inside a name ("Archer, Jo <jo@example.org>") parts nothing.
    """
    found: dict[str, PastedAddress] = {}
    left: list[str] = []
    for line in re.split(r"[;\r\n]+", text):
        begun: list[str] = []
        for piece in filter(None, map(str.strip, line.split(","))):
            if "@" not in piece:
                begun.append(piece)
            elif _NAMED.search(piece):
                # A name has one comma at most, or stands in quotation marks.
                quoted = [n for n, one in enumerate(begun) if one.startswith('"')]
                first = quoted[-1] if quoted else max(len(begun) - 1, 0)
                left += begun[:first]
                _take(", ".join([*begun[first:], piece]), found, left)
                begun = []
            else:
                # An address alone has no name in front of it: what stands there is a piece of its own.
                left += begun
                _take(piece, found, left)
                begun = []
        left += begun
    return list(found.values()), left


_NAMED = re.compile(r"<[^<>]*@[^<>]*>$")


def _take(piece: str, found: dict[str, PastedAddress], left: list[str]) -> None:
    name, _, rest = piece.partition("<") if piece.endswith(">") else ("", "", piece)
    name, address = name.strip().strip('"'), rest.removesuffix(">")
    try:
        checked = checked_email(address)
    except Invalid:
        left.append(piece)
    else:
        found.setdefault(checked.casefold(), PastedAddress(checked, " ".join(name.split())))
