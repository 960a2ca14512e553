"""Enter a request for somebody on the telephone: the pages of the practitioner's form, with a coordinator's way in."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid, NotAllowed
from jags.kernel.time import days
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import (
    begun_by_telephone,
    contact_of,
    detail_of,
    get_entry,
    unfinished,
)
from jags.requests.rules import Source
from jags.requests.service import save_answers, start_draft, submit_request
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.requests import answers
from jags.web.requests.draft_form import DraftForm
from jags.web.requests.first_half import AboutThemForm, GateForm
from jags.web.requests.forms import CheckForm
from jags.web.requests.pages import (
    FIRST_HALF,
    NUMBERED,
    PAGES,
    SECOND_HALF,
    any_of,
    next_page,
    page_before,
    parts_of,
    problems_of,
    second_half_tasks,
)
from jags.web.requests.saving import draw_page, open_page, right_so_far, save_while_filling
from jags.web.unit_of_work import current_work

blueprint = Blueprint("telephone", __name__)

_SLUG = f"<{any_of(PAGES)}:slug>"
# Where a page asks less on the telephone than it asks the practitioner.
_FORMS: dict[str, type[DraftForm]] = {"about-you": AboutThemForm}
_LATER = "Finish later"


@blueprint.get("/requests/new")
@requires(Permission.REQUEST_TRIAGE)
def entries() -> ResponseReturnValue:
    """Begin an entry, or go on with one that is unfinished."""
    work = _for_all_requests()
    kept = days(partnership(work).draft_kept_days)
    rows = [
        {
            "id": draft.id,
            "who": contact_of(work, draft).name or "Nobody named yet",
            "about": detail_of(work, draft).pseudonym,
            "begun": draft.started_at,
            "kept_until": draft.started_at + kept,
        }
        for draft in begun_by_telephone(work)
    ]
    return render_template(
        "requests/entries.html",
        rows=rows,
        kept=partnership(work).draft_kept_days,
        back_url=url_for("queue.index"),
    )


@blueprint.route("/requests/new/before-you-begin", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def begin() -> ResponseReturnValue:
    """Ask what comes before a request; an entry begins with its answers."""
    work, form = _for_all_requests(), GateForm()
    if form.validate_on_submit():
        draft = start_draft(work, form.answers(), source=Source.TELEPHONE)
        return redirect(_address(draft.id, NUMBERED[0]), code=303)
    return _page("before-you-begin", form, back_url=url_for("telephone.entries"))


@blueprint.get("/requests/new/<uuid:request_id>")
@requires(Permission.REQUEST_TRIAGE)
def resume(request_id: UUID) -> ResponseReturnValue:
    """Go on with an entry where it lacks something."""
    work = current_work()
    lacking = unfinished(work, get_entry(work, request_id))
    slug = next((s for s, page in FIRST_HALF.items() if page.part in lacking), None)
    there = _address(request_id, slug) if slug else url_for("telephone.check", request_id=request_id)
    return redirect(there, code=303)


@blueprint.route(f"/requests/new/<uuid:request_id>/{_SLUG}", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def page(request_id: UUID, slug: str) -> ResponseReturnValue:
    """Ask one page of an entry and keep its answers."""
    work = current_work()
    draft = get_entry(work, request_id)
    form = _form(work, draft, slug)
    if "add" in request.form:
        form.add_row(request.form["add"])
    elif right_so_far(form) if "later" in request.form else form.validate_on_submit():
        try:
            return _keep(work, draft, form, slug=slug)
        except Invalid as error:
            form.attach(error)
    return _page(slug, form, back_url=_back(request_id, slug), entry=request_id)


@blueprint.post(f"/requests/new/<uuid:request_id>/{_SLUG}/autosave")
@requires(Permission.REQUEST_TRIAGE)
def autosave(request_id: UUID, slug: str) -> ResponseReturnValue:
    """Keep what is right of a page that is being filled, and say when."""
    work = current_work()
    draft = get_entry(work, request_id)
    return save_while_filling(work, draft, _form(work, draft, slug))


@blueprint.route("/requests/new/<uuid:request_id>/check", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def check(request_id: UUID) -> ResponseReturnValue:
    """Show all answers, and take the request in."""
    work, form = current_work(), CheckForm()
    draft = get_entry(work, request_id)
    if form.validate_on_submit():
        try:
            submit_request(work, draft)
        except Invalid as error:
            form.attach(error)
        else:
            flash(f"The request is taken in as {draft.reference}. It is being considered.", "success")
            return redirect(url_for("requests.show", request_id=request_id), code=303)
    rows, lacking = answers.summary(work, draft), unfinished(work, draft)
    return render_template(
        "requests/check.html",
        form=form,
        problems=problems_of(lacking, lambda slug: _address(request_id, slug)) if form.form_errors else [],
        layout="layouts/office.html",
        button="Take this request in",
        by_telephone=True,
        parts=parts_of(rows, lacking, lambda slug: _address(request_id, slug)),
        tasks=second_half_tasks(rows, lambda slug: _address(request_id, slug)),
        back_url=_address(request_id, NUMBERED[-1]),
    )


def _for_all_requests() -> Work:
    """Return the unit of work of somebody who looks after requests in general, not only after what they have taken over."""
    work = current_work()
    if work.actor.only is not None:
        raise NotAllowed
    return work


def _form(work: Work, draft: Request, slug: str) -> Any:
    return open_page(work, draft, PAGES[slug], _FORMS.get(slug))


def _keep(work: Work, draft: Request, form: Any, *, slug: str) -> ResponseReturnValue:
    """Keep a page, finished or not, and go on; or leave the entry for later."""
    save_answers(work, draft, form.answers(), shown=form.shown)
    if "later" not in request.form:
        return redirect(_next(draft.id, slug), code=303)
    flash("The entry is saved. It is listed here until it is finished.", "success")
    return redirect(url_for("telephone.entries"), code=303)


def _page(slug: str, form: Any, *, back_url: str, entry: UUID | None = None) -> str:
    autosave_url = url_for("telephone.autosave", request_id=entry, slug=slug) if entry else ""
    return draw_page(
        current_work(),
        slug,
        form,
        layout="layouts/office.html",
        back_url=back_url,
        autosave_url=autosave_url,
        later_words=_LATER,
        by_telephone=True,
    )


def _address(request_id: UUID, slug: str) -> str:
    return url_for("telephone.page", request_id=request_id, slug=slug)


def _to_check(slug: str) -> bool:
    return slug in SECOND_HALF or request.args.get("from") == "check"


def _next(request_id: UUID, slug: str) -> str:
    following = "" if _to_check(slug) else next_page(slug)
    return _address(request_id, following) if following else url_for("telephone.check", request_id=request_id)


def _back(request_id: UUID, slug: str) -> str:
    if _to_check(slug):
        return url_for("telephone.check", request_id=request_id)
    before = page_before(slug)
    return _address(request_id, before) if before else url_for("telephone.entries")
