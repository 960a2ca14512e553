"""The identifier guard of the forms: what stops a text, what is only hinted at, and how both are shown at the field."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from wtforms.validators import Length, ValidationError

from jags.accounts.queries import find_agency
from jags.kernel.identifiers import (
    Finding,
    Kind,
    NamesSomebody,
    find_likely_names,
    initials_of,
    refuse_identifiers,
    with_initials,
)
from jags.web.unit_of_work import current_work

# What is fine in a field. Most take nothing that identifies a child.
NOTHING: frozenset[Kind] = frozenset()
# A professional is asked for, or likely to be named: colleagues, whom to ask for, who should not facilitate.
PEOPLE = frozenset({Kind.NAME})
# A team or a venue: it may be called after a person or a street, and has an address.
PLACES = frozenset({Kind.NAME, Kind.POSTCODE, Kind.ADDRESS})
# No free text: an e-mail address, a telephone number, one of our references, a time of day.
ANYTHING = frozenset(Kind)

# The answer to the hint about names: the name of the buttons, and what they say.
NAMES, INITIALS = "names", "initials"
# What the page sends hidden: the hint was shown and nobody has answered it, or it was answered on an earlier showing.
SHOWN, ANSWERED = "shown", "answered"
# And the names that it was about, one a line.
SEEN = "names_seen"
_AROUND = 50


@dataclass(frozen=True)
class Piece:
    """A piece of what was typed, and whether it is to be marked."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Hint:
    """Likely names in a field: what was typed around them, and the initials that would do."""

    pieces: tuple[Piece, ...]
    names: tuple[str, ...]

    @property
    def initials(self) -> tuple[str, ...]:
        """Return the initials of each name."""
        return tuple(dict.fromkeys(initials_of(name) for name in self.names))


class IdentifierGuard:
    """Refuse what identifies a child; the field keeps what was typed, and shows the place."""

    def __init__(self, fine: Collection[Kind] = NOTHING) -> None:
        self.fine = frozenset(fine)

    def __call__(self, _form: Any, field: Any) -> None:
        """Raise a `ValidationError` that says what was found; a text that is wrong anyway is looked at when it is right."""
        if not field.data or field.errors or self.fine == ANYTHING:
            return
        try:
            refuse_identifiers(field.data, today=current_work().today, fine=self.fine)
        except NamesSomebody as error:
            kept = _beside_agencies(field.data, error.findings)
            if not kept:
                return
            shown = NamesSomebody(field.data, kept)
            show_at(field, shown)
            raise ValidationError(str(shown)) from error


def _beside_agencies(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """Leave out what was found in a line that is the name of a known agency and nothing else: it identifies nobody.

    An agency may be called after a street or a person.
    """
    kept, begin = [], 0
    for line in text.splitlines(keepends=True):
        end = begin + len(line)
        inside = [one for one in findings if begin <= one.start < end]
        if inside and find_agency(current_work(), line) is not None:
            inside = [one for one in inside if one.end > end]
        kept += inside
        begin = end
    return kept


def show_at(field: Any, error: NamesSomebody) -> None:
    """Have a field show where in its text something was found."""
    field.found = pieces(error.text, error.findings)


def pieces(text: str, findings: Iterable[Finding]) -> tuple[Piece, ...]:
    """Return the places of a text with some words around them, as pieces to show."""
    shown: list[Piece] = []
    done = 0
    for one in findings:
        begin = max(done, one.start - _AROUND)
        if begin > done:
            # Begin with a whole word; what is left out is shown as an ellipsis.
            begin = text.find(" ", begin, one.start) + 1 or begin
            shown.append(Piece("… "))
        shown += [Piece(text[begin : one.start]), Piece(text[one.start : one.end], marked=True)]
        done = one.end
    rest = text[done : done + _AROUND]
    if done + _AROUND < len(text):
        rest = rest.rpartition(" ")[0] + " …"
    return tuple(piece for piece in (*shown, Piece(rest)) if piece.text)


def answer_to_hint() -> frozenset[str]:
    """Return what was said to the hint about names: nothing when it was not shown yet."""
    # Only a form that was sent says anything; looking for one takes time from every page that is opened.
    return frozenset(request.form.getlist(NAMES)) if request.method == "POST" else frozenset()


def names_asked_about() -> frozenset[str]:
    """Return the names that the page has asked about already; none where it has not, or where all that was typed is settled."""
    return frozenset(request.form.get(SEEN, "").splitlines())


def likely_names(form: Any) -> tuple[str, ...]:
    """Return every likely name in the fields that ask for none, each once, in the order of the form."""
    names = (
        _written_in(field, one)
        for field in _asks_no_names(form)
        for one in _beside_agencies(field.data, find_likely_names(field.data))
    )
    return tuple(dict.fromkeys(names))


def nobody_answered(answer: frozenset[str]) -> bool:
    """Tell whether nobody has said anything to the hint, even if the page has shown it."""
    return answer <= {SHOWN}


def put_initials(form: Any) -> None:
    """Put initials in place of every likely name in the fields that ask for none."""
    for field in _asks_no_names(form):
        found = _beside_agencies(field.data, find_likely_names(field.data))
        if found:
            field.data = with_initials(field.data, found)


def hint_at_names(form: Any, *, but: Collection[str] = ()) -> list[dict[str, str]]:
    """Have each field that asks for no names show those that it seems to hold; return a link to each such field.

    Nothing is said of the names in `but`. A text that is too long is looked at when it is short enough.
    """
    links = []
    for field in _asks_no_names(form):
        # What stood there before was kept as it is; nobody is asked twice.
        kept = str(field.object_data or "")
        found = [
            one
            for one in _beside_agencies(field.data, find_likely_names(field.data))
            if field.data[one.start : one.end] not in kept and _written_in(field, one) not in but
        ]
        if found:
            names = tuple(dict.fromkeys(field.data[one.start : one.end] for one in found))
            field.hint = Hint(pieces(field.data, found), names)
            links.append({"text": field.label.text, "href": f"#{field.id}"})
    return links


def _written_in(field: Any, found: Finding) -> str:
    """Return a name as it stands in a field, on one line."""
    return " ".join(field.data[found.start : found.end].split())


def _asks_no_names(form: Any) -> Iterator[Any]:
    for field in inputs(form):
        guards = [one for one in field.validators if isinstance(one, IdentifierGuard)]
        if field.data and any(Kind.NAME not in guard.fine for guard in guards) and not _is_too_long(field):
            yield field


def _is_too_long(field: Any) -> bool:
    """Tell whether a text is longer than its field takes: it is refused anyway, and a search would take as long as it is."""
    limits = [one.max for one in field.validators if isinstance(one, Length)]
    return len(field.data) > min(limits, default=0)


def inputs(fields: Iterable[Any]) -> Iterator[Any]:
    """Give every single input of a form, those of its rows and groups too."""
    for field in fields:
        if hasattr(field, "entries"):
            yield from inputs(field.entries)
        elif hasattr(field, "form"):
            yield from inputs(field.form)
        else:
            yield field
