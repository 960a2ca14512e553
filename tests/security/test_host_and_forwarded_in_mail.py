"""Host, X-Forwarded-*: links in mail use the configured base URL, whatever a request says of its host.

The site is called another name here than the one by which requests reach it, so that a link made from a request would show.
"""

import dataclasses
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

import jags
from factories import pages
from factories.hostile import partnership_of
from factories.second_steps import make_member, sign_in
from jags.accounts.rules import Role
from jags.app import create_app
from jags.extensions import db
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailState
from jags.notifications.service import claim_next, note_sent

BASE = "http://jags.partnership.example.org"
FORGED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "8443",
    "X-Forwarded-Prefix": "/evil",
    "X-Original-Host": "evil.example",
    "X-Host": "evil.example",
    "X-Rewrite-URL": "//evil.example/",
    "Forwarded": "for=203.0.113.9;host=evil.example;proto=http",
}
# What would make an address of what a request says.
OF_A_REQUEST = re.compile(
    r"request\.(host|host_url|url|url_root|root_url|base_url)\b|_external|HTTP_HOST|SERVER_NAME"
)
PACKAGE = Path(jags.__file__).parent


@pytest.fixture
def app(app, clock):
    """The application behind one proxy, by a name that no request here says."""
    made = create_app(dataclasses.replace(app.config["JAGS"], base_url=BASE, proxy_hops=1))
    made.extensions["jags_ports"] = dataclasses.replace(made.extensions["jags_ports"], clock=clock)
    yield made
    with made.app_context():
        db.engine.dispose()


def forged(client, path, **fields):
    """Send a page's form with every header that could name another host."""
    data = {"csrf_token": pages.token(client.get(path)), **fields}
    return client.post(path, data=data, headers=FORGED)


def test_every_link_of_every_mail_leads_to_the_configured_address(client, work_on):
    partnership_of(work_on, "Kestrel")
    account_id = make_member(work_on, role=Role.ADMINISTRATOR)
    sign_in(client, headers=FORGED)
    invited = forged(client, "/people/invite", name="Ash Bell", email="ash.bell@example.org", role="observer")
    assert (invited.status_code, invited.location.startswith("/people/")) == (303, True)
    again = client.post(
        f"{invited.location}/invite-again",
        data={"csrf_token": pages.token(client.get(invited.location))},
        headers=FORGED,
    )
    assert again.status_code == 303
    assert forged(client, f"/people/{account_id}/address", email="w@example.org", version=1).status_code < 400

    links, kinds = [], set()
    while True:
        with work_on() as work:
            claimed = claim_next(work, holder="a", paused=[])
        if claimed is None:
            break
        with work_on() as work:
            kinds.add(work.session.get_one(OutboxMessage, claimed.id).kind)
            note_sent(work, claimed.id)
        for part in claimed.message.walk():
            if part.get_content_maintype() == "text":
                written = re.sub(r"\r?\n ", "", part.get_content())
                assert "evil" not in written
                links += re.findall(r"https?://[^\s<>\"]+", written)
    with work_on(write=False) as work:
        states = work.session.scalars(select(OutboxMessage.state).distinct()).all()
        assert MailState.FAILED not in states
        assert work.session.scalar(select(func.count()).select_from(OutboxMessage)) > len(kinds)
    assert {"invitation", "account_changed", "offer", "session_invitation"} <= {kind.value for kind in kinds}
    assert len(links) >= len(kinds)
    assert {urlsplit(one)[:2] for one in links} == {urlsplit(BASE)[:2]}


def test_links_that_a_page_shows_to_be_used_elsewhere_lead_there_too(client, work_on):
    # The flyer is printed, with the address and a code for cameras.
    answer = client.get("/flyer", headers=FORGED)
    assert urlsplit(BASE).netloc in answer.text
    assert "evil" not in answer.text
    assert not any("evil" in value for _, value in answer.headers)


def test_no_code_makes_an_address_of_what_a_request_says():
    files = [*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt")]
    assert len(files) > 500
    assert [str(one) for one in files if OF_A_REQUEST.search(one.read_text("utf-8"))] == []
