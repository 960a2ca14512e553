"""Words, dates and numbers as people type them into a spreadsheet."""

import re
import unicodedata
from datetime import date, datetime, time

from jags.kernel.time import LONDON

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")  # fmt: skip
_NUMERIC_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})")
_WRITTEN_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ ,-]+(\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CLOCK = re.compile(r"[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?", re.IGNORECASE)
_YES_NO = re.compile(r"(yes|no|y|n)\b[\s:;,.–-]*(.*)", re.IGNORECASE | re.DOTALL)
# Marks that turn the direction of text round can make a name read as another.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_EXCERPT = 60
_LONGEST_NUMBER = 100


def as_text(cell: object) -> str:
    """Return a cell as the text that its reader would see; dates day first."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Yes" if cell else "No"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell.day}/{cell.month}/{cell.year}"
    return str(cell)


def clean(text: str, *, hidden: bool = True) -> str:
    """Return text composed (NFC), with plain line ends and without outer spaces.

    With `hidden`, characters that nobody can see are taken out: controls such as NUL, marks of direction, halves of
    pairs.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if hidden:
        plain = "".join(c for c in plain if not is_hidden(c))
    return plain.strip(" \t\n\xa0")


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line, in quotation marks."""
    line = " ".join(clean(text).split())
    return f"“{line}”" if len(line) <= _EXCERPT else f"“{line[:_EXCERPT]}…”"


def day_of(cell: object) -> date | None:
    """Return the day of a cell, or None when it is not a date; written dates are read day first."""
    moment = moment_of(cell)
    return None if moment is None else moment.astimezone(LONDON).date()


def moment_of(cell: object) -> datetime | None:
    """Return the aware moment of a cell, or None when it is not a date.

    Wall times are London's; a date alone means its first moment. In the hour that happens twice the first is meant.
    """
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=LONDON)
    if isinstance(cell, date):
        return datetime.combine(cell, time.min, tzinfo=LONDON)
    if not isinstance(cell, str):
        return None
    text = clean(cell).casefold()
    found = _ISO_DAY.match(text) or _NUMERIC_DAY.match(text) or _WRITTEN_DAY.match(text)
    day = _day(found) if found else None
    if found is None or day is None:
        return None
    return _with_clock(day, text[found.end() :])


def count_of(cell: object) -> int | None:
    """Return a whole number from 0 to 999, or None when the cell is not one."""
    text = clean(as_text(cell))
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) and not isinstance(cell, bool) else None


def number_of(cell: object) -> str:
    """Return a reference number as text: 1, 1.0 and " 1 " are the same."""
    text = " ".join(clean(as_text(cell)).split())[:_LONGEST_NUMBER]
    return text[:-2] if re.fullmatch(r"[0-9]+\.0", text) else text


def yes_or_no(text: str) -> tuple[bool | None, str]:
    """Return whether a text begins with yes or no, and what follows; None when it begins otherwise."""
    found = _YES_NO.fullmatch(text)
    if found is None:
        return None, text
    return found[1].casefold() in {"yes", "y"}, found[2].strip()


def is_hidden(character: str) -> bool:
    """Tell whether nobody can see a character: a control such as NUL, a mark of direction, half of a pair."""
    return character in _DIRECTIONS or (
        character not in "\n\t" and unicodedata.category(character) in {"Cc", "Cs"}
    )


def _day(found: re.Match[str]) -> date | None:
    if found.re is _ISO_DAY:
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    else:
        day, year = int(found[1]), int(found[3])
        month = int(found[2]) if found.re is _NUMERIC_DAY else _month(found[2])
        year += 2000 if len(found[3]) == 2 else 0  # noqa: PLR2004 - Two digits mean this century.
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int:
    return next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)


def _with_clock(day: date, rest: str) -> datetime | None:
    if not rest.strip(" ."):
        return datetime.combine(day, time.min, tzinfo=LONDON)
    found = _CLOCK.fullmatch(rest)
    if found is None:
        return None
    try:
        clock = time(int(found[1]), int(found[2]), int(found[3] or 0))
    except ValueError:
        return None
    if found[4]:
        return datetime.fromisoformat(f"{day.isoformat()}T{clock.isoformat()}{found[4].upper()}")
    return datetime.combine(day, clock, tzinfo=LONDON)
