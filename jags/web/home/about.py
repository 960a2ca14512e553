"""Pages that say what JAGS is and what becomes of what people write: the privacy page, and a flyer for paper."""

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.web.access import public
from jags.web.codes import dark_squares

blueprint = Blueprint("about", __name__)


@blueprint.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """Say what is kept, who sees it, and for how long."""
    return render_template("home/privacy.html", back_url=url_for("home.welcome"))


@blueprint.get("/flyer")
@public
def flyer() -> ResponseReturnValue:
    """Show one page for paper, with a code that leads to the start page."""
    address = current_app.config["JAGS"].base_url
    return render_template(
        "home/flyer.html", address=address, code=dark_squares(address), back_url=url_for("home.welcome")
    )
