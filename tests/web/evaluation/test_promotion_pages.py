"""The pages of the promotion log, and of who asks and who never does."""

import re
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from conftest import WorkOn
from factories.held_sessions import add_request
from factories.pages import errors, heading, sign_in, submit, token, version
from factories.people import agency
from jags.accounts.rules import Role
from jags.evaluation.queries import promotion_log
from jags.evaluation.rules import PromotionEntry
from jags.evaluation.service import add_promotion, change_promotion
from jags.requests.model import EqualityTally, EqualityYear
from jags.requests.rules import Equality

ENTRY = PromotionEntry(date(2026, 11, 20), "Head teachers", "team_meeting", 12, "Asked for a flyer")
FIELDS = {
    "on": ["20", "11", "2026"],
    "audience": "Head teachers",
    "channel": "email",
    "reach": "",
    "note": "",
}


def told(page: TestResponse) -> str:
    """Return the page's words without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.get_data(as_text=True)).split())


def kept(work_on: WorkOn) -> list[tuple[date, str, str, int | None, str]]:
    with work_on() as work:
        return [
            (p.on, p.audience, p.channel, p.reach, p.note)
            for p in (entry.promotion for entry in promotion_log(work))
        ]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_an_empty_log_says_how_to_begin_and_is_in_the_navigation(
    work_on: WorkOn, client: FlaskClient, role: Role
) -> None:
    sign_in(client, work_on, role)
    page = client.get("/promotion")
    assert "Nothing is noted yet. Add a team meeting" in told(page)
    assert 'href="/promotion"' in page.get_data(as_text=True)
    assert "Download" not in told(page)


def test_an_entry_without_a_reach_is_kept_and_shown_as_not_recorded(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    answer = submit(client, "/promotion/new", **FIELDS)
    assert (answer.status_code, answer.location) == (303, "/promotion")
    assert kept(work_on) == [(date(2026, 11, 20), "Head teachers", "email", None, "")]
    page = told(client.get("/promotion"))
    assert "The log (1)" in page
    assert "20 November 2026 , Head teachers: change Head teachers E-mail :" in page
    assert "By channel Channel Entries Reach Entries without a number E-mail 1 : 1" in page


def test_thousands_may_be_typed_with_a_comma(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    submit(client, "/promotion/new", **FIELDS | {"reach": "1,200"})
    assert kept(work_on)[0][3] == 1200
    assert "E-mail 1,200 " in told(client.get("/promotion"))


def test_wrong_answers_are_asked_again_at_their_fields_and_kept(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    page = submit(
        client, "/promotion/new", on=["31", "2", "2026"], audience="", reach="many", note="Kept <b>text</b>"
    )
    assert errors(page) == [
        "Enter a real date, such as 27 3 2027.",
        "Enter who it was for.",
        "Select how.",
        "Enter a whole number from 0 to 1,000,000, or leave it empty.",
    ]
    text = page.get_data(as_text=True)
    assert 'value="many"' in text
    assert "Kept &lt;b&gt;text&lt;/b&gt;" in text
    assert kept(work_on) == []


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"on": ["25", "11", "2026"]}, "Enter a date that is today or in the past."),
        ({"channel": "pigeon"}, "Select one of the answers that are offered."),
        ({"reach": "-1"}, "Enter a whole number from 0 to 1,000,000, or leave it empty."),
        ({"reach": "1,5"}, "Enter a whole number from 0 to 1,000,000, or leave it empty."),
        ({"reach": "9" * 5000}, "Enter a whole number from 0 to 1,000,000, or leave it empty."),
        ({"audience": "x" * 201}, "Shorten who it was for to 200 characters or fewer."),
        (
            {"audience": "a\0b"},
            "Remove the hidden control characters: type this text again, or paste it as plain text.",
        ),
        ({"note": "x" * 40_000}, "Shorten the note to 2,000 characters or fewer."),
    ],
)
def test_bad_input_gets_one_clear_message(
    work_on: WorkOn, client: FlaskClient, wrong: dict[str, object], message: str
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    assert errors(submit(client, "/promotion/new", **FIELDS | wrong)) == [message]
    assert kept(work_on) == []


def test_a_change_is_saved_and_one_over_another_is_not(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        entry_id = add_promotion(work, ENTRY).id
    path = f"/promotion/{entry_id}"
    page = client.get(path)
    assert heading(page) == "Change the entry of 20 November 2026"
    seen = version(page)
    # A reach that is emptied is not recorded any more.
    assert submit(client, path, **FIELDS, version=seen).status_code == 303
    assert kept(work_on) == [(date(2026, 11, 20), "Head teachers", "email", None, "")]
    late = submit(client, path, **FIELDS | {"audience": "Typed later"}, version=seen)
    assert late.status_code == 409
    assert "Typed later" in late.get_data(as_text=True)
    assert kept(work_on)[0][1] == "Head teachers"


def test_an_entry_is_deleted_after_a_question_and_not_by_looking(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        entry_id = add_promotion(work, ENTRY).id
    path = f"/promotion/{entry_id}/delete"
    page = client.get(path)
    assert heading(page) == "Delete the entry of 20 November 2026?"
    assert len(kept(work_on)) == 1
    with work_on() as work:
        change_promotion(work, entry_id, replace(ENTRY, reach=13), version=1)
    assert client.post(path, data={"csrf_token": token(page), "version": version(page)}).status_code == 409
    assert len(kept(work_on)) == 1
    answer = submit(client, path, version="2")
    assert (answer.status_code, answer.location) == (303, "/promotion")
    assert kept(work_on) == []
    assert client.get(path).status_code == 404


def test_the_log_is_downloaded_as_a_file_in_which_nothing_is_a_formula(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)
    submit(client, "/promotion/new", page="/promotion/new", **FIELDS | {"audience": "=1+1", "reach": "0"})
    answer = client.get("/promotion/log.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="promotion-log-2026-11-24.csv"'
    assert answer.get_data().decode("utf-8-sig").splitlines()[1] == "2026-11-20,'=1+1,E-mail,0,"


def test_who_never_asked_is_named_under_its_type(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        asks = agency(work, "north", "North School", agency_type="School")
        agency(work, "south", "South School", agency_type="School")
        agency(work, "charity", "A Charity", agency_type="Charity")
        add_request(work, agency_id=asks.id, locality="East", heard_of="flyer")
        add_request(work, agency_typed="New")
    page = told(client.get("/promotion/who-asks"))
    assert "2 requests received from 1 April 2026 to 24 November 2026" in page
    assert "Charity 0 0 of 1 None has ever asked" in page
    assert "School 1 1 of 2 1 has never asked" in page
    assert "1 request more came from agencies that were typed in" in page
    assert "School: 1 agency South School" in page
    assert "North School" not in page
    assert "East 1 Asked in this period" in page
    assert "West 0 Nobody has ever asked" in page
    assert "For 1 request no locality is recorded." in page
    assert "Of 2 requests, 1 say how the requester heard of JAGS." in page
    assert "A flyer or a poster 1" in page
    assert "Not recorded for 1 request." in page
    assert "the last request came on 24 November 2026" in told(
        client.get("/promotion/who-asks?from=2026-04-01&to=2026-04-30")
    )


def test_a_wrong_period_is_asked_for_again(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get("/promotion/who-asks?from=2026-07-12&to=2026-01-13")
    assert errors(page) == ["The last day of the period is before its first day."]
    assert "Correct the period" in told(page)


@pytest.mark.parametrize("path", ["/promotion", "/promotion/who-asks"])
def test_pages_take_the_same_few_queries_for_one_and_for_many(
    work_on: WorkOn, client: FlaskClient, path: str
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)

    def queries() -> int:
        statements: list[str] = []

        def note(*call: object) -> None:
            statements.append(str(call[2]))

        event.listen(Engine, "before_cursor_execute", note)
        try:
            assert client.get(path).status_code == 200
        finally:
            event.remove(Engine, "before_cursor_execute", note)
        return len(statements)

    def add(number: int) -> None:
        with work_on() as work:
            for n in range(number):
                add_promotion(work, ENTRY)
                school = agency(work, f"{number}-{n}", f"School {number} {n}", agency_type="School")
                add_request(work, agency_id=school.id)

    add(1)
    few = queries()
    add(30)
    assert queries() == few
    assert few <= 8


def test_answers_about_backgrounds_are_shown_for_whole_years_and_small_numbers_are_not(
    work_on, client
) -> None:
    with work_on() as work:
        work.session.add_all(
            [
                EqualityYear(year=2025, body=b"", marks=b"", answers=14),
                EqualityYear(year=2024, body=b"", marks=b"", answers=9),
                EqualityYear(year=2026, body=b"", marks=b"", answers=None),
                EqualityTally(year=2025, question=Equality.DISABILITY, choice="yes", number=5),
                EqualityTally(year=2025, question=Equality.DISABILITY, choice="no", number=6),
            ]
        )
    sign_in(client, work_on, Role.COORDINATOR)
    page = told(client.get("/promotion/who-asks"))
    assert "Disability, or special educational needs Answer Requests Yes c No 6 I do not know 0" in page
    assert "2024 9 requesters answered. That is fewer than ten, so nothing is shown." in page
    shown = page.partition("Whose background was told, by year")[2]
    assert "2026" not in shown
