"""Sign in through an organisation that has a sign-in of its own, add it to an account, and prove anew by it.

Beginning stores nothing here: what the browser keeps until it comes back lies in its own signed cookie, and is good once.
"""

from datetime import datetime, timedelta

from flask import Blueprint, current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import find_by_identity
from jags.accounts.rules import Factor, OutsideIdentity
from jags.accounts.service import add_organisation, prove_again, sign_in_by_organisation
from jags.adapters.organisations import Organisation, OrganisationRefused
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.log import log
from jags.web.access import current_session, public, requires_setting_up, requires_sign_in
from jags.web.accounts.browser import go_on, go_on_with, keep_session, organisations, visit
from jags.web.accounts.setting_up import done
from jags.web.unit_of_work import current_work

blueprint = Blueprint("organisation", __name__)
_KEPT = "organisation"
_WHILE = timedelta(minutes=10)


@blueprint.get("/sign-in/organisation/<organisation>")
@public
def begin(organisation: str) -> ResponseReturnValue:
    """Send somebody to their organisation, to sign in."""
    return _send(organisation, "organisation.come_in")


@blueprint.get("/sign-in/organisation/<organisation>/return")
@public
def come_in(organisation: str) -> ResponseReturnValue:
    """Sign in whoever comes back; the second step follows unless their organisation has proved one."""
    try:
        identity, wanted = _taken(organisation, "organisation.come_in")
    except OrganisationRefused as error:
        return _refused(organisation, error)
    work = current_work()
    work.begin_writing()
    signed_in = sign_in_by_organisation(work, identity, visit())
    if signed_in is None:
        return _failed(organisation, known=False)
    if identity.proved:
        return go_on(signed_in, wanted)
    response = redirect(url_for("second_step.choose", next=wanted or None), code=303)
    keep_session(response, signed_in.session)  # type: ignore[arg-type] # Flask's own response class.
    return response


@blueprint.get("/set-up/organisation/<organisation>")
@requires_setting_up
def begin_adding(organisation: str) -> ResponseReturnValue:
    """Send somebody to their organisation, to add it to their account."""
    return _send(organisation, "organisation.add")


@blueprint.get("/set-up/organisation/<organisation>/return")
@requires_setting_up
def add(organisation: str) -> ResponseReturnValue:
    """Add the organisation to the account of whoever comes back."""
    try:
        identity, _wanted = _taken(organisation, "organisation.add")
    except OrganisationRefused as error:
        return _refused(organisation, error)
    current_work().begin_writing()
    try:
        add_organisation(current_work(), current_session(), identity)
    except Invalid as error:
        current_work().abandon()
        return _failed(organisation, reason=str(error))
    return done(Factor.ORGANISATION)


@blueprint.get("/second-step-again/organisation/<organisation>")
@requires_sign_in
def begin_again(organisation: str) -> ResponseReturnValue:
    """Send somebody to their organisation, which asks them anew."""
    return _send(organisation, "organisation.again", anew=True)


@blueprint.get("/second-step-again/organisation/<organisation>/return")
@requires_sign_in
def again(organisation: str) -> ResponseReturnValue:
    """Take the organisation's word that it has just asked anew, for the one who is signed in here."""
    try:
        identity, wanted = _taken(organisation, "organisation.again", anew=True)
    except OrganisationRefused as error:
        return _refused(organisation, error)
    work = current_work()
    known = find_by_identity(work, identity)
    if not identity.proved or known is None or known.account_id != current_session().account_id:
        return _failed(organisation, known=False)
    work.begin_writing()
    return go_on_with(prove_again(work, current_session(), Factor.ORGANISATION), wanted)


def _find(key: str) -> Organisation:
    found = organisations().find(key)
    if found is None:
        raise NotFound
    return found


def _send(key: str, back: str, *, anew: bool = False) -> ResponseReturnValue:
    organisation = _find(key)
    try:
        url, kept = organisations().begin(organisation, return_to=_address(key, back), anew=anew)
    except OrganisationRefused as error:
        return _refused(key, error)
    session[_KEPT] = {
        **kept,
        "back": back,
        "key": key,
        "next": request.args.get("next", ""),
        "at": current_work().now.isoformat(),
    }
    return redirect(url, code=303)


def _taken(key: str, back: str, *, anew: bool = False) -> tuple[OutsideIdentity, str]:
    kept = session.pop(_KEPT, None)
    organisation = _find(key)
    if not kept or (kept["back"], kept["key"]) != (back, key):
        raise OrganisationRefused("not begun here")
    if current_work().now - datetime.fromisoformat(kept["at"]) > _WHILE:
        raise OrganisationRefused("begun too long ago")
    identity = organisations().finish(
        organisation,
        return_to=_address(key, back),
        kept=kept,
        code=request.args.get("code", ""),
        state=request.args.get("state", ""),
        now=current_work().now,
        anew=anew,
    )
    return identity, str(kept["next"])


def _address(key: str, back: str) -> str:
    return f"{current_app.config['JAGS'].base_url}{url_for(back, organisation=key)}"


def _refused(key: str, error: OrganisationRefused) -> ResponseReturnValue:
    log().warning("organisation's sign-in refused", organisation=key, reason=str(error))
    return _failed(key)


def _failed(key: str, *, known: bool = True, reason: str = "") -> ResponseReturnValue:
    return render_template(
        "accounts/organisation_failed.html", name=_find(key).name, known=known, reason=reason
    ), 400
