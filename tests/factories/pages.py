"""What a browser does with our pages: carry the forgery token, sign in, follow a link, send a form."""

import re
import uuid

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from factories.people import account
from factories.pool import signs_in
from factories.statements import RECORDING_MOST, is_recording, of_the_page, statements
from jags.accounts.model import Account
from jags.accounts.rules import Role
from jags.accounts.service import start_session

_ROW = re.compile(r'<tr class="govuk-table__row"[^>]*>(.*?)</tr>', re.DOTALL)

_TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"')
_VERSION = re.compile(r'name="version"[^>]*?value="(\d+)"')
_SEEN = re.compile(r'name="seen"[^>]*?value="([0-9a-f]{64})"')
SIGNED_IN_COOKIE = "jags_signed_in"


def token(response: TestResponse) -> str:
    """Return the forgery token of a page; raises AssertionError when it has no form."""
    found = _TOKEN.search(response.get_data(as_text=True))
    assert found, "the page has no forgery token"
    return found[1]


def version(response: TestResponse) -> str:
    """Return the version that a page's form was shown."""
    found = _VERSION.search(response.get_data(as_text=True))
    assert found, "the page's form names no version"
    return found[1]


def heading(response: TestResponse) -> str:
    """Return the text of a page's first heading."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.get_data(as_text=True), re.DOTALL)
    assert found, "the page has no heading"
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def text_of(response: TestResponse) -> str:
    """Return what somebody reads on a page, in one line."""
    body = re.sub(r"<head>.*?</head>", "", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def same_each_time(response: TestResponse) -> str:
    """Return a page without what is another each time it is drawn: the nonce of its scripts."""
    return re.sub(r'nonce="[^"]+"', "", response.text)


def errors(response: TestResponse) -> list[str]:
    """Return the messages of a page's error summary."""
    found = re.search(
        r'class="govuk-list govuk-error-summary__list">(.*?)</ul>',
        response.get_data(as_text=True),
        re.DOTALL,
    )
    return re.findall(r"<li>\s*(?:<a[^>]*>)?(.*?)(?:</a>)?\s*</li>", found[1], re.DOTALL) if found else []


def submit(client: FlaskClient, path: str, *, page: str = "", **fields) -> TestResponse:
    """Load a page, then send its form with its token; `page` is where the form stands when not at `path`."""
    return client.post(path, data={"csrf_token": token(client.get(page or path)), **fields})


def seen(response: TestResponse) -> str:
    """Return the mark of the e-mails that a page shows before they go; raises AssertionError when it shows none."""
    found = _SEEN.search(response.get_data(as_text=True))
    assert found, "the page shows nothing before it goes"
    return found[1]


def take_step(client: FlaskClient, path: str, name: str, /, **fields) -> TestResponse:
    """Open a step's page, send its form with the version that it was shown, and send what it shows before it goes."""
    page = client.get(f"{path}/{name}")
    data = {"csrf_token": token(page), "version": version(page), **fields}
    answer = client.post(f"{path}/{name}", data=data, follow_redirects=True)
    if not _SEEN.search(answer.get_data(as_text=True)):
        return answer
    data |= {"go": "send", "seen": seen(answer)}
    return client.post(f"{path}/{name}", data=data, follow_redirects=True)


def sign_in(client: FlaskClient, work_on, role: Role, **details) -> uuid.UUID:
    """Sign a new account of a role in, and return the account's id; `details` are those of `account`."""
    with work_on() as work:
        added = account(work, role, **details)
        account_id, secret = added.id, start_session(work, added)
    client.set_cookie(SIGNED_IN_COOKIE, secret)
    return account_id


def come_in(client: FlaskClient, work_on, person_id: uuid.UUID) -> None:
    """Sign a person of the pool in, with an account of a facilitator."""
    with work_on() as work:
        signs_in(work, person_id)
        found = work.session.scalars(select(Account).where(Account.person_id == person_id)).one()
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, found))


def follow(client: FlaskClient, secret: str) -> str:
    """Follow a purpose-bound link as a mail carries it; return the path of its page."""
    answer = client.get(f"/link/{secret}")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def queries_of(client, app, path):
    """Return how many queries a page asks of the database; the page must open, and record who read it in few more."""
    with statements(app) as seen:
        assert client.get(path).status_code == 200
    recording = [one for one in seen if is_recording(one)]
    # The very first event begins the chain, once for good.
    begins = any("INSERT INTO audit_head" in one for one in recording)
    assert len(recording) <= RECORDING_MOST + 2 * begins
    return len(of_the_page(seen))


def rows_of(page: str) -> list[list[str]]:
    """Return the rows of a page's tables as lists of cell texts."""
    found = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in _ROW.findall(page)]
    return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in row] for row in found]
