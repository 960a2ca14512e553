"""Ask for a JAGS: what it is, a few short pages that are kept as they are filled, check, send, confirm."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import agency_names
from jags.accounts.rules import Purpose
from jags.accounts.service import issue_link
from jags.kernel.errors import Invalid
from jags.kernel.time import days
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import get_request, part_version, unfinished
from jags.requests.rules import Part, State
from jags.requests.service import (
    confirm_request,
    save_answers,
    send_return_link,
    send_status_link,
    start_draft,
    submit_request,
)
from jags.settings.queries import partnership
from jags.web.access import current_link, link_path, public, requires_link, set_link_cookie
from jags.web.requests import answers
from jags.web.requests.forms import (
    AboutYouForm,
    CheckForm,
    ChildForm,
    ConfirmForm,
    LastForm,
    NewLinkForm,
    WhoIsInvolvedForm,
    WhyForm,
)
from jags.web.unit_of_work import current_work

blueprint = Blueprint("intake", __name__)


@dataclass(frozen=True)
class Page:
    """A page of the form: the part that it asks, and how it is filled with what was answered before."""

    part: Part
    form: Callable[..., Any]
    shown: Callable[[Work, Request], dict[str, Any]]


PAGES: dict[str, Page] = {
    "about-you": Page(Part.REQUESTER, AboutYouForm, answers.about_you),
    "who-it-is-about": Page(Part.CHILD, ChildForm, answers.about_the_child),
    "why": Page(Part.REASONS, WhyForm, answers.why),
    "who-is-involved": Page(Part.PEOPLE, WhoIsInvolvedForm, answers.involved),
    "last-things": Page(Part.LAST, LastForm, answers.last_things),
}
SLUGS = tuple(PAGES)
_ANY = f"any({', '.join(repr(slug) for slug in SLUGS)})"


@blueprint.get("/ask")
@public
def gate() -> ResponseReturnValue:
    """Say what comes before a request: danger, harm, disagreement, plans."""
    return render_template("requests/gate.html", back_url=url_for("home.welcome"))


@blueprint.route("/ask/about-you", methods=["GET", "POST"])
@public
def begin() -> ResponseReturnValue:
    """Ask the first page; a draft begins with its answers, so that no empty one is ever kept."""
    form, work = AboutYouForm(), current_work()
    if form.validate_on_submit():
        draft = start_draft(work, form.answers())
        kept = days(partnership(work).draft_kept_days)
        link, secret = issue_link(
            work, purpose=Purpose.REQUEST_DRAFT, subject_id=draft.id, expires_at=work.now + kept
        )
        response = make_response(redirect(f"{link_path(link)}/{SLUGS[1]}", code=303))
        set_link_cookie(response, link, secret)
        return response
    return _page("about-you", form, back_url=url_for("intake.gate"))


@blueprint.get("/draft/<uuid:link_id>")
@requires_link(Purpose.REQUEST_DRAFT)
def resume(link_id: UUID) -> ResponseReturnValue:
    """Go on with a draft where it lacks something."""
    work = current_work()
    lacking = unfinished(work, _draft())
    slug = next((s for s, page in PAGES.items() if page.part in lacking), None)
    if slug is None:
        return redirect(url_for("intake.check", link_id=link_id), code=303)
    return redirect(url_for("intake.page", link_id=link_id, slug=slug), code=303)


@blueprint.route(f"/draft/<uuid:link_id>/<{_ANY}:slug>", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_DRAFT)
def page(link_id: UUID, slug: str) -> ResponseReturnValue:
    """Ask one page of a draft and keep its answers."""
    work, draft = current_work(), _draft()
    if draft.state is not State.DRAFT:
        return redirect(url_for("intake.sent", link_id=link_id), code=303)
    asked = PAGES[slug]
    marks = {"version": part_version(draft, asked.part), "page": str(uuid4())}
    form = asked.form(data=asked.shown(work, draft) | marks)
    if "add" in request.form:
        form.add_row(request.form["add"])
    elif form.validate_on_submit():
        try:
            save_answers(work, draft, form.answers(), shown=form.shown)
        except Invalid as error:
            form.attach(error)
        else:
            return redirect(_next(link_id, slug), code=303)
    return _page(slug, form, back_url=_back(link_id, slug))


@blueprint.route("/draft/<uuid:link_id>/check", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_DRAFT)
def check(link_id: UUID) -> ResponseReturnValue:
    """Show all answers, and send them."""
    work, draft, form = current_work(), _draft(), CheckForm()
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
    return render_template(
        "requests/check.html",
        form=form,
        parts=_parts(work, draft, link_id),
        back_url=_back(link_id, "check"),
        later_url=url_for("intake.later", link_id=link_id),
    )


@blueprint.post("/draft/<uuid:link_id>/later")
@requires_link(Purpose.REQUEST_DRAFT)
def later(link_id: UUID) -> ResponseReturnValue:
    """Mail a link back to the draft."""
    send_return_link(current_work(), _draft())
    flash("We have sent you a link with which you come back to your answers.", "success")
    return redirect(url_for("intake.check", link_id=link_id), code=303)


@blueprint.get("/draft/<uuid:link_id>/sent")
@requires_link(Purpose.REQUEST_DRAFT)
def sent(link_id: UUID) -> ResponseReturnValue:
    """Say that the request is received and that the address is to be confirmed."""
    work, draft = current_work(), _draft()
    if draft.state is State.DRAFT:
        return redirect(url_for("intake.check", link_id=link_id), code=303)
    return render_template("requests/sent.html", request_=draft, email=answers.address(work, draft))


@blueprint.route("/confirm-request/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.CONFIRM_REQUEST)
def confirm(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Confirm that the request is theirs, and lead them to its page."""
    work, form = current_work(), ConfirmForm()
    found = get_request(work, _subject())
    if form.validate_on_submit():
        confirm_request(work, found.id)
        until = work.now + days(partnership(work).link_days)
        link, secret = issue_link(work, purpose=Purpose.REQUEST_STATUS, subject_id=found.id, expires_at=until)
        response = make_response(redirect(link_path(link), code=303))
        set_link_cookie(response, link, secret)
        return response
    return render_template("requests/confirm.html", form=form, request_=found)


