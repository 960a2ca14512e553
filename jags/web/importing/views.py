"""Enter sessions that were held before: one by one or from a spreadsheet, and complete what is missing of them."""

from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import agencies
from jags.accounts.rules import Permission
from jags.facilitators.queries import pool
from jags.importing import queries
from jags.importing.readers import read_content
from jags.importing.readers.bounds import PAGE
from jags.importing.render import MIMETYPE, TEMPLATE_NAME, sessions_template
from jags.importing.rules.held import GAP_WORDS, gaps_of
from jags.importing.rules.held_sheet import SESSIONS
from jags.importing.rules.report import FileNotRead
from jags.importing.rules.words import clean
from jags.importing.service.back_entry import HeldAlready, complete_session, enter_session
from jags.importing.service.sessions import import_sessions
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.web.access import for_everybody_let_in, requires
from jags.web.bounds import LARGEST_SHEET, takes_file
from jags.web.importing.forms import HeldForm, UploadForm, blank_rows, shown
from jags.web.unit_of_work import begins_reading, current_work

blueprint = Blueprint("back_entry", __name__, url_prefix="/sessions/back-entry")
_NAME_LENGTH = 80


@blueprint.get("")
@requires(Permission.IMPORT_RUN)
def index() -> ResponseReturnValue:
    """List the sessions that were held before, with what is missing of each, and the ways to enter more."""
    return _index(UploadForm())


@blueprint.get("/template")
@requires(Permission.IMPORT_RUN)
@for_everybody_let_in("It is an empty form.")
def template() -> ResponseReturnValue:
    """Give the empty spreadsheet."""
    answer = Response(sessions_template(current_work()), mimetype=MIMETYPE)
    answer.headers.set("Content-Disposition", "attachment", filename=TEMPLATE_NAME)
    return answer


@blueprint.post("/upload")
@requires(Permission.IMPORT_RUN)
@begins_reading
@takes_file(most=LARGEST_SHEET)
def upload() -> ResponseReturnValue:
    """Read a filled-in spreadsheet, and say what came of each row; checking it writes nothing."""
    work, form = current_work(), UploadForm()
    if not form.validate_on_submit() or not form.file.data:
        form.attach(Invalid("Select the spreadsheet.", field="file"))
        return _index(form), 400
    file = form.file.data
    name = clean(Path((file.filename or "").replace("\\", "/")).name)[-_NAME_LENGTH:] or "The file"
    try:
        # One byte more than may be read tells that there is more, however long the file is.
        sheet = read_content(name, file.stream.read(PAGE.file_bytes + 1), SESSIONS, bounds=PAGE)
    except FileNotRead as error:
        form.attach(Invalid(str(error), field="file"))
        return _index(form), error.status
    work.begin_writing()
    report = import_sessions(work, sheet)
    report.put_in_order()
    if request.form.get("go") != "import":
        report.dry_run = True
        work.abandon()
    return render_template("importing/result.html", report=report, name=name)


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def enter() -> ResponseReturnValue:
    """Enter one session that was held before."""
    work = current_work()
    form = _form(work, {"agencies": blank_rows()})
    if form.validate_on_submit():
        try:
            session = enter_session(work, form.entry(work), source="page")
        except Invalid as error:
            return _again(form, error)
        return _saved(session.id, session.request.reference)
    return render_template("importing/session.html", form=form, entered=None)


@blueprint.route("/<uuid:session_id>", methods=["GET", "POST"])
@requires(Permission.IMPORT_RUN)
def complete(session_id: UUID) -> ResponseReturnValue:
    """Show what is known of a session that was held before, and put in what more is known now."""
    work = current_work()
    entered = queries.get_entered(work, session_id)
    entry = queries.entry_of(work, entered)
    names = {agency.id: agency.name for agency in agencies(work)}
    form = _form(work, shown(entry, names) | {"version": entered.version})
    if form.validate_on_submit():
        try:
            complete_session(work, session_id, form.entry(work), version=form.shown_version)
        except Invalid as error:
            return _again(form, error, entered=entered)
        return _saved(session_id, entered.request.reference)
    missing = [GAP_WORDS[gap] for gap in gaps_of(entry)]
    return render_template("importing/session.html", form=form, entered=entered, missing=missing)


def _form(work: Work, data: dict[str, Any]) -> HeldForm:
    form = HeldForm(data=data)
    form.offer(pool(work, with_left=True))
    return form


def _again(form: HeldForm, error: Invalid, entered: Any = None) -> str:
    form.attach(error)
    same = error.session if isinstance(error, HeldAlready) else None
    return render_template("importing/session.html", form=form, entered=entered, same=same)


def _saved(session_id: UUID, reference: str | None) -> ResponseReturnValue:
    flash(f"{reference} is saved. Nobody was written to.", "success")
    # More agencies than there were rows for: the same page, with new rows.
    if request.form.get("go") == "more":
        return redirect(url_for("back_entry.complete", session_id=session_id, _anchor="agencies"), code=303)
    return redirect(url_for("back_entry.index"), code=303)


def _index(form: UploadForm) -> str:
    page = queries.entered_sessions(current_work(), page=request.args.get("page", 1, type=int))
    return render_template("importing/index.html", form=form, entered=page, gap_words=GAP_WORDS)
