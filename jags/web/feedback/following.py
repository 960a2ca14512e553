"""Ask the requester, some weeks later, the one question that is answered under their name."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Purpose
from jags.feedback.service import account_of, give_account
from jags.kernel.errors import Invalid
from jags.web.access import current_link, requires_link
from jags.web.feedback.forms import WhatFollowedForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("what_followed", __name__)


@blueprint.route("/what-followed/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.WHAT_FOLLOWED)
def show(link_id: UUID) -> ResponseReturnValue:
    """Show the question with what the requester has told, and keep their account."""
    work, request_id = current_work(), current_link().subject_id
    told, version = account_of(work, request_id)
    form = WhatFollowedForm(obj=told, data={"version": version})
    if form.validate_on_submit():
        try:
            give_account(work, request_id, account=form.written(), version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("Thank you. Your account is kept with your request.", "success")
            return redirect(url_for("what_followed.show", link_id=link_id), code=303)
    return render_template("feedback/what_followed.html", form=form)
