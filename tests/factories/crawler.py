"""A visitor who follows every link and fills every form with whatever a test gives it."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser

from flask.testing import FlaskClient

# What stands for one thing in an address: two requests have one page.
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SKIPPED_TYPES = {"submit", "button", "image", "reset"}


@dataclass
class Form:
    """A form of a page: where it goes, and its fields by name, each with its type and the values that it offers."""

    action: str
    method: str
    fields: dict[str, tuple[str, list[str]]] = field(default_factory=dict)


class _Page(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.links, self.forms = address, [], []
        self._select = ""

    def handle_starttag(self, tag, attrs):
        given = {key: value or "" for key, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].partition("#")[0])
        elif tag == "form":
            self.forms.append(Form(given.get("action") or self.address, given.get("method", "get").lower()))
        elif self.forms and tag in {"input", "textarea", "button"} and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            self._add(given["name"], kind, given.get("value", ""))
        elif self.forms and tag == "select":
            self._select = given.get("name", "")
            self._add(self._select, "select", None)
        elif tag == "option" and self._select:
            self._add(self._select, "select", given.get("value", ""))

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = ""

    def _add(self, name, kind, value):
        known = self.forms[-1].fields.setdefault(name, (kind, []))
        if value is not None:
            known[1].append(value)


def read(address: str, html: str) -> tuple[list[str], list[Form]]:
    """Return the local links and the forms of a page."""
    page = _Page(address)
    page.feed(html)
    return page.links, page.forms


def filled(form: Form, hostile: str) -> dict[str, list[str]]:
    """Fill a form: what is hidden stays, what is chosen takes the last that is offered, what is typed is hostile."""
    data = {}
    for name, (kind, offered) in form.fields.items():
        if kind == "hidden":
            data[name] = offered[:1]
        elif kind in {"radio", "checkbox", "select"}:
            data[name] = [next((one for one in reversed(offered) if one), "")]
        elif kind not in SKIPPED_TYPES:
            data[name] = [hostile]
    return data


def mangled(form: Form, hostile: str) -> dict[str, list[str]]:
    """Fill a form as nobody's browser would: hostile values for choices and versions, too, and fields that it does not have."""
    data = {}
    for name, (kind, offered) in form.fields.items():
        data[name] = offered[:1] if name == "csrf_token" else [hostile] if kind != "file" else []
    return {**data, "is_admin": ["1"], "role": ["administrator"], "owner_id": [hostile], "state": ["closed"]}


@dataclass
class Walk:
    """What a walk met: addresses opened, forms sent, and whatever was wrong."""

    opened: set[str] = field(default_factory=set)
    sent: int = 0
    wrong: list[str] = field(default_factory=list)


def kind_of(address: str) -> str:
    """Return what one kind of page is called: its address without what stands for one thing, and without what narrows it."""
    return _ID.sub("…", address.partition("?")[0])


def walk(
    client: FlaskClient,
    start: str,
    *,
    slowest: float,
    fill: Callable[[Form], list[dict[str, list[str]]]],
    leave_out: Callable[[str], object] = lambda _address: False,
    most_of_a_kind: int = 2,
) -> Walk:
    """Open every page that links lead to, and send every form filled as `fill` says; but for what `leave_out` is true of."""
    walked, waiting, kinds, forms = Walk(), [start], {}, {}
    while waiting:
        address = waiting.pop()
        kinds[kind_of(address)] = kinds.get(kind_of(address), 0) + 1
        if address in walked.opened or kinds[kind_of(address)] > most_of_a_kind or leave_out(address):
            continue
        walked.opened.add(address)
        html = _timed(walked, slowest, "GET", address, lambda a=address: client.get(a))
        links, found = read(address.partition("?")[0], html)
        waiting += [link for link in links if not link.startswith("/static/")]
        for form in found:
            kind = kind_of(form.action)
            forms[kind] = forms.get(kind, 0) + 1
            if form.method != "post" or leave_out(form.action) or forms[kind] > most_of_a_kind:
                continue
            for data in fill(form):
                walked.sent += 1
                _timed(
                    walked,
                    slowest,
                    "POST",
                    form.action,
                    lambda f=form, d=data: client.post(f.action, data=d),
                )
    return walked


def _timed(walked, slowest, method, address, call):
    # Our own work, not the waiting of a machine that is busy with something else.
    began = time.thread_time()
    answer = call()
    took = time.thread_time() - began
    if answer.status_code >= 500 or took > slowest:
        walked.wrong.append(f"{method} {kind_of(address)}: {answer.status_code} in {took:.1f} s")
    return answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
