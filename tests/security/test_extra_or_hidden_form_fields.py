"""Extra or hidden form fields are ignored: a form that is sent with every column's name beside its own changes what it would have."""

import re
import uuid
from collections import Counter

import pytest

from factories import asking, pages
from factories.crawler import read
from factories.people import account, link
from factories.pool import facilitator, offered
from factories.requests import in_triage
from factories.snapshots import snapshot
from jags.accounts.model import Account
from jags.accounts.rules import Purpose, Role
from jags.schema import METADATA

# What somebody would try first, and the name of each column that there is.
WANTED = {
    "is_admin": "1",
    "permissions": "request:read",
    "roles": "administrator",
    "role": "administrator",
    "state": "closed",
    "owner": str(uuid.UUID(int=1)),
    "owner_id": str(uuid.UUID(int=1)),
    "person_id": str(uuid.UUID(int=1)),
    "reference": "JAGS-1999-0001",
    "_method": "DELETE",
}
EXTRA = {**{column.name: "1" for table in METADATA.sorted_tables for column in table.columns}, **WANTED}
# Numbers that count on with each thing that is made.
COUNTING = {"audit_detail", "audit_event", "audit_head", "reference_counter"}


def draft(client, work_on):
    """The first page of a requester's form."""
    path = asking.past_the_gate(client)
    shown = client.get(f"{path}/about-you")
    hidden = {
        name: re.search(rf'name="{name}"\s+value="([^"]+)"', shown.text)[1] for name in ("version", "page")
    }
    return f"{path}/about-you", shown, {**asking.ABOUT_YOU, **hidden}


def priority(client, work_on):
    """A step of a coordinator."""
    pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        path = f"/requests/{in_triage(work).id}/priority"
    shown = client.get(path)
    fields = {"priority": "sooner", "reason": "A move is near"}
    return path, shown, {**fields, "version": pages.version(shown)}


def invitation(client, work_on):
    """The password of an invited observer."""
    with work_on() as work:
        added = account(work, Role.OBSERVER)
        added.state = "invited"
        _, secret = link(work, Purpose.INVITATION, added.id)
    path = pages.follow(client, secret)
    shown = client.get(path)
    fields = {"password": "violet anchor teapot", "again": "violet anchor teapot"}
    return path, shown, fields


def declining(client, work_on):
    """A facilitator's answer to an offer."""
    name = f"Ash {uuid.uuid4().hex[:6]}"
    with work_on() as work:
        made = offered(work, name, f"{name} B")
    pages.come_in(client, work_on, made.people[0])
    path = f"/offers/{made.offers[0]}/decline"
    shown = client.get(path)
    return path, shown, {"version": pages.version(shown)}


def details(client, work_on):
    """The details of somebody of the pool."""
    pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        path = f"/facilitators/{facilitator(work, f'Birch {uuid.uuid4().hex[:6]}')}/training"
    shown = client.get(path)
    fields = {"trained_on": ["1", "9", "2026"]}
    return path, shown, fields


def send(client, path, shown, fields, extra):
    """Send a form with what it does not have beside what it has."""
    own = {name for form in read(path, shown.text)[1] for name in form.fields}
    beside = {name: value for name, value in extra.items() if name not in own}
    return client.post(path, data={**beside, **fields, "csrf_token": pages.token(shown)})


def changes(app, work_on, form, extra):
    """Send a form about a thing of its own; return which rows of which table came, without what is of each thing alone."""
    client = app.test_client()
    path, shown, fields = form(client, work_on)
    before = snapshot(work_on)
    answer = send(client, path, shown, fields, extra)
    assert answer.status_code == 303, pages.errors(answer)
    after = snapshot(work_on)
    return {
        table: Counter(tuple(map(plain, row)) for row in set(rows) - set(before[table]))
        for table, rows in after.items()
        if table not in COUNTING and set(rows) != set(before[table])
    }


def plain(cell):
    cell = re.sub(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|JAGS-2026-\d+|[A-Za-z.]+ ?[0-9a-f]{6}( B)?", "…", cell
    )
    return "sealed" if cell.startswith(("b'", 'b"', "$argon2")) else cell


@pytest.mark.parametrize("form", [draft, priority, invitation, declining, details])
def test_the_rows_are_as_without_them(app, work_on, form):
    without = changes(app, work_on, form, {})
    assert without
    assert changes(app, work_on, form, EXTRA) == without


def test_nobody_is_made_an_administrator_by_asking_for_it(app, work_on):
    client = app.test_client()
    assert send(client, *invitation(client, work_on), EXTRA).status_code == 303
    with work_on(write=False) as work:
        (found,) = work.session.query(Account).all()
        assert [held.role for held in found.roles] == [Role.OBSERVER]
