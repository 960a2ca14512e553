"""Who knows address and password gets a session that lives on the server, and nobody learns who has an account."""

import dataclasses
import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from factories import pages
from factories.second_steps import ADDRESS, make_member, sign_in
from jags.accounts.model import Account, AccountRole, Person, SignedInSession, SignInFailure
from jags.accounts.rules import AccountState, Contact, Role
from jags.accounts.service import start_session, sweep_failures
from jags.app import create_app
from jags.extensions import db
from jags.web.places import start_of

WRONG = "The e-mail address and the password do not fit together. Check both and try again."


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


def is_signed_in(client, page="/home"):
    answer = client.get(page)
    if answer.status_code == 200:
        return True
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
    return False


def cookies_of(response):
    return {c.partition("=")[0]: c.split("; ")[1:] for c in response.headers.getlist("Set-Cookie")}


def text_of(response):
    return re.sub(r'name="csrf_token"[^>]*>', "", response.get_data(as_text=True))


def test_address_and_password_start_a_session(client, wren):
    assert not is_signed_in(client)
    answer = sign_in(client, email=" Wren@Example.org ")
    assert (answer.status_code, answer.location) == (303, "/home")
    assert is_signed_in(client)


def test_what_was_typed_stays_except_the_password(client, wren):
    page = sign_in(client, password="violet anchor teapots").get_data(as_text=True)
    assert 'value="wren@example.org"' in page
    assert "teapots" not in page


def test_after_ten_failures_the_right_password_is_refused_for_five_minutes(client, wren, clock):
    for _ in range(10):
        sign_in(client, password="wrong")
    assert pages.errors(sign_in(client)) == [WRONG]
    clock.instant += timedelta(minutes=5)
    sign_in(client)
    assert is_signed_in(client)


def test_failures_of_a_stranger_lock_nobody_out(client, wren, work_on):
    make_member(work_on, email="ash@example.org")
    stranger = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}
    for _ in range(10):
        sign_in(client, password="wrong", **stranger)
    assert pages.errors(sign_in(client, **stranger)) == [WRONG]
    assert sign_in(client, email="ash@example.org", **stranger).status_code == 303
    assert sign_in(client).status_code == 303


def test_failures_are_kept_without_address_and_swept(client, wren, clock, work_on):
    sign_in(client, password="wrong")
    clock.instant += timedelta(hours=12)
    sign_in(client, password="wrong")
    clock.instant += timedelta(hours=13)
    with work_on() as work:
        stored = work.session.execute(select(SignInFailure.__table__)).mappings().all()
        assert "wren" not in repr(stored)
        # Each failure counts for the account from its address, and for the address.
        assert sweep_failures(work) == 2
        assert len(work.session.scalars(select(SignInFailure)).all()) == 2


def test_attempts_beyond_the_budget_do_not_count_so_nobody_is_kept_out_for_longer(client, wren, clock):
    for _ in range(10):
        sign_in(client, password="wrong")
    clock.instant += timedelta(minutes=4)
    for _ in range(5):
        sign_in(client, password="wrong")
    sign_in(client)
    assert not is_signed_in(client)
    clock.instant += timedelta(minutes=2)
    assert sign_in(client).status_code == 303


def test_one_address_cannot_try_one_password_on_every_account(client, wren, work_on):
    with work_on() as work:
        shared = work.vault.blind_index("failure", "127.0.0.1")
        work.session.add_all(SignInFailure(place=shared, at=work.now) for _ in range(100))
    sign_in(client)
    assert not is_signed_in(client)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, wren):
    cookies = cookies_of(sign_in(client))
    assert cookies.keys() == {"jags_signed_in", "jags_device"}
    for name, seconds in (("jags_signed_in", 43_200), ("jags_device", 31_536_000)):
        assert set(cookies[name]) >= {"HttpOnly", "Path=/", "SameSite=Lax", f"Max-Age={seconds}"}


