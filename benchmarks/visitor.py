"""A visitor without a browser: keeps cookies, follows redirects, and fills the form of a page."""

import http.client
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
Fields = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """A page as it came: its status, its path after redirects, its text."""

    status: int
    path: str
    text: str
    redirected: bool


@dataclass
class _Cookie:
    value: str
    path: str


@dataclass
class Visitor:
    """One visitor of one server on this machine."""

    url: str
    _cookies: dict[tuple[str, str], _Cookie] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Open a page, and where it redirects to."""
        return self._open("GET", path, "")

    def post(self, path: str, body: str) -> Answer:
        """Send a form, and open the page that it redirects to."""
        return self._open("POST", path, body)

    def keep_cookie(self, name: str, value: str) -> Self:
        """Take a cookie for all pages, as if a page had set it."""
        self._cookies[name, "/"] = _Cookie(value, "/")
        return self

    def cookies_for(self, path: str) -> str:
        """Return the cookies that go with a path, as the header has them."""
        return "; ".join(f"{n}={c.value}" for (n, _), c in self._cookies.items() if path.startswith(c.path))

    def _open(self, method: str, path: str, body: str) -> Answer:
        redirected = False
        while True:
            status, target, text = self._send(method, path, body)
            if status not in _REDIRECTS:
                return Answer(status, path, text, redirected)
            found = urlsplit(urljoin(self.url + path, target))
            path = found.path + (f"?{found.query}" if found.query else "")
            method, body, redirected = "GET", "", True

    def _send(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        headers = {"Cookie": self.cookies_for(urlsplit(path).path)}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            connection.request(method, path, body or None, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for line in response.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    where = morsel["path"] or "/"
                    self._cookies[name, where] = _Cookie(morsel.value, where)
            return response.status, response.headers.get("Location", ""), text
        finally:
            connection.close()


def hidden_fields(text: str) -> dict[str, str]:
    """Return the hidden fields of a page's forms, the forgery token among them."""
    reader = _HiddenFields()
    reader.feed(text)
    return reader.found


def form_body(page: Answer, typed: Fields | Mapping[str, str]) -> str:
    """Return what a browser would send: the page's hidden fields and what was typed."""
    fields = typed.items() if isinstance(typed, Mapping) else typed
    return urlencode([*hidden_fields(page.text).items(), *fields])


class _HiddenFields(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a hidden input."""
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden" and values.get("name"):
            self.found[values["name"] or ""] = values.get("value") or ""
