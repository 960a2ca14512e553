"""Questions about dates: the dates, who was asked, and what each answered."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from jags.kernel.base import Base, Identified, Sealable, Versioned, WallDateTime, enum_type
from jags.requests.model import NetworkMember, Request
from jags.scheduling.rules import Outcome, QuestionKind, SessionFormat, Vote


class DateQuestion(Versioned, Identified, Base):
    """Which of some dates suit the people around a child; a request has one open question at a time."""

    __tablename__ = "date_question"
    __table_args__ = (
        Index("ix_date_question_request_id", "request_id"),
        Index(
            "uq_date_question_open",
            "request_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    kind: Mapped[QuestionKind] = mapped_column(enum_type(QuestionKind))
    # Rises when other dates are asked: whoever was asked before is written to again.
    edition: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    # The last London day for an answer.
    answer_by: Mapped[date]
    minutes: Mapped[int]
    format: Mapped[SessionFormat] = mapped_column(enum_type(SessionFormat))
    # When the one nudge left to those whose answer could still change which date is best.
    nudged_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome))
    # How long all pauses of the request had taken when it was asked, so that a later pause gives its time back.
    paused_seconds: Mapped[int] = mapped_column(default=0)

    request: Mapped[Request] = relationship()
    options: Mapped[list["DateOption"]] = relationship(
        back_populates="question",
        cascade="all, delete-orphan",
        order_by="DateOption.wall_start, DateOption.id",
    )
    asked: Mapped[list["DateAsked"]] = relationship(
        back_populates="question", cascade="all, delete-orphan", order_by="DateAsked.position, DateAsked.id"
    )

    @property
    def people(self) -> list["DateAsked"]:
        """Return who was asked and is still one of the people around the child."""
        return [asked for asked in self.asked if asked.member.removed_at is None]


class DateOption(Identified, Base):
    """One of the dates: the wall time in London, which wins if the rules of its zone change."""

    __tablename__ = "date_option"
    __table_args__ = (UniqueConstraint("question_id", "wall_start"),)

    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("date_question.id"))
    wall_start: Mapped[datetime] = mapped_column(WallDateTime())
    chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
    question: Mapped[DateQuestion] = relationship(back_populates="options")


class DateAsked(Sealable, Base):
    """Somebody of the network who was asked, and how they answered: by their own link, or by telephone."""

    __tablename__ = "date_asked"
    __table_args__ = (UniqueConstraint("question_id", "member_id"),)

    question_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("date_question.id"))
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("network_member.id"), index=True)
    position: Mapped[int]
    answered_at: Mapped[datetime | None]
    # The London day on which somebody told us by telephone, who noted it, and who told us where it was somebody else.
    told_on: Mapped[date | None]
    noted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    told_sealed: Mapped[bytes | None]
    # Who comes instead of them, and whether that person may be connected to a facilitator.
    stand_in_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("network_member.id"))
    stand_in_waits: Mapped[bool] = mapped_column(default=False, server_default=false())

    question: Mapped[DateQuestion] = relationship(back_populates="asked")
    member: Mapped[NetworkMember] = relationship(foreign_keys=[member_id])
    stand_in: Mapped[NetworkMember | None] = relationship(foreign_keys=[stand_in_id])
    votes: Mapped[list["DateVote"]] = relationship(
        back_populates="asked", cascade="all, delete-orphan", order_by="DateVote.option_id"
    )

    @property
    def instead(self) -> NetworkMember | None:
        """Return who comes instead of them, if somebody was named who has not been taken off since."""
        return self.stand_in if self.stand_in is not None and self.stand_in.removed_at is None else None


class DateVote(Base):
    """What somebody answered to one date."""

    __tablename__ = "date_vote"

    asked_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("date_asked.id"), primary_key=True)
    option_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("date_option.id"), primary_key=True, index=True)
    vote: Mapped[Vote] = mapped_column(enum_type(Vote))
    asked: Mapped[DateAsked] = relationship(back_populates="votes")
    option: Mapped[DateOption] = relationship()
