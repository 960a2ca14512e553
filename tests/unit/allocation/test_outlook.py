"""When facilitators run out: the first week and the smallest repair, equal to walking through every pair by hand."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jags.allocation.engine.outlook import (
    MOST_RECRUITS,
    Ahead,
    Kind,
    Person,
    Repair,
    RepairKind,
    look_ahead,
)
from jags.allocation.engine.scoring import tie_costs

WEEKS = 8
QUARTERS = (0, 0, 0, 0, 1, 1, 1, 1)
ALL = frozenset(range(WEEKS))


def person(name, *, agency="", weeks=ALL, sessions=(1, 1), load=0, trained=False, if_renewed=ALL):
    return Person(name, agency or name, weeks, if_renewed | weeks, sessions, load, trained)


def ahead(*people, other=0, transitional=0, waiting=None, recruits=2):
    return Ahead(
        people,
        QUARTERS,
        {Kind.OTHER: other, Kind.TRANSITIONAL: transitional},
        WEEKS,
        waiting or {},
        recruits,
    )


def first_shortage(given):
    """Walk through the weeks and try every pair of people for each request; shares only the draw with the engine."""
    state = {p.id: (list(p.sessions), p.load) for p in given.people}
    return _walk(_coming(given), given.people, state)[1]


def made_up(seed):
    random = Random(seed)  # noqa: S311 - Repeatable, no secret.
    people = [
        person(
            f"p{n}",
            agency=f"a{random.randint(0, 3)}",
            weeks=frozenset(range(random.randint(0, WEEKS))) if random.random() < 0.3 else ALL,
            sessions=(random.randint(1, 6), random.randint(1, 6)),
            load=random.randint(0, 3),
            trained=random.random() < 0.4,
        )
        for n in range(random.randint(2, 7))
    ]
    return ahead(
        *people,
        other=random.randint(3, 8),
        transitional=random.randint(3, 4),
        waiting={Kind.OTHER: random.randint(0, 2)},
    )


def test_first_week_without_a_pair_equals_walking_through_every_pair():
    short = 0
    for seed in range(150):
        given = made_up(seed)
        found = look_ahead(given)
        expected = first_shortage(given)
        at = found.shortage and (found.shortage.week, found.shortage.kind)
        assert (seed, at) == (seed, expected)
        short += at is not None
    assert 30 < short < 120


@given(st.integers(0, 10**6))
def test_each_repair_mends_and_no_smaller_number_of_new_people_does(seed):
    given = made_up(seed)
    found = look_ahead(given)
    if found.shortage is None:
        return
    week = found.shortage.week
    for repair in found.shortage.repairs:
        assert _mended(given, repair, week)
        if repair.kind is RepairKind.RECRUIT and repair.number > 1:
            assert not _mended(given, replace(repair, number=repair.number - 1), week)
    if not any(repair.kind is RepairKind.RECRUIT for repair in found.shortage.repairs):
        assert not _mended(given, Repair(RepairKind.RECRUIT, MOST_RECRUITS), week)


def _mended(given, repair, week):
    """Carry a repair out in the first week that needs it, and walk through the rest by hand."""
    later = frozenset(range(week, WEEKS))
    people = {p.id: p for p in given.people}
    if repair.kind is RepairKind.RECRUIT:
        for n in range(repair.number):
            # They come when they are needed: before that week nobody counts on them.
            people[f"\0new {n}"] = person(
                f"\0new {n}",
                weeks=later,
                sessions=(given.recruit_sessions,) * 2,
                trained=True,
                if_renewed=later,
            )
    for one in repair.who:
        if repair.kind is RepairKind.REFRESH:
            people[one] = replace(people[one], weeks=people[one].if_renewed)
        else:
            people[one] = replace(people[one], trained=True)
    return _first_shortage_from(given, people.values()) is None


def _first_shortage_from(given, people):
    """Serve what comes before the shortage as things were, then the rest with changed people."""
    state = {p.id: (list(p.sessions), p.load) for p in given.people}
    coming = _coming(given)
    served, _ = _walk(coming, given.people, state)
    for p in people:
        state.setdefault(p.id, (list(p.sessions), p.load))
    return _walk(coming[served:], people, state)[1]


def _walk(coming, people, state):
    """Serve requests one after another; return how many, and the first without a pair."""
    for place, (week, kind) in enumerate(coming):
        chosen = _best(people, state, week, kind, place)
        if chosen is None:
            return place, (week, kind)
        _take(state, chosen, week)
    return len(coming), None


def _coming(given):
    coming = [(0, kind) for kind in Kind for _ in range(given.waiting.get(kind, 0))]
    for kind in Kind:
        for week in range(WEEKS):
            per = given.recent[kind]
            number = (week + 1) * per // given.recent_weeks - week * per // given.recent_weeks
            coming += [(week, kind)] * number
    return sorted(coming, key=lambda one: (one[0], list(Kind).index(one[1])))


def _best(people, state, week, kind, place):
    draw = tie_costs(0, f"{kind}-{place}")
    pairs = [
        (2 * (state[a.id][1] + state[b.id][1]), draw(a.id) + draw(b.id), sorted((a.id, b.id)))
        for a, b in combinations(people, 2)
        if a.agency != b.agency
        and all(week in p.weeks and state[p.id][0][QUARTERS[week]] > 0 for p in (a, b))
        and (kind is Kind.OTHER or a.trained or b.trained)
    ]
    return min(pairs)[2] if pairs else None


def _take(state, chosen, week):
    for one in chosen:
        sessions, load = state[one]
        sessions[QUARTERS[week]] -= 1
        state[one] = (sessions, load + 1)


def test_order_of_people_does_not_matter():
    for seed in range(60):
        given = made_up(seed)
        assert look_ahead(replace(given, people=given.people[::-1])) == look_ahead(given)


def test_few_requests_say_nothing():
    assert look_ahead(ahead(other=5)).too_little
    assert not look_ahead(
        ahead(person("a", sessions=(9, 9)), person("b", sessions=(9, 9)), other=6)
    ).too_little


def test_lapsing_training_is_named_with_the_refresher_that_mends_it():
    lapses = person("b", weeks=frozenset(range(3)), sessions=(9, 9))
    shortage = look_ahead(ahead(person("a", sessions=(9, 9)), lapses, other=8)).shortage
    assert (shortage.week, shortage.kind) == (3, Kind.OTHER)
    # One new person gives two sessions a quarter, and five requests are still to come.
    assert shortage.repairs[0] == Repair(RepairKind.REFRESH, 1, ("b",))


@pytest.mark.parametrize(("trained", "week"), [(True, None), (False, 0)])
def test_transitional_requests_need_somebody_trained(trained, week):
    people = [person(name, sessions=(9, 9), trained=trained) for name in ("a", "b")]
    shortage = look_ahead(ahead(*people, transitional=8)).shortage
    assert (shortage and shortage.week) == week
    if shortage:
        assert shortage.kind is Kind.TRANSITIONAL
        assert shortage.repairs[0] == Repair(RepairKind.TRAIN, 1, ("a",))


def test_more_than_any_number_of_new_people_could_mend_names_no_repair():
    # Twelve new people with two sessions each hold 12 of 100 requests that wait.
    shortage = look_ahead(ahead(other=8, waiting={Kind.OTHER: 100})).shortage
    assert (shortage.week, shortage.repairs) == (0, ())
