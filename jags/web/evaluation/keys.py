"""Keys with which programs read released figures: made and revoked by an administrator, and shown once."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import names_of
from jags.accounts.rules import Permission
from jags.evaluation import service
from jags.evaluation.queries.keys import figures_keys
from jags.kernel.errors import Invalid
from jags.web.access import requires
from jags.web.evaluation.report_forms import KeyForm
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("figures_keys", __name__)


@blueprint.get("/evaluation/keys")
@requires(Permission.ACCOUNT_MANAGE)
def index() -> ResponseReturnValue:
    """List the keys."""
    work = current_work()
    keys = figures_keys(work)
    return render_template(
        "evaluation/keys.html",
        keys=keys,
        today=work.today,
        names=names_of(work, {one.made_by for one in keys}),
    )


@blueprint.route("/evaluation/keys/make", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def make() -> ResponseReturnValue:
    """Make a key, and show it this once."""
    form = KeyForm()
    if form.validate_on_submit():
        try:
            key, secret = service.make_key(current_work(), form.name.data or "", days=int(form.days.data))
        except Invalid as error:
            form.attach(error)
        else:
            return render_template("evaluation/key_made.html", key=key, secret=secret)
    return render_template("evaluation/key_form.html", form=form, back_url=url_for("figures_keys.index"))


@blueprint.post("/evaluation/keys/<uuid:key_id>/revoke")
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def revoke(key_id: UUID) -> ResponseReturnValue:
    """End a key at once."""
    form = JagsForm()
    if form.validate_on_submit():
        service.revoke_key(current_work(), key_id, version=form.shown_version)
        flash("The key is revoked. Whatever used it gets nothing any more.", "success")
    return redirect(url_for("figures_keys.index"), code=303)
