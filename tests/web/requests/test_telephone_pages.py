"""A coordinator enters a request on the pages of the practitioner's form, leaves it half-way, and takes it in."""

import re

import pytest

from factories.pages import errors, heading, queries_of, sign_in, submit, token, version
from factories.requests import draft, only
from jags.accounts.rules import Role
from jags.requests.queries import contact_of, detail_of
from jags.requests.rules import Source, State

NO = {"danger": "no", "disagreement": "no", "tasks": "no"}
YOU = {"name": "Asha Bell", "role": "Teacher", "agency": "A School", "phone": "01632 960 010"}
PAGES = {
    "about-you": YOU,
    "who-it-is-about": {
        "pseudonym": "Kestrel",
        "age_bands": "14-15",
        "sibling_group": "no",
        "locality": "East",
        "responsibility": "ours",
    },
    "why": {"reasons": "stuck", "hopes": "Slow down."},
    "who-is-involved": {"lead_knows": "yes"},
    "into-adulthood": {"transitional_view": "no"},
    "last-things": {"date_matters": "no"},
}


@pytest.fixture
def entry(client, work_on) -> str:
    """An entry that has just begun, at the address of its pages."""
    sign_in(client, work_on, Role.COORDINATOR)
    return submit(client, "/requests/new/before-you-begin", **NO).location.rpartition("/")[0]


def filled(client, page: str, slug: str, **fields):
    shown = client.get(f"{page}/{slug}")
    mark = re.search(r'name="page"\s+value="([^"]+)"', shown.text)[1]
    hidden = {"csrf_token": token(shown), "version": version(shown), "page": mark}
    return client.post(f"{page}/{slug}", data={**hidden, **fields})


def test_a_request_is_entered_and_taken_in(client, work_on, entry) -> None:
    assert entry.startswith("/requests/new/")
    for slug, fields in PAGES.items():
        answer = filled(client, entry, slug, **fields)
        assert answer.status_code == 303, errors(answer)
    assert answer.location == f"{entry}/check"
    shown = client.get(answer.location)
    assert "Kestrel" in shown.text
    # The coordinator reads this, and the request is not theirs.
    assert "your request" not in shown.text.lower()
    assert heading(shown) == "Check the answers"
    assert "About you" not in shown.text
    taken = submit(client, f"{entry}/check")
    with work_on() as work:
        request = only(work)
        assert (request.state, request.source) == (State.IN_TRIAGE, Source.TELEPHONE)
        assert taken.location == f"/requests/{request.id}"
    page = client.get(taken.location)
    assert "No e-mail address." in page.text
    assert "is taken in as JAGS-2026-0001" in page.text
    # What was sent is no entry any more.
    assert client.get(f"{entry}/why").status_code == 404


def test_an_address_is_not_needed_and_half_of_one_is_not_taken(client, work_on, entry) -> None:
    answer = filled(client, entry, "about-you", **YOU, email="asha@")
    assert errors(answer)[0].startswith("Enter an e-mail address")
    assert "Asha Bell" in answer.text
    assert "“you” is the person on the telephone" in answer.text
    assert filled(client, entry, "about-you", **YOU).location == f"{entry}/who-it-is-about"


def test_what_is_left_half_way_is_listed_and_goes_on_where_it_lacks_something(client, work_on, entry) -> None:
    left = filled(client, entry, "about-you", name="Asha Bell", later="yes")
    assert left.location == "/requests/new"
    listed = client.get("/requests/new")
    assert "Asha Bell" in listed.text
    assert "8 December 2026" in listed.text
    assert client.get(entry).location == f"{entry}/about-you"
    filled(client, entry, "about-you", **YOU)
    assert client.get(entry).location == f"{entry}/who-it-is-about"
    with work_on() as work:
        assert contact_of(work, only(work)).role == "Teacher"


def test_a_page_keeps_itself_while_it_is_filled(client, work_on, entry) -> None:
    shown = client.get(f"{entry}/why")
    mark = re.search(r'name="page"\s+value="([^"]+)"', shown.text)[1]
    hidden = {"csrf_token": token(shown), "version": version(shown), "page": mark}
    answer = client.post(f"{entry}/why/autosave", data={**hidden, "hopes": "Half a thought"})
    assert answer.json["said"].startswith("Saved at")
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "Half a thought"
    forged = client.post(f"{entry}/why/autosave", data={"hopes": "Forged"})
    assert forged.status_code in {400, 409}
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == "Half a thought"


def test_it_is_not_taken_in_while_answers_are_missing(client, work_on, entry) -> None:
    answer = submit(client, f"{entry}/check")
    assert errors(answer)[0] == "Finish “About you”."
    with work_on() as work:
        assert only(work).state is State.DRAFT


def test_an_unfinished_entry_is_in_no_list_and_a_practitioners_draft_is_no_entry(
    client, work_on, entry
) -> None:
    with work_on() as work:
        theirs = draft(work).id
    assert client.get(f"/requests/new/{theirs}/why").status_code == 404
    assert client.get(f"/requests/{entry.rpartition('/')[2]}").status_code == 404
    assert "Kestrel" not in client.get("/requests/new").text
    assert "All requests (0)" in client.get("/requests?state=all").text


def test_the_list_of_entries_takes_the_same_queries_for_one_and_for_thirty(client, work_on, entry) -> None:
    def queries() -> int:
        return queries_of(client, client.application, "/requests/new")

    filled(client, entry, "about-you", **YOU)
    one = queries()
    for _ in range(29):
        submit(client, "/requests/new/before-you-begin", **NO)
    assert client.get("/requests/new").text.count("Nobody named yet") == 29
    assert queries() == one
    assert one <= 8


def test_the_requests_page_leads_to_it(client, work_on) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    assert 'href="/requests/new"' in client.get("/requests").text
    assert heading(client.get("/requests/new")) == "Enter a request from the telephone"
    assert "Nothing is unfinished." in client.get("/requests/new").text
