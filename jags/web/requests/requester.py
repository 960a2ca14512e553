"""Pass a request on to another requester, by link and by a coordinator, and let the new one say that it is them."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import agency_names
from jags.accounts.rules import Permission, Purpose
from jags.accounts.service import issue_link
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import days
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import CHANGES_REQUESTER
from jags.requests.service import change_requester, confirm_requester
from jags.settings.queries import partnership
from jags.web.access import current_link, link_path, requires, requires_link, set_link_cookie
from jags.web.requests.requester_forms import ChangeByCoordinatorForm, ChangeByRequesterForm, ItIsMeForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("requester", __name__)


@blueprint.route("/your-request/<uuid:link_id>/pass-on", methods=["GET", "POST"])
@requires_link(Purpose.REQUEST_STATUS)
def by_requester(link_id: UUID) -> ResponseReturnValue:
    """Let the requester name who asks from now on; their own link ends with that."""
    work = current_work()
    found = get_request(work, current_link().subject_id)
    form = ChangeByRequesterForm(data={"version": found.version})
    if form.validate_on_submit() and _changed(work, found, form):
        # Their link has just been revoked, so there is no page of theirs to go on to.
        return render_template("requests/passed_on.html", request_=found)
    _check_open(found)
    return render_template(
        "requests/change_requester.html",
        form=form,
        request_=found,
        layout="layouts/link.html",
        known=agency_names(work),
        back_url=url_for("status.show", link_id=link_id),
    )


@blueprint.route("/requests/<uuid:request_id>/requester", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def by_coordinator(request_id: UUID) -> ResponseReturnValue:
    """Let a coordinator name who asks from now on."""
    work = current_work()
    found = get_request(work, request_id)
    form = ChangeByCoordinatorForm(data={"version": found.version})
    page = url_for("requests.show", request_id=request_id)
    if form.validate_on_submit() and _changed(work, found, form):
        mail = "They get an e-mail with a link of their own"
        told = f"{mail} when the pause is lifted." if found.paused else f"{mail}."
        told = told if form.email.data else "Tell them by telephone."
        flash(f"The request is passed on. {told}", "success")
        return redirect(page, code=303)
    _check_open(found)
    return render_template(
        "requests/change_requester.html",
        form=form,
        request_=found,
        layout="layouts/office.html",
        known=agency_names(work),
        back_url=page,
    )


@blueprint.route("/is-this-yours/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.CONFIRM_REQUESTER)
def confirm(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Ask whoever was named whether it is them, before anything is shown; then lead them to the request's page."""
    work, form = current_work(), ItIsMeForm()
    found = get_request(work, current_link().subject_id)
    if form.validate_on_submit():
        confirm_requester(work, found.id)
        until = work.now + days(partnership(work).link_days)
        link, secret = issue_link(work, purpose=Purpose.REQUEST_STATUS, subject_id=found.id, expires_at=until)
        response = make_response(redirect(link_path(link), code=303))
        set_link_cookie(response, link, secret)
        return response
    return render_template("requests/is_this_yours.html", form=form, request_=found)


def _changed(work: Work, found: Request, form: ChangeByCoordinatorForm) -> bool:
    try:
        change_requester(work, found.id, you=form.answers(), why=form.reason, version=form.shown_version)
    except Invalid as error:
        form.attach(error)
        return False
    return True


def _check_open(found: Request) -> None:
    if found.state not in CHANGES_REQUESTER:
        raise MoveNotPossible(
            "Somebody else can be named while the request is open. Ring us to talk it through."
        )
