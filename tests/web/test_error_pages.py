"""Pages that say what went wrong: who is signed in can go on from there, and nobody else is told who is."""

import pytest

from factories import pages
from factories.asking import ABOUT_YOU, past_the_gate
from factories.outages import Outage
from factories.people import link
from factories.requests import sent
from jags.accounts.rules import Purpose, Role
from jags.web.bounds import LARGEST_FORM

NAVIGATION = 'aria-label="Main"'


@pytest.fixture
def outage(store, app):
    found = Outage(store, app)
    yield found
    found.end()


@pytest.mark.parametrize(
    ("method", "path", "size", "status"),
    [
        ("GET", "/nowhere", 0, 404),
        ("GET", "/requests/0199f0a0-0000-7000-8000-000000000000", 0, 404),
        ("GET", "/my-offers", 0, 403),
        # Sent from another place, and too large: refused before the view is reached.
        ("POST", "/requests/new/before-you-begin", 5, 400),
        ("POST", "/sign-in", LARGEST_FORM + 1, 413),
    ],
)
def test_who_is_signed_in_can_go_on_from_a_page_that_says_what_went_wrong(
    client, work_on, method, path, size, status
) -> None:
    stranger = client.open(path, method=method, data={"x": "x" * size} if size else None)
    pages.sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    answer = client.open(path, method=method, data={"x": "x" * size} if size else None)
    assert answer.status_code == status
    assert NAVIGATION in answer.text
    assert "Wren Young" in answer.text
    assert 'href="/requests"' in answer.text
    assert NAVIGATION not in stranger.text


def test_nobody_is_told_who_is_signed_in_beside_a_link_or_a_ticket(client, work_on) -> None:
    pages.sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_STATUS, sent(work).id)
    path = pages.follow(client, secret)
    for refused, status in (
        (client.post(f"{path}/withdraw", data={"csrf_token": "forged"}), 400),
        (client.post("/feedback", data={"x": "x" * (LARGEST_FORM + 1)}), 413),
    ):
        assert refused.status_code == status
        assert NAVIGATION not in refused.text
        assert "Wren Young" not in refused.text


def test_a_form_of_a_session_that_is_over_shows_what_was_typed_and_leads_to_a_fresh_one(client) -> None:
    page = past_the_gate(client)
    typed = {"csrf_token": "of a session that is over", "name": "Asha Bell", "role": "Teacher"}
    answer = client.post(f"{page}/about-you", data=typed)
    assert (answer.status_code, pages.heading(answer)) == (400, "This form was open for too long")
    assert "Asha Bell" in answer.text
    assert f'href="{page}/about-you"' in answer.text
    assert pages.submit(client, f"{page}/about-you", **ABOUT_YOU).status_code == 303


def test_a_page_of_an_outage_names_nobody_and_is_a_page(client, work_on, outage) -> None:
    pages.sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    outage.begin()
    answer = client.get("/home")
    assert (answer.status_code, pages.heading(answer)) == (503, "We are closed for a moment")
    assert NAVIGATION not in answer.text
