"""Name the rules of allocation, the independence statements and the states of an offer, with their plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Rule(StrEnum):
    """A rule that can keep a person or a pair from a request, in the order in which the rules are checked."""

    NOT_ACTIVE = "not_active"
    NOT_CURRENT = "not_current"
    NO_AGENCY = "no_agency"
    RESTING = "resting"
    CAPACITY = "capacity"
    INVOLVED = "involved"
    REQUESTER_OR_PARTICIPANT = "requester_or_participant"
    LINE_MANAGER = "line_manager"
    SAME_TEAM = "same_team"
    NAMED_UNSUITABLE = "named_unsuitable"
    DECLARED_CONNECTION = "declared_connection"
    DECLINED = "declined"
    UNRESOLVED_DOUBT = "unresolved_doubt"
    BLOCKED = "blocked"
    AGENCY = "agency"
    SLOT = "slot"
    REQUESTERS_AGENCY = "requesters_agency"
    NOBODY_TRAINED = "nobody_trained"


SOFT_RULES = frozenset({Rule.REQUESTERS_AGENCY, Rule.NOBODY_TRAINED})
"""Rules that a pair may break where no other pair keeps to them; each costs, none makes a pair invalid."""

BLOCK_REASONS = frozenset(Rule) - SOFT_RULES - {Rule.CAPACITY, Rule.AGENCY, Rule.SLOT}
"""Rules that block one person from one request before any pair is looked at; `BLOCKED` is a block without a reason."""

EXCEPTION_RULES = SOFT_RULES | {Rule.CAPACITY, Rule.AGENCY, Rule.SLOT}
"""Rules that a coordinator may set aside as an agreed exception, with a reason; independence and training never are."""

_RULE_WORDS: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.NOT_ACTIVE: "not taking sessions at the moment",
        Rule.NOT_CURRENT: "training is not current on the day",
        Rule.NO_AGENCY: "agency not recorded",
        Rule.RESTING: "rests after a heavy session",
        Rule.CAPACITY: "no sessions left in the quarter",
        Rule.INVOLVED: "works with this child, young person or family",
        Rule.REQUESTER_OR_PARTICIPANT: "made this request or is part of its network",
        Rule.LINE_MANAGER: "line manager of somebody in the network",
        Rule.SAME_TEAM: "same team as the lead professional",
        Rule.NAMED_UNSUITABLE: "named in the request as somebody who should not facilitate",
        Rule.DECLARED_CONNECTION: "has declared a connection to this request",
        Rule.DECLINED: "has already declined this request",
        Rule.UNRESOLVED_DOUBT: "a possible connection has not been cleared yet",
        Rule.BLOCKED: "cannot facilitate this request",
        Rule.AGENCY: "both are from the same agency",
        Rule.SLOT: "not free on a date that suits",
        Rule.REQUESTERS_AGENCY: "one of them is from the requester’s own agency",
        Rule.NOBODY_TRAINED: "neither is trained for transitional safeguarding, which features",
    }
)


def rule_in_words(rule: Rule) -> str:
    """Say in plain English what the rule found, to be read after a person's or a pair's name."""
    return _RULE_WORDS[rule]


NOT_TO_BE_AVOIDED = "No pair that keeps to it was possible."
"""The reason that is kept for a broken rule of `SOFT_RULES` where nobody had another choice."""

NO_HALF_DAY_LEFT = "there is no half-day left for them beside what else is offered to them"
"""What is said of two people who share half-days, each of which another request needs: it is set aside as `Rule.SLOT` is."""


def in_checking_order(rules: frozenset[Rule] | tuple[Rule, ...]) -> tuple[Rule, ...]:
    """Put rules into the order in which they are checked, each once."""
    return tuple(rule for rule in Rule if rule in rules)


class Doubt(StrEnum):
    """Something that may be a connection; it blocks one person from one request until the coordinator clears it."""

    TEAM_OF_LEAD = "team_of_lead"
    TEAM_OF_REQUESTER = "team_of_requester"
    SAME_NAME = "same_name"
    NAME_OF_UNSUITABLE = "name_of_unsuitable"
    SHARED_ADDRESS = "shared_address"
    MANAGED = "managed"
    TALK_IT_THROUGH = "talk_it_through"


_DOUBT_WORDS: Mapping[Doubt, str] = MappingProxyType(
    {
        Doubt.TEAM_OF_LEAD: "has the same team name as the lead professional",
        Doubt.TEAM_OF_REQUESTER: "has the same team name as the requester, in an agency that is or may be the same",
        Doubt.SAME_NAME: "has the same name as somebody in this request",
        Doubt.NAME_OF_UNSUITABLE: "has the same name as somebody who should not facilitate",
        Doubt.SHARED_ADDRESS: "shares an e-mail address with several people in the network",
        Doubt.MANAGED: "may be managed by somebody in the network",
        Doubt.TALK_IT_THROUGH: "has declared a connection that they would like to talk through",
    }
)


def doubt_in_words(doubt: Doubt) -> str:
    """Say in plain English what may be a connection, to be read after a person's name."""
    return _DOUBT_WORDS[doubt]


