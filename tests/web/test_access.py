"""Every view has one access rule, and every refusal is a plain page with the right status and headers."""

import dataclasses
import re
import tempfile
from pathlib import Path

import pytest
from flask import Flask
from pysqlite3 import dbapi2 as sqlite3
from sqlalchemy import event, select

from config import Mode
from factories import pages
from factories.outages import Outage
from jags.accounts.model import SignInFailure
from jags.accounts.rules import Permission, Role
from jags.extensions import db
from jags.kernel.errors import LinkNotValid, MoveNotPossible, NotAllowed, NotFound, SetupIncomplete, Stale
from jags.settings.model import Setting
from jags.web import blueprints
from jags.web.access import (
    AccessRuleMissing,
    check_rules,
    public,
    requires,
    requires_sign_in,
    rule_of,
)

PLAIN = "Sorry, this page cannot be shown"


def test_an_application_with_a_view_without_a_rule_does_not_start():
    app = Flask("x")
    app.add_url_rule("/open", view_func=lambda: "", endpoint="forgotten")
    with pytest.raises(AccessRuleMissing, match="forgotten has no access rule"):
        check_rules(app)


@pytest.mark.parametrize("second", [public, requires_sign_in, requires(Permission.REQUEST_READ)])
def test_a_view_with_two_rules_is_refused(second):
    def view():
        return ""

    with pytest.raises(AccessRuleMissing, match="view has more than one access rule"):
        second(public(view))


def test_every_view_of_the_application_has_its_rule(app):
    assert [e for e, view in app.view_functions.items() if e != "static" and rule_of(view) is None] == []
    assert len(blueprints.BLUEPRINTS) == len(app.blueprints)


def test_who_is_not_signed_in_is_sent_to_sign_in(client):
    answer = client.get("/home")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/home")


def test_who_has_nothing_on_home_is_led_to_where_they_start(client, work_on):
    pages.sign_in(client, work_on, Role.FACILITATOR)
    answer = client.get("/home")
    assert (answer.status_code, answer.location) == (303, "/my-offers")


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.COORDINATOR])
def test_a_page_for_another_role_is_refused_with_a_page(client, work_on, role):
    pages.sign_in(client, work_on, role)
    answer = client.get("/requests")
    assert (answer.status_code, pages.heading(answer)) == (403, "This page is not open to you")


def test_a_form_without_its_token_is_refused_and_does_nothing(client, work_on):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    answer = client.post("/sign-out")
    assert (answer.status_code, pages.heading(answer)) == (400, "This form was open for too long")
    assert client.get("/home").status_code == 200


def test_the_token_of_another_browser_is_refused(client, app):
    token = pages.token(app.test_client().get("/sign-in"))
    client.get("/sign-in")
    answer = client.post("/sign-in", data={"csrf_token": token, "email": "a@example.org", "password": "x"})
    assert (answer.status_code, pages.heading(answer)) == (400, "This form was open for too long")


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_a_body_that_is_too_large_is_refused_at_once(client, content_type):
    answer = client.post("/sign-in", data=b"email=" + b"x" * 300_000, content_type=content_type)
    assert (answer.status_code, pages.heading(answer)) == (413, "That was too large to send")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nowhere"), ("PUT", "/sign-in"), ("POST", "/healthz"), ("GET", "/static/x")]
)
def test_a_wrong_address_or_method_is_not_there(client, method, path):
    answer = client.open(path, method=method)
    assert (answer.status_code, pages.heading(answer)) == (404, "We could not find that page")


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/home", "/link/x", "/healthz", "/static/x"])
def test_every_answer_carries_the_headers_that_protect_it(client, path):
    headers = client.get(path).headers
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["style-src"] == policy["form-action"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Server" not in headers


def test_what_everybody_gets_may_be_kept(client, app):
    folder = Path(app.static_folder)
    folder.mkdir(exist_ok=True)
    with (
        tempfile.NamedTemporaryFile(dir=folder, suffix=".txt") as file,
        client.get(f"/static/{Path(file.name).name}") as answer,
    ):
        assert answer.cache_control.max_age == 3600
        assert not answer.cache_control.no_store


def raising(app, monkeypatch, error):
    """Let the sign-in page fail as a view does."""

    def view(**_arguments):
        raise error

    monkeypatch.setitem(app.view_functions, "accounts.sign_in_page", view)


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (NotFound(), 404, "We could not find that page"),
        (NotAllowed(), 403, "This page is not open to you"),
        (LinkNotValid(), 410, "This link no longer works"),
        (SetupIncomplete("Set JAGS_X."), 503, "We are closed for a moment"),
        (RuntimeError("secret detail"), 500, "Sorry, something went wrong here"),
    ],
)
def test_each_error_is_a_plain_page_without_a_trace(client, app, monkeypatch, error, status, heading):
    raising(app, monkeypatch, error)
    answer = client.get("/sign-in")
    page = answer.get_data(as_text=True)
    assert (answer.status_code, pages.heading(answer)) == (status, heading)
    assert not re.search(r"Traceback|secret detail|RuntimeError|JAGS_X", page)
    assert "01632 960100" in page
    assert page.rstrip().endswith("</html>")


