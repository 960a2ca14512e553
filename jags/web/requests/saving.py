"""Open, draw and save one page of a draft, whoever writes it: filled, being filled, or left for later."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from jags.accounts.queries import agency_names
from jags.kernel.errors import NotAllowed, Stale
from jags.kernel.time import time_in_words
from jags.kernel.words import listing
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import kept_part
from jags.requests.rules import State
from jags.requests.service import save_answers
from jags.web.guard import answer_to_hint, hint_at_names, nobody_answered
from jags.web.requests.draft_form import DraftForm
from jags.web.requests.pages import NUMBERED, Page

# Pages on which spellings of agencies are offered while typing.
NAMES_AGENCIES = frozenset({"about-you", "who-is-involved", "contacts"})
_MAY_NAME = "There may be a name in it; we ask you about that when you go on."
_OVER = "This page does not save itself any more. Press Continue to go on."
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


def draw_page(
    work: Work, slug: str, form: Any, *, layout: str, back_url: str, autosave_url: str, **more: Any
) -> str:
    """Draw a page of the form in a layout; without an `autosave_url` it does not save itself."""
    return render_template(
        f"requests/form/{slug}.html",
        form=form,
        layout=layout,
        back_url=back_url,
        autosave_url=autosave_url,
        number=NUMBERED.index(slug) + 1 if slug in NUMBERED else 0,
        count=len(NUMBERED),
        known=agency_names(work) if slug in NAMES_AGENCIES else (),
        **more,
    )


def right_so_far(form: Any) -> bool:
    """Tell whether all that was typed can be kept, whatever is still missing."""
    if form.validate_on_submit():
        return True
    right = not (form.wrong() or form.csrf_token.errors)
    form.ask_only_for_what_is_wrong()
    return right


def save_while_filling(work: Work, draft: Request, form: Any) -> ResponseReturnValue:
    """Keep what is right of a page of a draft that is being filled, and answer its small script in words."""
    return keep_while_filling(
        work,
        form,
        lambda: save_answers(work, draft, form.answers(), shown=form.shown),
        still_open=draft.state is State.DRAFT,
    )


def keep_while_filling(
    work: Work, form: DraftForm, keep: Callable[[], None], *, still_open: bool = True
) -> ResponseReturnValue:
    """Have `keep` keep what is right of any page that saves itself, and answer its small script in words."""
    form.validate()
    # That the page shows the hint about names is no answer to it; a name is kept once somebody has said so.
    if nobody_answered(answer_to_hint()):
        hint_at_names(form)
    if form.csrf_token.errors or not still_open:
        work.abandon()
        return jsonify(said=_OVER), 409
    left_out = form.wrong()
    names = any(field.hint for field in left_out if hasattr(field, "hint"))
    form.keep_what_is_right()
    try:
        keep()
    except Stale:
        work.abandon()
        return jsonify(said=_ANSWERED_ELSEWHERE), 409
    except NotAllowed:
        # It was sent at the same moment.
        work.abandon()
        return jsonify(said=_OVER), 409
    at = f"Saved at {time_in_words(work.now)}"
    if not left_out:
        return jsonify(said=at)
    fields = listing(field.label.text for field in left_out)
    not_yet = f"{at}, but not yet: {fields}{'' if fields.endswith('?') else '.'}"
    return jsonify(said=f"{not_yet} {_MAY_NAME}" if names else not_yet)
