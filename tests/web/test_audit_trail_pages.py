"""The audit trail as an administrator reads it: names and references, narrowed, and nothing that was written."""

import pytest

from factories import pages
from factories.erasing import ended_request
from factories.requests import coordinator
from jags.accounts.rules import Role
from jags.kernel.actor import Actor, ActorKind


@pytest.fixture
def reference(work_on):
    """Return the reference of a request about which somebody typed a reason."""
    with work_on() as work:
        wren = coordinator(work, "Wren Young")
    with work_on(wren) as work:
        request = ended_request(work, years=0)
        work.record("request:legal_hold_lifted", request.id, reason="Kestrel’s mother rang.")
        return request.reference


def test_the_trail_says_who_and_about_what_and_nothing_that_was_written(client, work_on, reference):
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    shown = client.get("/audit-trail")
    text = pages.text_of(shown)
    assert "Wren Young" in text
    assert reference in text
    assert "A reason is kept" in text or "a reason is kept" in text
    assert "mother" not in shown.text
    assert "Kestrel" not in shown.text


def test_it_is_narrowed_by_reference_subject_person_and_day(client, work_on, reference):
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    everything = pages.text_of(client.get("/audit-trail"))
    assert "Person added" in everything
    about = pages.text_of(client.get(f"/audit-trail?reference={reference.lower()}"))
    assert "Person added" not in about.partition("Events (")[2]
    assert "Request legal hold lifted" in about
    assert "Events (0)" in pages.text_of(client.get("/audit-trail?reference=JAGS-1999-0001"))
    people = pages.text_of(client.get("/audit-trail?about=person")).partition("Events (")[2]
    assert "Person added" in people
    assert "Request" not in people.partition("Number")[2]
    later = "/audit-trail?from_on=25&from_on=11&from_on=2026"
    assert "Events (0)" in pages.text_of(client.get(later))
    today = "/audit-trail?from_on=24&from_on=11&from_on=2026&to_on=24&to_on=11&to_on=2026"
    assert "Person added" in pages.text_of(client.get(today))
    for odd in ("who=nobody", "about=%00", "from_on=x", "page=-3", "page=99999", "who=%27%3B--"):
        assert client.get(f"/audit-trail?{odd}").status_code == 200


def test_links_and_the_software_are_told_apart(client, work_on):
    with work_on(Actor(ActorKind.LINK, "link:abc")) as work:
        work.record("agency:added", "one")
    with work_on() as work:
        work.record("agency:changed", "one")
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    text = pages.text_of(client.get("/audit-trail"))
    assert "Somebody by a link" in text
    assert "The software: test" in text


def test_nobody_but_an_administrator_reads_it(client, work_on):
    for role in set(Role) - {Role.ADMINISTRATOR}:
        pages.sign_in(client, work_on, role)
        assert client.get("/audit-trail").status_code == 403


@pytest.mark.parametrize("page", ["/audit-trail", "/audit-trail/files/new"])
@pytest.mark.parametrize("asked", ["endpoint=x", "_scheme=gopher&_external=1", "self=1", "_method=POST"])
def test_what_an_address_asks_for_beside_the_form_goes_no_further(client, work_on, page, asked):
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    answer = client.get(f"{page}?{asked}", follow_redirects=True)
    assert answer.status_code == 200
    assert "gopher" not in answer.text
    assert "endpoint=x" not in answer.text
