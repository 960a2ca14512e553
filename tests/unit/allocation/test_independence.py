"""What is known blocks; what may be is a doubt."""

import pytest

from jags.allocation.rules import Doubt, Rule
from jags.allocation.rules.independence import Around, Place, Somebody, compare

ANN = Somebody(name="Ann Reed", address=b"ann", manager=b"boss", agency="police", team="Harbour team")
NOTHING = (frozenset(), frozenset())


def around(place: Place, *, ref: str = "", **known) -> Around:
    return Around(place, Somebody(**known), ref)


def kinds(found):
    """Return the rules, and the kinds of the doubts."""
    rules, doubts = found
    return set(rules), {one.doubt for one in doubts}


@pytest.mark.parametrize(
    ("one", "rules", "doubts"),
    [
        (around(Place.REQUESTER, address=b"ann"), {Rule.REQUESTER_OR_PARTICIPANT}, set()),
        (around(Place.NETWORK, address=b"ann", name="A. Reed"), {Rule.REQUESTER_OR_PARTICIPANT}, set()),
        (around(Place.LEAD_PROFESSIONAL, address=b"ann"), {Rule.INVOLVED}, set()),
        (around(Place.SHOULD_NOT_FACILITATE, address=b"ann"), {Rule.NAMED_UNSUITABLE}, set()),
        (around(Place.SHOULD_NOT_FACILITATE, name=" ann  REED"), set(), {Doubt.NAME_OF_UNSUITABLE}),
        (around(Place.NETWORK, name="Ann Reed", address=b"other"), set(), {Doubt.SAME_NAME}),
        (around(Place.NETWORK, name="Ann Reeve"), set(), set()),
        (around(Place.NETWORK, address=b"x", manager=b"ann"), {Rule.LINE_MANAGER}, set()),
        (around(Place.REQUESTER, address=b"boss"), set(), {Doubt.MANAGED}),
        (around(Place.LEAD_PROFESSIONAL, agency="police", team="HARBOUR team"), {Rule.SAME_TEAM}, set()),
        (around(Place.LEAD_PROFESSIONAL, agency="school", team="Harbour team"), set(), {Doubt.TEAM_OF_LEAD}),
        (around(Place.LEAD_PROFESSIONAL, team="Harbour team"), set(), {Doubt.TEAM_OF_LEAD}),
        (around(Place.LEAD_PROFESSIONAL, agency="police", team="Hill team"), set(), set()),
        (around(Place.REQUESTER, agency="police", team="Harbour team"), set(), {Doubt.TEAM_OF_REQUESTER}),
        (around(Place.REQUESTER, agency="school", team="Harbour team"), set(), set()),
        # An agency that was typed is not settled yet, and may be anybody's.
        (around(Place.REQUESTER, team="Harbour team"), set(), {Doubt.TEAM_OF_REQUESTER}),
        (around(Place.REQUESTER, team=""), set(), set()),
        (around(Place.NETWORK, agency="police", team="Harbour team"), set(), set()),
    ],
)
def test_each_fact_blocks_and_each_doubt_is_flagged(one, rules, doubts):
    assert kinds(compare(ANN, [one])) == (rules, doubts)


def test_what_is_not_recorded_says_nothing():
    unknown = Somebody()
    assert compare(unknown, [around(place) for place in Place]) == NOTHING


def test_address_that_several_people_share_names_nobody():
    shared = [
        around(Place.NETWORK, name="Bo", address=b"ann"),
        around(Place.NETWORK, name="Cy", address=b"ann"),
    ]
    assert kinds(compare(ANN, shared)) == (set(), {Doubt.SHARED_ADDRESS})


def test_requester_who_is_in_the_network_too_is_one_person():
    twice = [
        around(Place.REQUESTER, name="Bo", address=b"ann"),
        around(Place.NETWORK, name="bo", address=b"ann"),
    ]
    assert compare(ANN, twice) == (frozenset({Rule.REQUESTER_OR_PARTICIPANT}), frozenset())


def test_somebody_without_a_name_does_not_make_an_address_one_of_several_people():
    beside = [
        around(Place.NETWORK, name="", address=b"ann"),
        around(Place.REQUESTER, name="Bo", address=b"ann"),
    ]
    assert compare(ANN, beside) == (frozenset({Rule.REQUESTER_OR_PARTICIPANT}), frozenset())


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (
            around(Place.NETWORK, ref="1", name="Ann Reed", address=b"a"),
            around(Place.NETWORK, ref="2", name="Ann Reed", address=b"b"),
        ),
        (
            around(Place.SHOULD_NOT_FACILITATE, ref="1", name="Ann Reed"),
            around(Place.SHOULD_NOT_FACILITATE, ref="2", name="Ann Reed"),
        ),
        (
            around(Place.LEAD_PROFESSIONAL, ref="1", agency="school", team="Harbour team"),
            around(Place.LEAD_PROFESSIONAL, ref="1", agency="hospital", team="Harbour team"),
        ),
        (
            around(Place.REQUESTER, ref="1", team="Harbour team"),
            around(Place.REQUESTER, ref="1", agency="police", team="Harbour team"),
        ),
        (
            around(Place.REQUESTER, ref="1", address=b"boss"),
            around(Place.REQUESTER, ref="2", address=b"boss"),
        ),
    ],
)
def test_doubt_about_somebody_else_or_another_agency_is_another_doubt(earlier, later):
    (_, first), (_, second) = compare(ANN, [earlier]), compare(ANN, [later])
    assert {one.doubt for one in first} == {one.doubt for one in second}
    assert not first & second
    assert compare(ANN, [earlier])[1] == first


def test_each_who_shares_an_address_is_a_doubt_of_their_own():
    shared = [around(Place.NETWORK, ref=name, name=name, address=b"ann") for name in ("Bo", "Cy", "Di")]
    assert len(compare(ANN, shared)[1]) == len(shared)
