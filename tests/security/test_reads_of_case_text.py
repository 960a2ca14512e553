"""Whoever reads what was written about a case leaves an event in a chain of its own; who has no business with it reads nothing."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, text, update

from factories import pages
from factories.access_table import matrix
from factories.people import link
from factories.pool import accepted_request
from factories.requests import in_triage
from factories.sessions import agree, arrange
from factories.statements import RECORDING_MOST, is_recording, statements
from jags.accounts import queries
from jags.accounts.queries import actor_of
from jags.accounts.rules import Purpose, Role
from jags.audit.model import AuditEvent, AuditHead
from jags.audit.rules import Stream
from jags.audit.service import verify
from jags.facilitators.service import add_facilitator
from jags.requests.rules import Priority
from jags.requests.service import set_priority
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
    assert reads(work_on) == [(str(reader), str(request_id), f'{{"requests_read":"{request_id}"}}')]
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


def test_a_list_of_fifty_is_one_event(client, work_on):
    wren = pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        actor = actor_of(queries.get_account(work, wren))
    with work_on(actor) as work:
        requests = [in_triage(work) for _ in range(50)]
        for one in requests:
            set_priority(work, one.id, priority=Priority.SOONER, reason="A move is near", version=one.version)
        requests = [one.id for one in requests]
    # The very first event of the chain begins it as well.
    client.get("/requests")
    with statements(client.application) as seen:
        assert client.get("/requests").text.count("A move is near") == 50
    assert len([one for one in seen if is_recording(one)]) <= RECORDING_MOST
    _first, (_actor, subject, payload) = reads(work_on)
    assert subject == "several"
    assert set(json.loads(payload)["requests_read"].split()) == {str(one) for one in requests}


def test_three_statements_record_who_has_read_a_page(client, app, work_on):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        path = f"/requests/{accepted_request(work).id}"
    client.get(path)
    with statements(app) as seen:
        client.get(path)
    recording = [one for one in seen if is_recording(one)]
    assert len(recording) == RECORDING_MOST
    # It comes last, and needs nothing else: no key, no setting, no name.
    assert [one for one in seen if not one.startswith("PRAGMA")][-RECORDING_MOST:] == recording
    assert len(reads(work_on)) == 2


def test_a_form_that_comes_back_with_what_was_written_is_read_too(client, work_on):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        path = f"/requests/{in_triage(work).id}/priority"
    page = client.get(path)
    before = len(reads(work_on))
    answer = client.post(path, data={"csrf_token": pages.token(page), "version": pages.version(page)})
    assert pages.errors(answer) != []
    assert len(reads(work_on)) == before + 1


def test_two_who_begin_the_chain_at_one_moment_both_stand_in_it(app, client, work_on):
    with work_on() as work:
        paths = [f"/requests/{in_triage(work).id}" for _ in range(2)]
    browsers = [app.test_client() for _ in paths]
    for browser in browsers:
        pages.sign_in(browser, work_on, Role.COORDINATOR)
    with ThreadPoolExecutor(len(paths)) as pool:
        answers = list(
            pool.map(lambda one: one[0].get(one[1]).status_code, zip(browsers, paths, strict=True))
        )
    assert answers == [200, 200]
    assert len(reads(work_on)) == 2
    with work_on(write=False) as work:
        assert verify(work) == []


@pytest.mark.parametrize("change", [{"actor_ref": "somebody else"}, {"payload": "{}"}])
def test_a_read_that_was_changed_is_found(client, work_on, change):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        path = f"/requests/{in_triage(work).id}"
    client.get(path)
    with work_on() as work:
        connection = work.session.connection()
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_event_update"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(update(AuditEvent).where(AuditEvent.stream == Stream.READS).values(change))
    with work_on(write=False) as work:
        assert [(one.stream, one.seq, one.problem) for one in verify(work)] == [
            (Stream.READS, 1, "this event was changed")
        ]


def test_an_administrator_sees_who_has_read_and_of_which_case(client, work_on):
    pages.sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    with work_on() as work:
        first, second = (in_triage(work) for _ in range(2))
        paths, names = [f"/requests/{one.id}" for one in (first, second)], [first.reference, second.reference]
    for path in paths:
        client.get(path)
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    assert "Case read" not in pages.text_of(client.get("/audit-trail")).partition("Events (")[2]
    shown = pages.text_of(client.get("/audit-trail?stream=reads")).partition("Events (")[2]
    assert shown.startswith("2)")
    assert "Wren Young Case read" in shown
    assert all(name in shown for name in names)
    about = pages.text_of(client.get(f"/audit-trail?stream=reads&reference={names[0]}")).partition(
        "Events ("
    )[2]
    assert about.startswith("1)")
    assert names[1] not in about


def test_who_asks_reads_their_own_without_an_event(client, work_on):
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_STATUS, in_triage(work).id)
    assert client.get(f"{pages.follow(client, secret)}/answers").status_code == 200
    assert reads(work_on) == []


def test_a_page_without_a_case_records_nothing_and_asks_for_nothing(client, app, work_on):
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    for path in ("/home", "/people", "/settings", "/sign-in"):
        with statements(app) as seen:
            client.get(path)
        assert [one for one in seen if is_recording(one) or one.startswith(("INSERT", "UPDATE"))] == []
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
        if answer.mimetype.startswith("text/") and re.search(rf"\b{word}\b", answer.text)
    }
    assert leaks == set()
    # A thing of others is there for nobody else: as if it were not.
    own = [answer for path, answer in said.items() if str(case["session_id"]) in path]
    assert {answer.status_code for answer in own} <= {403, 404}
    assert [event for event in reads(work_on) if event[0] == str(account_id)] == []


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_words_that_are_looked_for_are_there_for_the_unit(client, app, work_on, case):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    shown = " ".join(
        answer.text for answer in crawl(client, app, case).values() if answer.mimetype == "text/html"
    )
    assert [word for word in CASE if word not in shown] == []
    with work_on(write=False) as work:
        assert work.session.get(AuditHead, Stream.READS).seq > 3
        assert work.session.scalar(select(JagsSession.id)) == case["session_id"]
