"""A copied cookie is dead at the next request after sign-out, a new password, a change of second steps; sessions are listed and ended."""

import re
from datetime import timedelta

import pytest

from factories import pages
from factories.second_steps import PASSWORD, code_at, give_code, make_member, sign_in

NEW = "amber lighthouse crumpet"


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


@pytest.fixture
def both(client, app, wren):
    """Two browsers of one person; the second has signed in half a minute later."""
    second = app.test_client()
    sign_in(client)
    sign_in(second, later=1)
    assert is_in(client)
    assert is_in(second)
    return client, second


def is_in(client):
    return client.get("/my-account").status_code == 200


def post(client, path, page, **fields):
    return client.post(path, data={"csrf_token": pages.token(client.get(page)), **fields})


def test_a_new_password_ends_the_other_sessions(both):
    here, there = both
    assert (
        post(
            here, "/my-account/password", "/my-account/password", present=PASSWORD, password=NEW, again=NEW
        ).status_code
        == 303
    )
    assert is_in(here)
    assert not is_in(there)


def test_a_new_second_step_ends_the_other_sessions(both):
    here, there = both
    page = post(here, "/set-up/code-sheet/begin", "/set-up")
    code = re.search(r"<code>([a-z0-9 ]+)</code>", page.text)[1]
    assert post(here, "/set-up/code-sheet", "/set-up/code-sheet", code=code).status_code == 303
    assert is_in(here)
    assert not is_in(there)


def test_a_session_is_ended_from_elsewhere(both):
    here, there = both
    page = here.get("/my-account").text
    (theirs,) = re.findall(r"/my-account/sessions/([0-9a-f-]{36})/end", page)
    assert post(here, f"/my-account/sessions/{theirs}/end", "/my-account").status_code == 303
    assert is_in(here)
    assert not is_in(there)


def test_all_others_are_ended_at_once(both):
    here, there = both
    post(here, "/my-account/sessions/end-others", "/my-account")
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_the_session_of_somebody_else(both, app, work_on):
    here, _there = both
    make_member(work_on, email="ash@example.org")
    ash = app.test_client()
    sign_in(ash, email="ash@example.org")
    (theirs,) = re.findall(r"/my-account/sessions/([0-9a-f-]{36})/end", here.get("/my-account").text)
    assert post(ash, f"/my-account/sessions/{theirs}/end", "/my-account").status_code == 404
    assert is_in(_there)


def test_the_second_step_is_asked_again_for_ways_to_sign_in(client, wren, clock):
    sign_in(client)
    assert client.get("/my-account/password").status_code == 200
    form = client.get("/my-account/password")
    clock.instant += timedelta(minutes=10, seconds=1)
    answer = client.get("/my-account/password")
    assert (answer.status_code, answer.location) == (303, "/second-step-again?next=/my-account/password")
    # A form that was open already may still be sent for a while, and then keeps what was typed.
    clock.instant += timedelta(minutes=10)
    assert is_in(client)
    clock.instant += timedelta(minutes=10)
    late = client.post(
        "/my-account/password",
        data={"csrf_token": pages.token(form), "present": PASSWORD, "password": NEW, "again": NEW},
    )
    assert (late.status_code, pages.heading(late)) == (401, "Your second step once more")
    assert NEW not in late.text
    step = client.get("/second-step-again?next=/my-account/password").location
    assert give_code(client, code_at(clock.instant), step=step).location == "/my-account/password"
    assert client.get("/my-account/password").status_code == 200


def test_a_cookie_that_was_copied_before_the_second_step_was_taken_again_is_dead(app, client, wren, clock):
    sign_in(client)
    copied = app.test_client()
    before = client.get_cookie(pages.SIGNED_IN_COOKIE).value
    copied.set_cookie(pages.SIGNED_IN_COOKIE, before)
    assert is_in(copied)
    clock.instant += timedelta(minutes=11)
    step = client.get("/second-step-again?next=/my-account").location
    assert give_code(client, code_at(clock.instant), step=step).location == "/my-account"
    assert client.get_cookie(pages.SIGNED_IN_COOKIE).value != before
    assert (is_in(client), is_in(copied)) == (True, False)
    # It is the same session, with its own end.
    assert client.get("/my-account").text.count("(this one)") == 1


def test_who_stays_says_so_and_the_session_goes_on_to_its_end(client, wren, clock):
    sign_in(client)
    token = pages.token(client.get("/my-account"))
    for _ in range(24):
        clock.instant += timedelta(minutes=29)
        answer = client.post("/stay-signed-in", data={"csrf_token": token})
        assert answer.status_code == 200
    # 11 h 36 min have passed: the twelve hours end before thirty minutes are over.
    assert answer.json == {"seconds": 24 * 60}
    clock.instant += timedelta(minutes=25)
    assert client.post("/stay-signed-in", data={"csrf_token": token}).status_code == 401
