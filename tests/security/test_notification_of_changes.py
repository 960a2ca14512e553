"""Whoever's account it is hears by e-mail of a new browser, and of every change of password, second step and address."""

import re

import pytest

from factories import pages
from factories.requests import envelopes
from factories.second_steps import PASSWORD, make_member, sign_in
from jags.notifications.rules import MailKind

NEW = "amber lighthouse crumpet"


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


def post(client, path, page, **fields):
    return client.post(path, data={"csrf_token": pages.token(client.get(page)), **fields})


def said(work_on, kind):
    with work_on(write=False) as work:
        found = envelopes(work, kind)
    return [(e["email"], *(e["params"][k] for k in ("what", "browser") if k in e["params"])) for e in found]


def test_a_new_browser_is_told_and_a_known_one_is_not(client, app, wren, work_on, clock):
    sign_in(client)
    assert said(work_on, MailKind.NEW_DEVICE) == []
    sign_in(client, later=1)
    assert said(work_on, MailKind.NEW_DEVICE) == []
    clock.instant = clock.instant.replace(minute=5)
    words = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    sign_in(app.test_client(), headers={"User-Agent": words})
    assert said(work_on, MailKind.NEW_DEVICE) == [("wren@example.org", "Firefox on Windows")]


def test_a_new_password_and_a_new_second_step_are_told(client, wren, work_on):
    sign_in(client)
    post(client, "/my-account/password", "/my-account/password", present=PASSWORD, password=NEW, again=NEW)
    page = post(client, "/set-up/code-sheet/begin", "/set-up")
    code = re.search(r"<code>([a-z0-9 ]+)</code>", page.text)[1]
    post(client, "/set-up/code-sheet", "/set-up/code-sheet", code=code)
    assert sorted(said(work_on, MailKind.ACCOUNT_CHANGED)) == [
        ("wren@example.org", "A printed sheet of codes was added to your account."),
        ("wren@example.org", "Your password was changed."),
    ]
