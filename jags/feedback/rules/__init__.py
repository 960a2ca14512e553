"""The states of a round, what an answer may be, and what a pool may be made of (docs/adr/0005-anonymous-feedback.md)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

# Answers in one pot; a round with more people has several.
POT_SIZE = 32
# Every envelope has this size in bytes before it is sealed, so that length tells nothing.
ENVELOPE_BYTES = 6144
COMMENT_MOST = 1500
# Slips are made for a session that begins within so many days, at most so many of them.
SLIPS_DAYS_BEFORE = 7
SLIPS_MOST = 40
# Fewer answers than this are never opened, whatever a setting says: anonymity is not a switch.
LEAST_ANSWERS = 5
# The month and day with which a year begins.
_YEAR_BEGINS = (4, 1)
# Outside the Business Unit nobody is shown fewer than this.
LEAST_ANSWERS_OUTSIDE = 10
# Fewer answers of a sector than this are not counted, whoever reads them.
LEAST_OF_SECTOR = 10
# The field in which somebody may tell their sector; no question of a form has this key.
SECTOR = "sector"


def spares_for(number: int) -> int:
    """Return how many spare tickets a round of so many people has, for links that are lost."""
    return max(2, -(-number // 3)) if number else 0


class RoundState(StrEnum):
    """Where a round of feedback stands."""

    OPEN = "open"
    # Closed with fewer answers than may be opened: they stay sealed and wait for others of the same kind.
    WAITING = "waiting"
    OPENED = "opened"


class Door(StrEnum):
    """How those who were there come to answer: one way for each session."""

    LINKS = "links"
    SLIPS = "slips"


class PotState(StrEnum):
    """Whether a pot takes answers."""

    OPEN = "open"
    CLOSED = "closed"


class CommentState(StrEnum):
    """Whether a comment has been reviewed."""

    WAITING = "waiting"
    RELEASED = "released"
    WITHHELD = "withheld"


class CommentWhy(StrEnum):
    """Why a comment was changed before it was released, or is not released at all."""

    POINTS_TO_SOMEBODY = "points_to_somebody"
    ABOUT_THE_FAMILY = "about_the_family"
    HURTFUL = "hurtful"
    OTHER = "other"


class FormKey(StrEnum):
    """The forms that are answered anonymously; a session has one round of each at most."""

    PARTICIPANT = "participant"
    # Some weeks later: then and now, asked together.
    LATER = "later"


class Outcome(StrEnum):
    """What became of an answer, or would become of one now."""

    # The ticket is good: an answer is taken, or may be given.
    GOOD = "good"
    # The ticket was used while its round is open: a repeated send is thanked like the first.
    SPENT = "spent"
    CLOSED = "closed"
    INVALID = "invalid"
    # What was written may be a worry: its writer is asked first to take it by the normal route.
    WORRY = "worry"
    # The session has not begun, so there is nothing to say about it yet.
    EARLY = "early"
    # Links were replaced, and as many answers have come as people were asked: somebody has used both of theirs.
    FULL = "full"


@dataclass(frozen=True)
class CommentText:
    """What somebody wrote; sealed."""

    text: str = ""


@dataclass(frozen=True)
class WhatFollowed:
    """A requester's own account, some weeks after the session; sealed under the key of their request."""

    is_case_text: ClassVar[bool] = True
    said: str = ""
    to_you: str = ""


def pool_kind(form: FormKey, *, age_cohort: bool, transitional: bool) -> str:
    """Return the kind of a pool: form × cohort cell, frozen when a round closes."""
    return f"{form.value}/{'16-25' if age_cohort else 'other-age'}/{'transitional' if transitional else 'not-transitional'}"


def mixed_kind(form: FormKey) -> str:
    """Return the kind of a pool of small rounds of several cells, which were left when a year had ended."""
    return f"{form.value}/mixed"


def year_began_on(day: date) -> date:
    """Return the 1 April with which the year of a London date begins: what was left of the year before is joined then."""
    return date(day.year - (day < date(day.year, *_YEAR_BEGINS)), *_YEAR_BEGINS)


def kinds(form: FormKey, *, only_transitional: bool) -> tuple[str, ...]:
    """Return the kinds of a form's pools, all or those of confirmed transitional safeguarding."""
    cells = tuple(
        pool_kind(form, age_cohort=age_cohort, transitional=transitional)
        for age_cohort in (True, False)
        for transitional in (True, False)
        if transitional or not only_transitional
    )
    return cells if only_transitional else (*cells, mixed_kind(form))
