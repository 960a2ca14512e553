"""Show the feedback forms, and let an administrator ask other questions behind "two more minutes?"."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.feedback.queries import form_in_force, form_versions
from jags.feedback.rules import FormKey
from jags.feedback.rules.forms import CHOICES_MOST, core
from jags.feedback.service import change_form, restore_form
from jags.kernel.errors import Invalid
from jags.web.access import requires
from jags.web.feedback.forms import FormEditor, question_rows
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("feedback_forms", __name__)


@blueprint.get("/feedback-forms")
@requires(Permission.SETTINGS_MANAGE)
def index() -> ResponseReturnValue:
    """List the forms with what each asks beyond its core."""
    work = current_work()
    return render_template("feedback/forms.html", forms=[form_in_force(work, form) for form in FormKey])


@blueprint.route("/feedback-forms/<name>", methods=["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def change(name: str) -> ResponseReturnValue:
    """Show one form, and publish another version of it."""
    work, key = current_work(), _key(name)
    known = form_in_force(work, key)
    form = FormEditor(data={"version": known.number, "questions": question_rows(known.items)})
    if form.validate_on_submit():
        try:
            change_form(work, key, questions=form.typed(), version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The next sessions are asked with this form. Rounds that are open keep theirs.", "success")
            return redirect(url_for("feedback_forms.change", name=name), code=303)
    return render_template(
        "feedback/form.html",
        form=form,
        known=known,
        core=core(known.items),
        versions=form_versions(work, key),
        choices_most=CHOICES_MOST,
    )


@blueprint.route("/feedback-forms/<name>/restore", methods=["GET", "POST"])
@requires(Permission.SETTINGS_MANAGE)
def restore(name: str) -> ResponseReturnValue:
    """Ask once, then ask again what came with the software."""
    work, key = current_work(), _key(name)
    form = JagsForm(data={"version": form_in_force(work, key).number})
    if form.validate_on_submit():
        try:
            restore_form(work, key, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The next sessions are asked what came with the software.", "success")
            return redirect(url_for("feedback_forms.change", name=name), code=303)
    return render_template("feedback/restore_form.html", form=form, key=key)


def _key(name: str) -> FormKey:
    try:
        return FormKey(name)
    except ValueError:
        abort(404)
