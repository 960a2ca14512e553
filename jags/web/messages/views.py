"""List the e-mails, and read, try and change the wording of one."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.notifications import queries, service
from jags.notifications.render import default_wording
from jags.notifications.rules import PURPOSES, MailKind, allowed_placeholders, example_values
from jags.requests.queries import too_late
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.messages.forms import WordingForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("messages", __name__)


@blueprint.get("/e-mails")
@requires(Permission.MESSAGE_MANAGE)
def index() -> ResponseReturnValue:
    """List every kind of e-mail: when it goes, to whom, and whose wording it has."""
    work = current_work()
    reads = work.actor.can(Permission.REQUEST_READ)
    return render_template(
        "messages/list.html",
        purposes=PURPOSES,
        own=queries.kinds_with_own_wording(work),
        late=too_late(work) if reads else [],
    )


@blueprint.route("/e-mails/<name>", methods=["GET", "POST"])
@requires(Permission.MESSAGE_MANAGE)
def change(name: str) -> ResponseReturnValue:
    """Show how an e-mail reads, try another wording, or put it in force."""
    work, kind = current_work(), _kind(name)
    wording = service.wording_in_force(work, kind)
    form = WordingForm(obj=wording)
    reads = _preview(work, kind, wording.subject, wording.body)
    if form.validate_on_submit():
        subject, body = form.subject.data or "", form.body.data or ""
        try:
            if request.form.get("how") == "try":
                reads = service.preview(work, kind, subject=subject, body=body)
            else:
                service.change_wording(work, kind, subject=subject, body=body, version=form.shown_version)
                flash("The new wording is in force for every e-mail that leaves from now on.", "success")
                return redirect(url_for("messages.change", name=name), code=303)
        except Invalid as error:
            form.attach(error)
            reads = None
    elif form.is_submitted():
        reads = None
    return render_template(
        "messages/wording.html",
        form=form,
        kind=kind,
        purpose=PURPOSES[kind],
        wording=wording,
        reads=reads,
        tried=request.form.get("how") == "try",
        examples=example_values(allowed_placeholders(default_wording(kind))),
        versions=queries.versions(work, kind),
    )


@blueprint.route("/e-mails/<name>/restore", methods=["GET", "POST"])
@requires(Permission.MESSAGE_MANAGE)
def restore(name: str) -> ResponseReturnValue:
    """Ask once, then put the wording that came with the software in force again."""
    work, kind = current_work(), _kind(name)
    form = JagsForm(obj=service.wording_in_force(work, kind))
    if form.validate_on_submit():
        service.restore_wording(work, kind, version=form.shown_version)
        flash("The wording that came with the software is in force again.", "success")
        return redirect(url_for("messages.change", name=name), code=303)
    default = default_wording(kind)
    return render_template(
        "messages/restore.html",
        form=form,
        kind=kind,
        purpose=PURPOSES[kind],
        reads=_preview(work, kind, default.subject, default.body),
    )


def _kind(name: str) -> MailKind:
    try:
        return MailKind(name.replace("-", "_"))
    except ValueError:
        abort(404)


def _preview(work: Work, kind: MailKind, subject: str, body: str) -> Any:
    """Return how a wording reads; nothing where a newer version of the software refuses it."""
    try:
        return service.preview(work, kind, subject=subject, body=body)
    except Invalid:
        return None
