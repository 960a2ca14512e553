"""Tables about children: one category for each request, and what releases show of them together."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest

from jags.evaluation.engine.attack import possible
from jags.evaluation.engine.releases import Shown, decide, tables_of, value
from jags.evaluation.engine.tables import LEAST_POSSIBLE, Linked
from jags.evaluation.rules.children import (
    AGE,
    CHILD_TABLES,
    CONFIRMED,
    FEATURES,
    OTHER,
    PLAN,
    ChildFacts,
    ChildTable,
    Counts,
    added,
    count_children,
)

NOBODY = frozenset[str]()


def facts(**changed: object) -> ChildFacts:
    return ChildFacts(
        **{
            "ages": NOBODY,
            "plans": NOBODY,
            "features": NOBODY,
            "dates": NOBODY,
            "confirmed": False,
            "held_after": None,
        }
        | changed
    )


@pytest.mark.parametrize(
    ("ages", "category"),
    [
        ({"unborn"}, "under_16"),
        ({"0-4", "11-13"}, "under_16"),
        ({"16-17", "18-21"}, "16_25"),
        ({"14-15", "16-17"}, "both"),
        (set(), "not_recorded"),
    ],
)
def test_ages_fall_in_one_category(ages: set[str], category: str) -> None:
    assert facts(ages=frozenset(ages)).age == category


@pytest.mark.parametrize(
    ("plans", "category"),
    [
        ({"looked_after", "child_protection"}, "care"),
        ({"section_47", "ehc_plan"}, "protection"),
        ({"early_help"}, "other"),
        ({"universal"}, "none"),
        ({"not_known"}, "none"),
        (set(), "none"),
    ],
)
def test_the_highest_plan_counts(plans: set[str], category: str) -> None:
    assert facts(plans=frozenset(plans)).plan == category


@pytest.mark.parametrize(
    ("dates", "held_after", "category"),
    [
        ({"turns_18_in_1"}, 28, "in_time"),
        ({"turns_18_in_1"}, 29, "later"),
        ({"turns_18_in_3", "turns_18_in_1"}, 80, "later"),
        ({"turns_18_in_6"}, None, "later"),
        ({"move"}, 3, "not_said"),
    ],
)
def test_held_within_the_months_that_were_given(
    dates: set[str], held_after: int | None, category: str
) -> None:
    assert facts(dates=frozenset(dates), held_after=held_after).turning_18 == category


def test_counts_of_every_table_add_up() -> None:
    counted = count_children(
        [
            (facts(ages=frozenset({"16-17"}), confirmed=True, features=frozenset({"care_leaver"})), 3),
            (facts(ages=frozenset({"0-4"})), 2),
        ]
    )

    assert counted["age"]["16_25"] == {CONFIRMED: 3, OTHER: 0}
    assert counted["plan"]["none"] == {CONFIRMED: 3, OTHER: 2}
    assert counted["features"] == {
        "adult_services": {CONFIRMED: 0}, "care_leaver": {CONFIRMED: 3}, "neither": {CONFIRMED: 0},
        "harm": {CONFIRMED: 0}, "": {CONFIRMED: 3},
        "no_service": {CONFIRMED: 0}, "leaver_or_harm": {CONFIRMED: 3},
    }  # fmt: skip
    assert value(AGE, counted["age"], ("", "")) == 5
    assert value(FEATURES, counted["features"], ("", CONFIRMED)) == 3
    assert added([counted["age"], counted["age"]])["under_16"] == {CONFIRMED: 0, OTHER: 4}


def of_features(**requests: int) -> Counts:
    """Return the counts of confirmed requests by what features in them: codes, joined by two low lines → requests."""
    return count_children(
        (facts(confirmed=True, features=frozenset(codes.split("__")) - {"nothing"}), number)
        for codes, number in requests.items()
    )["features"]


def test_a_request_with_two_features_counts_once_in_a_merged_row() -> None:
    counted = of_features(care_leaver__mental_health=2, exploitation=3, none_eligible=4, nothing=5)

    assert value(FEATURES, counted, ("leaver_or_harm", "")) == 5
    assert value(FEATURES, counted, ("no_service", "")) == 4
    assert value(FEATURES, counted, ("", "")) == 14


def overlapping_releases(*, hides_any: bool) -> Linked:
    """Return a release of one block with fine rows that are shown, and one of two blocks with merged rows."""
    # Of the thirteen of the first block six have the one, eight the other, three of them both, and two neither.
    counts = {
        "b": of_features(care_leaver=3, mental_health=5, care_leaver__mental_health=3, nothing=2),
        "c": of_features(nothing=10),
    }
    fine = Shown(frozenset("b"), crossed=False, hidden=frozenset())
    hidden = frozenset({("leaver_or_harm", "")}) if hides_any else frozenset[tuple[str, str]]()
    return tables_of(
        FEATURES, counts, [fine, Shown(frozenset("bc"), crossed=False, hidden=hidden, merged=True)]
    )


def test_what_holds_any_of_two_features_is_known_only_as_far_as_they_can_overlap() -> None:
    tables = overlapping_releases(hides_any=True)

    found = possible(tables, tables.must_hide, "leaver_or_harm/@b", most=100)

    # All ways in which thirteen can have the one, the other, both or neither, where six have the one and eight the other.
    overlaps = {
        one + other + both
        for one in range(14)
        for other in range(14 - one)
        for both in range(14 - one - other)
        if (one + both, other + both) == (6, 8)
    }
    assert found == tuple(sorted(overlaps)) == (8, 9, 10, 11, 12, 13)


def test_a_merged_row_that_is_shown_bounds_what_it_holds() -> None:
    tables = overlapping_releases(hides_any=False)

    # Eleven of both blocks hold any, at least eight of them in the first: at most three are left for the second.
    assert possible(tables, tables.must_hide, "leaver_or_harm/@b", most=100) == (8, 9, 10, 11)
    assert possible(tables, tables.must_hide, "care_leaver/@c", most=100) == (0, 1, 2, 3)


def test_counts_of_an_earlier_version_have_no_merged_rows_and_are_told_without() -> None:
    whole = of_features(
        care_leaver=4, mental_health=4, none_eligible=4, neither_care_leaver_nor_disabled=4, nothing=9
    )
    earlier = {row: found for row, found in whole.items() if row not in FEATURES.merged}

    assert decide(FEATURES, {"b": earlier}, frozenset("b"), []) is None
    assert decide(FEATURES, {"b": whole}, frozenset("b"), []) == Shown(
        frozenset("b"), crossed=False, hidden=frozenset(), merged=True
    )


def made_up(random: Random, number: int) -> Mapping[str, Counts]:
    def one() -> ChildFacts:
        age = random.choices(("0-4", "5-10", "11-13", "14-15", "16-17", "18-21"), (1, 2, 3, 3, 5, 2))[0]
        confirmed = age in {"16-17", "18-21"} and random.random() < 0.8
        plan = random.choice(("looked_after", "child_protection", "child_in_need", "none", "early_help"))
        features = random.sample(
            ("care_leaver", "mental_health", "none_eligible", "neither_care_leaver_nor_disabled"), 2
        )
        dates = {"turns_18_in_3"} if confirmed and random.random() < 0.5 else set()
        return facts(
            ages=frozenset({age}), plans=frozenset({plan}), features=frozenset(features),
            dates=frozenset(dates), confirmed=confirmed, held_after=random.choice((20, 40, 100, None)),
        )  # fmt: skip

    return count_children((one(), 1) for _ in range(number))


def release_all(table: ChildTable, counts: Mapping[str, Counts], unions: Sequence[set[str]]) -> list[Shown]:
    done: list[Shown] = []
    for blocks in unions:
        shown = decide(table, counts, frozenset(blocks), done)
        if shown:
            done.append(shown)
    return done


@pytest.mark.parametrize("table", CHILD_TABLES, ids=lambda table: table.key)
def test_nothing_that_is_hidden_can_be_worked_out_from_all_releases(table: ChildTable) -> None:
    random = Random(7)  # noqa: S311 - Repeatable, no secret.
    blocks = {f"b{number}": made_up(random, random.randint(10, 14))[table.key] for number in range(4)}

    done = release_all(table, blocks, [{"b0", "b1"}, {"b2"}, {"b2", "b3"}, {"b0", "b1", "b2", "b3"}])

    assert done
    linked = tables_of(table, blocks, done)
    for cell in linked.at_risk(linked.must_hide):
        assert len(possible(linked, linked.must_hide, cell)) == LEAST_POSSIBLE, cell
    small = {
        (shown.blocks, place)
        for shown in done
        for place in [
            (row, column) for row in table.rows_shown(merged=shown.merged) for column in ("", *table.columns)
        ]
        if (shown.crossed or not place[1])
        and 1 <= value(table, added(blocks[one] for one in shown.blocks), place) <= 5
    }
    assert all(place in shown.hidden for shown in done for blocks_, place in small if blocks_ == shown.blocks)


def test_the_same_blocks_are_always_shown_the_same() -> None:
    counts = {"b": made_up(Random(1), 14)["age"]}  # noqa: S311 - Repeatable, no secret.

    [first] = release_all(AGE, counts, [{"b"}])

    assert decide(AGE, counts, frozenset({"b"}), [first]) is first


def test_a_table_without_its_cross_break_comes_before_one_with_most_of_it_hidden() -> None:
    # Two of ten are confirmed: across the break nearly everything is small, and without it nothing is.
    counts = {
        "b": {
            "care": {CONFIRMED: 1, OTHER: 6}, "protection": {CONFIRMED: 1, OTHER: 6},
            "other": {CONFIRMED: 0, OTHER: 6}, "none": {CONFIRMED: 0, OTHER: 0},
        }
    }  # fmt: skip

    [shown] = release_all(PLAN, counts, [{"b"}])

    assert shown == Shown(frozenset({"b"}), crossed=False, hidden=frozenset())


def test_a_table_of_too_few_is_left_out() -> None:
    counts = {
        "b": {
            **{row: {CONFIRMED: 0} for row in FEATURES.rows},
            "care_leaver": {CONFIRMED: 2},
            "": {CONFIRMED: 2},
        }
    }

    assert release_all(FEATURES, counts, [{"b"}]) == []
