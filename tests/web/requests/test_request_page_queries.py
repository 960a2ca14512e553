"""The page of one request reads as little with a long story as with a short one."""

import pytest

from factories.pages import queries_of, sign_in
from factories.requests import accepted, coordinator, in_triage, sent, waiting
from factories.sessions import agree, arrange
from jags.accounts.rules import Role
from jags.requests.service import (
    add_note,
    answer_question,
    ask_requester,
    signpost_request,
)


def lived(work):
    """Return a request with thirty notes and many moves."""
    request = in_triage(work)
    for number in range(10):
        ask_requester(work, request.id, question=f"Question {number}", version=request.version)
        work.session.flush()
        answer_question(work, request.id, answer=f"Answer {number}", version=request.version)
        work.session.flush()
    signpost_request(work, request, route="tacs", reason="x")
    for number in range(30):
        add_note(work, request.id, text=f"Note {number}")
    work.session.flush()
    return request


def signposted(work):
    request = in_triage(work)
    signpost_request(work, request, route="tacs", reason="x")
    add_note(work, request.id, text="Only one")
    work.session.flush()
    return request


def queries(app, client, path) -> int:
    client.get(path)
    return queries_of(client, app, path)


def test_the_page_takes_the_same_few_queries_with_one_and_with_thirty(app, client, work_on) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        other = coordinator(work, "Ash Young")
    with work_on(other) as work:
        few = f"/requests/{signposted(work).id}"
    with work_on() as work:
        lead = coordinator(work, "Kit Moss")
    with work_on(lead) as work:
        many = f"/requests/{lived(work).id}"
    assert queries(app, client, few) == queries(app, client, many) <= LIMIT


LIMIT = 12


@pytest.mark.parametrize("make", [sent, in_triage, waiting, accepted])
def test_the_page_takes_few_queries_in_each_state(app, client, work_on, make) -> None:
    sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    with work_on() as work:
        path = f"/requests/{make(work).id}"
    assert queries(app, client, path) <= LIMIT


def test_the_page_reads_facilitators_and_date_once(app, client, work_on) -> None:
    # Beside what every request has: the pair, the session, and those two people.
    offered = agree(work_on)
    arrange(work_on, offered)
    sign_in(client, work_on, Role.COORDINATOR)
    # Then what stands against them now: the offers, them, agencies, managers of the network, and what was cleared with who
    # stood aside.
    assert queries(app, client, f"/requests/{offered.request_id}") <= LIMIT + 3 + 3
