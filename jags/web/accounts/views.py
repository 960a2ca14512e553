"""Sign in and out, use an invitation, and turn a link into a cookie of its purpose."""

from uuid import UUID

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from config import Mode
from jags.accounts.queries import find_link_by_secret
from jags.accounts.rules import SESSION_LONGEST, Purpose
from jags.accounts.service import set_password, sign_in, sign_out, start_session, use_sign_in_link
from jags.kernel.errors import Invalid, LinkNotValid, NotFound
from jags.web.access import (
    current_link,
    link_path,
    public,
    requires_link,
    requires_sign_in,
    safe_next,
    session_cookie_name,
    set_link_cookie,
)
from jags.web.accounts.forms import SetPasswordForm, SignInForm
from jags.web.places import start_of
from jags.web.unit_of_work import begins_reading, current_work

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer whether the application can reach its database."""
    current_work().session.execute(text("SELECT 1"))
    return jsonify(status="ok")


@blueprint.get("/link/<secret>")
@public
def follow_link(secret: str) -> ResponseReturnValue:
    """Move a link's secret out of the address into a cookie scoped to its page."""
    link = find_link_by_secret(current_work(), secret)
    if link is None:
        raise LinkNotValid
    response = make_response(redirect(link_path(link), code=303))
    set_link_cookie(response, link, secret)
    return response


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@begins_reading
def sign_in_page() -> ResponseReturnValue:
    """Ask for address and password, and start a session."""
    form = SignInForm()
    if form.validate_on_submit():
        secret = sign_in(
            current_work(),
            email=form.email.data or "",
            password=form.password.data or "",
            address=request.remote_addr or "",
        )
        if secret is not None:
            return _signed_in(secret, request.args.get("next", ""))
        form.password.errors = [
            "The e-mail address and the password do not fit together. Check both and try again."
        ]
    return render_template("accounts/sign_in.html", form=form)


@blueprint.post("/sign-out")
@requires_sign_in
def sign_out_page() -> ResponseReturnValue:
    """End the session."""
    sign_out(current_work(), g.signed_in.session_id)
    response = make_response(redirect(url_for("accounts.sign_in_page"), code=303))
    response.delete_cookie(
        session_cookie_name(), path="/", secure=current_app.config["SESSION_COOKIE_SECURE"]
    )
    return response


@blueprint.route("/invitation/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.INVITATION)
def invitation(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Let an invited person set a password, and sign them in."""
    form = SetPasswordForm()
    if form.validate_on_submit():
        try:
            account = set_password(current_work(), current_link(), form.password.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            return _signed_in(start_session(current_work(), account))
    return render_template("accounts/invitation.html", form=form)


@blueprint.route("/sign-in-link/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.SIGN_IN)
def sign_in_link(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Sign in by a one-time link of the demonstration, never in production; a GET spends nothing."""
    if current_app.config["JAGS"].mode is Mode.PRODUCTION:
        raise NotFound
    if request.method == "POST":
        return _signed_in(use_sign_in_link(current_work(), current_link()))
    return render_template("accounts/sign_in_link.html", back_url=None)


def _signed_in(secret: str, wanted: str = "") -> Response:
    target = safe_next(wanted, start=start_of(current_work().actor.permissions))
    response = make_response(redirect(target, code=303))
    response.set_cookie(
        session_cookie_name(),
        secret,
        path="/",
        max_age=int(SESSION_LONGEST.total_seconds()),
        httponly=True,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        samesite="Lax",
    )
    return response