def test_under_https_cookies_are_bound_to_the_host(app, wren):
    config = dataclasses.replace(app.config["JAGS"], base_url="https://jags.example.org")
    secure = create_app(config)
    secure.extensions["jags_ports"] = app.extensions["jags_ports"]
    browser = secure.test_client()
    answer = sign_in(browser, base_url="https://jags.example.org")
    cookies = cookies_of(answer)
    form = browser.get("/sign-in", base_url="https://jags.example.org")
    assert cookies.keys() == {"__Host-jags", "__Host-jags_device"}
    for parts in cookies.values():
        assert set(parts) >= {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
        assert not any(part.startswith("Domain") for part in parts)
    assert form.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    assert browser.get_cookie("__Host-jags_form", domain="jags.example.org").secure
    assert browser.get("/home", base_url="https://jags.example.org").status_code == 200
    with secure.app_context():
        db.engine.dispose()


def test_the_database_holds_only_the_hash_of_a_session(client, wren, work_on):
    sign_in(client)
    secret = client.get_cookie("jags_signed_in").value
    with work_on(write=False) as work:
        before, stored = work.session.execute(
            select(SignedInSession.__table__).order_by(SignedInSession.proved_at.is_not(None))
        ).mappings()
        assert before["ended_at"] is not None
        assert secret not in repr(stored)
        assert secret.encode() not in stored["secret_hash"]


def test_a_copied_cookie_is_dead_after_sign_out(client, wren, app):
    sign_in(client)
    thief = app.test_client()
    thief.set_cookie("jags_signed_in", client.get_cookie("jags_signed_in").value)
    assert is_signed_in(thief)
    answer = client.post("/sign-out", data={"csrf_token": pages.token(client.get("/home"))})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert client.get_cookie("jags_signed_in") is None
    assert not is_signed_in(thief)


def test_opening_the_sign_out_address_signs_nobody_out(client, wren):
    sign_in(client)
    assert pages.heading(client.get("/sign-out")) == "We could not find that page"
    assert is_signed_in(client)


def test_a_disabled_account_is_out_at_the_next_request(client, wren, work_on):
    sign_in(client)
    with work_on() as work:
        work.session.get_one(Account, wren).state = AccountState.DISABLED
    assert not is_signed_in(client)


def test_a_role_that_was_taken_away_is_gone_at_the_next_request(client, wren, work_on):
    sign_in(client)
    with work_on() as work:
        work.session.execute(delete(AccountRole).where(AccountRole.account_id == wren))
    assert client.get("/requests").status_code == 403


def test_a_session_ends_after_thirty_idle_minutes(client, wren, clock):
    sign_in(client)
    for _ in range(3):
        clock.instant += timedelta(minutes=30)
        assert is_signed_in(client)
    clock.instant += timedelta(minutes=30, seconds=1)
    assert not is_signed_in(client)


def test_a_session_ends_after_twelve_hours_of_use(client, wren, clock):
    sign_in(client)
    for _ in range(24):
        clock.instant += timedelta(minutes=30)
        assert is_signed_in(client)
    clock.instant += timedelta(seconds=1)
    assert not is_signed_in(client)


def test_the_last_seen_time_is_written_once_a_minute(client, wren, clock, work_on):
    def last_seen():
        with work_on(write=False) as work:
            return work.session.scalar(
                select(SignedInSession.last_seen_at).where(SignedInSession.proved_at.is_not(None))
            )

    sign_in(client)
    begun = clock.instant
    clock.instant += timedelta(seconds=59)
    client.get("/home")
    assert last_seen() == begun
    clock.instant += timedelta(seconds=1)
    client.get("/home")
    assert last_seen() == clock.instant


def test_an_invented_cookie_is_nobodys(client, wren):
    client.set_cookie("jags_signed_in", "x" * 43)
    assert not is_signed_in(client)


def test_who_is_sent_to_sign_in_comes_back_to_the_page(client, wren):
    wanted = client.get("/requests?state=in_triage&page=2").location
    assert wanted == "/sign-in?next=/requests?state%3Din_triage%26page%3D2"
    answer = sign_in(client, wanted=wanted.removeprefix("/sign-in?next="))
    assert answer.location == "/requests?state=in_triage&page=2"


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example",
        "/%5Cevil.example",
        "https://evil.example",
        "/%09/evil.example",
        "javascript:alert(1)",
    ],
)
def test_after_signing_in_nobody_is_led_to_another_site(client, wren, wanted):
    assert sign_in(client, wanted=wanted).location == "/home"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"email": ""}, "Enter your e-mail address."),
        ({"password": ""}, "Enter your password."),
        ({"email": "x" * 201}, "Shorten the e-mail address to 200 characters or fewer."),
        ({"password": "x" * 201}, "Enter at most 200 characters."),
        (
            {"email": "wren\u202e@example.org"},
            "Remove the hidden control characters: type this text again, or paste it as plain text.",
        ),
        (
            {"email": "wren\x00@example.org"},
            "Remove the hidden control characters: type this text again, or paste it as plain text.",
        ),
    ],
)
def test_what_cannot_be_right_is_said_at_its_field(client, fields, message):
    assert pages.errors(sign_in(client, **fields)) == [message]


def test_an_observer_starts_at_their_observations_and_who_may_go_nowhere_at_the_front_page(client, work_on):
    make_member(work_on, role=Role.OBSERVER)
    assert sign_in(client).location == "/my-observations"
    assert start_of(frozenset()) == "/"


def test_the_name_of_who_is_signed_in_stands_on_the_page(client, wren, work_on):
    sign_in(client)
    assert "Wren Young" in client.get("/home").get_data(as_text=True)
    with work_on() as work:
        person = work.session.scalars(select(Person)).one()
        work.vault.seal(person, "contact", Contact(name="<b>Wren</b>", email=ADDRESS))
    page = client.get("/home").get_data(as_text=True)
    assert "&lt;b&gt;Wren&lt;/b&gt;" in page
    assert "<b>Wren" not in page


def test_each_session_of_a_person_is_its_own(client, wren, app, work_on):
    sign_in(client)
    second = app.test_client()
    with work_on() as work:
        second.set_cookie("jags_signed_in", start_session(work, work.session.get_one(Account, wren)))
    client.post("/sign-out", data={"csrf_token": pages.token(client.get("/home"))})
    assert not is_signed_in(client)
    assert is_signed_in(second)
