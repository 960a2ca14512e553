"""Refuse a text that identifies somebody, with words that say what was found and what is enough instead."""

from collections.abc import Collection, Iterable
from datetime import date

from jags.kernel.errors import Invalid
from jags.kernel.identifiers.finding import Finding, Kind
from jags.kernel.identifiers.search import find_identifiers
from jags.kernel.words import listing

_LOOKS_LIKE = {
    Kind.NHS_NUMBER: ("an NHS number", "initials", "are"),
    Kind.BIRTH_DATE: ("a date of birth", "an age", "is"),
    Kind.POSTCODE: ("a postcode", "the locality", "is"),
    Kind.ADDRESS: ("an address", "the locality", "is"),
}
_MOST = 5


class NamesSomebody(Invalid):
    """A text holds what identifies somebody; `findings` are its places in `text`."""

    def __init__(self, text: str, findings: Iterable[Finding], *, field: str = "") -> None:
        self.text = text
        self.findings = tuple(findings)
        super().__init__(_in_words(text, self.findings), field=field)


def refuse_identifiers(text: str, *, today: date, fine: Collection[Kind] = (), field: str = "") -> None:
    """Raise `NamesSomebody` at `field` when a text holds what identifies somebody and is not `fine` there.

    The rule for every way in: the request asks for a pseudonym, never for a name, date of birth, address or NHS number
    (docs/glossary.md). Names are never refused.
    """
    refused = [one for one in find_identifiers(text, today=today) if one.kind not in fine]
    if refused:
        raise NamesSomebody(text, refused, field=field)


def _in_words(text: str, findings: tuple[Finding, ...]) -> str:
    """Return "This looks like an NHS number: 943 476 5919. Please take it out; initials are enough for us."."""
    found: dict[Kind, list[str]] = {}
    for one in findings[:_MOST]:
        said = " ".join(text[one.start : one.end].split())
        if said not in found.setdefault(one.kind, []):
            found[one.kind].append(said)
    looks = listing(f"{_LOOKS_LIKE[kind][0]}: {listing(said)}" for kind, said in found.items())
    enough = dict.fromkeys(_LOOKS_LIKE[kind][1:] for kind in found)
    verb = "are" if len(enough) > 1 else next(iter(enough))[1]
    single = len(found) == 1 and len(findings) == 1
    return f"This looks like {looks}. Please take {'it' if single else 'them'} out; {listing(what for what, _ in enough)} {verb} enough for us."
