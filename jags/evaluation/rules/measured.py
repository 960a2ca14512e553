"""A report before it has an edition: what was counted, and of which class, so that each edition shows what its readers may see."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jags.evaluation.rules.counting import Period
from jags.evaluation.rules.document import (
    Bullets,
    Chart,
    Column,
    Definition,
    Edition,
    Paragraph,
    Quote,
    Recommendation,
)


class Measure(StrEnum):
    """The four classes of what is counted (docs/adr/0022-editions-of-a-report.md)."""

    # Requests and sessions: exact in every edition.
    HEADLINE = "headline"
    # Who took part: by name and exact for named readers, in bands for everybody.
    ORGANISATIONS = "organisations"
    # What children are: small counts and what would give them away are hidden outside the Business Unit.
    CHILDREN = "children"
    # What people think: bands, which were formed before, of enough answers.
    OPINIONS = "opinions"


@dataclass(frozen=True)
class Counted:
    """A count, perhaps of a whole; `hidden` says why editions that are released do not show it."""

    number: int
    whole: int | None = None
    hidden: str = ""


@dataclass(frozen=True)
class Middle:
    """A median of `n` values."""

    value: float
    n: int


@dataclass(frozen=True)
class Said:
    """Words that every edition shows."""

    words: str


@dataclass(frozen=True)
class NotRecorded:
    """Nothing was recorded, which is not zero."""


@dataclass(frozen=True)
class NotApplicable:
    """The question does not apply."""


@dataclass(frozen=True)
class Withheld:
    """Nothing is shown in any edition, and why."""

    why: str


Raw = Counted | Middle | Said | NotRecorded | NotApplicable | Withheld


@dataclass(frozen=True)
class RawRow:
    """A row of a raw table."""

    title: str
    cells: tuple[Raw, ...]
    definition: str = ""


@dataclass(frozen=True)
class RawTable:
    """A table before an edition; `ranked` rows stand with the largest first, which a public edition does not tell."""

    key: str
    title: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[RawRow, ...]
    measure: Measure = Measure.HEADLINE
    note: str = ""
    definition: str = ""
    ranked: bool = False


RawBlock = RawTable | Chart | Paragraph | Bullets | Quote | Recommendation


@dataclass(frozen=True)
class Only:
    """A block that stands in some editions only."""

    editions: frozenset[Edition]
    block: RawBlock


INSIDE = frozenset({Edition.INTERNAL})
OUTSIDE = frozenset({Edition.RESTRICTED, Edition.PUBLIC})
NOT_PUBLIC = frozenset({Edition.INTERNAL, Edition.RESTRICTED})
PUBLIC = frozenset({Edition.PUBLIC})
RESTRICTED = frozenset({Edition.RESTRICTED})


@dataclass(frozen=True)
class RawSection:
    """A heading, what stands under it, and sections one level down."""

    key: str
    title: str
    blocks: tuple[RawBlock | Only, ...] = ()
    sections: tuple["RawSection", ...] = ()


@dataclass(frozen=True)
class RawReport:
    """A report from which each edition is made."""

    title: str
    partnership: str
    period: Period
    dated_on: date
    sections: tuple[RawSection, ...]
    method: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    compared_with: Period | None = None
    definitions: tuple[Definition, ...] = ()
    standing: str = ""


def row(title: str, *cells: Raw, definition: str = "") -> RawRow:
    """Return a row of cells."""
    return RawRow(title, cells, definition)


def only(editions: frozenset[Edition], *blocks: RawBlock) -> tuple[Only, ...]:
    """Return blocks that stand in some editions only."""
    return tuple(Only(editions, block) for block in blocks)
