"""How much may be sent to a page: the size of a form and of a file, and the number of fields."""

from collections.abc import Callable

from flask import Flask, abort, current_app, request

from jags.importing.readers.bounds import PAGE
from jags.practice.rules import DOCUMENT_BYTES_MOST
from jags.web.access import View

# In bytes. The longest form of ours, every text of it as long as it may be, stays well below.
LARGEST_FORM = 256 * 1024
# The file that a page takes: a spreadsheet, or a document of the toolbox.
LARGEST_SHEET = PAGE.file_bytes
LARGEST_DOCUMENT = DOCUMENT_BYTES_MOST
MOST_FIELDS = 1000
# So much of what is refused is still read, and thrown away: to most browsers an answer that comes before they have sent all
# is a connection that broke off, and they show no page.
READ_AWAY_MOST = 16 * 1024 * 1024
_MEGABYTE = 1_000_000
_AT_ONCE = 64 * 1024


def takes_file(*, most: int) -> Callable[[View], View]:
    """Mark a view that is sent a file of so many bytes at most; the form that stands around it may have its own size.

    A file that is a little too large so reaches the view, which says so at its field; what is larger gets the page that
    `too_large` words.
    """

    def mark(view: View) -> View:
        view.largest_file = most  # type: ignore[attr-defined] # The mark that `bound_posts` reads.
        return view

    return mark


def bound_posts(app: Flask) -> None:
    """Refuse what is too large before anything looks at it, the check of the forgery token included."""

    @app.before_request
    def bound() -> None:
        if request.method != "POST":
            return
        request.max_content_length = LARGEST_FORM + _largest_file()
        if (request.content_length or 0) > request.max_content_length:
            _read_away()
            abort(413)
        if sum(1 for _ in request.form.items(multi=True)) > MOST_FIELDS:
            abort(413)


def too_large() -> str:
    """Return which limit of a page something went over, and what to do."""
    file = _largest_file()
    if file:
        return f"A file can have {file // _MEGABYTE} MB on this page, and yours is larger. Nothing was saved. Choose a smaller file."
    return (
        f"A form can have {LARGEST_FORM // 1024} kB of text and {MOST_FIELDS:,} fields, and this one is larger. Nothing was saved. "
        "Go back in your browser, where what you typed still stands, and shorten it."
    )


def _read_away() -> None:
    left = min(request.content_length or 0, READ_AWAY_MOST)
    while left > 0 and (read := request.environ["wsgi.input"].read(min(left, _AT_ONCE))):
        left -= len(read)


def _largest_file() -> int:
    """Return how many bytes the file may have that the page takes; 0 where it takes none."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "largest_file", 0)
