"""The second step is asked again before an export, a change of roles, and whatever opens an account to others.

Nothing here is unmasked by anybody: anonymous feedback has no names to show, and no page shows more of somebody on demand.
"""

import uuid
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Response

from factories import pages
from factories.access_table import matrix
from factories.second_steps import make_member, sign_in
from jags.accounts.rules import Permission, Role
from jags.web import unit_of_work
from jags.web.access import (
    AccessRuleMissing,
    for_everybody_let_in,
    public,
    refuse_unlisted_export,
    requires,
    rule_of,
)

# What leaves for good, and is not public.
EXPORTS = {
    "audits.download": Role.COORDINATOR,
    "code_frame.download": Role.ADMINISTRATOR,
    "drafts.download": Role.ADMINISTRATOR,
    "evidence_pack.make": Role.COORDINATOR,
    "my_practice.export": Role.FACILITATOR,
    "promotion.download": Role.COORDINATOR,
    "reports.copy": Role.SCRUTINEER,
    "subject_access.export": Role.COORDINATOR,
    "trail_files.take": Role.ADMINISTRATOR,
}
# Files for everybody whom the route lets in: public, empty, about nobody, or by a secret that a calendar keeps.
NO_EXPORTS = {
    "back_entry.template",
    "calendars.feed",
    "figures_api.figures",
    "figures_api.figures_of_report",
    "figures_api.reports",
    "published.download",
    "published.figures_file",
    "toolbox.download",
}
# Roles, addresses, ways to sign in, and what cannot be taken back.
OPENS_OR_ENDS = {
    "figures_keys.make": Role.ADMINISTRATOR,
    "figures_keys.revoke": Role.ADMINISTRATOR,
    "own_account.end_others": Role.OBSERVER,
    "own_account.end_session": Role.OBSERVER,
    "own_account.password": Role.OBSERVER,
    "own_account.remove": Role.OBSERVER,
    "people.address": Role.ADMINISTRATOR,
    "people.code_sheet": Role.ADMINISTRATOR,
    "people.confirm": Role.COORDINATOR,
    "people.end": Role.ADMINISTRATOR,
    "people.invite_somebody": Role.ADMINISTRATOR,
    "people.let_in_again": Role.COORDINATOR,
    "people.open_again": Role.ADMINISTRATOR,
    "people.review": Role.ADMINISTRATOR,
    "people.roles": Role.ADMINISTRATOR,
    "people.send_again": Role.ADMINISTRATOR,
    "restored.ask": Role.COORDINATOR,
    "restored.confirm": Role.COORDINATOR,
    "retention.approve": Role.COORDINATOR,
    "trail_files.approve": Role.COORDINATOR,
}
CHOICES = {"asked": 1, "edition": "restricted", "factor": "passkey", "file_format": "pdf"}


def address(app, route):
    values = {one: CHOICES.get(one) or uuid.uuid4() for one in route.arguments}
    with app.test_request_context():
        return urlsplit(app.url_for(route.endpoint, **values)).path


def test_every_route_that_asks_again_and_every_file_is_listed(app):
    asks = {line.endpoint for line in matrix() if line.rule.endswith(", second step just taken")}
    assert asks == EXPORTS.keys() | OPENS_OR_ENDS.keys()
    files = {name for name, view in app.view_functions.items() if getattr(view, "file_for_everybody", "")}
    assert files == NO_EXPORTS


@pytest.mark.parametrize(("endpoint", "role"), [*EXPORTS.items(), *OPENS_OR_ENDS.items()])
def test_the_second_step_is_asked_again_when_it_is_not_recent(client, app, work_on, clock, endpoint, role):
    make_member(work_on, role=role)
    sign_in(client)
    token = pages.token(client.get("/sign-in"))
    for route in app.url_map.iter_rules(endpoint):
        path = address(app, route)
        began = clock.instant
        if "GET" in (route.methods or ()):
            clock.instant = began + timedelta(minutes=9)
            assert "second-step" not in (client.get(path).location or "")
            clock.instant = began + timedelta(minutes=11)
            answer = client.get(path)
            assert answer.status_code == 303
            assert answer.location.startswith(f"/second-step-again?next={path}")
        if "POST" in (route.methods or ()):
            # A form that was opened in time may be sent for a little longer.
            clock.instant = began + timedelta(minutes=20)
            client.get("/sign-in")
            assert client.post(path, data={"csrf_token": token}).status_code != 401
            clock.instant = began + timedelta(minutes=31)
            answer = client.post(path, data={"csrf_token": token})
            assert (answer.status_code, pages.heading(answer)) == (401, "Your second step once more")


@pytest.mark.parametrize(
    "file",
    [
        Response("a,b", mimetype="text/csv"),
        Response("%PDF", mimetype="application/pdf"),
        Response("{}", mimetype="application/json", headers={"Content-Disposition": "attachment"}),
        Response(
            "<p>", mimetype="text/html", headers={"Content-Disposition": 'attachment; filename="a.html"'}
        ),
    ],
)
def test_a_file_that_is_no_listed_export_does_not_leave(file):
    plain = requires(Permission.PROMOTION_MANAGE)(lambda: "")
    with pytest.raises(AccessRuleMissing, match="hands out a file"):
        refuse_unlisted_export(plain, file)
    refuse_unlisted_export(requires(Permission.PROMOTION_MANAGE, fresh=True)(lambda: ""), file)
    refuse_unlisted_export(for_everybody_let_in("It is published.")(public(lambda: "")), file)


def test_an_export_that_nobody_listed_fails_where_it_is_asked_for(client, app, work_on, monkeypatch):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    shown = app.view_functions["venues.index"]

    def sheet():
        return Response("a name of somebody", mimetype="text/csv")

    sheet.access_rule = rule_of(shown)
    monkeypatch.setitem(app.view_functions, "venues.index", unit_of_work._wrapped(sheet))
    answer = client.get("/venues")
    assert (answer.status_code, answer.mimetype) == (500, "text/html")
    assert "a name of somebody" not in answer.text


@pytest.mark.parametrize("path", ["/venues", "/records", "/home"])
def test_a_page_is_no_export(client, work_on, path):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    assert client.get(path).status_code == 200
