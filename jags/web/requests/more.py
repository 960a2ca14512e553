"""What is asked "now, or after we have spoken", for a request that was sent: by the requester's link, and for coordinators."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import agency_names
from jags.accounts.rules import Permission, Purpose
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import OPEN_FOR_MORE, Part
from jags.requests.service import save_second_half
from jags.web.access import current_link, requires, requires_link
from jags.web.requests import answers
from jags.web.requests.pages import SECOND_HALF, Task, any_of, second_half_tasks
from jags.web.unit_of_work import current_work

blueprint = Blueprint("more", __name__)

_SLUG = f"<{any_of(SECOND_HALF)}:slug>"


@blueprint.route(f"/your-request/<uuid:link_id>/more/{_SLUG}", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_STATUS)
def by_requester(link_id: UUID, slug: str) -> ResponseReturnValue:
    """Let the requester add to a request that was sent."""
    found = get_request(current_work(), current_link().subject_id)
    return _edit(found, slug, page=url_for("status.show", link_id=link_id), layout="layouts/link.html")


@blueprint.route(f"/requests/<uuid:request_id>/more/{_SLUG}", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def by_coordinator(request_id: UUID, slug: str) -> ResponseReturnValue:
    """Let a coordinator add what they were told."""
    found = get_request(current_work(), request_id)
    return _edit(
        found, slug, page=url_for("requests.show", request_id=request_id), layout="layouts/office.html"
    )


def tasks_of(found: Request, rows: Mapping[Part, answers.Rows], address: Callable[[str], str]) -> list[Task]:
    """Return the task list of the second half for the page of a request; empty where nothing can be added any more."""
    return second_half_tasks(rows, address) if found.state in OPEN_FOR_MORE else []


def _edit(found: Request, slug: str, *, page: str, layout: str) -> ResponseReturnValue:
    work, asked = current_work(), SECOND_HALF[slug]
    if found.state not in OPEN_FOR_MORE:
        raise MoveNotPossible("The date is set, or the request has ended. Ring us to change something.")
    marks = {"version": found.version, "page": str(uuid4())}
    form: Any = asked.form(data=asked.shown(work, found) | marks)
    if "add" in request.form:
        form.add_row(request.form["add"])
    elif form.validate_on_submit():
        try:
            save_second_half(work, found.id, form.answers(), version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash(
                f"Thank you. “{answers.TITLES[asked.part]}” is saved. You can change it until the date is set.",
                "success",
            )
            return redirect(page, code=303)
    return render_template(
        f"requests/form/{slug}.html",
        form=form,
        layout=layout,
        back_url=page,
        button="Save and go back",
        known=agency_names(work) if slug == "contacts" else (),
    )
