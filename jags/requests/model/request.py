"""The request, the network around the child, and the story of its moves."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from jags.accounts.model import Agency, Person
from jags.kernel.base import Base, Identified, Sealable, Versioned, enum_type
from jags.kernel.errors import MoveNotPossible
from jags.kernel.time import london_date
from jags.requests.rules import (
    CHOICES,
    MOVES,
    AgeBand,
    AskedBy,
    ChangeWhy,
    Involvement,
    LeadKnows,
    LegalKind,
    LegalOutcome,
    PauseReason,
    Priority,
    Question,
    Responsibility,
    Source,
    State,
    Tie,
    Verb,
    YesNoUnsure,
    triage_begins,
)


class Request(Versioned, Sealable, Base):
    """A request for a JAGS. What is plain here may be sorted and filtered; names and case text are sealed."""

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("source", "legacy_number"),
        # The work queue in its order, with all that it filters by: pages and counts read this index alone, and none of the
        # sealed texts, so ten thousand rows cost as little as a hundred.
        Index(
            "ix_request_queue",
            "received_at",
            "id",
            "state",
            "owner_id",
            "priority",
            "locality",
            "agency_id",
            "agency_typed",
            "paused_at",
            "transitional_confirmed",
            "transitional_view",
            "received_on",
            "counts_from",
            "state_changed_at",
            "received_counts_from",
        ),
        Index("ix_request_received_on", "received_on"),
        # The few with which somebody wants to talk: every list of requests asks for them.
        Index(
            "ix_request_talk_wished_at",
            "talk_wished_at",
            sqlite_where=text("talk_wished_at IS NOT NULL"),
            postgresql_where=text("talk_wished_at IS NOT NULL"),
        ),
    )

    # JAGS-YYYY-NNNN, London year received; gaps are allowed. Empty until it is received.
    reference: Mapped[str | None] = mapped_column(unique=True)
    source: Mapped[Source] = mapped_column(enum_type(Source), default=Source.WEB)
    # The number that an imported request had before, e.g. the form's ID.
    legacy_number: Mapped[str | None]
    # The number in the Business Unit's old tracker (JAGS025), in capitals: the one that people know the request by.
    tracker_number: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[State] = mapped_column(enum_type(State), default=State.DRAFT)
    state_changed_at: Mapped[datetime]
    started_at: Mapped[datetime]
    # The moment of "check answers", and its London date.
    received_at: Mapped[datetime | None]
    received_on: Mapped[date | None]
    # The London date from which the target of the present state counts, where that is not the day on which it came into it:
    # put forward by the working days on which we waited for an answer, or on which everything was paused.
    counts_from: Mapped[date | None]
    # From when the targets count that begin with receiving it, where a pause put that forward.
    received_counts_from: Mapped[date | None]
    confirmed_at: Mapped[datetime | None]
    form_version: Mapped[int] = mapped_column(default=1)

    contact_sealed: Mapped[bytes | None]
    detail_sealed: Mapped[bytes | None]
    requester_email_index: Mapped[bytes | None] = mapped_column(index=True)
    # Exact look-up of the requester's own reference, by keyed index.
    own_reference_index: Mapped[bytes | None] = mapped_column(index=True)
    # Since when somebody who was named as the requester by somebody else has not yet said that it is them. Until they do,
    # no link of theirs opens what was written: it may have gone to a wrong address.
    requester_to_confirm_since: Mapped[datetime | None]
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    # An agency that is not known yet, as typed; settled by the coordinator later.
    agency_typed: Mapped[str] = mapped_column(default="")

    sibling_group: Mapped[bool | None]
    locality: Mapped[str | None]
    responsibility: Mapped[Responsibility | None] = mapped_column(enum_type(Responsibility))
    lead_knows: Mapped[LeadKnows | None] = mapped_column(enum_type(LeadKnows))
    # Transitional safeguarding: the requester's view and the Business Unit's confirmation are kept apart.
    transitional_view: Mapped[YesNoUnsure | None] = mapped_column(enum_type(YesNoUnsure))
    transitional_confirmed: Mapped[bool | None]
    # How they heard of JAGS: a code of the partnership's list.
    heard_of: Mapped[str | None]
    # How they asked, where the session had been held before it was entered here; empty means not recorded.
    asked_by: Mapped[AskedBy | None] = mapped_column(enum_type(AskedBy))
    # Whether court, criminal or review work is live.
    legal_live: Mapped[YesNoUnsure | None] = mapped_column(enum_type(YesNoUnsure))
    priority: Mapped[Priority] = mapped_column(enum_type(Priority), default=Priority.ROUTINE)

    owner_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    route: Mapped[str | None]
    # The first request about the same work; of a duplicate, the request that it was joined to.
    previous_request_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("request.id"), index=True)
    # The London date on which the requester was told of another route, by telephone or by our mail.
    told_on: Mapped[date | None]
    # In the present state: when the one nudge left, and when somebody rang, or the requester answered it.
    nudged_at: Mapped[datetime | None]
    followed_up_at: Mapped[datetime | None]
    # In the present state: when the requester said that they would like to talk.
    talk_wished_at: Mapped[datetime | None]
    # When the lead of the Business Unit was asked to help with a target that had passed.
    lead_asked_at: Mapped[datetime | None]
    # Since when nothing of it may be deleted: with a pause, until a person lifts it.
    legal_hold_at: Mapped[datetime | None]
    # Since when what was written is gone for good; what is plain stays, for figures.
    erased_at: Mapped[datetime | None]
    # Date only, no notes: when facilitators and requester prepared.
    prepared_on: Mapped[date | None]
    paused_at: Mapped[datetime | None]
    paused_reason: Mapped[PauseReason | None] = mapped_column(enum_type(PauseReason))
    # How long all pauses took that were lifted, so that what had a time limit gets that time back.
    paused_seconds: Mapped[int] = mapped_column(default=0)

    agency: Mapped[Agency | None] = relationship()
    owner: Mapped[Person | None] = relationship()
    choices: Mapped[list["RequestChoice"]] = relationship(
        cascade="all, delete-orphan", order_by="RequestChoice.question, RequestChoice.choice"
    )
    involved: Mapped[list["InvolvedAgency"]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="InvolvedAgency.position"
    )
    network: Mapped[list["NetworkMember"]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="NetworkMember.position"
    )
    requester_changes: Mapped[list["RequesterChange"]] = relationship(
        cascade="all, delete-orphan", order_by="RequesterChange.at, RequesterChange.id"
    )
    # Whether other requests are linked to this one, where it was read with the request; None where it was not.
    is_linked_to: Mapped[bool | None] = query_expression()
    moves: Mapped[list["RequestMove"]] = relationship(
        back_populates="request", cascade="all, delete-orphan", order_by="RequestMove.number"
    )

    def move(self, verb: Verb, *, at: datetime) -> State:
        """Change the state by a verb and return the state that was left.

        Raises `MoveNotPossible` when the verb does not leave the present state.
        """
        origins, target = MOVES[verb]
        if self.state not in origins:
            raise MoveNotPossible
        if target is State.IN_TRIAGE:
            asked_on = london_date(self.state_changed_at)
            self.counts_from = triage_begins(
                verb, on=london_date(at), asked_on=asked_on, before=self.counts_from
            )
        elif target is not State.WAITING_FOR_REQUESTER:
            self.counts_from = None
        left, self.state, self.state_changed_at = self.state, target, at
        self.nudged_at, self.followed_up_at, self.lead_asked_at = None, None, None
        self.talk_wished_at = None
        return left

    def chosen(self, question: Question) -> frozenset[str]:
        """Return the set of choices of a question, as values."""
        return frozenset(c.choice for c in self.choices if c.question is question)

    def choose(self, question: Question, values: frozenset[str]) -> None:
        """Replace the set of choices of a question; raises `ValueError` for a value that is not one."""
        for value in values:
            CHOICES[question](value)
        have = self.chosen(question)
        for choice in [c for c in self.choices if c.question is question and c.choice not in values]:
            self.choices.remove(choice)
        self.choices.extend(RequestChoice(question=question, choice=v) for v in sorted(values - have))

    @property
    def age_bands(self) -> frozenset[AgeBand]:
        """Return the age bands of the request."""
        return frozenset(AgeBand(v) for v in self.chosen(Question.AGE_BAND))

    @property
    def paused(self) -> bool:
        """Tell whether everything about the request is paused."""
        return self.paused_at is not None

    def expect_unpaused(self) -> None:
        """Raise `MoveNotPossible` while everything is paused: nothing is begun that writes to people."""
        if self.paused:
            raise MoveNotPossible(
                "Everything about this request is paused, and this would write to people. Lift the pause first."
            )


class RequestChoice(Base):
    """One choice of a question with several answers."""

    __tablename__ = "request_choice"

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"), primary_key=True)
    question: Mapped[Question] = mapped_column(enum_type(Question), primary_key=True)
    choice: Mapped[str] = mapped_column(primary_key=True)


class InvolvedAgency(Identified, Base):
    """An agency involved with the child, known or as typed."""

    __tablename__ = "involved_agency"
    __table_args__ = (Index("ix_involved_agency_request_id", "request_id"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    position: Mapped[int]
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"), index=True)
    agency_typed: Mapped[str] = mapped_column(default="")
    involvement: Mapped[Involvement] = mapped_column(
        enum_type(Involvement), default=Involvement.INVOLVED, server_default=Involvement.INVOLVED
    )
    request: Mapped[Request] = relationship(back_populates="involved")
    agency: Mapped[Agency | None] = relationship(lazy="joined")


class NetworkMember(Sealable, Base):
    """A person around the child: with an address, with a shared one, or with none."""

    __tablename__ = "network_member"
    __table_args__ = (Index("ix_network_member_request_id", "request_id"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    position: Mapped[int]
    tie: Mapped[Tie] = mapped_column(enum_type(Tie), default=Tie.NETWORK)
    contact_sealed: Mapped[bytes | None]
    email_index: Mapped[bytes | None] = mapped_column(index=True)
    agency_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agency.id"))
    agency_typed: Mapped[str] = mapped_column(default="")
    show_name: Mapped[bool] = mapped_column(default=True)
    # Whether they agreed to take part, as the requester knows it.
    agreed: Mapped[YesNoUnsure | None] = mapped_column(enum_type(YesNoUnsure))
    removed_at: Mapped[datetime | None]
    request: Mapped[Request] = relationship(back_populates="network")
    agency: Mapped[Agency | None] = relationship(lazy="joined")


class RequestMove(Sealable, Base):
    """One move of a request: who, when, and by which verb; what was typed is sealed."""

    __tablename__ = "request_move"
    __table_args__ = (UniqueConstraint("request_id", "number"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    number: Mapped[int]
    verb: Mapped[Verb] = mapped_column(enum_type(Verb))
    left: Mapped[State] = mapped_column("left_state", enum_type(State))
    reached: Mapped[State] = mapped_column("reached_state", enum_type(State))
    at: Mapped[datetime]
    actor_ref: Mapped[str]
    note_sealed: Mapped[bytes | None]
    request: Mapped[Request] = relationship(back_populates="moves")


class RequesterChange(Sealable, Base):
    """Somebody else asks from now on: who asked before (sealed), why it changed, and when the new person said that it is them."""

    __tablename__ = "requester_change"
    __table_args__ = (Index("ix_requester_change_request_id_at", "request_id", "at"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    at: Mapped[datetime]
    actor_ref: Mapped[str]
    why: Mapped[ChangeWhy] = mapped_column(enum_type(ChangeWhy))
    former_sealed: Mapped[bytes | None]
    confirmed_at: Mapped[datetime | None]


class RequestNote(Sealable, Base):
    """A note between coordinators about a request; never seen outside the Business Unit."""

    __tablename__ = "request_note"
    __table_args__ = (Index("ix_request_note_request_id_at", "request_id", "at"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    note_sealed: Mapped[bytes | None]


class LegalCheck(Sealable, Base):
    """A conversation about live court, police or review work: with whom, when, and whether to go ahead or wait."""

    __tablename__ = "legal_check"
    __table_args__ = (Index("ix_legal_check_request_id_at", "request_id", "at"),)

    request_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("request.id"))
    kind: Mapped[LegalKind] = mapped_column(enum_type(LegalKind))
    outcome: Mapped[LegalOutcome] = mapped_column(enum_type(LegalOutcome))
    spoken_on: Mapped[date]
    conversation_sealed: Mapped[bytes | None]
    at: Mapped[datetime]
    actor_ref: Mapped[str]
