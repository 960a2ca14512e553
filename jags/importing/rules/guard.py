"""Leave out of imported text what could identify a child, so that it is never stored; the rest of the text stays."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from jags.kernel.identifiers import Kind, find_identifiers

EVERYTHING = frozenset({Kind.NHS_NUMBER, Kind.BIRTH_DATE, Kind.POSTCODE, Kind.ADDRESS})
# Where agencies and professionals are listed, an address is a place of work.
ABOUT_A_PERSON = frozenset({Kind.NHS_NUMBER, Kind.BIRTH_DATE})
_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.NHS_NUMBER: ("an", "NHS number"),
    Kind.BIRTH_DATE: ("a", "date of birth"),
    Kind.POSTCODE: ("a", "postcode"),
    Kind.ADDRESS: ("a", "street address"),
}
_NOTES = re.compile("|".join(rf"\[{words} left out\]" for _, words in _WORDS.values()))
_EMPTY = re.compile(r"\(\s*\)")


@dataclass(frozen=True)
class Guard:
    """What is left out under which heading; `today` is the London date on which the row was written."""

    columns: Mapping[str, frozenset[Kind]]
    today: date

    def without(self, column: str, text: str) -> tuple[str, tuple[Kind, ...]]:
        """Return a text with a note in place of each identifier, and the kinds of what was left out, in their order."""
        kinds = self.columns.get(column)
        if not kinds or not text:
            return text, ()
        found = [one for one in find_identifiers(text, today=self.today) if one.kind in kinds]
        kept, position = [], 0
        for one in found:
            kept += [text[position : one.start], f"[{_WORDS[one.kind][1]} left out]"]
            position = one.end
        return "".join([*kept, text[position:]]), tuple(one.kind for one in found)


def without_notes(text: str) -> str:
    """Return a text on one line without the notes that say what was left out, and what stood around them: a name."""
    if not _NOTES.search(text):
        return " ".join(text.split())
    return " ".join(_EMPTY.sub(" ", _NOTES.sub(" ", text)).split()).strip(" ,;:-")


def said_of(kind: Kind) -> str:
    """Return the sentence that tells what was left out, without telling it."""
    article, words = _WORDS[kind]
    return f"{article.capitalize()} {words} was left out."
