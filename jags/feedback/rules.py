"""The feedback form, the states of a round, and what a pool may be made of (docs/adr/0005-anonymous-feedback.md)."""

from dataclasses import dataclass
from enum import StrEnum

# Answers in one pot; a round with more people has several.
POT_SIZE = 32
# Every envelope has this size in bytes before it is sealed, so that length tells nothing.
ENVELOPE_BYTES = 6144
COMMENT_MOST = 1500


class RoundState(StrEnum):
    """Where a round of feedback stands."""

    OPEN = "open"
    # Closed with fewer answers than may be opened: they stay sealed and wait for others of the same kind.
    WAITING = "waiting"
    OPENED = "opened"


class PotState(StrEnum):
    """Whether a pot takes answers."""

    OPEN = "open"
    CLOSED = "closed"


class CommentState(StrEnum):
    """Whether a comment has been reviewed."""

    WAITING = "waiting"
    RELEASED = "released"
    WITHHELD = "withheld"


class FormKey(StrEnum):
    """The forms that are answered anonymously."""

    PARTICIPANT = "participant"


class ItemKind(StrEnum):
    """The fixed kinds of a question."""

    AGREEMENT = "agreement"
    CHOICE = "choice"
    TEXT = "text"


class Agreement(StrEnum):
    """Five-point agreement with "not applicable", which is left out of n."""

    STRONGLY_AGREE = "strongly_agree"
    AGREE = "agree"
    NEITHER = "neither"
    DISAGREE = "disagree"
    STRONGLY_DISAGREE = "strongly_disagree"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Item:
    """One question: its key stays when the words change."""

    key: str
    kind: ItemKind
    words: str
    # Asked only where transitional safeguarding was confirmed.
    only_transitional: bool = False


PARTICIPANT_ITEMS: tuple[Item, ...] = (
    Item("safe", ItemKind.AGREEMENT, "I felt safe to speak openly."),
    Item("time", ItemKind.AGREEMENT, "There was time to slow down and think."),
    Item("impact", ItemKind.AGREEMENT, "The impact of this work on us was acknowledged."),
    Item("views", ItemKind.AGREEMENT, "Different views were explored with respect."),
    Item("centre", ItemKind.AGREEMENT, "The child or young person stayed at the centre."),
    Item("even_handed", ItemKind.AGREEMENT, "The facilitators were even-handed."),
    Item("reflected", ItemKind.AGREEMENT, "We reflected rather than set tasks."),
    Item(
        "both_services",
        ItemKind.AGREEMENT,
        "Children's and adults' services both had a voice.",
        only_transitional=True,
    ),
    Item("comment", ItemKind.TEXT, "What was most useful, or what could be better?"),
    Item("may_quote", ItemKind.CHOICE, "May we quote what you wrote, without your name?"),
)


@dataclass(frozen=True)
class Reflection:
    """One facilitator's reflection after a session; sealed."""

    helped: str = ""
    hindered: str = ""
    authority: str = ""
    agencies_missing: str = ""
    learning: str = ""
    ring_me: bool = False


def pool_kind(form: FormKey, *, age_cohort: bool, transitional: bool) -> str:
    """Return the kind of a pool: form × cohort cell, frozen when a round closes."""
    return f"{form.value}/{'16-25' if age_cohort else 'other-age'}/{'transitional' if transitional else 'not-transitional'}"
