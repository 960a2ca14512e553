"""How many drafts are begun from one network address in an hour: more are refused kindly, and nothing typed is lost."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from factories.pages import heading, text_of, token
from jags.requests.model import DraftsBegun, Request
from jags.requests.service import delete_old_drafts
from jags.requests.service.begun import DRAFTS_ALLOWED

OFFICE, ELSEWHERE = "192.0.2.7", "192.0.2.8"
YES = {"danger": "no", "disagreement": "no", "tasks": "yes", "tasks_why": "We go round in circles."}


def begin(client, address: str = OFFICE):
    page = client.get("/ask")
    return client.post(
        "/ask", data={"csrf_token": token(page), **YES}, environ_overrides={"REMOTE_ADDR": address}
    )


def counted(work_on) -> list[int]:
    with work_on(write=False) as work:
        return sorted(work.session.scalars(select(DraftsBegun.number)))


@pytest.fixture
def full(client, work_on) -> None:
    """As many drafts as are allowed have been begun from the office."""
    assert begin(client).status_code == begin(client).status_code == 303
    assert counted(work_on) == [2]
    with work_on() as work:
        work.session.execute(update(DraftsBegun).values(number=DRAFTS_ALLOWED))


@pytest.mark.usefixtures("full")
def test_one_more_is_refused_with_what_to_do_and_what_was_typed(client, work_on) -> None:
    for _ in range(2):
        answer = begin(client)
        assert (answer.status_code, heading(answer)) == (429, "Please wait a little")
        assert "Ring us and we write your request down with you, or send it again in an hour." in text_of(
            answer
        )
        assert "Why a JAGS all the same? We go round in circles." in text_of(answer)
        assert '<a href="/ask"' in answer.text
    assert counted(work_on) == [DRAFTS_ALLOWED]
    with work_on(write=False) as work:
        assert len(work.session.scalars(select(Request.id)).all()) == 2


@pytest.mark.usefixtures("full")
def test_others_and_the_next_hour_are_not_concerned(client, work_on, clock) -> None:
    assert begin(client, ELSEWHERE).status_code == 303
    clock.instant += timedelta(hours=1)
    assert begin(client).status_code == 303
    assert counted(work_on) == [1, 1, DRAFTS_ALLOWED]
    with work_on() as work:
        delete_old_drafts(work)
    assert counted(work_on) == [1]


def test_all_addresses_of_one_newer_network_count_together(client, work_on) -> None:
    for address in ("2001:db8:1:2::7", "2001:db8:1:2:ffff::9", "2001:db8:1:3::7"):
        begin(client, address)
    assert counted(work_on) == [1, 2]
