"""Read typed text as its plainest spelling of the same length, so that places found in one are places in the other."""

import re
import unicodedata
from collections.abc import Sequence

_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u200c\u200d\u202f\u205f\u2060\u3000\ufeff\t\r\x00"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u00ad\ufe58\ufe63\uff0d"
_STROKES = "\u2044\u2215\u29f8\uff0f"
_QUOTES = "\u2018\u2019\u201b\u02bc\u00b4`\u2032"


class _Plain(dict[int, str]):
    """The plain spelling of each character that is not plain; what was looked up once is remembered."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        # Digits of any script, and raised or lowered ones.
        digit = unicodedata.digit(character, None)
        # Full-width letters fold to plain ones; a letter with an accent stays what it is.
        folded = unicodedata.normalize("NFKC", character) if code in _FULL_WIDTH else character
        found = str(digit) if digit is not None else folded if len(folded) == 1 else character
        if len(self) < _REMEMBERED:
            self[code] = found
        return found


# A run of digits; the rest of a longer one than these is nobody's number.
DIGITS = re.compile(r"(?<!\d)\d{1,20}+")
_REMEMBERED = 4096
_FULL_WIDTH = range(0xFF01, 0xFF5F)
_TABLE = _Plain(
    {ord(c): " " for c in _SPACES}
    | {ord(c): "-" for c in _DASHES}
    | {ord(c): "'" for c in _QUOTES}
    | {ord(c): "/" for c in _STROKES}
)


def plain(text: str) -> str:
    """Return the text with every space, dash, apostrophe and digit in its usual spelling; its length is the same."""
    return text.translate(_TABLE)


def closed_up(text: str) -> tuple[str, Sequence[int]]:
    """Return the text as `plain` reads it, without what nobody sees and with one space where there are several.

    With it comes the place in the text of each character that is left.
    """
    read = plain(text)
    if not _LOOSE.search(text):
        return read, range(len(read))
    kept: list[int] = []
    for place, character in enumerate(read):
        if _is_unseen(text[place]):
            continue
        before = read[kept[-1]] if kept else ""
        if character == " " and before in {" ", "\n"}:
            continue
        if character == "\n" and before == " ":
            kept.pop()
        kept.append(place)
    return "".join(read[place] for place in kept), kept


# Several spaces, spaces at a line break, and whatever is not plain.
_LOOSE = re.compile(r"[ \t\r\n][ \t\r]|[ \t\r]\n|[^\n\r\t -~]")
_UNSEEN = frozenset({"Cf", "Mn", "Me"})


def _is_unseen(character: str) -> bool:
    """Tell whether a character takes no room of its own: joiners, soft hyphens, marks on the one before."""
    return not character.isascii() and unicodedata.category(character) in _UNSEEN


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list that is written as running text."""
    return frozenset(words.split())
