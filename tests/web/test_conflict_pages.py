"""The two pages of a refused step: somebody was first, or it is not possible; both keep what was typed and say what to do."""

import html
import re

import pytest

from factories.pages import heading, sign_in, token, version
from factories.requests import in_triage
from jags.accounts.rules import Role
from jags.requests.queries import get_request
from jags.requests.service import link_as_repeat


@pytest.fixture
def request_id(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        return in_triage(work).id


def told(answer):
    body = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def links(answer):
    return re.findall(r'<a href="([^"]+)"[^>]*role="button"', answer.text)


def test_who_comes_second_is_told_so_and_led_to_the_form_as_it_is_now(client, work_on, request_id) -> None:
    path = f"/requests/{request_id}/priority"
    page = client.get(path)
    data = {"csrf_token": token(page), "version": version(page), "priority": "sooner"}
    assert client.post(path, data={**data, "reason": "First to speak"}).status_code == 303
    answer = client.post(path, data={**data, "reason": "Staff are worried"})
    assert (answer.status_code, heading(answer)) == (409, "This has changed since you opened it")
    assert "What you sent has not been saved, and nothing that was saved is overwritten." in told(answer)
    assert "Staff are worried" in told(answer)
    assert links(answer) == [path]
    assert client.get(path).status_code == 200


def test_a_step_that_is_not_possible_is_told_and_led_to_how_things_stand(client, work_on, request_id) -> None:
    with work_on() as work:
        now = get_request(work, request_id).version
    answer = client.post(
        f"/requests/{request_id}/not-a-repeat",
        data={
            "csrf_token": token(client.get(f"/requests/{request_id}")),
            "why": "Typed by mistake",
            "version": now,
        },
    )
    assert (answer.status_code, heading(answer)) == (409, "This is not possible as things stand")
    assert "Nothing was saved. It may have been done already" in told(answer)
    assert "Typed by mistake" in told(answer)
    assert "changed since you opened" not in answer.text
    assert links(answer) == [f"/requests/{request_id}"]


def test_what_was_sent_late_to_an_address_without_a_page_leads_above_it(client, work_on, request_id) -> None:
    with work_on() as work:
        other = in_triage(work).reference
        link_as_repeat(work, request_id, of_reference=other, version=get_request(work, request_id).version)
    answer = client.post(
        f"/requests/{request_id}/not-a-repeat",
        data={"csrf_token": token(client.get(f"/requests/{request_id}")), "version": "1"},
    )
    assert heading(answer) == "This has changed since you opened it"
    assert links(answer) == [f"/requests/{request_id}"]
