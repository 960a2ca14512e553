"""The way of a report from draft to release, what is written in it, and what is frozen."""

from dataclasses import dataclass, field
from enum import StrEnum

from jags.kernel.errors import Invalid

WORDS_MOST = 6000
RECOMMENDATIONS_MOST = 20
KEY_NAME_MOST = 80
# For how many days a key to released figures may be made.
KEY_DAYS = (30, 90, 365)


class ReportState(StrEnum):
    """The states of a report; a release that was withdrawn stays as it was, for who asks."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


# What a report showed, or is about to show, must not be undone by another.
COUNTED_AS_SHOWN = frozenset({ReportState.IN_REVIEW, ReportState.RELEASED, ReportState.WITHDRAWN})

# The parts of a report beside which something can be written: code → what it is called.
WRITTEN: dict[str, str] = {
    "purpose": "What this report is about",
    "how-much": "How much",
    "who": "Who",
    "effort": "What it took",
    "how-well": "How well",
    "what-difference": "What difference",
    "themes": "Themes and principles",
    "gaps": "What we do not know",
}


@dataclass(frozen=True)
class Words:
    """What was written beside the figures: part → text; and recommendations, a line each: what | owner | by when.

    `quotes` and `accounts` are the ids of comments and of requests whose words the report quotes.
    """

    parts: dict[str, str] = field(default_factory=dict)
    recommendations: tuple[tuple[str, str, str], ...] = ()
    quotes: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """The scrutineer's own words."""

    text: str = ""


@dataclass(frozen=True)
class Note:
    """A question, or the reply to one."""

    text: str = ""


@dataclass(frozen=True)
class Frozen:
    """Both editions as canonical text."""

    restricted: str = ""
    public: str = ""


@dataclass(frozen=True)
class SealedCounts:
    """What a block counts: table → row → column → requests; of texts, "themes" → the keys of a text's themes → "texts"; of sessions, "said" → of what → answer."""

    counts: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)


def check_text(text: str, what: str, *, name: str) -> str:
    """Return a text without outer spaces; raises `Invalid` when it is empty or too long."""
    text = text.strip()
    if not text:
        raise Invalid(f"Enter {what}.", field=name)
    if len(text) > WORDS_MOST:
        raise Invalid(f"Shorten {what} to {WORDS_MOST:,} characters or fewer.", field=name)
    return text
