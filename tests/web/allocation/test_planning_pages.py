"""The pages of planning: a plan is asked for, waited for, read and offered; a changed rule changes nothing."""

import html
import re
from uuid import UUID

import pytest

from factories.calculations import work_out
from factories.pages import errors, heading, sign_in, token, version
from factories.pool import accepted_request, facilitator
from factories.sessions import agree, arrange
from factories.statements import of_the_page, statements
from jags.accounts.rules import Role
from jags.allocation.queries import find_calculation, live_offers, question_of
from jags.allocation.rules.calculation import CalculationKind
from jags.allocation.service import claim_calculation, note_failed
from jags.facilitators.queries import get_facilitator
from jags.requests.queries import get_request
from jags.requests.rules import State
from jags.settings.service import change_setting


def text_of(page):
    """Return what somebody reads on a page."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True))).split())


@pytest.fixture
def coordinator(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    return client


@pytest.fixture
def request_ids(work_on):
    with work_on() as work:
        for name in ("Ann", "Ben", "Cat"):
            facilitator(work, name)
        return [accepted_request(work).id, accepted_request(work, agency_name="Police").id]


def ask(client):
    return client.post("/planning/plan", data={"csrf_token": token(client.get("/planning"))})


def rows_on(page):
    return re.findall(r'name="rows"\s+type="checkbox"\s+value="([0-9a-f-]+)"', page.get_data(as_text=True))


def test_without_a_request_the_page_says_what_will_appear(coordinator):
    page = coordinator.get("/planning")
    assert heading(page) == "Planning"
    assert "No request waits for facilitators now." in text_of(page)


def test_a_plan_is_waited_for_read_and_offered(coordinator, work_on, request_ids):
    assert "Plan all that wait (2)" in text_of(coordinator.get("/planning"))
    ask(coordinator)
    page = coordinator.get("/planning")
    assert page.headers["Refresh"] == "10"
    assert "This is being worked out." in text_of(page)
    assert not rows_on(page)
    work_out(work_on)
    page = coordinator.get("/planning")
    assert "Refresh" not in page.headers
    assert sorted(rows_on(page)) == sorted(str(one) for one in request_ids)
    read = text_of(page)
    assert "2 of 2 requests get a pair. First come, first served would do as well this time." in read
    assert "No rule is broken, and it is proven that no other plan is better." in read
    assert "has taken on no sessions in the last twelve months" in read
    data = {"csrf_token": token(page), "version": version(page), "rows": rows_on(page)[:1]}
    answer = coordinator.post("/planning/offers", data=data, follow_redirects=True)
    assert "1 offer is on the way to the facilitators." in text_of(answer)
    assert rows_on(answer) == rows_on(page)[1:]
    with work_on() as work:
        assert [len(live_offers(work, UUID(one))) for one in rows_on(page)] == [2, 0]


def test_a_row_that_does_not_hold_any_more_is_said(coordinator, work_on, request_ids):
    ask(coordinator)
    work_out(work_on)
    page = coordinator.get("/planning")
    with work_on() as work:
        get_request(work, request_ids[0]).paused_at = work.now
    data = {"csrf_token": token(page), "version": version(page), "rows": rows_on(page)}
    read = text_of(coordinator.post("/planning/offers", data=data, follow_redirects=True))
    assert "JAGS-2026-0001 is not offered: it does not wait for facilitators any more." in read
    assert "1 offer is on the way" in read


def test_nothing_ticked_is_explained_and_ticks_stay_off(coordinator, work_on, request_ids):
    ask(coordinator)
    work_out(work_on)
    page = coordinator.get("/planning")
    answer = coordinator.post("/planning/offers", data={"csrf_token": token(page), "version": version(page)})
    assert errors(answer) == ["Select the pairs to offer."]
    boxes = re.findall(r'<input[^>]*type="checkbox"[^>]*>', answer.get_data(as_text=True))
    assert [" checked" in box for box in boxes] == [False, False]


@pytest.mark.parametrize("rows", [["nonsense"], ["0" * 36], []])
def test_forged_rows_offer_nothing(coordinator, work_on, request_ids, rows):
    ask(coordinator)
    work_out(work_on)
    page = coordinator.get("/planning")
    data = {"csrf_token": token(page), "version": version(page), "rows": rows}
    assert errors(coordinator.post("/planning/offers", data=data)) == ["Select the pairs to offer."]


def test_offering_without_a_plan_or_from_an_older_one_is_told(coordinator, work_on, request_ids):
    page = coordinator.get("/planning")
    data = {"csrf_token": token(page), "version": 1, "rows": [str(request_ids[0])]}
    assert coordinator.post("/planning/offers", data=data).status_code == 409
    ask(coordinator)
    work_out(work_on)
    assert coordinator.post("/planning/offers", data=data).status_code == 409
    with work_on() as work:
        assert not live_offers(work, request_ids[0])


def test_failure_is_said_and_can_be_asked_for_again(coordinator, work_on, request_ids):
    ask(coordinator)
    with work_on() as work:
        note_failed(work, claim_calculation(work))
    page = coordinator.get("/planning")
    assert "It could not be worked out. Nothing was changed." in text_of(page)
    assert "Plan all that wait (2)" in text_of(page)


@pytest.mark.parametrize("number", [2, 12])
def test_plan_takes_the_same_number_of_queries_for_two_and_for_many(coordinator, work_on, app, number):
    with work_on() as work:
        for name in ("Ann", "Ben", "Cat"):
            facilitator(work, name, sessions_per_quarter=20)
        change_setting(work, "newcomer_sessions_a_quarter", 0)
        for n in range(number):
            accepted_request(work, agency_name=f"School {n}")
    ask(coordinator)
    work_out(work_on)
    with statements(app) as seen:
        page = coordinator.get("/planning")
    assert len(rows_on(page)) == number
    assert len([one for one in of_the_page(seen) if one.startswith("SELECT")]) == 9


def change_the_rule(client, **fields):
    """Send the form of a changed rule with the values that the page shows, apart from `fields`."""
    page = client.get("/planning/changed-rule").get_data(as_text=True)
    shown = dict(re.findall(r'<input[^>]*name="([a-z_]+)"[^>]*value="([^"]*)"', page))
    days = {name: re.findall(rf'name="{name}"[^>]*value="(\d+)"', page) for name in ("from_on", "to_on")}
    ticked = dict.fromkeys(("rest_holds", "training_counts"), "y")
    data = {
        "csrf_token": shown["csrf_token"],
        **days,
        "weight_of_sooner": "3",
        "more_sessions": "0",
        **ticked,
        **fields,
    }
    return client.post("/planning/changed-rule", data=data, follow_redirects=True)


def test_form_of_a_changed_rule_holds_the_values_of_today(coordinator, work_on):
    with work_on() as work:
        change_setting(work, "weight_of_sooner", 5)
    page = coordinator.get("/planning/changed-rule").get_data(as_text=True)
    assert re.search(r'name="weight_of_sooner"[^>]*value="5"', page)
    ticks = re.findall(r'<input[^>]*type="checkbox"[^>]*>', page)
    assert [" checked" in tick for tick in ticks] == [True, False, True]


def test_changed_rule_shows_what_differs_and_changes_nothing(coordinator, work_on):
    first = agree(work_on)
    arrange(work_on, first)
    with work_on() as work:
        for person_id in first.people:
            get_facilitator(work, person_id).sessions_per_quarter = 1
        accepted_request(work, agency_name="Police")
    answer = change_the_rule(coordinator, more_sessions="1")
    assert "This is being worked out." in text_of(answer)
    work_out(work_on)
    read = text_of(coordinator.get("/planning/changed-rule"))
    assert "2 requests of this period went ahead. 1 would have had another pair, or none." in read
    assert "What was changed Sessions a quarter that everybody could give as recorded → 1 more" in read
    assert "What is counted Today: as recorded Changed: 1 more Requests without a pair 1 0" in read
    assert re.search("JAGS-2026-000[12] no pair Ash Reed and Birch Lane", read)
    with work_on() as work:
        assert get_request(work, first.request_id).state is State.SCHEDULED
        assert question_of(work, find_calculation(work, CalculationKind.REPLAY)).more_sessions == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"weight_of_sooner": "0"}, "Enter a whole number from 1 to 100."),
        ({"weight_of_sooner": "many"}, "Enter a whole number."),
        ({"more_sessions": "99"}, "Enter a whole number from −20 to 20."),
        ({"to_on": ["1", "1", "2020"]}, "Enter a last day that is not before the first."),
        (
            {"from_on": ["1", "1", "2090"], "to_on": ["1", "2", "2090"]},
            "Enter a first day that has been: the period is one that has passed.",
        ),
        ({"from_on": ["", "", ""]}, "Enter the first day of the period."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_kept(coordinator, work_on, fields, message):
    answer = change_the_rule(coordinator, **fields)
    assert errors(answer) == [message]
    with work_on() as work:
        assert find_calculation(work, CalculationKind.REPLAY) is None
