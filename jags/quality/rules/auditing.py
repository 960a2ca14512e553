"""Words and rules of a multi-agency audit: the sample, what an agency returns, what a panel says, and recommendations."""

import random
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

SAMPLE_MOST = 50


class AuditMethod(StrEnum):
    """How sessions are chosen."""

    RANDOM = "random"
    PURPOSIVE = "purposive"


class Grade(StrEnum):
    """A grade, asked for only where the partnership switches grades on."""

    STRONG = "strong"
    GOOD = "good"
    DEVELOPING = "developing"
    NOT_YET = "not_yet"


class PlanGroup(StrEnum):
    """For whom a recommendation is in the partnership's Composite Action Plan [AR]."""

    PRIORITY_SUBGROUP = "priority_subgroup"
    SECTOR = "sector"
    OTHER = "other"


class PlanArea(StrEnum):
    """Which area of the plan it belongs to [AR]."""

    LEADERSHIP = "leadership"
    WORKFORCE = "workforce"
    TOOLS = "tools"
    COMMUNICATIONS = "communications"


class PlanState(StrEnum):
    """What has become of it in the partnership's plan, as the partnership says."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    DONE = "done"
    NOT_TAKEN_UP = "not_taken_up"


@dataclass(frozen=True)
class Purposes:
    """What an audit asks, and why these sessions; sealed."""

    question: str = ""
    why_these: str = ""


@dataclass(frozen=True)
class AskedOf:
    """Who answers for an agency; sealed."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Return:
    """What an agency returns about a session, from its own records; sealed. About the work, never about the child."""

    worked: str = ""
    changed: str = ""
    learning: str = ""
    grade: str = ""


@dataclass(frozen=True)
class PanelView:
    """What the panel says together about a session; sealed."""

    worked: str = ""
    learning: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Recommendation:
    """A recommendation; sealed."""

    text: str = ""


def draw(ids: Collection[uuid.UUID], *, size: int, seed: int) -> list[uuid.UUID]:
    """Return a random sample of sessions: the same for the same sessions and seed, so that anybody can draw it again."""
    ordered = sorted(ids)
    return random.Random(seed).sample(ordered, min(size, len(ordered)))  # noqa: S311 # nosec B311 - Repeatable on purpose.
