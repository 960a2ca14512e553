"""Leave out of imported text what could identify a child, so that it is never stored; the rest of the text stays."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date

from jags.accounts.rules import spelling
from jags.kernel.identifiers import Finding, Kind, find_identifiers

EVERYTHING = frozenset({Kind.NHS_NUMBER, Kind.BIRTH_DATE, Kind.POSTCODE, Kind.ADDRESS})
# Where teams and professionals are listed, and in the list of agencies itself, an address is a place of work.
ABOUT_A_PERSON = frozenset({Kind.NHS_NUMBER, Kind.BIRTH_DATE})
_WORDS: Mapping[Kind, tuple[str, str]] = {
    Kind.NHS_NUMBER: ("an", "NHS number"),
    Kind.BIRTH_DATE: ("a", "date of birth"),
    Kind.POSTCODE: ("a", "postcode"),
    Kind.ADDRESS: ("a", "street address"),
}
_NOTES = re.compile("|".join(rf"\[{words} left out\]" for _, words in _WORDS.values()))
_EMPTY = re.compile(r"\(\s*\)")
_PIECES = re.compile(r"[^,;/\n]+")


@dataclass(frozen=True)
class Guard:
    """What is left out under which heading; `today` is the London date on which the row was written.

    The name of a known agency passes everywhere, as on the pages; `known` holds their spellings.
    """

    columns: Mapping[str, frozenset[Kind]]
    today: date
    known: Container[str] = frozenset()

    def without(self, column: str, text: str) -> tuple[str, tuple[Kind, ...]]:
        """Return a text with a note in place of each identifier, and the kinds of what was left out, in their order."""
        kinds = self.columns.get(column)
        if not kinds or not text:
            return text, ()
        found = [
            one
            for one in find_identifiers(text, today=self.today)
            if one.kind in kinds and not self._is_agency(text, one)
        ]
        kept, position = [], 0
        for one in found:
            kept += [text[position : one.start], f"[{_WORDS[one.kind][1]} left out]"]
            position = one.end
        return "".join([*kept, text[position:]]), tuple(one.kind for one in found)

    def _is_agency(self, text: str, found: Finding) -> bool:
        """Tell whether what was found belongs to the name of a known agency: the whole text, or an entry of a list."""
        pieces = [p for p in _PIECES.finditer(text) if p.start() < found.end and found.start < p.end()]
        around = text[pieces[0].start() : pieces[-1].end()] if pieces else ""
        return any(spelling(name) in self.known for name in (text, around))


def without_notes(text: str) -> str:
    """Return a text on one line without the notes that say what was left out, and what stood around them: a name."""
    if not _NOTES.search(text):
        return " ".join(text.split())
    return " ".join(_EMPTY.sub(" ", _NOTES.sub(" ", text)).split()).strip(" ,;:-")


def said_of(kind: Kind) -> str:
    """Return the sentence that tells what was left out, without telling it."""
    article, words = _WORDS[kind]
    return f"{article.capitalize()} {words} was left out."
