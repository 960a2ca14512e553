"""A coordinator's steps with requests about the same work: link a repeat to the first, or take the link away."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.requests.queries import get_request
from jags.requests.service import link_as_repeat, say_other_work, unlink_repeat
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.requests.requester_forms import RepeatForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("same_work", __name__)


@blueprint.route("/requests/<uuid:request_id>/repeat", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def link(request_id: UUID) -> ResponseReturnValue:
    """Link a request as a repeat; the address may name the earlier one."""
    work = current_work()
    found = get_request(work, request_id)
    form = RepeatForm(data={"version": found.version, "of_reference": request.args.get("of", "")})
    page = url_for("requests.show", request_id=request_id)
    if form.validate_on_submit():
        try:
            link_as_repeat(
                work, request_id, of_reference=form.of_reference.data or "", version=form.shown_version
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The request is linked to the first about the same work.", "success")
            return redirect(page, code=303)
    return render_template("requests/repeat.html", form=form, request_=found, back_url=page)


@blueprint.post("/requests/<uuid:request_id>/other-work/<uuid:other_id>")
@requires(Permission.REQUEST_TRIAGE)
def other_work(request_id: UUID, other_id: UUID) -> ResponseReturnValue:
    """Keep that two requests are not about the same work, and propose them to each other no more."""
    form = JagsForm()
    if form.validate_on_submit():
        say_other_work(current_work(), request_id, other_id=other_id)
        flash("It is noted as other work. The two are not proposed to each other again.", "success")
    return redirect(url_for("requests.show", request_id=request_id), code=303)


@blueprint.post("/requests/<uuid:request_id>/not-a-repeat")
@requires(Permission.REQUEST_TRIAGE)
def unlink(request_id: UUID) -> ResponseReturnValue:
    """Take away that a request is a repeat."""
    form = JagsForm()
    if form.validate_on_submit():
        unlink_repeat(current_work(), request_id, version=form.shown_version)
        flash("The request is no longer linked to an earlier one.", "success")
    return redirect(url_for("requests.show", request_id=request_id), code=303)
