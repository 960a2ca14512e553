"""A promise of security: programs that open every link of every e-mail, or send what they find as they find it, spend nothing.

Each form behind a link needs one choice or one text that is not preset, so that sending it as found is a validation error.
"""

import re
from html.parser import HTMLParser

import pytest

from factories.hostile import partnership_of
from factories.snapshots import snapshot
from jags.notifications.service import claim_next, note_sent

# That a link was opened, and a browser seen, is noted; neither changes what anybody can do.
BY_LOOKING = {"audit_event", "audit_head", "signed_in_session"}


@pytest.fixture(params=["sqlite"])
def store(request):
    found = request.getfixturevalue(f"{request.param}_store")
    found.renew()
    return found


class Found(HTMLParser):
    """The forms of a page as a program sends them that fills nothing in: what is checked, selected or written already."""

    def __init__(self, address):
        super().__init__()
        self.address, self.forms, self.links = address, [], []
        self._select, self._first, self._area = "", None, ""

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a" and (given.get("href") or "").startswith("/"):
            self.links.append(given["href"].partition("#")[0])
        elif tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action") or self.address, {}))
        elif not self.forms:
            return
        elif tag == "input" and given.get("name"):
            kind = given.get("type", "text")
            if kind not in {"radio", "checkbox"} or "checked" in given:
                self._add(given["name"], given.get("value") or "")
        elif tag == "button" and given.get("name"):
            self._add(given["name"], given.get("value") or "")
        elif tag == "textarea":
            self._area = given["name"]
            self._add(self._area, "")
        elif tag == "select":
            self._select, self._first = given["name"], None
        elif tag == "option" and self._select and (self._first is None or "selected" in given):
            self._first = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "select":
            self._add(self._select, self._first or "")
            self._select = ""
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data):
        if self._area:
            self.forms[-1][2][self._area] = data.strip()

    def _add(self, name, value):
        self.forms[-1][2].setdefault(name, value)


def links_of_every_mail(work_on):
    """Deliver everything that waits; return the kind and the link of each message that has one."""
    found = []
    while True:
        with work_on() as work:
            claimed = claim_next(work, holder="test", paused=())
            if claimed is None:
                return found
            text = claimed.message.get_body(("plain",)).get_content()
            found += [
                (str(claimed.message["Subject"]), one)
                for one in re.findall(r"http://localhost(/link/\S+)", text)
            ]
            note_sent(work, claimed.id)


def visit(client, path, *, sends):
    """Open a link and whatever its page leads to; send each form of that page as it is found. Return how many were sent."""
    waiting, seen, sent = [path], set(), 0
    while waiting:
        address = waiting.pop()
        if address in seen or address.startswith(("/static/", "/sign-in", "/ask")):
            continue
        seen.add(address)
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code in {200, 404}, address
        client.head(address)
        page = Found(answer.request.path)
        page.feed(answer.text)
        waiting += [one for one in page.links if one.startswith(answer.request.path)]
        for method, action, data in page.forms if sends and address == path else []:
            if method == "post":
                sent += 1
                assert client.post(action, data=data).status_code in {200, 400, 403, 404, 422}, (action, data)
    return sent


@pytest.mark.parametrize("sends", [False, True])
def test_opening_every_link_and_sending_every_form_as_found_spends_nothing(app, work_on, sends):
    partnership_of(work_on, "Robin Example")
    links = links_of_every_mail(work_on)
    assert len({subject for subject, _ in links}) >= 4, links
    before = snapshot(work_on)
    sent = sum(visit(app.test_client(), path, sends=sends) for _, path in links)
    assert (sent > 1) is sends
    after = snapshot(work_on)
    assert {name for name in before if before[name] != after[name]} - BY_LOOKING == set()
    # The links work for the people to whom they were sent.
    for _, path in links:
        assert app.test_client().get(path, follow_redirects=True).status_code == 200
