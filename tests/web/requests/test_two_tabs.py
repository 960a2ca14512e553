"""Two tabs, two devices and the back button: nothing that is newer is overwritten, and nothing is lost."""

import re

from factories.asking import (
    CHILD,
    CONTACTS,
    PEOPLE,
    WHY,
    answer,
    begin,
    fill,
)
from factories.pages import follow, submit, token
from factories.people import link
from jags.accounts.rules import Purpose
from jags.requests.model import DraftPart, Request
from jags.requests.queries import detail_of, members


def hopes(work_on) -> str:
    with work_on() as work:
        return detail_of(work, work.session.query(Request).one()).hopes


def test_a_second_tab_is_told_and_overwrites_nothing(client, work_on) -> None:
    path = f"{begin(client)}/why"
    first, second = client.get(path), client.get(path)
    assert answer(client, path, page=first, **{**WHY, "hopes": "From the first"}).status_code == 303
    refused = answer(client, path, page=second, **{**WHY, "hopes": "From the second"})
    assert refused.status_code == 409
    assert "From the second" in refused.text
    # By the words of its question; the mark of the page is nothing that anybody typed.
    typed = re.findall(r'summary-list__key">(.*?)</dt>', refused.text)
    assert typed == ["Why are you asking for a JAGS?", "What should thinking together help with?"]
    assert '<span class="jags-typed">It feels stuck</span>' in refused.text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-[^\"]*:?</", refused.text)
    assert f'href="{path}"' in refused.text
    assert hopes(work_on) == "From the first"
    assert answer(client, path, **{**WHY, "hopes": "Looked at again"}).status_code == 303
    assert hopes(work_on) == "Looked at again"


def test_a_page_that_does_not_say_what_it_was_shown_overwrites_nothing(client, work_on) -> None:
    path = f"{begin(client)}/why"
    answer(client, path, **{**WHY, "hopes": "From the page"})
    bare = {"csrf_token": token(client.get(path)), **WHY, "hopes": "From nowhere"}
    assert client.post(path, data=bare).status_code == 409
    assert hopes(work_on) == "From the page"


def test_the_link_back_on_another_device_does_not_overwrite_what_is_newer(client, app, work_on) -> None:
    page = begin(client)
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_DRAFT, work.session.query(Request).one().id)
    phone = app.test_client()
    elsewhere = f"{follow(phone, secret)}/contacts"
    opened = phone.get(elsewhere)
    answer(client, f"{page}/contacts", **CONTACTS)
    refused = answer(phone, elsewhere, page=opened, **{"people-0-name": "Kit Moss"})
    assert refused.status_code == 409
    with work_on() as work:
        found = members(work, work.session.query(Request).one())
    assert [contact.name for _, contact in found] == ["Mo Hart", "Pat Quinn"]


def test_who_goes_back_in_the_same_tab_sends_the_page_again(client, work_on) -> None:
    page = begin(client)
    opened = client.get(f"{page}/why")
    for said in ("At first", "After going back", "After going back twice"):
        assert answer(client, f"{page}/why", page=opened, **{**WHY, "hopes": said}).status_code == 303
        answer(client, f"{page}/who-is-involved", **PEOPLE)
    assert hopes(work_on) == "After going back twice"


def test_two_tabs_at_two_parts_do_not_disturb_each_other(client, work_on) -> None:
    page = begin(client)
    opened = client.get(f"{page}/why")
    assert answer(client, f"{page}/who-it-is-about", **CHILD).status_code == 303
    assert answer(client, f"{page}/why", page=opened, **WHY).status_code == 303


def test_another_row_keeps_the_mark_of_the_page(client, work_on) -> None:
    path = f"{begin(client)}/contacts"
    opened = client.get(path)
    longer = answer(client, path, page=opened, **CONTACTS, add="person")
    assert answer(client, path, **CONTACTS).status_code == 303
    assert answer(client, path, page=longer, **CONTACTS).status_code == 409


def test_nothing_of_the_counting_is_kept_once_it_is_sent(client, work_on) -> None:
    page = begin(client)
    fill(client, page)
    submit(client, f"{page}/check")
    with work_on() as work:
        assert work.session.query(DraftPart).all() == []
