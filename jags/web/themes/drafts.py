"""Draft themes for the facilitators of the pool: what they mean, and what somebody would like to say about them."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.themes.queries.frame import own_remarks, shared_drafts
from jags.themes.service.framing import remark_on
from jags.web.access import requires
from jags.web.themes.forms import RemarkForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("draft_themes", __name__)


@blueprint.get("/draft-themes")
@requires(Permission.SESSION_RECORD)
def index() -> ResponseReturnValue:
    """List the drafts, with what the reader of the page has said."""
    work = current_work()
    return render_template(
        "themes/drafts.html", drafts=shared_drafts(work), said=own_remarks(work, _person())
    )


@blueprint.route("/draft-themes/<key>", methods=["GET", "POST"])
@requires(Permission.SESSION_RECORD)
def remark(key: str) -> ResponseReturnValue:
    """Keep what a facilitator says of a draft."""
    work, form = current_work(), RemarkForm()
    theme = next((one for one in shared_drafts(work) if one.key == key), None)
    if theme is None:
        abort(404)
    if form.validate_on_submit():
        try:
            remark_on(work, key, form.text.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            flash("Thank you. The Business Unit reads what you wrote.", "success")
            return redirect(url_for("draft_themes.index"), code=303)
    return render_template("themes/remark.html", form=form, theme=theme)


def _person() -> UUID:
    person_id = current_work().actor.person_id
    if person_id is None:
        abort(404)
    return person_id
