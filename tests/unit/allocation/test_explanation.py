"""What is said about pairs, and about everybody else of the pool."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from factories.cases import ANN, BEN, NAMES, asking, someone
from jags.allocation.engine.explanation import PersonStanding, explain_partners, explain_person, explain_pool
from jags.allocation.engine.problem import Facilitator, Problem, Request
from jags.allocation.engine.ranking import Ranking, pairs_with, rank_pairs
from jags.allocation.engine.wording import pair_in_words, person_in_words
from jags.allocation.rules import Rule


def best_in_words(request: Request, *people: Facilitator) -> tuple[str, ...]:
    best = rank_pairs(Problem(people, (request,)), "r").best
    assert best is not None
    return pair_in_words(request, best)


def test_pair_is_explained_in_words() -> None:
    request = asking({1, 2, 3, 4, 5}, transitional=True, travel={"ben": 12})
    said = best_in_words(
        request, someone("ben", "school", {1, 2, 3, 4}, load=1), someone("ann", "police", {1, 2, 3, 4, 9})
    )
    assert said == (
        "both free on 4 half-days",
        "different agencies",
        "the first has taken on no sessions in the last twelve months",
        "the second has taken on 1 session in the last twelve months",
        "nobody in this pair is trained for transitional safeguarding",
        "travel adds up to 12",
    )


def test_what_is_not_recorded_and_what_speaks_against_is_said() -> None:
    request = asking(agency="police", transitional=True)
    said = best_in_words(
        request, someone("ann", "police", trained=True), someone("ben", "school", trained=True)
    )
    assert said == (
        "no availability recorded for the first and the second: ask before offering",
        "the request gives no dates yet",
        "different agencies",
        "the first is from the requester's own agency",
        "the first has taken on no sessions in the last twelve months",
        "the second has taken on no sessions in the last twelve months",
        "the first and the second are trained for transitional safeguarding",
    )


def test_one_shared_slot_is_counted_and_names_are_used() -> None:
    request = asking({1})
    people = (someone("ann", "police", {1}), someone("ben", "school", None, load=2))
    best = rank_pairs(Problem(people, (request,)), "r").best
    assert best is not None
    assert pair_in_words(request, best, NAMES)[:2] == (
        "Ann Field is free on 1 half-day",
        "no availability recorded for Ben Moor: ask before offering",
    )
    assert (
        pair_in_words(request, best, NAMES)[-1]
        == "Ben Moor has taken on 2 sessions in the last twelve months"
    )


def standing_in_words(request: Request, person: str, *people: Facilitator) -> tuple[str, ...]:
    problem = Problem(people, (request,))
    return person_in_words(explain_person(problem, rank_pairs(problem, "r"), person), NAMES)


def test_excluded_person_hears_every_rule_in_order() -> None:
    request = asking({1}, blocked={"cat": (Rule.LINE_MANAGER, Rule.INVOLVED)})
    assert standing_in_words(request, "cat", ANN, BEN, someone("cat", "charity", {5}, capacity=0)) == (
        "no sessions left in the quarter",
        "works with this child, young person or family",
        "line manager of somebody in the network",
        "not free on a date that suits",
    )


def test_person_without_a_partner_hears_what_removed_the_partners() -> None:
    request = asking({1, 2, 3}, blocked={"dan": (Rule.INVOLVED,)})
    people = (
        ANN,
        BEN,
        someone("cat", "charity", {3}),
        someone("dan", "charity", {3}),
        someone("eve", "charity", {3}),
        someone("fay", "nhs", {3}, capacity=0),
    )
    assert standing_in_words(request, "cat", *people) == (
        (
            "nobody to pair with: 1 partner without a session left in the quarter, 1 partner not independent or not "
            "available for this request, 1 partner of one agency, 2 partners without a date that suits"
        ),
    )


@pytest.mark.parametrize(
    ("request_", "cat", "said"),
    [
        (
            asking(),
            someone("cat", "charity", load=3),
            "together 3 sessions in the last twelve months, 3 sessions more than with Ann Field in the best pair",
        ),
        (
            asking(travel={"cat": 7, "ben": 1, "ann": 2}),
            someone("cat", "charity"),
            "further to travel than with Ann Field in the best pair",
        ),
        (
            asking(agency="charity"),
            someone("cat", "charity"),
            "Cat Lane is from the requester's own agency",
        ),
    ],
)
def test_person_hears_what_their_best_pair_loses_and_to_whom(
    request_: Request, cat: Facilitator, said: str
) -> None:
    lines = standing_in_words(replace(request_, travel={"ben": 0, **request_.travel}), "cat", ANN, BEN, cat)
    assert lines[0] in {"the best pair is with Ann Field", "the best pair is with Ben Moor"}
    assert lines[1].replace("Ben Moor", "Ann Field") == said


@pytest.mark.parametrize(
    ("request_", "loads", "said"),
    [
        (
            asking(agency="charity", transitional=True, travel={"cat": 3}),
            (1, 1, 5),
            "Cat Lane is from the requester's own agency",
        ),
        (
            asking(travel={"ben": 9, "ann": 9}),
            (0, 0, 1),
            "together 1 session in the last twelve months, 1 session more than with Ann Field in the best pair",
        ),
        (asking(travel={"cat": 1}), (0, 0, 0), "further to travel than with Ann Field in the best pair"),
    ],
)
def test_person_hears_the_first_line_in_which_the_two_pairs_differ(
    request_: Request, loads: tuple[int, int, int], said: str
) -> None:
    people = tuple(
        someone(name, agency, load=load, trained=True)
        for (name, agency), load in zip(
            (("ann", "police"), ("ben", "school"), ("cat", "charity")), loads, strict=True
        )
    )
    lines = standing_in_words(request_, "cat", *people)
    assert [line.replace("Ben Moor", "Ann Field") for line in lines[1:]] == [said]


def test_what_is_shown_and_not_compared_is_left_to_the_draw() -> None:
    people = (
        someone("ann", "a", {1, 2, 3}, load=2),
        someone("ben", "b", {1, 2}, load=2),
        someone("cat", "c", load=2),
    )
    ranking = rank_pairs(Problem(people, (asking(),)), "r")
    assert ranking.best is not None
    (loser,) = {"ann", "ben", "cat"} - set(ranking.best.score.pair)
    said = standing_in_words(asking(), loser, *people)
    assert said[1].startswith("level with ")
    assert said[1].endswith(" on all that is compared; the draw decided")


def test_person_hears_that_nobody_would_be_trained() -> None:
    request = asking(transitional=True)
    people = (someone("ann", "police", trained=True), someone("ben", "school"), someone("cat", "police"))
    assert standing_in_words(request, "cat", *people) == (
        "the best pair is with Ben Moor",
        "nobody in this pair is trained for transitional safeguarding",
    )


def test_draw_is_said_to_be_a_draw_and_winners_are_told() -> None:
    people = (someone("ann", "a"), someone("ben", "b"), someone("cat", "c"))
    problem = Problem(people, (asking(),))
    ranking = rank_pairs(problem, "r")
    assert ranking.best is not None
    said = {standing.facilitator_id: person_in_words(standing) for standing in explain_pool(problem, ranking)}
    (loser,) = said.keys() - set(ranking.best.score.pair)
    assert [said[one] for one in ranking.best.score.pair] == [("in the best pair",)] * 2
    assert said[loser][1].endswith("on all that is compared; the draw decided")


def test_equal_draws_fall_to_the_order_of_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_draw(_seed: int, _request_id: str) -> Callable[[str], int]:
        return lambda _facilitator_id: 0

    for module in ("ranking", "search"):
        monkeypatch.setattr(f"jags.allocation.engine.{module}.tie_costs", no_draw)
    problem = Problem((someone("cat", "c"), someone("ben", "b"), someone("ann", "a")), (asking(),))
    ranking = rank_pairs(problem, "r")
    assert [pair.score.pair for pair in ranking.pairs] == [("ann", "ben"), ("ann", "cat"), ("ben", "cat")]
    assert person_in_words(explain_person(problem, ranking, "cat"), NAMES) == (
        "the best pair is with Ann Field",
        "level with Ben Moor on all that is compared; the draw decided",
    )


def test_everybody_in_the_pool_is_explained_in_its_order() -> None:
    people = (BEN, someone("cat", "charity", {9}), ANN)
    problem = Problem(people, (asking({1, 2}),))
    ranking = rank_pairs(problem, "r")
    assert explain_pool(problem, ranking) == (
        PersonStanding("ben", pair=ranking.best),
        PersonStanding("cat", excluded_by=(Rule.SLOT,)),
        PersonStanding("ann", pair=ranking.best),
    )


def test_beside_who_stays_everybody_else_is_explained_as_their_partner() -> None:
    people = (
        BEN,
        someone("cat", "police", {1}),
        someone("dan", "charity", {9}, capacity=0),
        ANN,
        someone("eve", "charity", {3}),
        someone("fay", "nhs", {2}, load=3),
    )
    problem = Problem(people, (asking({1, 2, 3}),))
    ranking = Ranking(problem.requests[0], pairs_with(problem, "r", "ann"), seed=0)
    found = explain_partners(problem, ranking, "ann")
    assert {one.facilitator_id: person_in_words(one, NAMES) for one in found} == {
        "ben": ("in the best pair",),
        "cat": ("from the same agency as Ann Field",),
        "dan": ("no sessions left in the quarter", "not free on a date that suits"),
        "eve": ("not free with Ann Field on a date that suits",),
        "fay": (
            "together 3 sessions in the last twelve months, 3 sessions more than with Ben Moor in the best pair",
        ),
    }
    with pytest.raises(ValueError, match="Nobody fits"):
        explain_partners(problem, Ranking(problem.requests[0], (), seed=0), "ann")
