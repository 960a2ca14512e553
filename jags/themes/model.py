"""The tables of themes: versions of the code frame, the texts that are read, what each reader says, and what is agreed.

A text itself stays where it was written; here is only which one it is. Whoever may open it there decides what is read here.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.kernel.base import Base, Identified, Sealable, Versioned, enum_type
from jags.themes.rules import FrameChange, TextSource


class FrameVersion(Identified, Base):
    """A version of the code frame; a version is never edited, because texts were coded with it."""

    __tablename__ = "frame_version"
    __table_args__ = (UniqueConstraint("number"),)

    number: Mapped[int]
    # The themes, as a JSON list of jags.themes.rules.frame.Theme.
    themes: Mapped[str]
    change: Mapped[FrameChange] = mapped_column(enum_type(FrameChange))
    # The words of the themes that were changed, and why.
    about: Mapped[str]
    why: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))


class ReadingText(Identified, Base):
    """A text to be read: which one, and the session it is about; of a comment nobody knows the session."""

    __tablename__ = "reading_text"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    source: Mapped[TextSource] = mapped_column(enum_type(TextSource))
    source_id: Mapped[uuid.UUID]
    session_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("jags_session.id"))
    readings: Mapped[list["ThemeReading"]] = relationship(
        back_populates="text", cascade="all, delete-orphan", order_by="ThemeReading.reader_id"
    )
    consensus: Mapped["ThemeConsensus | None"] = relationship(
        back_populates="text", cascade="all, delete-orphan"
    )


class ThemeReading(Versioned, Identified, Base):
    """The themes that one reader finds in a text, with the version of the frame that was read with."""

    __tablename__ = "theme_reading"
    __table_args__ = (UniqueConstraint("text_id", "reader_id"),)

    text_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reading_text.id"))
    reader_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    frame_number: Mapped[int]
    # Keys of themes, sorted, as a JSON list; none is an answer too.
    themes: Mapped[str]
    read_on: Mapped[date]
    text: Mapped[ReadingText] = relationship(back_populates="readings")


class ThemeConsensus(Versioned, Identified, Base):
    """The themes of a text that its two readers agree on, beside what each of them said first."""

    __tablename__ = "theme_consensus"
    __table_args__ = (UniqueConstraint("text_id"),)

    text_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("reading_text.id"))
    frame_number: Mapped[int]
    themes: Mapped[str]
    agreed_on: Mapped[date]
    # Who wrote down what was talked through; nobody where both said the same at once.
    agreed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    text: Mapped[ReadingText] = relationship(back_populates="consensus")


class ThemeRemark(Sealable, Base):
    """What a facilitator says of a draft theme."""

    __tablename__ = "theme_remark"
    __table_args__ = (Index("ix_theme_remark_theme", "theme"),)

    theme: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
    said_on: Mapped[date]
    remark_sealed: Mapped[bytes | None]
