"""Deal with an e-mail that was given up, from home or from the page of its request."""

from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.requests.service import note_rung, send_mail_again
from jags.web.access import requires
from jags.web.unit_of_work import current_work

blueprint = Blueprint("undelivered", __name__)


@blueprint.post("/undelivered/<uuid:message_id>")
@requires(Permission.REQUEST_TRIAGE)
def deal_with(message_id: UUID) -> ResponseReturnValue:
    """Send the e-mail again, or keep that its recipient was rung."""
    if request.form.get("how") == "again":
        about = send_mail_again(current_work(), message_id)
        flash("We are trying again to deliver this e-mail.", "success")
    else:
        about = note_rung(current_work(), message_id)
        flash("Noted. This e-mail is not sent any more.", "success")
    if about and request.form.get("on") == "request":
        return redirect(url_for("requests.show", request_id=about), code=303)
    return redirect(url_for("home.start"), code=303)
