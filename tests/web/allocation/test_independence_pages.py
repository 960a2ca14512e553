"""The coordinator asks by telephone, and prints the independence record."""

import html
import re

import pytest

from factories.pages import errors, heading, sign_in, submit, version
from factories.pool import declares, offered
from jags.accounts.rules import Role
from jags.allocation.queries import get_offer
from jags.allocation.service import accept_offer


def text_of(page):
    """Return what somebody reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


@pytest.fixture
def pair(work_on):
    with work_on() as work:
        found = offered(work, "Ann", "Ben")
    for actor, offer_id in zip(found.actors, found.offers, strict=True):
        with work_on(actor) as work:
            declares(work, offer_id)
        with work_on(actor) as work:
            accept_offer(work, offer_id, version=get_offer(work, offer_id).version)
    return found


@pytest.fixture
def coordinator(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    return client


def test_record_is_linked_from_the_request_and_says_what_was_checked(coordinator, pair):
    path = f"/requests/{pair.request_id}/independence"
    assert path in coordinator.get(f"/requests/{pair.request_id}").get_data(as_text=True)
    page = coordinator.get(path)
    read = text_of(page)
    assert heading(page) == "Independence record"
    assert "Line manager of somebody in the network No No" in read
    assert "Possible connections that were looked into None None" in read
    assert "Two different agencies, and no exception was needed." in read
    assert read.count("No connection No connection") == 6


def test_question_by_telephone_has_no_answer_preset_and_keeps_what_was_said(coordinator, work_on, pair):
    path = f"/requests/{pair.request_id}/offers/{pair.offers[0]}/identity"
    page = coordinator.get(path)
    # The question itself is read, not its answers alone.
    assert re.search(r"<legend[^>]*>\s*Do they know the child, young person or family", page.text)
    assert "checked" not in re.findall(r"<input[^>]*radio[^>]*>", page.get_data(as_text=True))
    assert errors(submit(coordinator, path, version=version(page))) == ["Select what they said."]
    answer = submit(coordinator, path, version=version(page), known="yes")
    assert answer.location == f"/requests/{pair.request_id}"
    assert "knows the family" in text_of(coordinator.get(answer.location))
    with work_on() as work:
        assert get_offer(work, pair.offers[0]).identity_known is True


def test_there_is_no_record_and_nobody_to_ask_before_an_agreement(coordinator, work_on):
    with work_on() as work:
        found = offered(work, "Cat", "Dan")
    assert coordinator.get(f"/requests/{found.request_id}/independence").status_code == 404
    asked = coordinator.get(f"/requests/{found.request_id}/offers/{found.offers[0]}/identity")
    assert asked.status_code == 404
