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
from jags.accounts.rules import Purpose
from jags.accounts.service import (
    SignIn,
    answer_still_needed,
    begin_session,
    set_password,
    sign_in,
    sign_out,
    use_sign_in_link,
)
from jags.kernel.errors import Invalid, LinkNotValid, NotFound
from jags.web.access import (
    current_link,
    link_path,
    public,
    requires_link,
    requires_sign_in,
    session_cookie_name,
    set_link_cookie,
)
from jags.web.accounts.browser import go_on, keep_session, organisations, visit
from jags.web.accounts.forms import SetPasswordForm, SignInForm
from jags.web.accounts.people_forms import StillNeededForm
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
            current_work(), email=form.email.data or "", password=form.password.data or "", visit=visit()
        )
        if secret is not None:
            return _to_second_step(secret)
        form.password.errors = [
            "The e-mail address and the password do not fit together. Check both and try again."
        ]
    return render_template("accounts/sign_in.html", form=form, organisations=organisations().known)


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
    """Let an invited person set a password, and lead them on to their second step."""
    return _new_password(first=True)


@blueprint.route("/new-password/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.RESET)
def new_password(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Let somebody who was called back set a new password, and lead them on to their second step."""
    return _new_password(first=False)


@blueprint.route("/sign-in-link/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.SIGN_IN)
def sign_in_link(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Sign in by a one-time link of the demonstration, never in production; a GET spends nothing."""
    if current_app.config["JAGS"].mode is Mode.PRODUCTION:
        raise NotFound
    if request.method == "POST":
        return go_on(SignIn(use_sign_in_link(current_work(), current_link(), visit())))
    return render_template("accounts/sign_in_link.html", back_url=None)


@blueprint.route("/still-needed/<uuid:link_id>", methods=["GET", "POST"])
@requires_link(Purpose.STILL_NEEDED)
def still_needed(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Ask whether an account that lies unused is still needed; nothing is chosen for whoever looks."""
    form = StillNeededForm()
    if form.validate_on_submit():
        needed = form.needed.data == "yes"
        answer_still_needed(current_work(), current_link(), needed=needed)
        return render_template("accounts/still_needed_answered.html", needed=needed)
    return render_template("accounts/still_needed.html", form=form)


def _new_password(*, first: bool) -> ResponseReturnValue:
    form = SetPasswordForm()
    if form.validate_on_submit():
        work = current_work()
        try:
            account = set_password(work, current_link(), form.password.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            return _to_second_step(begin_session(work, account, visit()))
    return render_template("accounts/invitation.html", form=form, first=first)


def _to_second_step(secret: str) -> Response:
    wanted = request.args.get("next", "")
    response = make_response(redirect(url_for("second_step.choose", next=wanted or None), code=303))
    keep_session(response, secret)
    return response
