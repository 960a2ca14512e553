"""The states of a request and the verbs that move it (docs/glossary.md, "the way of a request")."""

import re
from enum import StrEnum


class State(StrEnum):
    """The one stored state of a request."""

    DRAFT = "draft"
    UNCONFIRMED = "unconfirmed"
    IN_TRIAGE = "in_triage"
    WAITING_FOR_REQUESTER = "waiting_for_requester"
    ACCEPTED = "accepted"
    OFFERED = "offered"
    FACILITATORS_AGREED = "facilitators_agreed"
    SCHEDULED = "scheduled"
    HELD = "held"
    CLOSED = "closed"
    SIGNPOSTED = "signposted"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    DUPLICATE = "duplicate"


class Verb(StrEnum):
    """The named moves between states."""

    ABANDON = "abandon"
    ACCEPT = "accept"
    AGREE_FACILITATORS = "agree_facilitators"
    ANSWER = "answer"
    ASK = "ask"
    CANCEL = "cancel"
    CLOSE = "close"
    CLOSE_WITHOUT_ANSWER = "close_without_answer"
    CONFIRM = "confirm"
    CONFIRM_BY_TELEPHONE = "confirm_by_telephone"
    DID_NOT_TAKE_PLACE = "did_not_take_place"
    HOLD = "hold"
    MARK_DUPLICATE = "mark_duplicate"
    OFFER_PAIR = "offer_pair"
    POSTPONE = "postpone"
    RELEASE_PAIR = "release_pair"
    REOPEN = "reopen"
    SCHEDULE = "schedule"
    SIGNPOST = "signpost"
    STEP_BACK = "step_back"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"


PROCEEDED = frozenset(
    {State.ACCEPTED, State.OFFERED, State.FACILITATORS_AGREED, State.SCHEDULED, State.HELD, State.CLOSED}
)
NOT_PROCEEDED = frozenset({State.SIGNPOSTED, State.WITHDRAWN, State.CANCELLED})
UNDECIDED = frozenset({State.UNCONFIRMED, State.IN_TRIAGE, State.WAITING_FOR_REQUESTER})
# Facilitators are still to be found.
BEFORE_AGREED = UNDECIDED | {State.ACCEPTED, State.OFFERED}
# Drafts and duplicates are not received.
RECEIVED = PROCEEDED | NOT_PROCEEDED | UNDECIDED
BEFORE_HELD = RECEIVED - {State.HELD, State.CLOSED} - NOT_PROCEEDED
# What waits for the Business Unit; the other open states wait for somebody else or for a day.
NEEDS_DECISION = frozenset({State.UNCONFIRMED, State.IN_TRIAGE, State.ACCEPTED, State.FACILITATORS_AGREED})
# Sent, and no date yet: what is asked "now, or after we have spoken" can still be added.
OPEN_FOR_MORE = BEFORE_HELD - {State.SCHEDULED}
# Where somebody else can be named who asks from now on; an address that is not yet confirmed is confirmed first.
CHANGES_REQUESTER = (BEFORE_HELD - {State.UNCONFIRMED}) | {State.HELD}
ENDED_OTHERWISE = NOT_PROCEEDED | {State.DUPLICATE}
OPEN = RECEIVED - NOT_PROCEEDED - {State.CLOSED}

MOVES: dict[Verb, tuple[frozenset[State], State]] = {
    Verb.SUBMIT: (frozenset({State.DRAFT}), State.UNCONFIRMED),
    Verb.CONFIRM: (frozenset({State.UNCONFIRMED}), State.IN_TRIAGE),
    Verb.CONFIRM_BY_TELEPHONE: (frozenset({State.UNCONFIRMED}), State.IN_TRIAGE),
    Verb.ACCEPT: (frozenset({State.IN_TRIAGE}), State.ACCEPTED),
    Verb.ASK: (frozenset({State.IN_TRIAGE}), State.WAITING_FOR_REQUESTER),
    Verb.ANSWER: (frozenset({State.WAITING_FOR_REQUESTER}), State.IN_TRIAGE),
    Verb.CLOSE_WITHOUT_ANSWER: (frozenset({State.WAITING_FOR_REQUESTER}), State.WITHDRAWN),
    Verb.SIGNPOST: (frozenset({State.IN_TRIAGE, State.ACCEPTED}), State.SIGNPOSTED),
    Verb.MARK_DUPLICATE: (frozenset({State.IN_TRIAGE}), State.DUPLICATE),
    Verb.OFFER_PAIR: (frozenset({State.ACCEPTED}), State.OFFERED),
    Verb.AGREE_FACILITATORS: (frozenset({State.OFFERED}), State.FACILITATORS_AGREED),
    Verb.RELEASE_PAIR: (frozenset({State.OFFERED}), State.ACCEPTED),
    Verb.SCHEDULE: (frozenset({State.FACILITATORS_AGREED}), State.SCHEDULED),
    Verb.STEP_BACK: (frozenset({State.FACILITATORS_AGREED, State.SCHEDULED}), State.ACCEPTED),
    Verb.HOLD: (frozenset({State.SCHEDULED}), State.HELD),
    Verb.POSTPONE: (frozenset({State.SCHEDULED}), State.FACILITATORS_AGREED),
    Verb.DID_NOT_TAKE_PLACE: (frozenset({State.SCHEDULED}), State.FACILITATORS_AGREED),
    Verb.CLOSE: (frozenset({State.HELD}), State.CLOSED),
    Verb.WITHDRAW: (BEFORE_HELD, State.WITHDRAWN),
    Verb.CANCEL: (BEFORE_HELD, State.CANCELLED),
    Verb.REOPEN: (frozenset(ENDED_OTHERWISE), State.IN_TRIAGE),
}


class Whose(StrEnum):
    """Whose move it is."""

    OURS = "ours"
    REQUESTER = "requester"
    FACILITATORS = "facilitators"
    EVERYBODY = "everybody"
    NOBODY = "nobody"


def whose_move(state: State) -> Whose:
    """Return whose move it is in a state."""
    if state in NEEDS_DECISION:
        return Whose.OURS
    others = {
        State.WAITING_FOR_REQUESTER: Whose.REQUESTER,
        State.OFFERED: Whose.FACILITATORS,
        State.SCHEDULED: Whose.EVERYBODY,
        State.HELD: Whose.EVERYBODY,
    }
    return others.get(state, Whose.NOBODY)


# As people type a reference: with spaces, points or any dash between its parts, or with nothing.
_APART = r"[\s./_\-\u2010-\u2015\u2212]*"
_REFERENCE = re.compile(rf"JAGS{_APART}(20[0-9]{{2}}){_APART}([0-9]{{1,6}})", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{1,6}")


def reference_from(typed: str, *, year: int | None = None) -> str:
    """Return a reference as we write it, from what somebody typed; empty where it is none.

    With a `year`, a number alone is one of that London year.
    """
    text = typed.strip()
    if found := _REFERENCE.fullmatch(text):
        return reference_of(int(found[1]), int(found[2]))
    return reference_of(year, int(text)) if year and _NUMBER.fullmatch(text) else ""


def reference_of(year: int, number: int) -> str:
    """Return the public reference of the nth request that was received in a London year."""
    return f"JAGS-{year}-{number:04d}"
