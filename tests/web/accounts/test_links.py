"""A link works for its purpose and its page, as often as it should and no longer; opening it spends nothing."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select

from config import Mode
from factories import pages
from factories.people import account, link
from jags.accounts.model import Account, Link, Person
from jags.accounts.rules import AccountState, Purpose, Role
from jags.accounts.service import invite
from jags.kernel.ids import new_id

PASSWORD = "violet anchor teapot"
COMMON = "This password is among the first that somebody would try. Choose another one. Three random words work well."
GONE = "This link no longer works"


@pytest.fixture
def invited(work_on):
    """An invited coordinator: the account's id and the secret of the invitation."""
    with work_on() as work:
        added = invite(work, email="wren@example.org", role=Role.COORDINATOR, name="Wren Young")
        return added.id, link(work, Purpose.INVITATION, added.id)[1]


def set_password(client, page, password=PASSWORD, again=None):
    return pages.submit(client, page, password=password, again=password if again is None else again)


def state_of(work_on, account_id):
    with work_on(write=False) as work:
        return work.session.get_one(Account, account_id).state


def test_an_invitation_sets_a_password_and_leads_on_to_the_second_step(client, invited, work_on):
    answer = set_password(client, pages.follow(client, invited[1]))
    assert (answer.status_code, answer.location) == (303, "/second-step")
    assert client.get("/second-step").location == "/set-up"
    assert pages.heading(client.get("/set-up")) == "One more thing: your second step"
    assert client.get("/home").location == "/sign-in?next=/home"
    assert state_of(work_on, invited[0]) is AccountState.ACTIVE
    with work_on(write=False) as work:
        assert work.session.get_one(Account, invited[0]).password_hash.startswith("$argon2id$")


def test_opening_an_invitation_many_times_spends_nothing(app, invited, work_on):
    for _ in range(3):
        scanner = app.test_client()
        page = pages.follow(scanner, invited[1])
        assert pages.heading(scanner.get(page)) == "Welcome: set your password"
        scanner.head(page)
    assert state_of(work_on, invited[0]) is AccountState.INVITED
    with work_on(write=False) as work:
        assert [row.used_at for row in work.session.scalars(select(Link))] == [None]
    person = app.test_client()
    assert set_password(person, pages.follow(person, invited[1])).location == "/second-step"


def test_an_invitation_sent_as_a_scanner_finds_it_spends_nothing(client, invited, work_on):
    page = pages.follow(client, invited[1])
    answer = client.post(page, data={"csrf_token": pages.token(client.get(page))})
    assert pages.errors(answer) == ["Enter a password.", "Enter the same password again."]
    assert state_of(work_on, invited[0]) is AccountState.INVITED


def test_an_invitation_works_once(client, app, invited):
    page = pages.follow(client, invited[1])
    form = client.get(page)
    set_password(client, page)
    again = client.post(page, data={"csrf_token": pages.token(form), "password": "x" * 12, "again": "x" * 12})
    assert (again.status_code, pages.heading(again)) == (410, GONE)
    later = app.test_client()
    assert later.get(pages.follow(later, invited[1])).status_code == 410


def test_another_copy_of_an_invitation_is_spent_with_it(client, app, invited, work_on):
    with work_on() as work:
        _other, secret = link(work, Purpose.INVITATION, invited[0])
    set_password(client, pages.follow(client, invited[1]))
    thief = app.test_client()
    assert thief.get(pages.follow(thief, secret)).status_code == 410
    with work_on() as work:
        # Sent late, by a mail server that took its time.
        _late, secret = link(work, Purpose.INVITATION, invited[0])
    page = pages.follow(thief, secret)
    assert set_password(thief, page, "a password of the thief").status_code == 410


def test_an_invitation_to_a_disabled_account_is_dead(client, invited, work_on):
    page = pages.follow(client, invited[1])
    with work_on() as work:
        work.session.get_one(Account, invited[0]).state = AccountState.DISABLED
    assert set_password(client, page).status_code == 410
    assert state_of(work_on, invited[0]) is AccountState.DISABLED


def test_an_invitation_expires(client, invited, clock):
    page = pages.follow(client, invited[1])
    clock.instant += timedelta(days=7)
    assert (client.get(page).status_code, pages.heading(client.get(page))) == (410, GONE)


