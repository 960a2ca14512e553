"""Set up a second step: the first one on the way in, others from one's own account."""

import base64
import io

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import (
    contact_of,
    factors_of,
    next_code,
    secret_of,
    waiting_authenticator,
    waiting_sheet,
)
from jags.accounts.rules import Factor
from jags.accounts.service import (
    add_passkey,
    ask_new_passkey,
    begin_authenticator,
    complete_sign_in,
    confirm_authenticator,
    confirm_sheet,
    make_sheet,
)
from jags.web.access import current_session, requires_setting_up
from jags.web.accounts.browser import go_on, organisations, visit
from jags.web.accounts.forms import CodeForm, PasskeyForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("set_up", __name__)
_DONE = {
    Factor.AUTHENTICATOR: "Your authenticator app is set up.",
    Factor.CODE_SHEET: "Your printed sheet is in force. Keep it where you keep your keys.",
    Factor.ORGANISATION: "From now on you can sign in through your organisation.",
    Factor.PASSKEY: "Your passkey is set up.",
}


@blueprint.get("/set-up")
@requires_setting_up
def choose() -> ResponseReturnValue:
    """Show the kinds of second step."""
    row = current_session()
    return render_template(
        "accounts/set_up.html",
        first=row.proved_at is None,
        factors=factors_of(current_work(), row.account_id),
        organisations=organisations().known,
        back_url=None if row.proved_at is None else url_for("own_account.show"),
    )


@blueprint.post("/set-up/authenticator/begin")
@requires_setting_up
def begin_app() -> ResponseReturnValue:
    """Make a secret for an authenticator app."""
    begin_authenticator(current_work(), current_session().account)
    return redirect(url_for("set_up.authenticator"), code=303)


@blueprint.route("/set-up/authenticator", methods=["GET", "POST"])
@requires_setting_up
def authenticator() -> ResponseReturnValue:
    """Show the secret to the app, and take its first code."""
    work, row = current_work(), current_session()
    waiting = waiting_authenticator(work, row.account_id)
    if waiting is None:
        return redirect(url_for("set_up.choose"), code=303)
    form = CodeForm()
    if form.validate_on_submit():
        if confirm_authenticator(work, row, form.code.data or ""):
            return done(Factor.AUTHENTICATOR)
        form.code.errors = ["This code does not fit. Wait for the next one in your app, and enter that."]
    secret = secret_of(work, waiting)
    return render_template(
        "accounts/set_up_authenticator.html",
        form=form,
        secret=secret,
        picture=_picture(secret, contact_of(work, row.account.person).email),
        back_url=url_for("set_up.choose"),
    )


@blueprint.post("/set-up/code-sheet/begin")
@requires_setting_up
def begin_sheet() -> ResponseReturnValue:
    """Make a sheet of codes and show it, this once."""
    sheet, codes = make_sheet(current_work(), current_session().account)
    asked = next_code(sheet)
    return render_template(
        "accounts/set_up_sheet.html",
        form=CodeForm(formdata=None),
        codes=codes,
        number=asked.number if asked else 1,
    )


@blueprint.route("/set-up/code-sheet", methods=["GET", "POST"])
@requires_setting_up
def code_sheet() -> ResponseReturnValue:
    """Take the first code of a sheet that was printed."""
    work, row = current_work(), current_session()
    waiting = waiting_sheet(work, row.account_id)
    if waiting is None:
        return redirect(url_for("set_up.choose"), code=303)
    form = CodeForm()
    if form.validate_on_submit():
        if confirm_sheet(work, row, form.code.data or ""):
            return done(Factor.CODE_SHEET)
        form.code.errors = ["This code does not fit. Check its number on your sheet, and enter it again."]
    asked = next_code(waiting)
    return render_template(
        "accounts/set_up_sheet.html",
        form=form,
        codes=[],
        number=asked.number if asked else 1,
        back_url=url_for("set_up.choose"),
    )


@blueprint.route("/set-up/passkey", methods=["GET", "POST"])
@requires_setting_up
def passkey() -> ResponseReturnValue:
    """Keep a passkey that the browser has made."""
    form = PasskeyForm()
    if form.validate_on_submit():
        if add_passkey(current_work(), current_session(), form.answer.data or "", browser=visit().browser):
            return done(Factor.PASSKEY)
        form.form_errors.append("Your browser’s answer was not taken. Try again, or choose another way.")
    return render_template("accounts/set_up_passkey.html", form=form, back_url=url_for("set_up.choose"))


@blueprint.post("/set-up/passkey/question")
@requires_setting_up
def question() -> ResponseReturnValue:
    """Return what the browser needs to make a passkey."""
    return jsonify(ask_new_passkey(current_work(), current_session()))


def done(factor: Factor) -> ResponseReturnValue:
    """Go on from a second step that was set up: into the application on the way in, or back to one's own account."""
    flash(_DONE[factor], "success")
    row = current_session()
    if row.proved_at is None:
        return go_on(complete_sign_in(current_work(), row, factor, visit()))
    return redirect(url_for("own_account.show"), code=303)


def _picture(secret: str, email: str) -> str:
    """Return the address of the secret as a picture that an app scans, inside of the page itself."""
    import pyotp  # noqa: PLC0415 - Few pages need them.
    import segno  # noqa: PLC0415 - The same.

    drawn = io.BytesIO()
    segno.make(pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="JAGS"), error="m").save(
        drawn, kind="svg", scale=5, border=4
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(drawn.getvalue()).decode()}"
