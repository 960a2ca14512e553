"""The navigation: short for everybody, with what is seldom needed folded into one place."""

import pytest

from jags.accounts.rules import PERMISSIONS, Role
from jags.web.places import parts_at, places_of, start_of


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.FACILITATOR, ["My offers", "My sessions", "My time", "My practice"]),
        (
            Role.COORDINATOR,
            ["Home", "Requests", "Calendar", "Facilitators", "Evaluation", "Learning", "Office"],
        ),
        # Only one of what is folded is open to them, so it stands by itself.
        (Role.OBSERVER, ["My observations", "Learning"]),
    ],
)
def test_a_role_has_few_places(role: Role, words: list[str]) -> None:
    places = places_of(PERMISSIONS[role])
    assert [place.words for place in places] == words
    assert start_of(PERMISSIONS[role]) == places[0].path


def test_what_is_folded_is_shown_beside_its_pages_alone() -> None:
    places = places_of(PERMISSIONS[Role.FACILITATOR])
    within = {
        path: [part.path for part in parts_at(places, path)]
        for path in ("/my-availability/leave", "/toolbox/1", "/my-sessions", "/my-observations")
    }
    practice = ["/my-practice", "/approach", "/toolbox", "/my-observations"]
    assert within == {
        "/my-availability/leave": ["/my-calendar", "/my-availability", "/my-meetings"],
        "/toolbox/1": practice,
        "/my-sessions": [],
        "/my-observations": practice,
    }
    # The Business Unit opens the approach from the evaluation.
    assert parts_at(places_of(PERMISSIONS[Role.COORDINATOR]), "/approach") == ()


def test_one_place_at_most_holds_a_page() -> None:
    for role in Role:
        for path in (
            "/approach",
            "/toolbox",
            "/my-observations",
            "/my-practice/log/new",
            "/sessions/1/record",
        ):
            assert len([place for place in places_of(PERMISSIONS[role]) if place.holds(path)]) <= 1


def test_a_facilitator_who_records_a_session_is_among_their_sessions() -> None:
    places = places_of(PERMISSIONS[Role.FACILITATOR])
    assert [place.words for place in places if place.holds("/sessions/1/record")] == ["My sessions"]
