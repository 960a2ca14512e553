"""A promise of security: a large, malformed or wrong-type upload is refused with 413, 415 or 400 at once, and memory stays flat."""

import tracemalloc
from io import BytesIO

import pytest

from factories import pages
from factories.snapshots import snapshot
from jags.accounts.rules import Role
from jags.kernel.identifiers import find_likely_names
from jags.web import guard
from jags.web.bounds import LARGEST_DOCUMENT, LARGEST_FORM, LARGEST_SHEET, MOST_FIELDS, READ_AWAY_MOST
from jags.web.forms import LONG

GATE = {"danger": "yes", "disagreement": "no", "tasks": "no"}


def test_a_form_larger_than_a_quarter_of_a_megabyte_is_refused(client) -> None:
    csrf = pages.token(client.get("/sign-in"))
    for size, status in ((LARGEST_FORM - 1_000, 200), (LARGEST_FORM + 1, 413)):
        answer = client.post("/sign-in", data={"csrf_token": csrf, "email": "x" * size})
        assert answer.status_code == status


def test_a_file_may_be_larger_than_a_form(client, work_on) -> None:
    pages.sign_in(client, work_on, Role.COORDINATOR)
    csrf = pages.token(client.get("/sessions/back-entry"))
    answer = client.post(
        "/sessions/back-entry/upload",
        data={"csrf_token": csrf, "file": (BytesIO(b"Colour\nred\n" + b" " * LARGEST_FORM), "a.csv")},
    )
    assert pages.errors(answer) == ["a.csv, row 1: there is no column “Date held”."]


@pytest.mark.parametrize(
    ("path", "size", "limit", "back"),
    [
        (
            "/sessions/back-entry/upload",
            LARGEST_FORM + LARGEST_SHEET,
            "A file can have 1 MB",
            "/sessions/back-entry",
        ),
        (
            "/toolbox/new",
            LARGEST_FORM + LARGEST_DOCUMENT,
            "A file can have 5 MB on this page",
            "/toolbox/new",
        ),
        ("/sign-in", LARGEST_FORM, "A form can have 256 kB of text", "/sign-in"),
    ],
)
def test_what_is_too_large_gets_a_page_that_names_the_limit_and_leads_back(
    client, path, size, limit, back
) -> None:
    sent = BytesIO(bytes(size + 1))
    answer = client.post(
        path, input_stream=sent, content_length=size + 1, content_type="application/x-www-form-urlencoded"
    )
    assert (answer.status_code, pages.heading(answer)) == (413, "That was too large to send")
    assert limit in pages.text_of(answer)
    assert f'href="{back}"' in answer.text
    # It is read to its end, or a browser shows no page.
    assert sent.tell() == size + 1


def test_what_is_far_too_large_is_not_read_to_its_end(client) -> None:
    sent = BytesIO(bytes(READ_AWAY_MOST + 1))
    answer = client.post("/sign-in", input_stream=sent, content_length=READ_AWAY_MOST + 1)
    assert (answer.status_code, sent.tell()) == (413, READ_AWAY_MOST)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_form_of_more_than_a_thousand_fields_is_refused(client, content_type) -> None:
    csrf = pages.token(client.get("/sign-in"))
    for count, status in ((MOST_FIELDS - 10, 200), (MOST_FIELDS + 1, 413)):
        answer = client.post(
            "/sign-in",
            data={"csrf_token": csrf, "email": "", "more": ["x"] * count},
            content_type=content_type,
        )
        assert answer.status_code == status


@pytest.mark.parametrize("said", [{}, {"names": "initials"}])
def test_a_text_that_is_too_long_is_not_searched_for_names(client, monkeypatch, said) -> None:
    searched = []

    def search(text):
        searched.append(len(text))
        return find_likely_names(text)

    monkeypatch.setattr(guard, "find_likely_names", search)
    page = client.get("/ask")
    text = "Anna is stuck. " * (LONG // 15 + 1)
    answer = client.post(
        "/ask",
        data={
            "csrf_token": pages.token(page),
            **GATE,
            "danger_why": text,
            "tasks_why": "Anna " * 9,
            **said,
        },
    )
    assert pages.errors(answer) == ["Shorten this to 2,000 characters or fewer."]
    # What is short is looked at, as often as the page needs; the long text never is.
    assert max(searched) == len("Anna " * 9) - 1


# What claims to be a spreadsheet or a document and is none.
WRONG = {
    "a page": b"<html><script>alert(1)</script></html>",
    "a program": b"MZ\x90\x00" + bytes(200),
    "another zip": b"PK\x03\x04" + bytes(60),
    "half a zip": b"PK\x03\x04",
    "bytes": bytes(range(256)) * 4,
    "nothing": b"",
    "an old Office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}


@pytest.mark.parametrize("content", WRONG.values(), ids=WRONG.keys())
@pytest.mark.parametrize(
    ("path", "page", "name", "more"),
    [
        ("/sessions/back-entry/upload", "/sessions/back-entry", "sessions.xlsx", {}),
        ("/toolbox/new", "/toolbox/new", "toolkit.pdf", {"title": "Toolkit", "audience": "facilitators"}),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_kept(
    client, work_on, path, page, name, more, content
) -> None:
    pages.sign_in(client, work_on, Role.COORDINATOR)
    csrf = pages.token(client.get(page))
    before = snapshot(work_on)
    answer = client.post(path, data={"csrf_token": csrf, "file": (BytesIO(content), name), **more})
    assert answer.status_code in {400, 413, 415}
    assert pages.errors(answer) != []
    after = snapshot(work_on)
    # When somebody was last seen is noted.
    assert {one for one in before if before[one] != after[one]} <= {"signed_in_session"}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b"--y\r\nno form at all"),
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=" + "x" * 5000, b"x"),
        ("application/x-www-form-urlencoded", b"%ff%fe=%00&csrf_token=%"),
        ("application/json", b'{"csrf_token": 1}'),
        ("text/xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"),
    ],
)
def test_a_body_that_is_no_form_is_refused(client, work_on, content_type, body) -> None:
    pages.sign_in(client, work_on, Role.COORDINATOR)
    answer = client.post("/toolbox/new", data=body, content_type=content_type)
    assert answer.status_code in {400, 413, 415}
    assert "root:" not in answer.text


class Endless:
    """A body that is made while it is read, and counts how much of it was."""

    def __init__(self, size: int) -> None:
        self.size, self.at, self.read_so_far = size, 0, 0

    def read(self, size: int = -1) -> bytes:
        number = self.size - self.at if size < 0 else min(self.size - self.at, size)
        self.at += number
        self.read_so_far += number
        return bytes(number)

    readline = read

    def tell(self) -> int:
        return self.at

    def seek(self, to: int, whence: int = 0) -> None:
        self.at = self.size if whence else to


@pytest.mark.parametrize("path", ["/sign-in", "/toolbox/new", "/sessions/back-entry/upload"])
def test_memory_stays_flat_however_large_a_body_is(client, path) -> None:
    client.get("/sign-in")
    sent = Endless(400_000_000)
    tracemalloc.start()
    try:
        answer = client.post(
            path,
            input_stream=sent,
            content_length=400_000_000,
            content_type="application/x-www-form-urlencoded",
        )
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert answer.status_code == 413
    assert sent.read_so_far <= READ_AWAY_MOST
    # A page is drawn, and no more than a small piece of the body was ever held.
    assert most < 8_000_000
