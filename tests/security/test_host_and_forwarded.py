"""Host, X-Forwarded-*: refused or ignored. Links in mail: tests/security/test_host_and_forwarded_in_mail.py."""

import dataclasses

import pytest
from flask import request

from factories import pages
from jags.app import create_app
from jags.extensions import db

PLAIN = "Sorry, this page cannot be shown"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil.example", "", "a b", "["]
)
def test_a_foreign_host_is_refused_with_a_plain_page(client, host):
    answer = client.get("/sign-in", headers={"Host": host})
    assert (answer.status_code, pages.heading(answer)) == (400, PLAIN)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded"])
def test_what_a_header_says_of_the_host_does_not_count(client, header):
    answer = client.get("/home", headers={header: "host=evil.example"})
    assert answer.location == "/sign-in?next=/home"
    assert "evil" not in client.get("/sign-in", headers={header: "evil.example"}).get_data(as_text=True)


def test_behind_a_proxy_only_the_hops_that_were_set_count(app):
    proxied = create_app(dataclasses.replace(app.config["JAGS"], proxy_hops=1))
    seen = []

    def view(**_arguments):
        seen.append((request.remote_addr, request.host))
        return ""

    proxied.view_functions["accounts.healthz"] = view
    proxied.test_client().get(
        "/healthz",
        headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9", "X-Forwarded-Host": "evil.example"},
    )
    with proxied.app_context():
        db.engine.dispose()
    assert seen == [("203.0.113.9", "localhost")]