def test_a_spent_link_of_the_demonstration_says_where_new_ones_come_from(client, app, monkeypatch):
    raising(app, monkeypatch, LinkNotValid())
    real = client.get("/sign-in").get_data(as_text=True)
    assert "Look for a newer e-mail" in real
    assert 'href="/new-link"' in real
    assert "demonstration" not in real
    monkeypatch.setitem(app.config, "JAGS", dataclasses.replace(app.config["JAGS"], mode=Mode.DEMO))
    page = client.get("/sign-in").get_data(as_text=True)
    assert "when it is started again, new ways to sign in are printed." in page
    assert 'href="/new-link"' in page


@pytest.mark.parametrize("error", [Stale(), MoveNotPossible("This request is closed.")])
def test_a_conflict_says_why_and_keeps_what_was_typed(client, app, monkeypatch, error):
    token = pages.token(client.get("/sign-in"))
    raising(app, monkeypatch, error)
    typed = {"csrf_token": token, "version": "7", "reason": "They <b>rang</b> us.", "password": "hush hush"}
    answer = client.post("/sign-in", data=typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert str(error) in page
    assert "They &lt;b&gt;rang&lt;/b&gt; us." in page
    assert "hush hush" not in page
    assert token not in page


def test_an_error_page_that_cannot_be_drawn_becomes_a_plain_one(client, work_on):
    with work_on() as work:
        work.session.add(Setting(key="phone", value="{broken", changed_at=work.now))
    for path in ("/sign-in", "/nowhere"):
        answer = client.get(path)
        assert pages.heading(answer) == PLAIN
        assert "Traceback" not in answer.get_data(as_text=True)
    assert client.get("/nowhere").status_code == 404


@pytest.fixture
def outage(store, app):
    found = Outage(store, app)
    yield found
    found.end()


def test_health_is_told_with_the_database_and_without(client, outage):
    assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "ok"})
    outage.begin()
    assert client.get("/healthz").status_code == 503
    outage.end()
    assert client.get("/healthz").status_code == 200


def test_pages_say_that_we_are_closed_while_the_database_is_away(client, outage):
    token = pages.token(client.get("/sign-in"))
    client.set_cookie("jags_signed_in", "x" * 43)
    outage.begin()
    for answer in (
        client.get("/sign-in"),
        client.get("/home"),
        client.get("/link/x"),
        client.post("/sign-in", data={"csrf_token": token, "email": "a@example.org", "password": "x"}),
    ):
        assert (answer.status_code, pages.heading(answer)) == (503, "We are closed for a moment")
        assert answer.get_data(as_text=True).rstrip().endswith("</html>")
    assert (client.get("/nowhere").status_code, client.post("/sign-out").status_code) == (404, 400)
    outage.end()
    assert client.get("/sign-in").status_code == 200


@pytest.fixture
def read_only(app):
    """Let every connection refuse to write, as a full disk or a standby does, until it is taken off."""

    def refuse(connection, _record):
        sqlite = isinstance(connection, sqlite3.Connection)
        connection.execute("PRAGMA query_only=ON" if sqlite else "SET default_transaction_read_only = on")
        connection.commit()

    with app.app_context():
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", refuse)

    def lift():
        if event.contains(engine, "connect", refuse):
            event.remove(engine, "connect", refuse)
        engine.dispose()

    yield lift
    lift()


def test_what_cannot_be_stored_is_never_called_saved(client, work_on, read_only):
    page = client.get("/sign-in")
    typed = {"csrf_token": pages.token(page), "email": "a@example.org", "password": "wrong"}
    answer = client.post("/sign-in", data=typed)
    assert (answer.status_code, pages.heading(answer)) == (503, "We are closed for a moment")
    with work_on(write=False) as work:
        assert work.session.scalars(select(SignInFailure)).all() == []
    read_only()
    assert client.post("/sign-in", data=typed).status_code == 200
    with work_on(write=False) as work:
        assert work.session.scalars(select(SignInFailure)).all() != []
