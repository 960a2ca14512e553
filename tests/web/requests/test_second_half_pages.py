"""What can wait until we have spoken: added by the requester or a coordinator until the date is set."""

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from factories.pages import heading, sign_in, submit, version
from factories.requests import in_triage, only
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import detail_of, members
from jags.requests.rules import State, YesNoUnsure


def test_the_requester_adds_to_a_request_that_was_sent(client, work_on, status_page) -> None:
    page = client.get(status_page).text
    for slug in ("contacts", "family", "the-work", "arrangements"):
        assert f"{status_page}/more/{slug}" in page
    path = f"{status_page}/more/the-work"
    sent = {"legal_live": "yes", "tried": "A plan.", "own_reference": "X-17"}
    assert submit(client, path, version=version(client.get(path)), **sent).location == status_page
    with work_on() as work:
        request = only(work)
        detail = detail_of(work, request)
        assert (request.legal_live, detail.tried, detail.own_reference) == (
            YesNoUnsure.YES,
            "A plan.",
            "X-17",
        )
        assert request.own_reference_index == work.vault.blind_index("own-reference", "x-17 ")
        payloads = [e.payload for e in work.session.scalars(select(AuditEvent)) if e.tag == "request:changed"]
        assert payloads[-1] == '{"part":"work"}'


def test_people_keep_who_they_are_when_the_list_is_sent_again(client, work_on, status_page) -> None:
    path = f"{status_page}/more/contacts"
    shown = client.get(path)
    marks = re.findall(r'name="people-\d+-member"\s+value="([^"]+)"', shown.text)
    with work_on() as work:
        before = {c.name: str(m.id) for m, c in members(work, only(work))}
    assert marks == [before["Mo Hart"], before["Pat Quinn"]]
    people = {
        "people-0-name": "Pat Quinn-Ward",
        "people-0-member": before["Pat Quinn"],
        "people-1-name": "Kit Moss",
    }
    assert submit(client, path, version=version(shown), **people).location == status_page
    with work_on() as work:
        after = {c.name: str(m.id) for m, c in members(work, only(work))}
        assert after["Pat Quinn-Ward"] == before["Pat Quinn"]
        assert set(after) == {"Pat Quinn-Ward", "Kit Moss"}
        assert work.session.get_one(NetworkMember, UUID(before["Mo Hart"])).removed_at is not None


def test_a_person_of_another_request_is_not_reached_by_a_forged_mark(client, work_on, status_page) -> None:
    with work_on() as work:
        other = in_triage(work)
        stranger, contact = members(work, other)[0]
        other_id, stranger_id = other.id, stranger.id
    path = f"{status_page}/more/contacts"
    people = {"people-0-name": "Forged", "people-0-member": str(stranger_id)}
    submit(client, path, version=version(client.get(path)), **people)
    with work_on() as work:
        other = work.session.get_one(Request, other_id)
        assert members(work, other)[0][1].name == contact.name


def test_a_second_page_that_is_stale_is_told_and_overwrites_nothing(client, work_on, status_page) -> None:
    path = f"{status_page}/more/family"
    first, second = client.get(path), client.get(path)
    assert submit(client, path, version=version(first), young_person_wish="Be on time.").status_code == 303
    refused = submit(client, path, version=version(second), young_person_wish="Something else.")
    assert refused.status_code == 409
    assert "Something else." in refused.text
    with work_on() as work:
        assert detail_of(work, only(work)).young_person_wish == "Be on time."


@pytest.mark.parametrize("state", [State.SCHEDULED, State.HELD, State.WITHDRAWN])
def test_once_the_date_is_set_or_it_has_ended_nothing_is_added(client, work_on, status_page, state) -> None:
    path = f"{status_page}/more/family"
    opened = client.get(path)
    with work_on() as work:
        only(work).state = state
    assert "/more/" not in client.get(status_page).text
    assert submit(client, path, page="/ask", version=version(opened)).status_code == 409


def test_a_coordinator_adds_what_they_were_told_and_a_facilitator_does_not(client, app, work_on) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}/more/arrangements"
    sign_in(client, work_on, Role.COORDINATOR)
    assert path in client.get(f"/requests/{request_id}").text
    page = client.get(path)
    assert heading(page) == "Arrangements"
    assert (
        submit(
            client, path, version=version(page), access_needs="A room without steps.", who_should_not=""
        ).status_code
        == 303
    )
    with work_on() as work:
        assert detail_of(work, only(work)).access_needs == "A room without steps."
        assert detail_of(work, only(work)).who_should_not == ""
    other = app.test_client()
    sign_in(other, work_on, Role.FACILITATOR)
    assert other.get(path).status_code == 403
