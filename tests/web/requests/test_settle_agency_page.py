"""A coordinator settles the name of an agency that was typed and is not known."""

import json

from sqlalchemy import select

from factories.pages import errors, heading, sign_in, token, version
from factories.people import agency
from factories.requests import in_triage
from jags.accounts.queries import find_agency
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.requests.queries import get_request, typed_agencies

TYPED = ("A School", "Police", "An Unknown Charity")


def two_requests(client, work_on):
    """Sign a coordinator in; return two requests that name the same unknown agencies, and a known one's id."""
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        first, second = in_triage(work).id, in_triage(work).id
        return first, second, str(agency(work, "charity", "The Lighthouse").id)


def settle(client, request_id, **fields):
    path = f"/requests/{request_id}/agency"
    page = client.get(path)
    sent = {"csrf_token": token(page), "version": version(page), **fields}
    return client.post(path, data=sent, follow_redirects=True)


def unknown_on(work_on, *request_ids):
    with work_on() as work:
        return [typed_agencies(get_request(work, one)) for one in request_ids]


def test_a_name_is_settled_on_this_request_alone_unless_it_always_means_the_agency(client, work_on) -> None:
    first, second, known = two_requests(client, work_on)
    assert unknown_on(work_on, first, second) == [TYPED, TYPED]
    page = settle(client, first, typed="An Unknown Charity", agency=known)
    assert "The agency is settled." in page.text
    assert unknown_on(work_on, first, second) == [TYPED[:2], TYPED]
    with work_on() as work:
        request = get_request(work, first)
        assert [row.agency and row.agency.name for row in request.involved] == [None, "The Lighthouse"]
        assert {row.agency.name for row in request.network if row.agency} == {"The Lighthouse"}
        assert find_agency(work, "An Unknown Charity") is None


def test_a_name_that_always_means_an_agency_is_settled_everywhere_and_known_from_now_on(
    client, work_on
) -> None:
    first, second, known = two_requests(client, work_on)
    settle(client, first, typed="A School", agency=known, always="y")
    assert unknown_on(work_on, first, second) == [TYPED[1:], TYPED[1:]]
    with work_on() as work:
        found = find_agency(work, "a school.")
        assert found is not None
        assert found.name == "The Lighthouse"
        assert get_request(work, second).agency is found
        told = {
            event.subject_ref
            for event in work.session.scalars(select(AuditEvent).where(AuditEvent.tag == "request:changed"))
            if json.loads(event.payload)["part"] == "agency"
        }
        assert told == {str(first), str(second)}
        assert typed_agencies(in_triage(work)) == TYPED[1:]


def test_what_is_not_offered_is_not_settled(client, work_on) -> None:
    first, _, known = two_requests(client, work_on)
    assert errors(settle(client, first)) == ["Select the name that was typed.", "Select the agency."]
    for sent in ({"typed": "Nobody", "agency": known}, {"typed": "Police", "agency": "x"}):
        assert errors(settle(client, first, **sent))
    assert unknown_on(work_on, first) == [TYPED]


def test_the_step_is_there_only_while_a_name_is_unknown(client, work_on) -> None:
    first, _, known = two_requests(client, work_on)
    path = f"/requests/{first}"
    for name in TYPED:
        assert "Settle an agency that is not known" in client.get(path).text
        settle(client, first, typed=name, agency=known)
    assert "Settle an agency that is not known" not in client.get(path).text
    assert heading(client.get(f"{path}/agency", follow_redirects=True)).startswith("JAGS-")
