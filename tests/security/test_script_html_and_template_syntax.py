"""A promise of security: script, HTML and template syntax in any text field is inert in page, mail and calendar, in a real
browser without a dialog and without a report of the content security policy."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Error
from werkzeug.serving import WSGIRequestHandler, make_server

from factories import pages
from factories.crawler import kind_of
from factories.hostile import CANARY, partnership_of
from factories.people import account
from factories.pool import signs_in
from jags.accounts.model import Account
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.notifications.service import claim_next, note_sent
from servers.browser import chromium, new_context

# Anything that breaks the policy, or runs although it must not, is kept in the page itself.
WATCH = """window.broken = [];
document.addEventListener("securitypolicyviolation", e => window.broken.push(e.violatedDirective + " " + e.blockedURI));
window.alert = text => window.broken.push("alert " + text);"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(params=["sqlite"])
def store(request):
    found = request.getfixturevalue(f"{request.param}_store")
    found.renew()
    return found


class Quiet(WSGIRequestHandler):
    def log(self, *_arguments, **_more):
        """Say nothing."""


@contextmanager
def served(app):
    server = make_server("localhost", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def all_pages(page, base, start):
    """Open every kind of page that links lead to from `start`; return what was broken, and how many showed the canary."""
    waiting, seen, broken, shown = [start], set(), [], 0
    while waiting:
        address = waiting.pop()
        if kind_of(address.partition("?")[0]) in seen or address.endswith((".csv", ".ics", ".txt")):
            continue
        seen.add(kind_of(address.partition("?")[0]))
        with suppress(Error):
            # A file to take along is no page: the browser says so, and the last page stays.
            answer = None
            answer = page.goto(base + address)
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        broken += [f"{kind_of(address)}: {one}" for one in page.evaluate("window.broken")]
        text = page.inner_text("body")
        shown += "{{7*7}}" in text or "onerror=alert(1)" in text
        if page.locator("img[src=x]").count():
            broken.append(f"{kind_of(address)}: an element was made of it")
        links = page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        waiting += [link.partition("#")[0] for link in links if not link.startswith("/static/")]
    return broken, shown, seen


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.FACILITATOR])
def test_it_is_inert_on_every_page_in_a_browser(app, work_on, browser, role):
    ids = partnership_of(work_on, CANARY)
    with work_on() as work:
        if role is Role.FACILITATOR:
            signs_in(work, ids["facilitator"])
            found = work.session.query(Account).filter_by(person_id=ids["facilitator"]).one()
        else:
            found = account(work, role, name=CANARY)
        secret = start_session(work, found)
    starts = {
        Role.COORDINATOR: "/requests?show=all",
        Role.ADMINISTRATOR: "/home",
        Role.FACILITATOR: "/my-sessions",
    }
    with served(app) as base:
        context = new_context(browser)
        context.add_init_script(WATCH)
        context.add_cookies([{"name": pages.SIGNED_IN_COOKIE, "value": secret, "url": base}])
        page = context.new_page()
        dialogs, said = [], []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.on("console", lambda message: said.append(message.text))
        addresses = [starts[role]]
        if role is Role.COORDINATOR:
            addresses += [f"/requests/{ids['dated']}", f"/requests/{ids['waiting']}"]
        found = [all_pages(page, base, address) for address in addresses]
        context.close()
    assert dialogs == []
    assert [one for broken, _, _ in found for one in broken] == []
    assert [text for text in said if "Content Security Policy" in text] == []
    # So that the test can fail: the canary was on pages, as text.
    assert sum(shown for _, shown, _ in found) >= 3


def test_a_script_without_the_nonce_of_its_page_does_not_run(app, work_on, browser):
    with served(app) as base:
        context = new_context(browser)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{base}/")
        page.evaluate(
            "() => { const s = document.createElement('div'); s.innerHTML = '<img src=x onerror=alert(1)>'; document.body.append(s); }"
        )
        page.wait_for_function("window.broken.length > 0")
        assert [one for one in page.evaluate("window.broken") if "script-src" in one or "img-src" in one]
        first, second = (page.goto(f"{base}/").headers["content-security-policy"] for _ in range(2))
        context.close()
    assert re.search(r"script-src 'nonce-[\w-]{22}'", first)
    assert first != second


def test_it_is_inert_in_mails_and_their_calendar_entries(work_on):
    partnership_of(work_on, CANARY)
    sent = []
    while True:
        with work_on() as work:
            claimed = claim_next(work, holder="test", paused=())
            if claimed is None:
                break
            sent.append(claimed.message)
            note_sent(work, claimed.id)
    assert len(sent) > 5
    shown = 0
    for message in sent:
        for part in message.walk():
            if part.get_content_type() == "text/html":
                html = part.get_content()
                assert "<img src=x" not in html
                assert "<script" not in html
                shown += "{{7*7}}" in html
            elif part.get_content_type() == "text/calendar":
                raw = part.get_payload(decode=True)
                assert max(len(line) for line in raw.split(b"\r\n")) <= 75
                assert len(Calendar.from_ical(raw).events) == 1
        assert "\n" not in str(message["Subject"])
        assert "49" not in str(message["Subject"])
    assert shown > 0
