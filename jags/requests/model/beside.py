"""What is kept beside requests: drafts, links wished for, cover, yearly figures, and numbers given."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base, Identified, enum_type
from jags.requests.rules import Equality, Part


class DraftPart(Base):
    """How often a part of a draft was answered, and by which page last; kept until the request is sent."""

    __tablename__ = "draft_part"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"), primary_key=True)
    part: Mapped[Part] = mapped_column(enum_type(Part), primary_key=True)
    version: Mapped[int]
    # The mark of the page, made anew each time that it is shown.
    page: Mapped[str]


class DraftsBegun(Base):
    """How many drafts were begun in an hour from a network address, which is kept as a keyed hash; swept when the hour is over.

    A number and no row for each: it does not lead to a request.
    """

    __tablename__ = "drafts_begun"

    place: Mapped[bytes] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    number: Mapped[int]


class NotSameWork(Base):
    """Somebody looked: two requests are not about the same work, and neither page proposes the other again."""

    __tablename__ = "not_same_work"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"), primary_key=True)
    other_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"), primary_key=True, index=True)


class LinkWish(Base):
    """A new link that somebody asked for, until a job has looked whether reference and address belong to one request."""

    __tablename__ = "link_wish"

    reference: Mapped[str] = mapped_column(primary_key=True)
    email_index: Mapped[bytes] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime]


class Cover(Identified, Base):
    """A span of London dates, both included, in which a deputy looks after a coordinator's open requests."""

    __tablename__ = "cover"
    __table_args__ = (CheckConstraint("from_on <= to_on", name="order"),)

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date]


class EqualityYear(Base):
    """The optional answers of a London year until it is over: sealed, of one size, sorted by their own bytes.

    `marks` says for which requests somebody has answered, to who holds the key, sorted likewise. `answers` is how many
    there were, once they are counted; then both are empty.
    """

    __tablename__ = "equality_year"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes]
    marks: Mapped[bytes]
    answers: Mapped[int | None]


class EqualityTally(Base):
    """How many chose an answer to an optional question in a London year; nothing leads back to a request."""

    __tablename__ = "equality_tally"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    question: Mapped[Equality] = mapped_column(enum_type(Equality), primary_key=True)
    choice: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]


class ReferenceCounter(Base):
    """The last number given in a London year; references have gaps and are never given twice."""

    __tablename__ = "reference_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
