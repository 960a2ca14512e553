"""The pool's pages: who is in it, how they stand, their training and their load."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from factories.agreed import agree_with, people_of_pool
from factories.pages import come_in, errors, heading, rows_of, sign_in, submit, version
from factories.pool import accepted_request, facilitator, offered, offers_slots, span
from jags.accounts.rules import Role
from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import BookingKind, FacilitatorStatus
from jags.facilitators.service import book
from jags.kernel.ids import new_id
from jags.settings.service import change_setting


def test_empty_pool_says_how_to_begin(client, work_on):
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get("/facilitators").get_data(as_text=True)
    assert "Nobody is in the pool yet" in page


def test_list_shows_status_training_and_load(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", of="health")
        facilitator(work, "Ben", trained_on=None, status=FacilitatorStatus.PAUSED)
        when = span(work.today - timedelta(days=1), 9, 12)
        book(work, ann, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get("/facilitators").get_data(as_text=True)
    assert rows_of(page)[1:] == [
        ["Ann", "Agency health", "Active", "1 of 2 (1 given)", "1"],
        ["Ben", "Agency agency-of-ben", "Paused by coordinator training not current", "0 of 2", "0"],
    ]


def test_on_a_phone_only_what_does_not_speak_for_itself_has_its_title(client, work_on):
    with work_on() as work:
        facilitator(work, "Ann")
    sign_in(client, work_on, Role.COORDINATOR)
    assert re.findall(r'data-label="([^"]*)"', client.get("/facilitators").text) == [
        "This quarter",
        "Twelve months",
    ]


def test_nobody_is_shown_as_active_whose_training_is_not_current(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", trained_on=None)
    sign_in(client, work_on, Role.COORDINATOR)
    assert rows_of(client.get("/facilitators").text)[1][2] == "Training not current"
    assert heading(client.get(f"/facilitators/{ann}")) == "Ann Training not current"


def test_an_offer_without_a_date_holds_a_session_wherever_they_are_counted(client, work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get("/facilitators").get_data(as_text=True)
    assert [row[3] for row in rows_of(page)[1:]] == ["1 of 2 (1 offer open)"] * 2
    assert re.search(r">2</span>\s*<span[^>]*>sessions left this quarter", page)
    own = client.get(f"/facilitators/{made.people[0]}").get_data(as_text=True)
    assert "1 of 2 (1 offer open)" in own


def test_who_has_accepted_has_agreed_wherever_sessions_are_counted(client, work_on):
    ann, ben = people_of_pool(work_on, "Ann", "Ben")
    agree_with(work_on, [(ann, ben)])
    with work_on() as work:
        get_facilitator(work, ann).sessions_per_quarter = 1
        request_id = accepted_request(work, email="somebody@example.org", pseudonym="Swift").id
    sign_in(client, work_on, Role.COORDINATOR)
    pool = rows_of(client.get("/facilitators").text)
    assert [row[3:] for row in pool[1:]] == [["1 of 1 (1 agreed)", "1"], ["1 of 20 (1 agreed)", "1"]]
    assert "1 of 1 (1 agreed)" in client.get(f"/facilitators/{ann}").text
    assert ["Ann", "Agency agency-of-ann", "1 of 1 (1 agreed)"] in rows_of(
        client.get("/facilitators/load").text
    )
    refused = rows_of(client.get(f"/requests/{request_id}/facilitators").text)
    assert [
        "Ann",
        "Agency agency-of-ann",
        "no sessions left in January to March 2027: 1 of 1 (1 agreed)",
    ] in refused
    come_in(client, work_on, ann)
    assert "Your sessions this quarter: 1 of 1 (1 agreed)." in client.get("/my-sessions").text


def test_coordinator_changes_how_somebody_stands(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/facilitators/{ann}"
    seen = version(client.get(path))
    fields = {"status": "paused", "sessions_per_quarter": "4", "version": seen}
    assert errors(submit(client, path, **fields | {"sessions_per_quarter": "many"})) == [
        "Enter a whole number of sessions from 0 to 20."
    ]
    assert submit(client, path, **fields).location == path
    with work_on() as work:
        changed = get_facilitator(work, ann)
        assert (changed.status, changed.sessions_per_quarter) == (FacilitatorStatus.PAUSED, 4)
    stale = submit(client, path, **fields | {"status": "left"})
    assert (stale.status_code, "This has changed since you opened it" in stale.get_data(as_text=True)) == (
        409,
        True,
    )


def test_training_is_added_and_a_foolish_date_is_explained(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", trained_on=None)
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/facilitators/{ann}/training"
    fields = {"course": "JAGS two-day course", "trained_on": ["1", "9", "2026"]}
    assert errors(submit(client, path, **fields | {"trained_on": ["1", "9", "2031"]})) == [
        "Enter a date of training that is today or in the past."
    ]
    assert submit(client, path, **fields).location == f"/facilitators/{ann}"
    page = client.get(f"/facilitators/{ann}").get_data(as_text=True)
    assert ["JAGS two-day course", "1 September 2026", "Not due"] in rows_of(page)


def test_facilitator_does_not_see_the_pool(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    assert heading(client.get(f"/facilitators/{ann}")) == heading(client.get("/facilitators"))
    assert client.get("/facilitators").status_code == 403


def test_training_that_lapses_is_shown_with_what_is_booked_after_it(client, work_on):
    with work_on() as work:
        today = work.today
        ann = facilitator(work, "Ann", refresher_due_on=today + timedelta(days=5))
        when = span(today + timedelta(days=6), 9, 12)
        book(work, ann, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
        facilitator(work, "Ben", refresher_due_on=today + timedelta(days=60))
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get("/facilitators").get_data(as_text=True)
    assert rows_of(page)[1:3] == [
        ["Ann", "29 November 2026", "30 November 2026"],
        ["Ben", "23 January 2027", "None"],
    ]
    own = " ".join(client.get(f"/facilitators/{ann}").get_data(as_text=True).split())
    assert "Training is current today, and counts until 29 November 2026." in own


def test_the_usual_interval_is_shown_where_no_refresher_is_recorded(client, work_on):
    with work_on() as work:
        change_setting(work, "refresher_months", 12)
        ann = facilitator(work, "Ann", trained_on=work.today - timedelta(days=400))
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get(f"/facilitators/{ann}").get_data(as_text=True)
    assert ["Course not named", "20 October 2025", "20 October 2026"] in rows_of(page)
    assert "Training is not current today; it counted until 20 October 2026." in " ".join(page.split())


def test_themes_to_avoid_stand_beside_the_pair_and_only_coordinators_see_them(client, work_on):
    with work_on() as work:
        request_id = accepted_request(work).id
        ann, ben = facilitator(work, "Ann"), facilitator(work, "Ben")
        for person_id in (ann, ben):
            offers_slots(work, person_id, 0, 1)
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/facilitators/{ann}/themes"
    page = client.get(path)
    assert (
        submit(client, path, text="A <recent> loss", version=version(page)).location == f"/facilitators/{ann}"
    )
    assert "A &lt;recent&gt; loss" in client.get(f"/facilitators/{ann}").get_data(as_text=True)
    choosing = " ".join(client.get(f"/requests/{request_id}/facilitators").get_data(as_text=True).split())
    assert "<strong>Ann would rather avoid for now:</strong> A &lt;recent&gt; loss" in choosing
    assert choosing.count("rather avoid for now") == 2
    late = submit(client, path, text="Typed later", version="0")
    assert (late.status_code, "Typed later" in late.get_data(as_text=True)) == (409, True)
    sign_in(client, work_on, Role.ADMINISTRATOR)
    own = client.get(f"/facilitators/{ann}").get_data(as_text=True)
    assert "recent" not in own
    assert "To avoid for now" not in own
    assert client.get(path).status_code == 403


def test_load_is_told_by_person_and_agency_in_the_order_of_names(client, work_on):
    with work_on() as work:
        for name, of, sessions, status in (
            ("Zoe", "health", 1, "active"), ("Ann", "police", 0, "active"), ("Ben", "health", 2, "active"),
            ("Gone", "police", 1, "left"), ("Gone before", "school", 0, "left"),
        ):  # fmt: skip
            person = facilitator(work, name, of=of, status=FacilitatorStatus(status))
            for n in range(sessions):
                when = span(work.today - timedelta(days=n + 2), 9, 12)
                book(work, person, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
    sign_in(client, work_on, Role.COORDINATOR)
    found = rows_of(client.get("/facilitators/load").get_data(as_text=True))
    assert found == [
        ["Agency", "Sessions"],
        ["Agency health", "3 sessions, about 15 hours"],
        ["Agency police", "1 session, about 5 hours"],
        ["Name", "Sessions"],
        ["Ann", "0 sessions, about 0 hours"],
        ["Ben", "2 sessions, about 10 hours"],
        ["Gone", "1 session, about 5 hours"],
        ["Zoe", "1 session, about 5 hours"],
        ["Name", "Agency", "Sessions"],
        ["Ann", "Agency police", "0 of 2"],
        ["Ben", "Agency health", "2 of 2 (2 given)"],
        ["Gone", "Agency police", "1 of 2 (1 given)"],
        ["Zoe", "Agency health", "1 of 2 (1 given)"],
    ]


def test_each_sees_their_own_load(client, work_on):
    with work_on() as work:
        change_setting(work, "hours_a_session", 4)
        ann = facilitator(work, "Ann")
        when = span(work.today - timedelta(days=1), 9, 12)
        book(work, ann, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
    come_in(client, work_on, ann)
    page = " ".join(client.get("/my-sessions").get_data(as_text=True).split())
    assert (
        "Your sessions this quarter: 1 of 2 (1 given). In the last twelve months: 1 session, about 4 hours."
        in page
    )


@pytest.mark.parametrize("path", ["/facilitators", "/facilitators/load"])
def test_pages_of_the_pool_take_the_same_few_queries_for_one_and_for_many(client, work_on, path):
    sign_in(client, work_on, Role.COORDINATOR)

    def add(names):
        with work_on() as work:
            for number, name in enumerate(names):
                person = facilitator(work, name, refresher_due_on=work.today + timedelta(days=9))
                when = span(work.today + timedelta(days=10 + number), 9, 12)
                book(work, person, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())

    def queries():
        statements = []
        note = lambda *call: statements.append(call[2])  # noqa: E731 - A listener of one line.
        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert client.get(path).status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len([s for s in statements if s.lstrip().startswith("SELECT")])

    add(["Ann"])
    few = queries()
    add([f"Person {n}" for n in range(12)])
    assert queries() == few
    # Both are the coordinator's overviews of the pool; that of load looks a year ahead as well.
    assert few <= {"/facilitators": 14, "/facilitators/load": 12}[path]


def test_a_facilitator_reads_that_their_own_training_lapses_and_what_is_booked_after_it(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann", refresher_due_on=work.today + timedelta(days=30))
        facilitator(work, "Ben", refresher_due_on=work.today + timedelta(days=20))
        when = span(work.today + timedelta(days=40), 9, 12)
        book(work, ann, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
    come_in(client, work_on, ann)
    page = " ".join(client.get("/my-sessions").get_data(as_text=True).split())
    assert "Your training counts until 24 December 2026." in page
    assert "You have sessions booked after that day: 3 January 2027." in page
    assert "14 December" not in page
