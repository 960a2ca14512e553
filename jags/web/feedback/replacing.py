"""Let a coordinator have another link sent to somebody who has lost theirs."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from jags.accounts.rules import Permission
from jags.feedback.queries import lost_links
from jags.feedback.service import ask_for_another_link
from jags.scheduling.queries import get_session, invitable
from jags.web.access import requires
from jags.web.fields import OneOf, offered
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("lost_links", __name__)


class LostLinkForm(JagsForm):
    """Who has lost their link."""

    whom = OneOf("Who has lost their link?", validators=[InputRequired("Select who has lost their link.")])


@blueprint.route("/sessions/<uuid:session_id>/lost-link", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def replace(session_id: UUID) -> ResponseReturnValue:
    """Say how links are replaced, and ask for one."""
    work = current_work()
    session = get_session(work, session_id)
    form = LostLinkForm()
    form.whom.choices = offered(
        (str(one.id), ", ".join(filter(None, (one.name, one.agency))))
        for one in invitable(work, session.request)
        if one.email
    )
    if form.validate_on_submit():
        ask_for_another_link(work, session_id, member_id=UUID(form.whom.data))
        flash("If they were asked, another link reaches them in a few minutes.", "success")
        return redirect(url_for("requests.show", request_id=session.request_id), code=303)
    return render_template(
        "feedback/lost_link.html", form=form, session=session, status=lost_links(work, session)
    )
