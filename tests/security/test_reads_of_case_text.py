"""Whoever reads what was written about a case leaves an event in a chain of its own; who has no business with it reads nothing."""

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from factories import pages
from factories.access_table import matrix
from factories.pool import accepted_request
from factories.requests import in_triage
from factories.sessions import agree, arrange
from jags.accounts import queries
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent, AuditHead
from jags.audit.rules import Stream
from jags.audit.service import verify
from jags.facilitators.service import add_facilitator
from jags.scheduling.model import JagsSession

# What factories.pool writes of a case, of who asks and of who is around the child.
CASE = ("Kestrel", "Slow down together", "Asha Bell", "Person 0")


def reads(work_on):
    with work_on(write=False) as work:
        return [
            (event.actor_ref, event.subject_ref, event.payload)
            for event in work.session.scalars(
                select(AuditEvent).where(AuditEvent.stream == Stream.READS).order_by(AuditEvent.seq)
            )
        ]


def test_the_page_of_a_request_is_read_by_name(client, work_on):
    reader = pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        request_id = accepted_request(work).id
    assert reads(work_on) == []
    assert "Slow down together" in client.get(f"/requests/{request_id}").text
    assert reads(work_on) == [(str(reader), str(request_id), f'{{"requests":"{request_id}"}}')]
    with work_on(write=False) as work:
        assert verify(work) == []


def test_without_the_event_there_is_no_page(client, work_on, monkeypatch):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        request_id = accepted_request(work).id

    def fails(*_args):
        raise OSError("no room for the event")

    monkeypatch.setattr("jags.audit.service.AuditTrail.seal", fails)
    client.application.config["PROPAGATE_EXCEPTIONS"] = False
    answer = client.get(f"/requests/{request_id}")
    assert answer.status_code == 500
    assert "Slow down together" not in answer.text


def test_a_list_is_one_event(client, work_on):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        for _ in range(3):
            in_triage(work)
    client.get("/requests")
    # The list shows nothing that was written about a child, or says in one event of which requests it did.
    assert len(reads(work_on)) <= 1


def test_who_asks_reads_their_own_without_an_event(client, work_on):
    client.get("/")
    assert reads(work_on) == []


@pytest.fixture
def case(work_on):
    """A session that is to come; returns what stands in addresses."""
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    return {
        "request_id": offered.request_id,
        "session_id": session_id,
        "offer_id": offered.offers[0],
        "person_id": offered.people[0],
    }


def crawl(client, app, case):
    """Open every page that an address can be made for, with the case's own ids; return what each said."""
    said = {}
    for line in matrix():
        if line.rule.startswith(("link ", "ticket", "password ")):
            continue
        for route in app.url_map.iter_rules(line.endpoint):
            if "GET" in (route.methods or ()) and route.arguments <= case.keys():
                with app.test_request_context():
                    path = urlsplit(app.url_for(route.endpoint, **{a: case[a] for a in route.arguments})).path
                said[path] = client.get(path)
    return said


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_who_has_no_business_with_a_case_reads_nothing_of_it(client, app, work_on, case, role):
    account_id = pages.sign_in(client, work_on, role, name="Stranger Away")
    with work_on() as work:
        # In the pool too, so that pages of facilitators show what they have.
        add_facilitator(work, person=queries.get_account(work, account_id).person)
    said = crawl(client, app, case)
    assert len(said) > 80
    leaks = {
        (path, word)
        for path, answer in said.items()
        for word in CASE
        if answer.mimetype == "text/html" and re.search(rf"\b{word}\b", answer.text)
    }
    assert leaks == set()
    # A thing of others is there for nobody else: as if it were not.
    own = [answer for path, answer in said.items() if str(case["session_id"]) in path]
    assert {answer.status_code for answer in own} <= {403, 404}
    assert [event for event in reads(work_on) if event[0] == str(account_id)] == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_words_that_are_looked_for_are_there_for_the_unit(client, app, work_on, case):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    text = " ".join(answer.text for answer in crawl(client, app, case).values() if answer.is_json is False)
    assert [word for word in CASE if word not in text] == []
    with work_on(write=False) as work:
        assert work.session.get(AuditHead, Stream.READS).seq > 3
        assert work.session.scalar(select(JagsSession.id)) == case["session_id"]
