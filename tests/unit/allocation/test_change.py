"""After a step back: who has accepted is kept if anybody fits, somebody stands by, and a pair reads the same on its own."""

import pytest

from jags.allocation.engine.change import change_pair
from jags.allocation.engine.problem import Facilitator, Problem, ProblemError, Request
from jags.allocation.engine.ranking import rank_pairs, ranked_pair
from jags.allocation.rules import Rule


def problem(*people: Facilitator, blocked: tuple[str, ...] = ()) -> Problem:
    request = Request(
        "r", "school", 1, None, dict.fromkeys(blocked, (Rule.BLOCKED,)), transitional=False, travel={}
    )
    return Problem(people, (request,))


def person(name: str, agency: str = "", load: int = 0, capacity: int = 1) -> Facilitator:
    return Facilitator(name, agency or name, capacity, load, None, transitional=False)


def ids(pair):
    return pair and (pair.first.id, pair.second.id)


FOUR = (person("ann", load=9), person("ben"), person("cat", load=1), person("dan", load=2))


def test_who_has_accepted_is_kept_with_the_best_partner_and_the_next_best_stands_by():
    # Without anybody kept, ann would not be asked: the others have given less.
    changed = change_pair(problem(*FOUR), "r", "ann")
    assert (ids(changed.pair), ids(changed.standby), changed.released) == (
        ("ann", "ben"),
        ("ann", "cat"),
        False,
    )


def test_with_nobody_kept_it_is_the_best_pair_and_two_others_stand_by():
    changed = change_pair(problem(*FOUR), "r", None)
    assert (ids(changed.pair), ids(changed.standby), changed.released) == (
        ("ben", "cat"),
        ("ann", "dan"),
        False,
    )


def test_who_has_accepted_is_released_where_nobody_fits_with_them():
    people = (person("ann", "one"), person("ben", "two"), person("cat", "three"))
    changed = change_pair(problem(*people, blocked=("ann",)), "r", "ann")
    assert (ids(changed.pair), changed.standby, changed.released) == (("ben", "cat"), None, True)


def test_with_one_partner_alone_two_others_stand_by():
    # Ben is the only one who is not Ann's colleague, beside cat, who has nothing left.
    people = (person("ann", "one"), person("ben", "two"), person("cat", "one"), person("dan", "one"))
    changed = change_pair(problem(*people), "r", "ann")
    assert (ids(changed.pair), changed.standby, changed.released) == (("ann", "ben"), None, False)


def test_no_valid_pair_changes_nothing_and_an_unknown_name_is_refused():
    assert change_pair(problem(person("ann", "one"), person("ben", "one")), "r", "ann") is None
    with pytest.raises(ProblemError):
        change_pair(problem(*FOUR), "r", "eve")


def test_one_pair_reads_as_in_the_ranking_whatever_its_order_and_whether_it_is_valid():
    found = problem(*FOUR)
    best = rank_pairs(found, "r", limit=1).best
    assert ranked_pair(found, "r", ("cat", "ben")) == best
    colleagues = problem(person("ann", "one", load=2), person("ben", "one"))
    pair = ranked_pair(colleagues, "r", ("ben", "ann"))
    # (2 + 1)² − 2² for Ann and 1 for Ben.
    assert (ids(pair), pair.score.load_squares, pair.common_slots) == (("ann", "ben"), 6, None)
    with pytest.raises(ProblemError):
        ranked_pair(found, "r", ("ann", "eve"))
