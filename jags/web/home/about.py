"""Pages that say what JAGS is and what becomes of what people write: the privacy page, and a flyer for paper."""

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.rights.queries import parts_of
from jags.rights.rules.documents import Document
from jags.web.access import public
from jags.web.codes import dark_squares
from jags.web.unit_of_work import current_work

blueprint = Blueprint("about", __name__)


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept, who sees it, and for how long."""
    return render_template(
        "home/privacy.html",
        back_url=url_for("home.welcome"),
        parts=parts_of(current_work(), Document.PRIVACY),
    )


@blueprint.get("/flyer")
@public
def flyer() -> ResponseReturnValue:
    """Show one page for paper, with a code that leads to the start page."""
    address = current_app.config["JAGS"].base_url
    return render_template(
        "home/flyer.html", address=address, code=dark_squares(address), back_url=url_for("home.welcome")
    )