@blueprint.route("/new-link", methods=["GET", "POST"])
@public
def new_link() -> ResponseReturnValue:
    """Mail a new link to a request's page; the answer is the same whether or not we know the request."""
    form = NewLinkForm()
    if form.validate_on_submit():
        send_status_link(current_work(), reference=form.reference.data or "", email=form.email.data or "")
        return render_template("requests/new_link_sent.html")
    return render_template("requests/new_link.html", form=form, back_url=url_for("home.welcome"))


def _subject() -> UUID:
    return current_link().subject_id


def _draft() -> Request:
    return get_request(current_work(), _subject())


def _page(slug: str, form: Any, *, back_url: str) -> str:
    return render_template(
        f"requests/form/{slug}.html",
        form=form,
        back_url=back_url,
        number=SLUGS.index(slug) + 1,
        count=len(SLUGS),
        known=agency_names(current_work()) if slug in {"about-you", "who-is-involved"} else (),
    )


def _next(link_id: UUID, slug: str) -> str:
    """Return the next page; somebody who came from "check your answers" goes back there."""
    place = SLUGS.index(slug) + 1
    if request.args.get("from") == "check" or place == len(SLUGS):
        return url_for("intake.check", link_id=link_id)
    return url_for("intake.page", link_id=link_id, slug=SLUGS[place])


def _back(link_id: UUID, slug: str) -> str:
    if request.args.get("from") == "check":
        return url_for("intake.check", link_id=link_id)
    place = SLUGS.index(slug) if slug in SLUGS else len(SLUGS)
    if place == 0:
        return url_for("intake.gate")
    return url_for("intake.page", link_id=link_id, slug=SLUGS[place - 1])


def _parts(work: Work, draft: Request, link_id: UUID) -> list[dict[str, Any]]:
    lacking = unfinished(work, draft)
    rows = answers.summary(work, draft)
    return [
        {
            "title": answers.TITLES[page.part],
            "rows": [
                {**row, "change": f"{url_for('intake.page', link_id=link_id, slug=slug)}?from=check"}
                for row in rows[page.part]
            ],
            "lacking": page.part in lacking,
        }
        for slug, page in PAGES.items()
    ]
