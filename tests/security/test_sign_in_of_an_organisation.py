"""An organisation's own sign-in: keyed on issuer and subject, believed only when everything fits, and a second step only where one was proved."""

from datetime import date, timedelta
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest

from factories import pages
from factories.second_steps import ADDRESS, give_password, make_member, sign_in
from jags.accounts import queries
from jags.accounts.model import OrganisationIdentity, SignedInSession
from jags.accounts.rules import AccountState, Factor
from jags.adapters.organisations import Organisation, Organisations
from servers.provider import CLIENT, SECRET, provider


@pytest.fixture(scope="module")
def council():
    with provider() as running:
        yield running


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


@pytest.fixture
def take(app, council):
    """Take the council's sign-in; `more` changes its line."""
    before = app.extensions["jags_organisations"]

    def put(**more):
        fields = {"proves": frozenset({"mfa"}), **more}
        known = Organisation("council", "Example Council", council.issuer, CLIENT, SECRET, **fields)
        app.extensions["jags_organisations"] = Organisations([known])

    put()
    yield put
    app.extensions["jags_organisations"] = before


class _Stays(HTTPRedirectHandler):
    def redirect_request(self, *_args):
        return None


def at_the_council(location):
    """Let the provider's process answer; return where it sends the browser back to, without our address."""
    try:
        build_opener(_Stays).open(location, timeout=10)
    except HTTPError as answer:
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider sent nobody back")


def go(client, council, clock, path="/sign-in/organisation/council", says=None, **claims):
    """Go through the council's sign-in and come back; return our answer."""
    now = int(clock.now().timestamp())
    usual = {"iat": now, "exp": now + 300, "auth_time": now}
    council.say(claims={**usual, **claims}, **(says or {}))
    answer = client.get(path)
    assert answer.status_code == 303, answer.text
    return client.get(at_the_council(answer.location))


def add(client, council, clock):
    sign_in(client)
    return go(client, council, clock, "/set-up/organisation/council")


def is_in(client):
    return client.get("/my-account").status_code == 200


@pytest.fixture
def added(client, app, council, clock, wren, take):
    """Another browser of somebody who has added the council to their account."""
    assert add(client, council, clock).location == "/my-account"
    return app.test_client()


def test_who_has_added_it_signs_in_by_it_without_another_step(added, council, clock, work_on, wren):
    assert "Sign in with Example Council" in added.get("/sign-in").text
    answer = go(added, council, clock, "/sign-in/organisation/council?next=/requests")
    assert (answer.status_code, answer.location) == (303, "/requests")
    assert is_in(added)
    with work_on(write=False) as work:
        factors = {one.factor for one in work.session.query(SignedInSession) if one.account_id == wren}
    assert Factor.ORGANISATION in factors


def test_the_database_holds_neither_issuer_nor_subject(added, work_on):
    with work_on(write=False) as work:
        (row,) = work.session.query(OrganisationIdentity)
        assert row.provider == "council"
        assert b"subject-1" not in row.identity_index


def test_without_a_proof_of_a_second_factor_the_second_step_follows(added, council, clock):
    answer = go(added, council, clock, amr=["pwd"])
    assert answer.location.startswith("/second-step")
    assert not is_in(added)


@pytest.mark.parametrize(("days_ago", "is_enough"), [(365, True), (366, False), (-1, False)])
def test_a_dated_assurance_of_the_agency_is_a_proof_for_a_year(
    added, council, clock, take, days_ago, is_enough
):
    take(proves=frozenset(), assured_on=date(2026, 11, 24) - timedelta(days=days_ago))
    go(added, council, clock)
    assert is_in(added) is is_enough


def test_one_that_proves_nothing_is_not_added(client, council, clock, wren, take, work_on):
    sign_in(client)
    answer = go(client, council, clock, "/set-up/organisation/council", amr=["pwd"])
    assert answer.status_code == 400
    assert "did not say that it asked for a second step" in answer.text
    with work_on(write=False) as work:
        assert work.session.query(OrganisationIdentity).count() == 0


