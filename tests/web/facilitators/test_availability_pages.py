"""The half-days that a facilitator offers, by hand or by a pattern, and their days away."""

import re
from datetime import timedelta

from factories.pages import come_in, errors, rows_of, sign_in, submit, token
from factories.pool import facilitator, offers_slots, span
from jags.accounts.rules import Role
from jags.facilitators.queries import availability_of
from jags.facilitators.rules import BookingKind
from jags.facilitators.service import book
from jags.kernel.ids import new_id


def test_half_days_are_ticked_kept_and_untouched_outside_the_page(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        offers_slots(work, ann, 2, 200)
        after_the_page = availability_of(work, ann)[1]
    come_in(client, work_on, ann)
    page = client.get("/my-availability")
    assert re.findall(r'value="([\d-]+)" checked', page.get_data(as_text=True)) == ["2026-11-26-0"]
    answer = client.post(
        "/my-availability",
        data={"csrf_token": token(page), "slots": ["2026-11-27-0", "2026-11-27-1", "2026-12-02-1"]},
    )
    assert answer.location == "/my-availability"
    with work_on() as work:
        day = work.today + timedelta(days=3)
        assert availability_of(work, ann) == [
            span(day, 9, 17),
            span(day + timedelta(days=5), 13, 17),
            after_the_page,
        ]
    assert client.get("/my-availability").get_data(as_text=True).count(" checked") == 3


def test_half_days_leave_out_weekends_and_bank_holidays_and_show_what_is_booked(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        when = span(work.today + timedelta(days=1), 10, 11)
        book(work, ann, when.starts_at, when.ends_at, BookingKind.SESSION, new_id())
    come_in(client, work_on, ann)
    page = client.get("/my-availability").get_data(as_text=True)
    days = [row[0] for row in rows_of(page) if row[0] != "Day"]
    assert days[0] == "Wednesday 25 November"
    assert rows_of(page)[1][1] == "Booked"
    assert not {"Saturday 28 November", "Friday 25 December", "Monday 28 December"} & set(days)


def test_half_day_that_is_not_on_the_page_is_refused(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    answer = submit(client, "/my-availability", slots=["2031-01-01-0"])
    assert errors(answer) == ["Select half-days that are on this page."]
    with work_on() as work:
        assert availability_of(work, ann) == []


def test_account_without_a_place_in_the_pool_has_no_availability(client, work_on):
    sign_in(client, work_on, Role.FACILITATOR)
    assert client.get("/my-availability").status_code == 404


def test_a_facilitator_notes_days_away_and_cancels_them(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    path = "/my-availability/leave"
    assert "No days away are noted." in client.get(path).get_data(as_text=True)
    wrong = submit(client, path, from_on=["9", "12", "2026"], to_on=["7", "12", "2026"])
    assert errors(wrong) == ["Enter a last day that is on or after the first day."]
    assert submit(client, path, from_on=["7", "12", "2026"], to_on=["9", "12", "2026"]).location == path
    page = client.get(path).get_data(as_text=True)
    assert ["7 December 2026", "9 December 2026", "Cancel the days from 7 December 2026"] in rows_of(page)
    halves = client.get("/my-availability").get_data(as_text=True)
    assert ["Tuesday 8 December", "Away", "Away"] in rows_of(halves)
    cancel = re.search(r'action="(/my-availability/leave/[^"]+/cancel)"', page)[1]
    # Looking changes nothing.
    assert client.get(cancel).status_code == 404
    assert cancel in client.get(path).get_data(as_text=True)
    assert submit(client, cancel, page=path).location == path
    assert "No days away are noted." in client.get(path).get_data(as_text=True)


def test_a_coordinator_notes_days_away_for_somebody(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/facilitators/{ann}/leave"
    assert submit(client, path, from_on=["24", "11", "2026"], to_on=["9", "12", "2026"]).location == path
    assert "24 November 2026 to 9 December 2026" in client.get(f"/facilitators/{ann}").get_data(as_text=True)
    listed = client.get("/facilitators").get_data(as_text=True)
    assert rows_of(listed)[1][2] == "Active away until 9 December 2026"
    cancel = re.search(r'action="([^"]+/cancel)"', client.get(path).get_data(as_text=True))[1]
    assert submit(client, cancel, page=path).status_code == 303
    assert "away until" not in client.get("/facilitators").get_data(as_text=True)
    assert client.get(f"/facilitators/{new_id()}/leave").status_code == 404


def test_a_facilitator_offers_half_days_by_a_weekly_pattern_and_ends_it(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    path = "/my-availability/pattern"
    page = client.get(path)
    assert [row[0] for row in rows_of(page.get_data(as_text=True))[1:]] == [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
    ]  # fmt: skip
    here = re.search(r'action="(/my-availability/pattern\?[^"]+)"', page.get_data(as_text=True))[1]
    here = here.replace("&amp;", "&")
    assert errors(submit(client, here)) == ["Tick at least one half-day of those that are shown."]
    assert errors(submit(client, here, halves="99")) == ["Tick half-days that are on this page."]
    fields = {"halves": ["0", "5"], "term_time_only": "y", "version": "0"}
    assert submit(client, here, **fields).location == "/my-availability"
    ticked = client.get("/my-availability").get_data(as_text=True)
    assert re.findall(r'value="([^"]+)" checked', ticked)[:3] == [
        "2026-11-25-1",
        "2026-11-30-0",
        "2026-12-02-1",
    ]
    again = client.get(path).get_data(as_text=True)
    assert re.findall(r'value="(\d+)" checked', again) == ["0", "5"]
    assert submit(client, f"{path}/forget", page=path, version="1").location == "/my-availability"
    assert "End my pattern" not in client.get(path).get_data(as_text=True)
    assert "2026-11-30-0" in re.findall(
        r'value="([^"]+)" checked', client.get("/my-availability").get_data(as_text=True)
    )


def test_a_rota_shows_its_own_days_and_a_wrong_one_is_asked_for_again(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    path = "/my-availability/pattern"
    page = client.get(f"{path}?days=2&from=1&from=12&from=2026").get_data(as_text=True)
    assert [row[0] for row in rows_of(page)[1:]] == [
        "Day 1, like Tuesday 1 December 2026",
        "Day 2, like Wednesday 2 December 2026",
    ]
    wrong = client.get(f"{path}?days=90&from=31&from=2&from=2026")
    assert errors(wrong) == [
        "Enter a whole number of days from 1 to 56.",
        "Enter a real date, such as 27 3 2027.",
    ]
    assert rows_of(wrong.get_data(as_text=True)) == []
