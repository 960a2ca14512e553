"""One place in a text, and what it looks like."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a place in a text looks like."""

    NHS_NUMBER = "nhs_number"
    BIRTH_DATE = "birth_date"
    POSTCODE = "postcode"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True)
class Finding:
    """A place in a text: `text[start:end]`, counted in characters."""

    kind: Kind
    start: int
    end: int
