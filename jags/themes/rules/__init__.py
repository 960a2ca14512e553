"""The words of themes: where a text comes from, how a theme stands, and how the code frame was changed."""

from enum import StrEnum


class TextSource(StrEnum):
    """Where a text that is read for themes comes from; each was written for this."""

    # A released comment of anonymous feedback: nobody knows of whom, or of which session.
    COMMENT = "comment"
    # What a facilitator wrote about how agencies work together, without the writer's name.
    REFLECTION = "reflection"
    # The general learning of a session's record.
    SESSION = "session"


class ThemeState(StrEnum):
    """How a theme stands; texts are coded only with those in use."""

    DRAFT = "draft"
    # A draft that the facilitators of the pool see and can comment on.
    SHARED = "shared"
    IN_USE = "in_use"
    RETIRED = "retired"


class FrameChange(StrEnum):
    """What made another version of the code frame."""

    ADDED = "added"
    REWORDED = "reworded"
    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"


# Who reads a text before it is agreed.
READERS = 2
