"""Sign-in: a password and a second factor for everyone; no code works twice, and none opens anything alone."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import pages
from factories.second_steps import code_at, give_code, give_password, make_member, sign_in
from jags.accounts.model import Authenticator, SheetCode
from jags.accounts.queries import factors_of
from jags.accounts.rules import Role

NOT_YET = "/second-step"


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


@pytest.fixture
def newcomer(work_on):
    """Somebody with a password and no second step yet."""
    return make_member(work_on, email="new@example.org", factor=False)


def post(client, path, page, **fields):
    return client.post(path, data={"csrf_token": pages.token(client.get(page)), **fields})


def codes_on(response):
    return [code.replace(" ", "") for code in re.findall(r"<code>([a-z0-9 ]+)</code>", response.text)]


def number_on(response):
    return int(re.search(r"Code number (\d+)", response.text)[1])


def sheet_in_force(client):
    """Print a sheet and give its first code; return the codes."""
    page = post(client, "/set-up/code-sheet/begin", "/set-up")
    codes = codes_on(page)
    data = {"csrf_token": pages.token(page), "code": codes[number_on(page) - 1]}
    assert client.post("/set-up/code-sheet", data=data).status_code == 303
    return codes


def is_in(client, page="/my-account"):
    return client.get(page).status_code == 200


@pytest.mark.parametrize("path", ["/home", "/my-account", "/set-up", "/requests", "/my-account/password"])
def test_the_password_alone_opens_nothing(client, wren, path):
    assert give_password(client).location == NOT_YET
    answer = client.get(path)
    assert (answer.status_code, answer.location.partition("?")[0]) in {(303, "/sign-in"), (303, NOT_YET)}


def test_the_second_step_opens_a_session_with_a_secret_of_its_own(client, app, wren):
    give_password(client)
    before = client.get_cookie("jags_signed_in").value
    assert client.get(NOT_YET).location == "/second-step/authenticator"
    now = app.extensions["jags_ports"].clock.now()
    assert give_code(client, code_at(now)).location == "/home"
    assert is_in(client)
    stale = app.test_client()
    stale.set_cookie("jags_signed_in", before)
    assert not is_in(stale)
    assert stale.get(NOT_YET).location.startswith("/sign-in")


def test_the_second_step_is_waited_for_a_quarter_of_an_hour(client, wren, clock):
    give_password(client)
    clock.instant += timedelta(minutes=15, seconds=1)
    assert client.get(NOT_YET).location == "/sign-in?next=/second-step"


def test_a_code_of_an_app_works_once_and_around_its_half_minute(client, app, wren, clock):
    code = code_at(clock.instant)
    give_password(client)
    assert give_code(client, code).status_code == 303
    other = app.test_client()
    give_password(other)
    replayed = give_code(other, code)
    assert pages.errors(replayed) == [
        "This code does not fit. Wait for the next one in your app, and enter that."
    ]
    assert not is_in(other)
    # An older one is not let in after a newer one, either.
    assert give_code(other, code_at(clock.instant - timedelta(seconds=30))).status_code == 200
    assert give_code(other, code_at(clock.instant + timedelta(minutes=2))).status_code == 200
    assert give_code(other, code_at(clock.instant + timedelta(seconds=30))).status_code == 303


def test_the_secret_of_an_app_is_stored_sealed(client, work_on, newcomer):
    give_password(client, email="new@example.org")
    page = client.get(post(client, "/set-up/authenticator/begin", "/set-up").location)
    secret = re.search(r"<strong>([A-Z2-7 ]+)</strong>", page.text)[1].replace(" ", "")
    with work_on(write=False) as work:
        stored = work.session.execute(select(Authenticator.__table__)).mappings().one()
        assert secret not in repr(stored)
        assert secret.encode() not in stored["secret_sealed"]


def test_who_has_no_second_step_sets_one_up_before_anything_else(client, clock, newcomer, work_on):
    give_password(client, email="new@example.org", wanted="/requests")
    assert client.get(NOT_YET).location == "/set-up"
    assert not is_in(client)
    page = client.get(post(client, "/set-up/authenticator/begin", "/set-up").location)
    secret = re.search(r"<strong>([A-Z2-7 ]+)</strong>", page.text)[1].replace(" ", "")
    wrong = post(client, "/set-up/authenticator", "/set-up/authenticator", code="000000")
    assert pages.heading(wrong) == "Set up your authenticator app"
    assert not is_in(client)
    answer = post(
        client, "/set-up/authenticator", "/set-up/authenticator", code=code_at(clock.instant, secret)
    )
    assert answer.location == "/home"
    assert is_in(client)
    with work_on(write=False) as work:
        assert factors_of(work, newcomer).kinds == ["authenticator"]


def test_who_has_a_second_step_cannot_add_another_with_the_password_alone(client, wren):
    give_password(client)
    assert client.get("/set-up").location == NOT_YET
    token = pages.token(client.get("/second-step/authenticator"))
    for path in ("/set-up/authenticator/begin", "/set-up/code-sheet/begin", "/set-up/passkey/question"):
        assert client.post(path, data={"csrf_token": token}).location == NOT_YET


def test_a_printed_sheet_is_asked_by_number_and_each_code_works_once(client, app, newcomer, work_on):
    give_password(client, email="new@example.org")
    codes = sheet_in_force(client)
    assert len(set(codes)) == 40
    assert is_in(client)
    for number in (2, 3):
        later = app.test_client()
        give_password(later, email="new@example.org")
        page = later.get("/second-step/code-sheet")
        assert number_on(page) == number
        wrong = give_code(later, codes[0], step="/second-step/code-sheet")
        assert wrong.status_code == 200
        # The same number is asked again, so that nobody gets a choice; capitals and spaces do not matter.
        assert number_on(wrong) == number
        typed = f" {codes[number - 1][:4].upper()} {codes[number - 1][4:]}"
        assert give_code(later, typed, step="/second-step/code-sheet").location == "/home"


def test_codes_of_a_sheet_are_stored_as_keyed_hashes(client, newcomer, work_on):
    give_password(client, email="new@example.org")
    codes = sheet_in_force(client)
    with work_on(write=False) as work:
        stored = repr(work.session.execute(select(SheetCode.__table__)).mappings().all())
    assert not any(code in stored for code in codes)


def test_a_new_sheet_replaces_the_one_before_only_once_it_was_used(client, app, newcomer, work_on):
    give_password(client, email="new@example.org")
    old = sheet_in_force(client)
    new = codes_on(post(client, "/set-up/code-sheet/begin", "/set-up"))
    other = app.test_client()
    give_password(other, email="new@example.org")
    assert give_code(other, new[1], step="/second-step/code-sheet").status_code == 200
    assert give_code(other, old[1], step="/second-step/code-sheet").status_code == 303
    assert post(client, "/set-up/code-sheet", "/set-up/code-sheet", code=new[0]).location == "/my-account"
    third = app.test_client()
    give_password(third, email="new@example.org")
    assert number_on(third.get("/second-step/code-sheet")) == 2
    assert give_code(third, old[2], step="/second-step/code-sheet").status_code == 200


def test_the_last_second_step_cannot_be_removed(client, wren, work_on):
    sign_in(client)
    with work_on(write=False) as work:
        app_id = factors_of(work, wren).authenticator.id
    path = f"/my-account/second-steps/authenticator/{app_id}/remove"
    post(client, path, "/my-account")
    with work_on(write=False) as work:
        assert factors_of(work, wren).count == 1
    sheet_in_force(client)
    post(client, path, "/my-account")
    with work_on(write=False) as work:
        assert factors_of(work, wren).kinds == ["code_sheet"]


def test_nobody_removes_the_second_step_of_somebody_else(client, wren, work_on):
    other = make_member(work_on, email="ash@example.org", role=Role.FACILITATOR)
    sign_in(client)
    with work_on(write=False) as work:
        theirs = factors_of(work, other).authenticator.id
    answer = post(client, f"/my-account/second-steps/authenticator/{theirs}/remove", "/my-account")
    assert answer.status_code == 404
    with work_on(write=False) as work:
        assert factors_of(work, other).count == 1
