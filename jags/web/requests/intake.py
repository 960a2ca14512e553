"""Ask for a JAGS: what comes before, a few short pages that are kept as they are filled, check, send, confirm."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Purpose
from jags.accounts.service import issue_link
from jags.kernel.errors import Invalid
from jags.kernel.time import day_in_words, days, london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import get_request, may_answer_equalities, unfinished
from jags.requests.rules import State
from jags.requests.service import (
    answer_equalities,
    ask_for_link,
    confirm_request,
    count_draft,
    save_answers,
    send_return_link,
    start_draft,
    submit_request,
)
from jags.settings.queries import partnership
from jags.web.access import current_link, link_path, public, requires_link, set_link_cookie
from jags.web.requests import answers
from jags.web.requests.first_half import GateForm
from jags.web.requests.forms import CheckForm, ConfirmForm, EqualitiesForm, MailedCheckForm, NewLinkForm
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
from jags.web.requests.whose_move import whose_move
from jags.web.unit_of_work import current_work

blueprint = Blueprint("intake", __name__)

_SLUG = f"<{any_of(PAGES)}:slug>"


@blueprint.route("/ask", methods=["GET", "POST"])
@public
def gate() -> ResponseReturnValue:
    """Ask what comes before a request; a draft begins with its answers."""
    form, work = GateForm(), current_work()
    if form.validate_on_submit():
        count_draft(work, address=request.remote_addr or "")
        draft = start_draft(work, form.answers())
        kept = days(partnership(work).draft_kept_days)
        link, secret = issue_link(
            work, purpose=Purpose.REQUEST_DRAFT, subject_id=draft.id, expires_at=work.now + kept
        )
        response = make_response(redirect(f"{link_path(link)}/{NUMBERED[0]}", code=303))
        set_link_cookie(response, link, secret)
        return response
    return _page("before-you-begin", form, back_url=url_for("home.welcome"))


@blueprint.get("/draft/<uuid:link_id>")
@requires_link(Purpose.REQUEST_DRAFT)
def resume(link_id: UUID) -> ResponseReturnValue:
    """Go on with a draft where it lacks something."""
    work = current_work()
    lacking = unfinished(work, _draft())
    slug = next((s for s, page in FIRST_HALF.items() if page.part in lacking), None)
    if slug is None:
        return redirect(url_for("intake.check", link_id=link_id), code=303)
    return redirect(url_for("intake.page", link_id=link_id, slug=slug), code=303)


@blueprint.route(f"/draft/<uuid:link_id>/{_SLUG}", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_DRAFT)
def page(link_id: UUID, slug: str) -> ResponseReturnValue:
    """Ask one page of a draft and keep its answers."""
    work, draft = current_work(), _draft()
    if draft.state is not State.DRAFT:
        return redirect(url_for("intake.sent", link_id=link_id), code=303)
    form = open_page(work, draft, PAGES[slug])
    if "add" in request.form:
        form.add_row(request.form["add"])
    elif right_so_far(form) if "later" in request.form else form.validate_on_submit():
        try:
            return _keep(work, draft, form, link_id=link_id, slug=slug)
        except Invalid as error:
            form.attach(error)
    return _page(slug, form, back_url=_back(link_id, slug), draft_link=link_id)


@blueprint.post(f"/draft/<uuid:link_id>/{_SLUG}/autosave")
@requires_link(Purpose.REQUEST_DRAFT)
def autosave(link_id: UUID, slug: str) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Keep what is right of a page that is being filled, and say when."""
    work, draft = current_work(), _draft()
    return save_while_filling(work, draft, open_page(work, draft, PAGES[slug]))


@blueprint.route("/draft/<uuid:link_id>/check", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_DRAFT)
def check(link_id: UUID) -> ResponseReturnValue:
    """Show all answers, and send them."""
    work, draft = current_work(), _draft()
    # The link with which a draft begins stays in the browser; every later one came by e-mail.
    form = MailedCheckForm() if current_link().issued_at > draft.started_at else CheckForm()
    sent = url_for("intake.sent", link_id=link_id)
    if draft.state is not State.DRAFT:
        return redirect(sent, code=303)
    if form.validate_on_submit():
        try:
            submit_request(work, draft)
        except Invalid as error:
            form.attach(error)
        else:
            return redirect(sent, code=303)
    rows, lacking = answers.summary(work, draft), unfinished(work, draft)
    return render_template(
        "requests/check.html",
        form=form,
        problems=problems_of(lacking, lambda slug: _address(link_id, slug)) if form.form_errors else [],
        parts=parts_of(rows, lacking, lambda slug: _address(link_id, slug)),
        tasks=second_half_tasks(rows, lambda slug: _address(link_id, slug)),
        back_url=_address(link_id, NUMBERED[-1]),
        later_url=url_for("intake.later", link_id=link_id),
    )


@blueprint.post("/draft/<uuid:link_id>/later")
@requires_link(Purpose.REQUEST_DRAFT)
def later(link_id: UUID) -> ResponseReturnValue:
    """Mail a link back to the draft."""
    work, draft = current_work(), _draft()
    send_return_link(work, draft)
    flash(_sent_a_link(work, draft), "success")
    return redirect(url_for("intake.check", link_id=link_id), code=303)


