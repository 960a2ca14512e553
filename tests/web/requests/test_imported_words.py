"""What only the old form asked, and how people answered it there, where a coordinator reads a request and decides."""

import pytest
from sqlalchemy import select

from factories.import_files import form_row
from factories.pages import sign_in, take_step, text_of
from jags.accounts.rules import Role
from jags.importing.rules.sheets import Row, Sheet
from jags.importing.service.requests import import_requests
from jags.requests.model import Request
from jags.requests.rules import Verb
from jags.requests.service import move_request

REMINDER = "Does this say who should not facilitate?"
WRITTEN = {
    "AGE": "17, turning 18 soon",
    "SIBLINGS": "Yes, three of them",
    "AGENCIES": "Police and the football club",
    "ANYTHING_ELSE": "Please not Una from over the road",
}


@pytest.fixture
def path(client, work_on) -> str:
    """The page of an imported request, for a coordinator who is signed in."""
    with work_on() as work:
        import_requests(work, Sheet("form.xlsx", "", (Row("form.xlsx", "", 2, form_row(**WRITTEN)),), ()))
        request_id = work.session.scalars(select(Request.id)).one()
    sign_in(client, work_on, Role.COORDINATOR)
    return f"/requests/{request_id}"


def test_everything_that_was_written_on_the_old_form_is_on_the_page(client, path) -> None:
    text = text_of(client.get(path))
    assert "Age, as written 17, turning 18 soon" in text
    assert "About the sibling group three of them" in text
    assert "Agencies, as written Police and the football club" in text
    assert "Anything else Please not Una from over the road" in text


def test_a_coordinator_is_reminded_to_settle_who_should_not_facilitate_until_somebody_is_added(
    client, path
) -> None:
    page = client.get(path)
    assert f"{REMINDER} The old form’s last question" in text_of(page)
    assert f'href="{path}/add-unsuitable"' in page.text
    step = client.get(f"{path}/add-unsuitable")
    assert "The requester wrote: “Please not Una from over the road”." in step.text
    assert REMINDER not in text_of(take_step(client, path, "add-unsuitable", name="Una"))


def test_the_reminder_stands_where_facilitators_are_chosen(client, work_on, path) -> None:
    with work_on() as work:
        move_request(work, work.session.scalars(select(Request)).one(), Verb.ACCEPT)
    assert "Please not Una from over the road" in text_of(client.get(f"{path}/facilitators"))


def test_there_is_no_reminder_once_it_is_too_late_for_it(client, work_on, path) -> None:
    with work_on() as work:
        move_request(work, work.session.scalars(select(Request)).one(), Verb.WITHDRAW)
    text = text_of(client.get(path))
    assert REMINDER not in text
    assert "Anything else Please not Una" in text
