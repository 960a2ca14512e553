"""Named rules, the declaration and the moves of an offer."""

import pytest

from jags.allocation.engine.problem import Facilitator, Request
from jags.allocation.engine.rules import removing_rule, rules_broken, rules_excluding
from jags.allocation.rules import (
    DECLARATIONS,
    OFFER_MOVES,
    IndependenceAnswer,
    OfferState,
    PairState,
    Rule,
    answer_in_words,
    most_serious_answer,
    pair_state,
    rule_in_words,
)

ANN = Facilitator("ann", "police", 1, 0, frozenset({1, 2}), transitional=False)
BEN = Facilitator("ben", "school", 1, 0, frozenset({2, 3}), transitional=False)
ASKED = Request("r", "health", 1, frozenset({2, 5}), {}, transitional=False, travel={})


def person(
    person_id: str, agency: str = "x", capacity: int = 1, slots: set[int] | None = None
) -> Facilitator:
    return Facilitator(
        person_id, agency, capacity, 0, None if slots is None else frozenset(slots), transitional=False
    )


def request(slots: set[int] | None, blocked: dict[str, tuple[Rule, ...]] | None = None) -> Request:
    return Request(
        "r",
        "health",
        1,
        None if slots is None else frozenset(slots),
        blocked or {},
        transitional=False,
        travel={},
    )


def test_pair_that_keeps_every_rule_is_valid() -> None:
    assert rules_broken(ASKED, ANN, BEN) == ()
    assert removing_rule(ASKED, ANN, BEN) is None


@pytest.mark.parametrize(
    ("asked", "other", "broken", "first"),
    [
        (ASKED, person("ben", "police", slots={2}), (Rule.AGENCY,), Rule.AGENCY),
        (ASKED, person("ben", capacity=0, slots={2}), (Rule.CAPACITY,), Rule.CAPACITY),
        (ASKED, person("ben", slots={5}), (Rule.SLOT,), Rule.SLOT),
        (ASKED, person("ben", slots=set()), (Rule.SLOT,), Rule.SLOT),
        (request({3}), person("ben", slots={3}), (Rule.SLOT,), Rule.SLOT),
        (
            request({2}, {"ann": (Rule.SAME_TEAM, Rule.INVOLVED)}),
            BEN,
            (Rule.INVOLVED, Rule.SAME_TEAM),
            Rule.BLOCKED,
        ),
        (
            request({9}, {"ben": (Rule.DECLINED,)}),
            person("ben", "police", 0, {1}),
            (Rule.CAPACITY, Rule.DECLINED, Rule.AGENCY, Rule.SLOT),
            Rule.CAPACITY,
        ),
        (ASKED, person("ben"), (), None),
        (request(None), BEN, (), None),
        (request(None), person("ben", slots={9}), (Rule.SLOT,), Rule.SLOT),
        (request(None), person("ben"), (), None),
    ],
)
def test_broken_rules_are_named_in_checking_order(
    asked: Request, other: Facilitator, broken: tuple[Rule, ...], first: Rule | None
) -> None:
    assert rules_broken(asked, ANN, other) == rules_broken(asked, other, ANN) == broken
    assert removing_rule(asked, ANN, other) == removing_rule(asked, other, ANN) == first


def test_two_without_dates_fit_a_request_without_dates_but_not_one_without_any_date() -> None:
    left, right = person("x", "one"), person("y", "two")
    assert rules_broken(request(None), left, right) == ()
    assert rules_broken(request(set()), left, right) == (Rule.SLOT,)


def test_person_is_excluded_by_every_rule_that_holds_for_them() -> None:
    asked = request({9}, {"ann": (Rule.UNRESOLVED_DOUBT, Rule.NOT_CURRENT)})
    assert rules_excluding(asked, ANN) == (Rule.NOT_CURRENT, Rule.UNRESOLVED_DOUBT, Rule.SLOT)


def test_one_person_is_no_pair() -> None:
    with pytest.raises(ValueError, match="two different people"):
        rules_broken(ASKED, ANN, ANN)


def test_every_rule_and_answer_has_words_without_code_in_them() -> None:
    words = [rule_in_words(rule) for rule in Rule] + [
        answer_in_words(answer) for answer in IndependenceAnswer
    ]
    assert len(set(words)) == len(words)
    assert not any("_" in phrase for phrase in words)


def test_declaration_is_summed_up_by_its_most_serious_answer() -> None:
    answers = dict.fromkeys((one.key for one in DECLARATIONS[1]), IndependenceAnswer.NO_CONNECTION)
    assert most_serious_answer(answers) is IndependenceAnswer.NO_CONNECTION
    answers["team"] = IndependenceAnswer.TALK_IT_THROUGH
    assert most_serious_answer(answers) is IndependenceAnswer.TALK_IT_THROUGH
    answers["family"] = IndependenceAnswer.SHOULD_NOT
    assert most_serious_answer(answers) is IndependenceAnswer.SHOULD_NOT


@pytest.mark.parametrize("keys", [(), ("family",), (*(one.key for one in DECLARATIONS[1]), "invented")])
def test_incomplete_declaration_is_refused(keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="exactly one answer"):
        most_serious_answer(dict.fromkeys(keys, IndependenceAnswer.NO_CONNECTION))


def test_nobody_accepts_before_declaring_and_an_ended_offer_stays_ended() -> None:
    assert set(OFFER_MOVES) == set(OfferState)
    assert [state for state in OfferState if OfferState.ACCEPTED in OFFER_MOVES[state]] == [
        OfferState.DECLARED
    ]
    ended = {OfferState.DECLINED, OfferState.LAPSED, OfferState.WITHDRAWN, OfferState.STEPPED_BACK}
    assert {state for state in OfferState if not OFFER_MOVES[state]} == ended


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        (OfferState.OFFERED, OfferState.OFFERED, PairState.OFFERED),
        (OfferState.ACCEPTED, OfferState.DECLARED, PairState.OFFERED),
        (OfferState.ACCEPTED, OfferState.ACCEPTED, PairState.AGREED),
        (OfferState.ACCEPTED, OfferState.DECLINED, PairState.ENDED),
        (OfferState.OFFERED, OfferState.LAPSED, PairState.ENDED),
        (OfferState.STEPPED_BACK, OfferState.ACCEPTED, PairState.ENDED),
    ],
)
def test_state_of_a_pair_follows_from_its_offers(
    first: OfferState, second: OfferState, state: PairState
) -> None:
    assert pair_state(first, second) is state
    assert pair_state(second, first) is state
