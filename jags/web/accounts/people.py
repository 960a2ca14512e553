"""People with an account: invite, roles, address, end of access, letting somebody in again, and the review of who has access."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.model import Account
from jags.accounts.queries import (
    accounts,
    accounts_to_review,
    contact_of,
    factors_of,
    get_account,
    names_of,
    open_resets,
    reviews,
)
from jags.accounts.rules import Permission, Role
from jags.accounts.service import (
    ask_reset,
    change_address,
    confirm_reset,
    disable,
    drop_reset,
    enable,
    invite,
    invite_again,
    make_sheet_for,
    review_access,
    set_roles,
)
from jags.kernel.errors import Invalid, NotFound
from jags.web.access import requires
from jags.web.accounts.people_forms import AddressForm, CalledBackForm, InviteForm, RolesForm, review_form
from jags.web.unit_of_work import current_work

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@requires(Permission.ACCOUNT_MANAGE, Permission.ACCOUNT_RESET)
def index() -> ResponseReturnValue:
    """List the accounts, and what waits for a second person or a look."""
    work = current_work()
    found = accounts(work)
    names = names_of(work, (account.person_id for account in found))
    manages = work.actor.can(Permission.ACCOUNT_MANAGE)
    return render_template(
        "accounts/people.html",
        accounts=sorted(found, key=lambda account: (names[account.person_id].casefold(), account.id)),
        names=names,
        waiting={reset.account_id for reset in open_resets(work)},
        due=[one for one in reviews(work) if one.due_on <= work.today] if manages else [],
        manages=manages,
    )


@blueprint.get("/people/<uuid:account_id>")
@requires(Permission.ACCOUNT_MANAGE, Permission.ACCOUNT_RESET)
def show(account_id: UUID) -> ResponseReturnValue:
    """Show one account."""
    work = current_work()
    account = get_account(work, account_id)
    return render_template(
        "accounts/person.html",
        account=account,
        contact=contact_of(work, account.person),
        kinds=factors_of(work, account_id).kinds,
        resets=open_resets(work, account_id),
        manages=work.actor.can(Permission.ACCOUNT_MANAGE),
        own=work.actor.ref,
        back_url=url_for("people.index"),
    )


@blueprint.route("/people/invite", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def invite_somebody() -> ResponseReturnValue:
    """Invite somebody to an account."""
    form = InviteForm()
    if form.validate_on_submit():
        try:
            account = invite(
                current_work(),
                email=form.email.data or "",
                role=Role(form.role.data),
                name=(form.name.data or "").strip(),
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The invitation is on its way.", "success")
            return _to(account)
    return render_template("accounts/invite.html", form=form, back_url=url_for("people.index"))


@blueprint.post("/people/<uuid:account_id>/invite-again")
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def send_again(account_id: UUID) -> ResponseReturnValue:
    """Send the invitation again."""
    return _do(account_id, invite_again, "A new invitation is on its way. The one before no longer works.")


@blueprint.route("/people/<uuid:account_id>/roles", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def roles(account_id: UUID) -> ResponseReturnValue:
    """Say what an account is for."""
    work = current_work()
    account = get_account(work, account_id)
    form = RolesForm(roles=[held.role for held in account.roles], version=account.version)
    if form.validate_on_submit():
        try:
            set_roles(work, account, frozenset(map(Role, form.roles.data or ())), version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("What the account is for is changed from now on.", "success")
            return _to(account)
    return _form("accounts/roles.html", account, form)


@blueprint.route("/people/<uuid:account_id>/address", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def address(account_id: UUID) -> ResponseReturnValue:
    """Change the e-mail address of an account."""
    work = current_work()
    account = get_account(work, account_id)
    form = AddressForm()
    if form.validate_on_submit():
        try:
            change_address(work, account, email=form.email.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            flash("The address is changed, and both addresses are told.", "success")
            return _to(account)
    return _form("accounts/address.html", account, form)


@blueprint.post("/people/<uuid:account_id>/end-access")
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def end(account_id: UUID) -> ResponseReturnValue:
    """End the access of an account."""
    return _do(account_id, disable, "This account is closed from now on, wherever it was signed in.")


@blueprint.post("/people/<uuid:account_id>/open-again")
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def open_again(account_id: UUID) -> ResponseReturnValue:
    """Give access back."""
    return _do(account_id, enable, "This account is open again.")


@blueprint.post("/people/<uuid:account_id>/code-sheet")
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def code_sheet(account_id: UUID) -> ResponseReturnValue:
    """Make a printed sheet of codes for somebody, shown this once."""
    work = current_work()
    account = get_account(work, account_id)
    codes = make_sheet_for(work, account)
    return render_template(
        "accounts/sheet_for.html",
        codes=codes,
        name=contact_of(work, account.person).name,
        back_url=url_for("people.show", account_id=account_id),
    )


@blueprint.route("/people/<uuid:account_id>/let-in-again", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_RESET, fresh=True)
def let_in_again(account_id: UUID) -> ResponseReturnValue:
    """Note that somebody was called back on a number that we had before."""
    work = current_work()
    account = get_account(work, account_id)
    form = CalledBackForm()
    if form.validate_on_submit():
        try:
            ask_reset(work, account)
        except Invalid as error:
            form.attach(error)
        else:
            flash("A second person has to confirm it on this page, within 24 hours.", "success")
            return _to(account)
    return _form("accounts/let_in_again.html", account, form)


@blueprint.post("/people/resets/<uuid:reset_id>/confirm")
@requires(Permission.ACCOUNT_RESET, fresh=True)
def confirm(reset_id: UUID) -> ResponseReturnValue:
    """Confirm as the second person that somebody is to be let in again."""
    confirm_reset(current_work(), reset_id)
    flash(
        "The link for a new password is on its way to them. Everything that was signed in has ended.",
        "success",
    )
    return redirect(url_for("people.index"), code=303)


@blueprint.post("/people/resets/<uuid:reset_id>/drop")
@requires(Permission.ACCOUNT_RESET)
def drop(reset_id: UUID) -> ResponseReturnValue:
    """Drop what nobody has confirmed."""
    drop_reset(current_work(), reset_id)
    flash("Nothing is changed for them.", "success")
    return redirect(url_for("people.index"), code=303)


@blueprint.get("/people/reviews")
@requires(Permission.ACCOUNT_MANAGE)
def review_list() -> ResponseReturnValue:
    """List the agencies by when their access wants a look."""
    return render_template(
        "accounts/reviews.html", reviews=reviews(current_work()), back_url=url_for("people.index")
    )


@blueprint.route("/people/reviews/look", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_MANAGE, fresh=True)
def review() -> ResponseReturnValue:
    """Look through who of an agency has access."""
    work = current_work()
    agency_id = _agency(request.args.get("agency", ""))
    found = accounts_to_review(work, agency_id)
    if not found:
        raise NotFound
    names = names_of(work, (account.person_id for account in found))
    found = sorted(found, key=lambda account: (names[account.person_id].casefold(), account.id))
    form: Any = review_form([(account.id, names[account.person_id]) for account in found])
    if form.validate_on_submit():
        try:
            review_access(work, agency_id, keep=form.chosen("keep"), end=form.chosen("end"))
        except Invalid as error:
            form.attach(error)
        else:
            flash("Thank you. The access of this agency is looked through.", "success")
            return redirect(url_for("people.review_list"), code=303)
    first = found[0].person.agency
    return render_template(
        "accounts/review.html",
        form=form,
        agency=first.name if first else "",
        accounts={str(account.id): account for account in found},
        back_url=url_for("people.review_list"),
    )


def _agency(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


def _do(account_id: UUID, verb: Any, done: str) -> ResponseReturnValue:
    account = get_account(current_work(), account_id)
    try:
        verb(current_work(), account)
    except Invalid as error:
        current_work().abandon()
        flash(str(error))
    else:
        flash(done, "success")
    return _to(account)


def _form(template: str, account: Account, form: Any) -> ResponseReturnValue:
    work = current_work()
    return render_template(
        template,
        form=form,
        name=contact_of(work, account.person).name,
        back_url=url_for("people.show", account_id=account.id),
    )


def _to(account: Account) -> Response:
    response: Response = redirect(url_for("people.show", account_id=account.id), code=303)  # type: ignore[assignment] # Flask's own response class.
    return response
