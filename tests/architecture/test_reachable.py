"""Whoever may open a page finds the way to it by links, from where they start; and no link leads to a closed door."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from conftest import WorkOn
from factories import pages
from factories.access_table import matrix
from factories.people import account
from factories.pool import accepted_request
from factories.reading import add_comment
from jags.accounts.model import Account
from jags.accounts.queries import actor_of
from jags.accounts.rules import PERMISSIONS, PROOF_FRESH, Role
from jags.adapters.clock import FixedClock
from jags.evaluation.rules import PromotionEntry
from jags.evaluation.service import add_promotion
from jags.facilitators.service import add_facilitator
from jags.kernel.actor import system
from jags.kernel.work import Work
from jags.themes.model import ReadingText
from jags.themes.service.reading import read_text, take_in_texts
from jags.web.places import start_of


def found_by_links(client: FlaskClient, app: Flask, start: str) -> tuple[set[str], list[tuple[str, int]]]:
    """Follow all links of our own pages; return the endpoints that were shown, and the addresses that were not."""
    routes, seen, waiting = app.url_map.bind("localhost"), {start}, [start]
    shown: set[str] = set()
    closed = []
    while waiting:
        address = waiting.pop()
        answer = client.get(address)
        if answer.status_code >= 400:
            closed.append((address, answer.status_code))
            continue
        shown.add(routes.match(address.partition("?")[0])[0])
        if answer.mimetype != "text/html":
            continue
        for link in re.findall(r'href="(/[^"#]*)', answer.text):
            path = link.partition("?")[0]
            if not path.startswith("/static/") and path not in seen:
                seen.add(path)
                waiting.append(path)
    return shown, closed


def texts_to_read(work: Work) -> None:
    """Add a text that waits for readers, and one that two read with different eyes."""
    read, _ = add_comment(work, "Read"), add_comment(work, "Waits")
    take_in_texts(work)
    text = work.session.scalars(select(ReadingText).where(ReadingText.source_id == read)).one()
    for name, themes in (("Ash Reed", "silos"), ("Fern Hill", "divides")):
        work.as_actor(actor_of(account(work, Role.OBSERVER, name=name)))
        read_text(work, text.id, {themes}, none_of_them=False, version=0)
    work.as_actor(system("test"))


@pytest.mark.parametrize("role", Role)
def test_each_page_that_a_role_may_open_is_reached_by_links(
    client: FlaskClient, app: Flask, work_on: WorkOn, clock: FixedClock, role: Role
) -> None:
    account_id = pages.sign_in(client, work_on, role)
    with work_on() as work:
        add_facilitator(work, person=work.session.get_one(Account, account_id).person)
        accepted_request(work)
        texts_to_read(work)
        add_promotion(work, PromotionEntry(work.today, "Head teachers", "email", 12))
    shown, closed = found_by_links(client, app, start_of(frozenset(PERMISSIONS[role])))
    assert closed == []
    # What asks for the second step again leads there by itself.
    clock.instant += PROOF_FRESH + timedelta(minutes=1)
    led_on = client.get("/my-account/password").location
    shown.add(app.url_map.bind("localhost").match(led_on.partition("?")[0])[0])
    assert client.get(led_on).status_code == 200
    wanted = {
        line.endpoint
        for line in matrix()
        if role in line.who
        and "GET" in line.methods
        and not any(route.arguments for route in app.url_map.iter_rules(line.endpoint))
    }
    addresses = app.url_map.bind("localhost")
    # A page that only leads a role on to where it starts is no place of its own.
    missed = {one for one in wanted - shown if client.get(addresses.build(one)).status_code != 303}
    assert missed == set()
