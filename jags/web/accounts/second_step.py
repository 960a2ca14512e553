"""The second step of signing in, and the same step again before what opens much."""

from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from config import Mode
from jags.accounts.queries import Factors, factors_of, next_code
from jags.accounts.rules import SHEET_CODES_FEW, Factor
from jags.accounts.service import ask_passkey, check_code, check_passkey, complete_sign_in, prove_again
from jags.adapters.organisations import Organisation
from jags.kernel.errors import MoveNotPossible
from jags.web.access import current_session, requires_password, requires_sign_in
from jags.web.accounts.browser import go_on, go_on_with, organisations, visit
from jags.web.accounts.forms import CodeForm, PasskeyForm
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work
from jags.web.wording import words

blueprint = Blueprint("second_step", __name__)
_FACTOR = "<any('authenticator', 'code-sheet', 'passkey'):factor>"
_WRONG = {
    Factor.AUTHENTICATOR: "This code does not fit. Wait for the next one in your app, and enter that.",
    Factor.CODE_SHEET: "This code does not fit. Check its number on your sheet, and enter it again.",
}


@blueprint.get("/second-step")
@requires_password
def choose() -> ResponseReturnValue:
    """Lead on to the quickest step that somebody has, or to setting up the first."""
    factors = _factors()
    kinds = _steps(factors)
    if kinds:
        return redirect(_address("take", kinds[0]), code=303)
    if not factors.count:
        return redirect(url_for("set_up.choose"), code=303)
    outside = _outside(factors)
    if outside:
        return redirect(_to_organisation("organisation.begin", outside[0]), code=303)
    raise MoveNotPossible("None of your second steps can be taken any more. Ring us: we let you in again.")


@blueprint.route(f"/second-step/{_FACTOR}", methods=["GET", "POST"])
@requires_password
def take(factor: str) -> ResponseReturnValue:
    """Take the second step."""
    return _take(_kind(factor), again=False)


@blueprint.post("/second-step/passkey/question")
@requires_password
def question() -> ResponseReturnValue:
    """Return what a passkey is asked to sign."""
    return jsonify(ask_passkey(current_work(), current_session()))


@blueprint.route("/second-step-again", methods=["GET", "POST"])
@requires_sign_in
def again() -> ResponseReturnValue:
    """Lead on to the quickest step; the demonstration, whose people have none, goes on by a button."""
    kinds = _steps(_factors())
    if kinds:
        return redirect(_address("take_again", kinds[0]), code=303)
    outside = _outside(_factors())
    if outside:
        return redirect(_to_organisation("organisation.begin_again", outside[0]), code=303)
    made_up = current_app.config["JAGS"].mode is not Mode.PRODUCTION
    if request.method == "POST" and made_up and current_session().factor is Factor.ONE_TIME_LINK:
        return _through(Factor.ONE_TIME_LINK, again=True)
    return render_template("accounts/again.html", form=JagsForm(), made_up=made_up)


@blueprint.route(f"/second-step-again/{_FACTOR}", methods=["GET", "POST"])
@requires_sign_in
def take_again(factor: str) -> ResponseReturnValue:
    """Take the second step again."""
    return _take(_kind(factor), again=True)


@blueprint.post("/second-step-again/passkey/question")
@requires_sign_in
def question_again() -> ResponseReturnValue:
    """Return what a passkey is asked to sign, for somebody who is signed in."""
    return jsonify(ask_passkey(current_work(), current_session()))


def _take(kind: Factor, *, again: bool) -> ResponseReturnValue:
    factors = _factors()
    if kind not in factors.kinds:
        return redirect(
            url_for("second_step.again" if again else "second_step.choose", next=_wanted()), code=303
        )
    form: Any = PasskeyForm() if kind is Factor.PASSKEY else CodeForm()
    if form.validate_on_submit():
        if _is_right(kind, form):
            return _through(kind, again=again)
        if kind is Factor.PASSKEY:
            form.form_errors.append("Your passkey was not taken. Try again, or choose another way.")
        else:
            form.code.errors = [_WRONG[kind]]
    asked = next_code(factors.sheet) if factors.sheet else None
    view = "take_again" if again else "take"
    return render_template(
        "accounts/second_step.html",
        form=form,
        kind=kind,
        number=asked.number if asked else None,
        again=again,
        others=[(words(one), _address(view, one)) for one in _steps(factors) if one is not kind]
        + [
            (one.name, _to_organisation(f"organisation.{'begin_again' if again else 'begin'}", one))
            for one in _outside(factors)
        ],
        question=url_for("second_step.question_again" if again else "second_step.question"),
    )


def _is_right(kind: Factor, form: Any) -> bool:
    work, row = current_work(), current_session()
    if kind is Factor.PASSKEY:
        return check_passkey(work, row, form.answer.data, visit())
    return check_code(work, row.account_id, factor=kind, code=form.code.data, visit=visit())


def _through(kind: Factor, *, again: bool) -> ResponseReturnValue:
    work, row = current_work(), current_session()
    if again:
        return go_on_with(prove_again(work, row, kind), _wanted())
    signed_in = complete_sign_in(work, row, kind, visit())
    left = factors_of(work, row.account_id).codes_left
    if kind is Factor.CODE_SHEET and left <= SHEET_CODES_FEW:
        flash(f"Your printed sheet has {left} codes left. Print a new one under your name, above.")
    return go_on(signed_in, _wanted())


def _factors() -> Factors:
    return factors_of(current_work(), current_session().account_id)


def _steps(factors: Factors) -> list[Factor]:
    """Return the steps that are taken on our own pages; a sheet that is used up is none."""
    return [
        kind
        for kind in factors.kinds
        if kind is not Factor.ORGANISATION and (kind is not Factor.CODE_SHEET or factors.codes_left)
    ]


def _outside(factors: Factors) -> list[Organisation]:
    """Return the organisations of somebody whose sign-in is still taken here."""
    mine = {one.provider for one in factors.organisations}
    return [one for one in organisations().known if one.key in mine]


def _to_organisation(endpoint: str, organisation: Organisation) -> str:
    return url_for(endpoint, organisation=organisation.key, next=_wanted() or None)


def _kind(factor: str) -> Factor:
    return Factor(factor.replace("-", "_"))


def _address(view: str, kind: Factor) -> str:
    return url_for(f"second_step.{view}", factor=kind.replace("_", "-"), next=_wanted() or None)


def _wanted() -> str:
    return request.args.get("next", "")
