"""The page on which somebody gives the address of their calendar, and sees how the last readings went."""

from datetime import timedelta

from conftest import NOW
from factories.pages import come_in, errors, heading, sign_in, submit, token
from factories.pool import facilitator, offers_slots
from jags.accounts.rules import Role
from jags.facilitators.rules import slot_span
from jags.facilitators.rules.calendar import CalendarProblem, Reading
from jags.facilitators.service import claim_calendar, note_calendar_not_read, note_calendar_read

PAGE = "/my-availability/calendar"
SECRET = "https://calendar.example.org/private-0815/me.ics"


def words(answer):
    return " ".join(answer.get_data(as_text=True).split())


def test_an_address_is_given_shown_by_its_server_alone_and_removed(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    assert "Remove the address" not in words(client.get(PAGE))
    assert submit(client, PAGE, address=f" {SECRET} ").status_code == 303
    page = words(client.get(PAGE))
    assert "calendar.example.org" in page
    assert "private-0815" not in page
    assert "Not yet: it is read within minutes" in page
    removed = client.post(
        f"{PAGE}/remove", data={"csrf_token": token(client.get(PAGE))}, follow_redirects=True
    )
    assert "every busy time that was read from your calendar with it" in words(removed)
    assert "calendar.example.org" not in words(removed).replace("https://calendar.example.org/me.ics", "")


def test_an_address_that_is_not_read_is_explained_and_kept_in_its_field(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    answer = submit(client, PAGE, address="http://calendar.example.org/me.ics")
    assert errors(answer) == [
        "Enter an address that begins with https://. Others are not read, because what they carry can be read on the way."
    ]
    assert 'value="http://calendar.example.org/me.ics"' in words(answer)
    assert errors(submit(client, PAGE, address="")) == ["Enter the address of your calendar."]


def test_the_page_says_what_is_wrong_since_when_what_counts_and_what_to_do(client, work_on, clock):
    with work_on() as work:
        ann = facilitator(work, "Ann")
        offers_slots(work, ann, 0, 1)
    come_in(client, work_on, ann)
    submit(client, PAGE, address=SECRET)
    with work_on() as work:
        claimed = claim_calendar(work)
        note_calendar_read(
            work, claimed, Reading((slot_span(NOW.date() + timedelta(days=1), 0),), left_out=1)
        )
    page = words(client.get(PAGE))
    assert "Tuesday 24 November 2026, 10am" in page
    assert "1 could not be understood" in page
    assert "could not be read" not in page
    weeks = words(client.get("/my-availability"))
    assert weeks.count("Busy in your calendar") == 1
    # What was ticked there stays ticked, for when the calendar changes.
    assert '<input type="hidden" name="slots" value="2026-11-25-0">' in weeks
    clock.instant = NOW + timedelta(hours=4)
    come_in(client, work_on, ann)
    with work_on() as work:
        note_calendar_not_read(work, claim_calendar(work), CalendarProblem.NOT_FOUND)
    page = words(client.get(PAGE))
    assert (
        "There is nothing at the address any more. It has been so since Tuesday 24 November 2026, 2pm."
        in page
    )
    assert "Your calendar may have a new address: copy it again." in page
    assert "what was read on Tuesday 24 November 2026, 10am counts" in page


def test_a_coordinator_sees_how_it_stands_and_not_where(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    submit(client, PAGE, address=SECRET)
    with work_on() as work:
        note_calendar_not_read(work, claim_calendar(work), CalendarProblem.NOT_ALLOWED)
    sign_in(client, work_on, Role.COORDINATOR)
    page = client.get(f"/facilitators/{ann}")
    assert heading(page).startswith("Ann")
    assert "never read: The server asks for a password." in words(page)
    assert "calendar.example.org" not in words(page)


def test_every_page_says_the_same_of_what_counts_as_offered(client, work_on):
    with work_on() as work:
        ann = facilitator(work, "Ann")
    come_in(client, work_on, ann)
    said = (
        "the half-days that you have ticked, apart from those in which your calendar says that you are busy."
    )
    assert [
        said in words(client.get(path)) for path in (PAGE, "/my-availability", "/my-availability/pattern")
    ] == [True] * 3
