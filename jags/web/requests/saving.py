"""Open and save one page of a draft, whoever writes it: filled, being filled, or left for later."""

from typing import Any
from uuid import uuid4

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from jags.kernel.errors import Stale
from jags.kernel.time import time_in_words
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import kept_part
from jags.requests.rules import State
from jags.requests.service import save_answers
from jags.web.requests.draft_form import DraftForm
from jags.web.requests.pages import Page

# Pages on which spellings of agencies are offered while typing.
NAMES_AGENCIES = frozenset({"about-you", "who-is-involved", "contacts"})
_ANSWERED_ELSEWHERE = (
    "This page was answered in another window meanwhile, so it does not save itself here. "
    "Copy what you typed, and open the page again."
)


def open_page(work: Work, draft: Request, asked: Page, form: type[DraftForm] | None = None) -> Any:
    """Return the form of a page with what was answered before; `form` asks less than the page's own."""
    values = asked.shown(work, draft)
    if request.method == "GET":
        # A page that was sent brings its own: what it was shown, not what is kept by now.
        version, _ = kept_part(work, draft, asked.part)
        values |= {"version": version, "page": str(uuid4())}
    return (form or asked.form)(data=values)


def right_so_far(form: Any) -> bool:
    """Tell whether all that was typed can be kept, whatever is still missing."""
    if form.validate_on_submit():
        return True
    right = not (form.wrong() or form.csrf_token.errors)
    form.ask_only_for_what_is_wrong()
    return right


def save_while_filling(work: Work, draft: Request, form: Any) -> ResponseReturnValue:
    """Keep what is right of a page that is being filled, and answer its small script in words."""
    form.validate()
    if form.csrf_token.errors or draft.state is not State.DRAFT:
        work.abandon()
        return jsonify(said="This page does not save itself any more. Press Continue to go on."), 409
    left_out = [field.label.text for field in form.wrong()]
    form.keep_what_is_right()
    try:
        save_answers(work, draft, form.answers(), shown=form.shown)
    except Stale:
        work.abandon()
        return jsonify(said=_ANSWERED_ELSEWHERE), 409
    at = f"Saved at {time_in_words(work.now)}"
    return jsonify(said=f"{at}, but not yet: {listing(left_out)}." if left_out else at)
