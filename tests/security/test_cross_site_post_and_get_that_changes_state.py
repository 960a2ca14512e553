"""A promise of security: a post from another site is answered 400, and no GET changes state.

Two things are written by looking, and are named: a session's last-seen time, and that somebody has read about a case.
"""

import uuid

import pytest
from sqlalchemy import func, select

from factories import pages
from factories.access_table import matrix
from factories.crawler import walk
from factories.hostile import partnership_of
from factories.snapshots import snapshot
from jags.accounts.rules import PERMISSIONS, Role
from jags.audit.model import AuditEvent
from jags.audit.rules import Stream
from jags.web.places import start_of

# Written by looking (docs/adr/0007-audit-chain.md, docs/adr/0021-sign-in.md).
BY_LOOKING = {"signed_in_session", "audit_event", "audit_head"}


@pytest.fixture(params=["sqlite"])
def store(request):
    found = request.getfixturevalue(f"{request.param}_store")
    found.renew()
    return found


def posts(app):
    """Return the endpoint and an address of every page that takes a post, but for those whose ticket is their token."""
    adapter = app.url_map.bind("localhost")
    rules = {line.endpoint: line.rule for line in matrix()}
    return [
        (route.endpoint, adapter.build(route.endpoint, parts_of(route), method="POST"))
        for route in app.url_map.iter_rules()
        if "POST" in route.methods and rules[route.endpoint] != "ticket"
    ]


def parts_of(route):
    """Return something for each part of an address: one of what may stand there, else a number or an id."""
    return {
        name: next(iter(getattr(converter, "items", ())), uuid.UUID(int=1))
        for name, converter in route._converters.items()
    }


@pytest.mark.parametrize("role", [None, Role.COORDINATOR, Role.ADMINISTRATOR, Role.FACILITATOR])
def test_a_post_without_the_token_of_its_page_is_refused_everywhere_and_does_nothing(
    app, client, work_on, role
):
    if role:
        pages.sign_in(client, work_on, role)
    before = snapshot(work_on)
    found = posts(app)
    assert len(found) > 150
    answers = {endpoint: client.post(path, data={"yes": "yes"}).status_code for endpoint, path in found}
    assert {endpoint: status for endpoint, status in answers.items() if status != 400} == {}
    assert changed(before, snapshot(work_on)) == set()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.FACILITATOR, Role.SCRUTINEER])
def test_opening_every_page_changes_nothing(client, work_on, role):
    ids = partnership_of(work_on, "Robin Example")
    if role is Role.FACILITATOR:
        pages.come_in(client, work_on, ids["facilitator"])
    else:
        pages.sign_in(client, work_on, role)
    before, acts = snapshot(work_on), number_of_acts(work_on)
    walked = walk(client, start_of(frozenset(PERMISSIONS[role])), slowest=60, fill=lambda _form: [])
    assert walked.wrong == []
    assert len(walked.opened) > (40 if role is Role.COORDINATOR else 5)
    assert changed(before, snapshot(work_on)) == set()
    assert number_of_acts(work_on) == acts


def changed(before, after):
    return {name for name in before if before[name] != after[name]} - BY_LOOKING


def number_of_acts(work_on):
    with work_on(write=False) as work:
        return work.session.scalar(
            select(func.count()).select_from(AuditEvent).where(AuditEvent.stream == Stream.ACTS)
        )