@pytest.mark.parametrize(
    ("password", "again", "message"),
    [
        ("short", None, "Enter a password of at least 12 characters."),
        ("x" * 201, None, "Enter a password of at most 200 characters."),
        ("violet anchor", "violet ankor", "The two passwords differ. Enter the same one twice."),
        ("wren is my bird", None, None),
        ("my young garden", None, None),
        ("abababababababab", None, None),
        ("password12345678", None, COMMON),
        ("Qwertyuiop12", None, COMMON),
    ],
)
def test_a_password_that_will_not_do_is_said_at_its_field(client, invited, work_on, password, again, message):
    answer = set_password(client, pages.follow(client, invited[1]), password, again)
    simple = (
        "Choose a password that does not contain your name and is not a simple pattern. "
        "Three random words work well."
    )
    assert pages.errors(answer) == [message or simple]
    assert password not in answer.get_data(as_text=True)
    assert state_of(work_on, invited[0]) is AccountState.INVITED


@pytest.fixture
def demo_link(work_on):
    with work_on() as work:
        return link(work, Purpose.SIGN_IN, account(work, Role.COORDINATOR).id)[1]


def test_a_sign_in_link_signs_in_once_and_only_when_it_is_pressed(client, app, demo_link):
    for _ in range(2):
        page = pages.follow(client, demo_link)
        assert pages.heading(client.get(page)) == "Sign in to the demonstration"
    assert client.get("/home").status_code == 303
    answer = pages.submit(client, page)
    assert answer.location == "/home"
    assert client.get("/home").status_code == 200
    later = app.test_client()
    assert later.get(pages.follow(later, demo_link)).status_code == 410


def test_a_sign_in_link_is_nothing_in_production(client, app, demo_link):
    page = pages.follow(client, demo_link)
    config = app.config["JAGS"]
    app.config["JAGS"] = dataclasses.replace(config, mode=Mode.PRODUCTION)
    try:
        answer = client.get(page)
    finally:
        app.config["JAGS"] = config
    assert pages.heading(answer) == "We could not find that page"


def test_a_secret_moves_from_the_address_into_a_cookie_of_its_page(client, demo_link):
    answer = client.get(f"/link/{demo_link}")
    cookie = answer.headers["Set-Cookie"]
    assert demo_link not in answer.location
    assert cookie.startswith(f"jags_link={demo_link};")
    assert set(cookie.split("; ")) >= {
        f"Path={answer.location}",
        "HttpOnly",
        "SameSite=Lax",
        "Max-Age=604800",
    }
    assert demo_link not in client.get(answer.location).get_data(as_text=True)


def test_the_page_of_a_link_is_closed_without_its_cookie(client, app, demo_link):
    page = pages.follow(client, demo_link)
    answer = app.test_client().get(page)
    assert (answer.status_code, pages.heading(answer)) == (410, GONE)


def test_an_invented_link_gets_the_same_page(client):
    answer = client.get("/link/invented")
    assert (answer.status_code, pages.heading(answer)) == (410, GONE)
    assert "Set-Cookie" not in answer.headers


def test_one_link_does_not_open_the_page_of_another(client, app, work_on, demo_link):
    with work_on() as work:
        other, _secret = link(work, Purpose.SIGN_IN, account(work, Role.ADMINISTRATOR).id)
        path = f"/sign-in-link/{other.id}"
    client.set_cookie("jags_link", demo_link, path=path)
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.INVITATION])
def test_a_link_of_another_purpose_opens_no_invitation(client, work_on, invited, purpose):
    with work_on() as work:
        row, secret = link(work, purpose, invited[0])
        path = f"/invitation/{row.id}"
    client.set_cookie("jags_link", secret, path=path)
    assert client.get(path).status_code == 410


def test_links_to_nothing_stay_closed(client, work_on):
    with work_on() as work:
        row, secret = link(work, Purpose.OFFER, new_id())
        path = f"/offer/{row.id}"
    client.set_cookie("jags_link", secret, path=path)
    assert client.get(path).status_code in {404, 410}


def test_the_first_password_leaves_the_person_as_invited(client, invited, work_on):
    set_password(client, pages.follow(client, invited[1]))
    with work_on(write=False) as work:
        assert len(work.session.scalars(select(Person)).all()) == 1
