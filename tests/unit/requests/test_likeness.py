"""How alike two requests are: what counts, how much, and how it is said."""

import pytest

from jags.requests.rules import Likeness

AGES = ("14 to 15",)


@pytest.mark.parametrize(
    ("shared", "points", "alike"),
    [
        (Likeness(), 0, False),
        (Likeness(same_requester=True, same_reference=True), 10, True),
        (Likeness(same_reference=True), 4, True),
        (Likeness(same_requester=True), 2, False),
        (Likeness(ages=AGES, same_agency="A School"), 4, False),
        (Likeness(ages=AGES, same_agency="A School", same_locality="East"), 5, False),
        # Somebody asks again.
        (Likeness(ages=AGES, same_requester=True, same_agency="A School", same_locality="East"), 7, True),
        (Likeness(ages=AGES, same_locality="East", agencies=("Police",)), 4, False),
        (Likeness(ages=AGES, same_locality="East", agencies=("Health", "Police")), 5, False),
        # Another age is other work, whatever else is shared.
        (
            Likeness(same_agency="A School", same_locality="East", agencies=("Health", "Housing", "Police")),
            6,
            False,
        ),
        (
            Likeness(ages=AGES, same_agency="A School", same_locality="East", agencies=("Health", "Police")),
            7,
            True,
        ),
        # More than three agencies say no more.
        (Likeness(ages=AGES, same_locality="East", agencies=("A", "B", "C", "D")), 6, False),
    ],
)
def test_points_add_up_and_decide_whether_it_is_worth_a_look(shared, points, alike) -> None:
    assert (shared.points, shared.alike) == (points, alike)


def test_reasons_say_all_that_is_shared_what_counts_most_first() -> None:
    shared = Likeness(
        same_requester=True,
        same_reference=True,
        same_agency="A School",
        same_locality="East",
        ages=("14 to 15", "16 to 17"),
        agencies=("Health", "Police"),
    )
    assert shared.same_work
    assert shared.reasons == (
        "the same requester and the same own reference",
        "asked by the same agency, A School",
        "the same age (14 to 15, 16 to 17)",
        "the same locality, East",
        "the same agencies are involved: Health, Police",
    )
    assert Likeness(same_reference=True).reasons == ("the same own reference, given by somebody else",)
    assert Likeness(same_requester=True).reasons == ("the same requester",)
