"""How much may be sent to a page: the size of a form and of a file, and the number of fields."""

from collections.abc import Callable

from flask import Flask, abort, request

from jags.web.access import View

# In bytes. The longest form of ours, every text of it as long as it may be, stays well below.
LARGEST_FORM = 256 * 1024
# With a file: a spreadsheet of one million bytes, or a document of the toolbox, and what stands around it.
LARGEST_SHEET = 1024 * 1024
LARGEST_DOCUMENT = 6 * 1024 * 1024
MOST_FIELDS = 1000


def takes_file(*, most: int) -> Callable[[View], View]:
    """Mark a view that is sent a file; with all that stands around it, it has so many bytes at most."""

    def mark(view: View) -> View:
        view.largest_body = most  # type: ignore[attr-defined] # The mark that `bound_posts` reads.
        return view

    return mark


def bound_posts(app: Flask) -> None:
    """Refuse what is too large before anything looks at it, the check of the forgery token included."""

    @app.before_request
    def bound() -> None:
        if request.method != "POST":
            return
        view = app.view_functions.get(request.endpoint or "")
        request.max_content_length = getattr(view, "largest_body", LARGEST_FORM)
        if sum(1 for _ in request.form.items(multi=True)) > MOST_FIELDS:
            abort(413)