@blueprint.get("/draft/<uuid:link_id>/sent")
@requires_link(Purpose.REQUEST_DRAFT)
def sent(link_id: UUID) -> ResponseReturnValue:
    """Say that the request is received and that the address is to be confirmed."""
    work, draft = current_work(), _draft()
    if draft.state is State.DRAFT:
        return redirect(url_for("intake.check", link_id=link_id), code=303)
    return render_template(
        "requests/sent.html",
        request_=draft,
        email=answers.address(work, draft),
        link_id=link_id,
        may_answer_equalities=may_answer_equalities(work, draft),
    )


@blueprint.route("/draft/<uuid:link_id>/equalities", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_DRAFT)
def equalities(link_id: UUID) -> ResponseReturnValue:
    """Ask the optional questions that are counted by year, once a request has been sent."""
    work, found, form = current_work(), _draft(), EqualitiesForm()
    back = url_for("intake.sent", link_id=link_id)
    if not may_answer_equalities(work, found):
        if request.method == "POST" and found.received_on is not None:
            flash(_NOT_TAKEN, "success")
        return redirect(back, code=303)
    if form.validate_on_submit():
        taken = answer_equalities(work, found, form.answers())
        flash(_COUNTED if taken else _NOT_TAKEN, "success")
        return redirect(back, code=303)
    return render_template("requests/equalities.html", form=form, back_url=back)


@blueprint.route("/confirm-request/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.CONFIRM_REQUEST)
def confirm(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Confirm that the request is theirs, and lead them to its page."""
    work, form = current_work(), ConfirmForm()
    found = get_request(work, _subject())
    confirmed = found.state is not State.UNCONFIRMED
    # Who has confirmed before is led to the page of the request, and ticks nothing again.
    if request.method == "POST" if confirmed else form.validate_on_submit():
        confirm_request(work, found.id)
        until = work.now + days(partnership(work).link_days)
        link, secret = issue_link(work, purpose=Purpose.REQUEST_STATUS, subject_id=found.id, expires_at=until)
        response = make_response(redirect(link_path(link), code=303))
        set_link_cookie(response, link, secret)
        return response
    return render_template(
        "requests/confirm.html", form=form, request_=found, confirmed=confirmed, ahead=whose_move(work, found)
    )


@blueprint.route("/new-link", methods=["GET", "POST"])
@public
def new_link() -> ResponseReturnValue:
    """Keep that somebody wants a new link; the answer, and its time, is the same whether or not we know the request."""
    form = NewLinkForm()
    if form.validate_on_submit():
        ask_for_link(current_work(), reference=form.reference.data or "", email=form.email.data or "")
        return render_template("requests/new_link_sent.html")
    return render_template("requests/new_link.html", form=form, back_url=url_for("home.welcome"))


def _subject() -> UUID:
    return current_link().subject_id


def _draft() -> Request:
    return get_request(current_work(), _subject())


def _keep(work: Work, draft: Request, form: Any, *, link_id: UUID, slug: str) -> ResponseReturnValue:
    """Keep a page, finished or not, and go on; or mail a link with which to come back."""
    save_answers(work, draft, form.answers(), shown=form.shown)
    if "later" not in request.form:
        return redirect(_next(link_id, slug), code=303)
    send_return_link(work, draft)
    flash(_sent_a_link(work, draft), "success")
    return redirect(_address(link_id, slug), code=303)


def _page(slug: str, form: Any, *, back_url: str, draft_link: UUID | None = None) -> str:
    autosave_url = url_for("intake.autosave", link_id=draft_link, slug=slug) if draft_link else ""
    return draw_page(
        current_work(),
        slug,
        form,
        layout="layouts/public.html",
        back_url=back_url,
        autosave_url=autosave_url,
    )


def _address(link_id: UUID, slug: str) -> str:
    return url_for("intake.page", link_id=link_id, slug=slug)


def _next(link_id: UUID, slug: str) -> str:
    """Return the next page; somebody who came from "check your answers" goes back there."""
    following = "" if slug in SECOND_HALF or request.args.get("from") == "check" else next_page(slug)
    return _address(link_id, following) if following else url_for("intake.check", link_id=link_id)


def _back(link_id: UUID, slug: str) -> str:
    if slug in SECOND_HALF or request.args.get("from") == "check":
        return url_for("intake.check", link_id=link_id)
    before = page_before(slug)
    return _address(link_id, before) if before else url_for("home.welcome")


def _sent_a_link(work: Work, draft: Request) -> str:
    last = day_in_words(london_date(draft.started_at + days(partnership(work).draft_kept_days)))
    return f"We have sent you a link with which you come back to your answers until {last}. You can close this page."


_COUNTED = "Thank you. Your answers count with those of the year, and are not kept with your request."
_NOT_TAKEN = "Thank you. Your answers were here already, or the year has been counted: nothing was changed."