@dataclass(frozen=True, order=True)
class PossibleConnection:
    """One doubt, and what exactly it is about: clearing it covers that and nothing that comes up later."""

    doubt: Doubt
    # Whom it concerns, and what of them: written out while people are compared, a keyed digest wherever it is kept.
    about: str


@dataclass(frozen=True)
class GivenReason:
    """Why the coordinator agreed an exception or cleared a doubt; sealed."""

    reason: str = ""


class IndependenceAnswer(StrEnum):
    """One of the three answers to a statement of the independence declaration, from harmless to serious."""

    NO_CONNECTION = "no_connection"
    TALK_IT_THROUGH = "talk_it_through"
    SHOULD_NOT = "should_not"


_ANSWER_WORDS: Mapping[IndependenceAnswer, str] = MappingProxyType(
    {
        IndependenceAnswer.NO_CONNECTION: "No connection",
        IndependenceAnswer.TALK_IT_THROUGH: "A connection, and I would like to talk it through",
        IndependenceAnswer.SHOULD_NOT: "I should not do this one",
    }
)


def answer_in_words(answer: IndependenceAnswer) -> str:
    """Give the label of an answer as the facilitator reads it."""
    return _ANSWER_WORDS[answer]


@dataclass(frozen=True, slots=True)
class IndependenceStatement:
    """One subject on which a facilitator declares whether there is a connection."""

    key: str
    text: str


CURRENT_DECLARATION = 1

DECLARATIONS: Mapping[int, tuple[IndependenceStatement, ...]] = MappingProxyType(
    {
        1: (
            IndependenceStatement(
                "family",
                "The child, young person or family: as far as I can tell from what is shown here, "
                "I do not know them or anybody close to them.",
            ),
            IndependenceStatement(
                "work",
                "The work: I have not worked on this case, advised on it, supervised it or decided anything in it.",
            ),
            IndependenceStatement(
                "network",
                "The network: nobody in it is a close colleague, friend or relative of mine.",
            ),
            IndependenceStatement(
                "management",
                "Management: I do not manage anybody in the network, and nobody in it manages me.",
            ),
            IndependenceStatement(
                "team",
                "Teams: I am not in the team of the requester or of the lead professional.",
            ),
            IndependenceStatement(
                "even_handed",
                "Anything else: I know of no other reason why I might find it hard to be even-handed, "
                "or why somebody in the room might think so.",
            ),
        ),
    }
)
"""Every published version of the declaration; a version is never edited, because people have signed it."""


def most_serious_answer(
    answers: Mapping[str, IndependenceAnswer], *, version: int = CURRENT_DECLARATION
) -> IndependenceAnswer:
    """Sum up a complete declaration by its most serious answer.

    Raises:
        ValueError: a statement of this version has no answer, or an answer belongs to no statement.
    """
    if set(answers) != {statement.key for statement in DECLARATIONS[version]}:
        raise ValueError("Every statement of the declaration needs exactly one answer.")
    return max(answers.values(), key=list(IndependenceAnswer).index)


class OfferState(StrEnum):
    """How one person's offer stands."""

    # Asked once the other person of the pair has accepted; until then they know of nothing.
    PLANNED = "planned"
    OFFERED = "offered"
    DECLARED = "declared"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    STEPPED_BACK = "stepped_back"


OFFER_MOVES: Mapping[OfferState, frozenset[OfferState]] = MappingProxyType(
    {
        OfferState.PLANNED: frozenset({OfferState.OFFERED, OfferState.LAPSED, OfferState.WITHDRAWN}),
        OfferState.OFFERED: frozenset(
            {OfferState.DECLARED, OfferState.DECLINED, OfferState.LAPSED, OfferState.WITHDRAWN}
        ),
        OfferState.DECLARED: frozenset(
            {OfferState.ACCEPTED, OfferState.DECLINED, OfferState.LAPSED, OfferState.WITHDRAWN}
        ),
        OfferState.ACCEPTED: frozenset({OfferState.STEPPED_BACK, OfferState.WITHDRAWN}),
        OfferState.DECLINED: frozenset(),
        OfferState.LAPSED: frozenset(),
        OfferState.WITHDRAWN: frozenset(),
        OfferState.STEPPED_BACK: frozenset(),
    }
)
"""The legal moves of an offer: nobody accepts before declaring, and an ended offer stays ended."""

WAITING_OFFERS = frozenset({OfferState.OFFERED, OfferState.DECLARED})
"""Offers that their person can answer now."""

UNANSWERED_OFFERS = WAITING_OFFERS | {OfferState.PLANNED}
"""Offers that stand and are not answered."""


class PairState(StrEnum):
    """How the two offers of one pair stand together."""

    OFFERED = "offered"
    AGREED = "agreed"
    ENDED = "ended"


def pair_state(first: OfferState, second: OfferState) -> PairState:
    """Derive the state of a pair from its two offers, so that it cannot contradict them."""
    states = {first, second}
    if states == {OfferState.ACCEPTED}:
        return PairState.AGREED
    if states <= UNANSWERED_OFFERS | {OfferState.ACCEPTED}:
        return PairState.OFFERED
    return PairState.ENDED
