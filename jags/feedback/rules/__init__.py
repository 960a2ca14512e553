"""The feedback form, the states of a round, and what a pool may be made of (docs/adr/0005-anonymous-feedback.md)."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache

# Answers in one pot; a round with more people has several.
POT_SIZE = 32
# Every envelope has this size in bytes before it is sealed, so that length tells nothing.
ENVELOPE_BYTES = 6144
COMMENT_MOST = 1500
# Fewer answers than this are never opened, whatever a setting says: anonymity is not a switch.
LEAST_ANSWERS = 5
# Outside the Business Unit nobody is shown fewer than this.
LEAST_ANSWERS_OUTSIDE = 10


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
    """The forms that are answered anonymously; a session has one round of each at most."""

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


AGREES = frozenset({Agreement.STRONGLY_AGREE, Agreement.AGREE})


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


class Outcome(StrEnum):
    """What became of an answer, or would become of one now."""

    # The ticket is good: an answer is taken, or may be given.
    GOOD = "good"
    # The ticket was used while its round is open: a repeated send is thanked like the first.
    SPENT = "spent"
    CLOSED = "closed"
    INVALID = "invalid"


@dataclass(frozen=True)
class CommentText:
    """What somebody wrote; sealed."""

    text: str = ""


@dataclass(frozen=True)
class Reflection:
    """One facilitator's reflection after a session; sealed."""

    helped: str = ""
    hindered: str = ""
    authority: str = ""
    agencies_missing: str = ""
    learning: str = ""


def items_to_text(items: tuple[Item, ...]) -> str:
    """Return items as they are stored with a form version."""
    return json.dumps([asdict(item) for item in items], ensure_ascii=False)


@lru_cache(maxsize=16)
def items_from_text(text: str) -> tuple[Item, ...]:
    """Return the items of a stored form version."""
    return tuple(Item(**{**values, "kind": ItemKind(values["kind"])}) for values in json.loads(text))


def asked(items: tuple[Item, ...], *, transitional: bool) -> tuple[Item, ...]:
    """Return the items that are asked after a session."""
    return tuple(item for item in items if transitional or not item.only_transitional)


def pool_kind(form: FormKey, *, age_cohort: bool, transitional: bool) -> str:
    """Return the kind of a pool: form × cohort cell, frozen when a round closes."""
    return f"{form.value}/{'16-25' if age_cohort else 'other-age'}/{'transitional' if transitional else 'not-transitional'}"


def kinds(form: FormKey, *, only_transitional: bool) -> tuple[str, ...]:
    """Return the kinds of a form's pools, all or those of confirmed transitional safeguarding."""
    return tuple(
        pool_kind(form, age_cohort=age_cohort, transitional=transitional)
        for age_cohort in (True, False)
        for transitional in (True, False)
        if transitional or not only_transitional
    )