def test_a_stranger_of_the_organisation_has_no_account(client, council, clock, wren, take):
    answer = go(client, council, clock, sub="somebody else", email=ADDRESS, email_verified=True)
    # The address in a token is nobody's proof: only issuer and subject are.
    assert answer.status_code == 400
    assert "No account here belongs" in answer.text
    assert not is_in(client)


@pytest.mark.parametrize(
    ("says", "claims"),
    [
        ({"foreign_key": True}, {}),
        ({}, {"nonce": "another"}),
        ({}, {"aud": "somebody-else"}),
        ({}, {"iss": "https://evil.example.org"}),
        ({}, {"azp": "somebody-else"}),
        ({}, {"exp": 1}),
        ({"omit": ["exp"]}, {}),
        ({"omit": ["nonce"]}, {}),
        ({"omit": ["sub"]}, {}),
    ],
    ids=["key", "nonce", "audience", "issuer", "party", "old", "no end", "no nonce", "nobody"],
)
def test_a_token_that_does_not_fit_lets_nobody_in(added, council, clock, says, claims):
    answer = go(added, council, clock, says=says, **claims)
    assert (answer.status_code, "did not tell us who you are" in answer.text) == (400, True)
    assert not is_in(added)


def test_what_another_browser_has_begun_is_not_finished_here(added, app, council, clock):
    go(added, council, clock)
    begun = app.test_client().get("/sign-in/organisation/council").location
    assert app.test_client().get(at_the_council(begun)).status_code == 400


def test_a_changed_state_is_refused_and_an_answer_is_taken_once(added, council, clock):
    council.say(claims={"iat": int(clock.now().timestamp()), "exp": int(clock.now().timestamp()) + 300})
    back = at_the_council(added.get("/sign-in/organisation/council").location)
    assert added.get(back.replace("state=", "state=x")).status_code == 400
    # What was begun is over with the first answer, right or wrong.
    assert added.get(back).status_code == 400
    assert not is_in(added)


def test_what_was_begun_waits_ten_minutes(added, council, clock):
    council.say(claims={"iat": int(clock.now().timestamp()), "exp": int(clock.now().timestamp()) + 3000})
    back = at_the_council(added.get("/sign-in/organisation/council").location)
    clock.instant += timedelta(minutes=11)
    assert added.get(back).status_code == 400


def test_a_closed_account_is_closed_here_too(added, council, clock, wren, work_on):
    with work_on() as work:
        queries.get_account(work, wren).state = AccountState.DISABLED
    assert go(added, council, clock).status_code == 400


def test_one_person_of_the_organisation_has_one_account(added, council, clock, work_on, app):
    make_member(work_on, email="ash@example.org", name="Ash Reed")
    sign_in(added, email="ash@example.org")
    answer = go(added, council, clock, "/set-up/organisation/council")
    assert answer.status_code == 400
    assert "has another account here" in answer.text


def test_it_proves_anew_only_when_it_has_just_asked(added, council, clock):
    go(added, council, clock)
    clock.instant += timedelta(minutes=11)
    again = "/second-step-again/organisation/council?next=/my-account/password"
    long_ago = int(clock.now().timestamp()) - 600
    assert go(added, council, clock, again, auth_time=long_ago).status_code == 400
    assert added.get("/my-account/password").status_code == 303
    assert go(added, council, clock, again, sub="somebody else").status_code == 400
    assert go(added, council, clock, again).location == "/my-account/password"
    assert added.get("/my-account/password").status_code == 200


def test_who_has_nothing_else_is_led_to_it_after_the_password(added, council, clock, work_on, wren):
    go(added, council, clock)
    (row,) = _authenticators(work_on, wren)
    page = pages.token(added.get("/my-account"))
    path = f"/my-account/second-steps/authenticator/{row}/remove"
    assert added.post(path, data={"csrf_token": page}).status_code == 303
    answer = added.get(give_password(added).location)
    assert answer.location == "/sign-in/organisation/council"


def test_an_organisation_that_is_not_there_is_not_found(client, take):
    assert client.get("/sign-in/organisation/nobody").status_code == 404


def _authenticators(work_on, account_id):
    with work_on(write=False) as work:
        return [queries.factors_of(work, account_id).authenticator.id]
