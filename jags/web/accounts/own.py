"""One's own account: second steps, where one is signed in, and the password."""

from uuid import UUID

from flask import Blueprint, Response, flash, g, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import contact_of, factors_of, known_devices, live_sessions
from jags.accounts.rules import SESSION_IDLE, Factor
from jags.accounts.service import (
    change_password,
    end_other_sessions,
    end_own_session,
    is_present_password,
    remove_factor,
)
from jags.kernel.errors import Invalid
from jags.web.access import current_session, requires_fresh_sign_in, requires_sign_in
from jags.web.accounts.browser import organisations, visit
from jags.web.accounts.forms import ChangePasswordForm
from jags.web.unit_of_work import begins_reading, current_work

blueprint = Blueprint("own_account", __name__)


@blueprint.get("/my-account")
@requires_sign_in
def show() -> ResponseReturnValue:
    """Show second steps, sessions and browsers."""
    work, row = current_work(), current_session()
    return render_template(
        "accounts/own.html",
        contact=contact_of(work, row.account.person),
        account=row.account,
        now=work.now,
        factors=factors_of(work, row.account_id),
        sessions=live_sessions(work, row.account_id),
        devices=known_devices(work, row.account_id),
        here=row.id,
        names={one.key: one.name for one in organisations().known},
    )


@blueprint.post("/my-account/sessions/<uuid:session_id>/end")
@requires_fresh_sign_in
def end_session(session_id: UUID) -> ResponseReturnValue:
    """End one of one's own sessions."""
    end_own_session(current_work(), current_session().account_id, session_id)
    flash("That session has ended.", "success")
    return _back()


@blueprint.post("/my-account/sessions/end-others")
@requires_fresh_sign_in
def end_others() -> ResponseReturnValue:
    """End every session but this one."""
    end_other_sessions(current_work(), current_session())
    flash("You are signed in here and nowhere else.", "success")
    return _back()


@blueprint.route("/my-account/password", methods=["GET", "POST"])
@requires_fresh_sign_in
@begins_reading
def password() -> ResponseReturnValue:
    """Change the password, with the present one."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        work, row = current_work(), current_session()
        if not is_present_password(work, row, form.present.data or "", visit=visit()):
            form.present.errors = ["This is not your present password. Check it and try again."]
            return render_template(
                "accounts/own_password.html", form=form, back_url=url_for("own_account.show")
            )
        try:
            change_password(work, row, new=form.password.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            flash("Your password is changed. You are signed in here and nowhere else.", "success")
            return _back()
    return render_template("accounts/own_password.html", form=form, back_url=url_for("own_account.show"))


@blueprint.post(
    "/my-account/second-steps/<any('authenticator', 'code-sheet', 'organisation', 'passkey'):factor>/<uuid:factor_id>/remove"
)
@requires_fresh_sign_in
def remove(factor: str, factor_id: UUID) -> ResponseReturnValue:
    """Remove a second step."""
    try:
        remove_factor(current_work(), current_session(), Factor(factor.replace("-", "_")), factor_id)
    except Invalid as error:
        current_work().abandon()
        flash(str(error))
    else:
        flash("That second step is removed.", "success")
    return _back()


@blueprint.post("/stay-signed-in")
@requires_sign_in
def stay() -> ResponseReturnValue:
    """Go on with a session that was idle; return in how many seconds it ends otherwise."""
    left = min(SESSION_IDLE, g.signed_in.ends_at - current_work().now)
    return jsonify(seconds=int(left.total_seconds()))


def _back() -> Response:
    response: Response = redirect(url_for("own_account.show"), code=303)  # type: ignore[assignment] # Flask's own response class.
    return response
