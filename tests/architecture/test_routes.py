"""Who gets in where: routes.txt lists every endpoint, and the application does what it says, for every role."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Route

from conftest import Store, WorkOn
from factories import pages
from factories.access_table import EVERYBODY, matrix
from jags.accounts.model import Account
from jags.accounts.rules import Role
from jags.facilitators.service import add_facilitator
from jags.web.access import rule_of

NOBODY = "nobody signed in"
# What stands in an address that leads to nothing; every other part of an address is an id.
ADDRESSES = {
    "factor": "passkey",
    "edition": "public",
    "file_format": "json",
    "filename": "nothing.css",
    "kind": "training",
    "name": "pause",
    "number": "1",
    "organisation": "nothing",
    "secret": "nothing",
    "slug": "contacts",
    "ticket": "nothing",
}


def methods_of(app: Flask, endpoint: str) -> str:
    found = {m for route in app.url_map.iter_rules(endpoint) for m in route.methods or ()}
    return ", ".join(sorted(found - {"HEAD", "OPTIONS"}))


def address_of(route: Route, app: Flask) -> str:
    values = {name: ADDRESSES.get(name, uuid.uuid4()) for name in route.arguments}
    with app.test_request_context():
        return app.url_for(route.endpoint, **values)


def test_the_matrix_lists_every_endpoint_with_its_methods_and_its_rule(sqlite_store: Store) -> None:
    app = sqlite_store.app
    rules = {endpoint: rule_of(view) for endpoint, view in app.view_functions.items()}
    real = {(name, methods_of(app, name), rule.describe if rule else "none") for name, rule in rules.items()}
    listed = [(line.endpoint, line.methods, line.rule) for line in matrix()]
    assert len(listed) == len(set(listed))
    assert set(listed) == real


@pytest.mark.parametrize("visitor", [NOBODY, *Role])
def test_every_page_lets_in_whom_the_matrix_names_and_nobody_else(
    client: FlaskClient, app: Flask, work_on: WorkOn, visitor: str
) -> None:
    if visitor != NOBODY:
        account_id = pages.sign_in(client, work_on, Role(visitor))
        with work_on() as work:
            # Everybody is in the pool, too: it is the role that lets in.
            add_facilitator(work, person=work.session.get_one(Account, account_id).person)
    for line in matrix():
        for route in app.url_map.iter_rules(line.endpoint):
            if "GET" not in (route.methods or ()):
                continue
            answer = client.get(address_of(route, app))
            said = (line.endpoint, visitor, answer.status_code)
            refused = answer.status_code == 403
            sent_away = (answer.location or "").startswith("/sign-in?")
            if line.rule.startswith("link "):
                # Only the link itself lets in; who is signed in does not matter.
                assert answer.status_code == 410, said
            elif line.rule == "figures key":
                # Only a key lets in, and no cookie counts.
                assert answer.status_code == 401, said
            elif line.rule == "password given":
                # Between the password and the second step there is nobody with a role.
                assert sent_away, said
            elif EVERYBODY in line.who or visitor in line.who:
                assert not refused, said
                assert not sent_away, said
                # What is not there, or is somebody else's, is not there for anybody.
                assert answer.status_code < 400 or (answer.status_code in {404, 410} and route.arguments), (
                    said
                )
            else:
                assert (refused, sent_away) == (visitor != NOBODY, visitor == NOBODY), said


@pytest.mark.parametrize("visitor", [NOBODY, *Role])
def test_what_a_role_may_not_open_it_may_not_send(
    client: FlaskClient, app: Flask, work_on: WorkOn, visitor: str
) -> None:
    if visitor != NOBODY:
        pages.sign_in(client, work_on, Role(visitor))
    token = pages.token(client.get("/sign-in"))
    for line in matrix():
        if not line.rule.startswith("permission ") or visitor in line.who:
            continue
        for route in app.url_map.iter_rules(line.endpoint):
            if "POST" in (route.methods or ()):
                answer = client.post(address_of(route, app), data={"csrf_token": token})
                said = (line.endpoint, answer.status_code)
                assert answer.status_code == (401 if visitor == NOBODY else 403), said


def test_no_form_is_taken_without_its_token(client: FlaskClient, app: Flask, work_on: WorkOn) -> None:
    pages.sign_in(client, work_on, Role.COORDINATOR)
    for line in matrix():
        if line.rule == "ticket":
            # The ticket in the form is the defence there: these pages have no cookie.
            continue
        for route in app.url_map.iter_rules(line.endpoint):
            if "POST" in (route.methods or ()):
                answer = client.post(address_of(route, app), data={"version": "1"})
                assert (line.endpoint, answer.status_code) == (line.endpoint, 400)
                assert pages.heading(answer) == "This form was open for too long"
