"""Files of the audit trail: one person asks for one, another approves it, the first takes it along, once."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms.validators import InputRequired

from jags.accounts.rules import Permission
from jags.evaluation.render.spreadsheet import csv_file
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.retention import queries, service
from jags.retention.model import TrailFile
from jags.retention.queries import FileLine
from jags.retention.rules import FilePurpose, FileState
from jags.rights.queries import find_reference, names_of_accounts
from jags.web.access import requires
from jags.web.fields import OneOf, offered
from jags.web.filters import day
from jags.web.forms import JagsForm, asked_again
from jags.web.retention.trail import (
    HEAD,
    STREAMS,
    TrailForm,
    lines_of,
    looked_for,
    trail_form,
    words_of,
)
from jags.web.unit_of_work import current_work

blueprint = Blueprint("trail_files", __name__)

STATE_WORDS: dict[FileState, str] = {
    FileState.ASKED: "Waits for a second person",
    FileState.APPROVED: "Approved: can be taken once",
    FileState.TAKEN: "Taken",
    FileState.DROPPED: "Dropped",
    FileState.LAPSED: "Lapsed",
}
_COLOURS = {FileState.ASKED: "yellow", FileState.APPROVED: "blue"}
PURPOSE_WORDS: dict[FilePurpose, str] = {
    FilePurpose.INSPECTION: "An inspection or an audit from outside",
    FilePurpose.ENQUIRY: "A review or an enquiry of the partnership",
    FilePurpose.INCIDENT: "Something that may have gone wrong with information",
    FilePurpose.COMPLAINT: "A complaint",
    FilePurpose.OWN_CHECK: "Our own check of who has access to what",
}


class FileForm(JagsForm):
    """What a file of the trail is needed for."""

    purpose = OneOf(
        "What is it needed for?", widget=GovRadioInput(), validators=[InputRequired("Select what it is for.")]
    )


@blueprint.get("/audit-trail/files")
@requires(Permission.RETENTION_MANAGE)
def index() -> ResponseReturnValue:
    """Show the files that were asked for last."""
    work = current_work()
    return render_template(
        "retention/trail_files.html",
        files=queries.files(work),
        states=STATE_WORDS,
        colours=_COLOURS,
        reads=work.actor.can(Permission.AUDIT_READ),
    )


@blueprint.route("/audit-trail/files/new", methods=["GET", "POST"])
@requires(Permission.AUDIT_READ)
def ask() -> ResponseReturnValue:
    """Ask for a file of what the address narrows the trail to."""
    work = current_work()
    narrow, form = trail_form(work), FileForm()
    form.purpose.choices = offered((one, PURPOSE_WORDS[one]) for one in FilePurpose)
    if form.validate_on_submit():
        if not narrow.validate():
            # What cannot be read would not narrow, and the file would hold more than was looked at.
            form.attach(Invalid("What narrows the trail cannot be read. Go back and narrow it again."))
        else:
            try:
                made = _asked(work, narrow, FilePurpose(form.purpose.data))
            except Invalid as error:
                form.attach(error)
            else:
                flash("A second person approves it next: tell them.", "success")
                return redirect(url_for("trail_files.show", file_id=made.id), code=303)
    return render_template("retention/trail_file_ask.html", form=form, asked=asked_again(narrow))


@blueprint.get("/audit-trail/files/<uuid:file_id>")
@requires(Permission.RETENTION_MANAGE)
def show(file_id: UUID) -> ResponseReturnValue:
    """Show what a file would hold, where it stands, and what the next step is."""
    work = current_work()
    found = queries.get_file(work, file_id)
    line = queries.lines_of_files(work, [found])[0]
    return render_template(
        "retention/trail_file.html",
        form=JagsForm(obj=found),
        line=line,
        holds=_holds(line),
        own=found.asked_by == work.actor.person_id,
        purpose=PURPOSE_WORDS[found.purpose],
        state=STATE_WORDS[line.state],
        colour=_COLOURS.get(line.state, "grey"),
    )


@blueprint.post("/audit-trail/files/<uuid:file_id>/approve")
@requires(Permission.RETENTION_MANAGE, fresh=True)
def approve(file_id: UUID) -> ResponseReturnValue:
    """Approve a file that somebody else asked for."""
    service.approve_file(current_work(), file_id, version=JagsForm().shown_version)
    flash("It is approved. Whoever asked for it can take it once, within a day.", "success")
    return redirect(url_for("trail_files.show", file_id=file_id), code=303)


@blueprint.post("/audit-trail/files/<uuid:file_id>/drop")
@requires(Permission.RETENTION_MANAGE)
def drop(file_id: UUID) -> ResponseReturnValue:
    """Drop a file: nobody can take it any more."""
    service.drop_file(current_work(), file_id, version=JagsForm().shown_version)
    flash("It is dropped. Nobody can take it.", "success")
    return redirect(url_for("trail_files.index"), code=303)


@blueprint.post("/audit-trail/files/<uuid:file_id>/take")
@requires(Permission.AUDIT_READ, fresh=True)
def take(file_id: UUID) -> ResponseReturnValue:
    """Give an approved file to whoever asked for it, for a spreadsheet; it is given once."""
    work = current_work()
    _, rows = service.take_file(work, file_id, version=JagsForm().shown_version)
    return Response(
        csv_file(HEAD, lines_of(work, rows), nothing=""),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="audit-trail-{work.today.isoformat()}.csv"'},
    )


def _asked(work: Work, narrow: TrailForm, purpose: FilePurpose) -> TrailFile:
    about = find_reference(work, narrow.reference.data) if narrow.reference.data else None
    return service.ask_for_file(
        work, looked_for(work, narrow), request_id=about.id if about else None, purpose=purpose
    )


def _holds(line: FileLine) -> list[str]:
    """Return in words to what a file is narrowed."""
    file = line.file
    told = [dict(STREAMS)[file.stream]]
    if file.request_id:
        told.append(f"about {line.reference or 'an imported request'}")
    if file.about:
        told.append(f"about: {words_of(file.about).lower()}")
    if file.who:
        told.append(f"by {_name(file.who)}")
    if file.from_on:
        told.append(f"from {day(file.from_on)}")
    if file.to_on:
        told.append(f"until {day(file.to_on)}")
    return told if len(told) > 1 else [*told, "all of it"]


def _name(who: str) -> str:
    try:
        return names_of_accounts(current_work(), [UUID(who)])[UUID(who)]
    except (ValueError, KeyError):
        return "somebody without an account"
