"""Reports on their way from draft to release: the Business Unit writes, somebody else reviews, named readers read."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import accounts_with_role, names_of
from jags.accounts.rules import Permission, Role
from jags.evaluation import service
from jags.evaluation.model import Report
from jags.evaluation.queries import reports as queries
from jags.evaluation.queries.quoting import accounts_to_quote, quotable_comments
from jags.evaluation.render.formats import NAMES
from jags.evaluation.render.html import html_body
from jags.evaluation.rules.document import CopyFor, Document, Edition, Format
from jags.evaluation.rules.reports import ReportState
from jags.evaluation.rules.views import VIEW_TITLES, View, view_of
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.web.access import requires
from jags.web.evaluation.drafts import KINDS, asked_draft, file_response, named
from jags.web.evaluation.forms import ready_made
from jags.web.evaluation.records import record_links
from jags.web.evaluation.report_forms import ReadersForm, SayForm, WordsForm
from jags.web.forms import JagsForm, asked_again
from jags.web.unit_of_work import begins_reading, current_work

blueprint = Blueprint("reports", __name__)


@blueprint.get("/evaluation/reports")
@requires(Permission.EVALUATION_READ)
def index() -> ResponseReturnValue:
    """List the reports that somebody may see."""
    work = current_work()
    return render_template(
        "evaluation/reports.html", reports=queries.reports(work), ready_made=ready_made(work.today)
    )


@blueprint.post("/evaluation/reports/begin")
@requires(Permission.REPORT_WRITE)
def begin() -> ResponseReturnValue:
    """Begin a report of the period of a draft."""
    form = asked_draft()
    if not form.validate():
        return redirect(url_for("drafts.show", **asked_again(form)), code=303)  # type: ignore[arg-type]
    report = service.begin_report(current_work(), form.asked)
    flash("The report is begun. Write beside its figures, then send it for review.", "success")
    return _to(report.id)


@blueprint.get("/evaluation/reports/<uuid:report_id>")
@requires(Permission.EVALUATION_READ)
def show(report_id: UUID) -> ResponseReturnValue:
    """Show a report: where it stands, what comes next, and what it says to whoever reads it."""
    work = current_work()
    report = queries.get_report(work, report_id)
    edition = _edition(report)
    view, document = _view(), _document(work, report, edition)
    if view:
        document = view_of(document, view)
    marked = edition is Edition.RESTRICTED and report.state is ReportState.RELEASED
    copy = CopyFor(service.reader_name(work), work.now) if marked else None
    # Figures that are frozen, or hidden, are not opened: records have gone on since, and could tell what is hidden.
    links = record_links(work, report.asked.period, report.asked.which) if edition is Edition.INTERNAL else {}
    people = {
        report.written_by,
        report.sent_by,
        report.reviewed_by,
        *(one.person_id for one in report.readers),
    }
    people |= {one.asked_by for one in report.questions}
    names = names_of(work, people - {None})  # type: ignore[arg-type]
    page = render_template(
        "evaluation/report.html",
        report=report,
        document=document,
        edition=edition,
        body=html_body(document, copy, records=links),
        formats=NAMES,
        view=view,
        views=VIEW_TITLES,
        names=names,
        readers=[names.get(one.person_id, "") for one in report.readers],
        own=work.actor.person_id,
        inside=queries.sees_all(work.actor),
        said=[(one, *queries.said(work, one)) for one in report.questions],
        statement=queries.statement_of(work, report),
        why_not=service.why_not(work, report.asked) if report.state is ReportState.DRAFT else "",
        form=JagsForm(data={"version": report.version}),
    )
    if marked:
        service.note_reading(work, report_id)
    return page


@blueprint.route("/evaluation/reports/<uuid:report_id>/words", methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE)
def write(report_id: UUID) -> ResponseReturnValue:
    """Write beside the figures."""
    work = current_work()
    report = queries.get_report(work, report_id)
    form = (
        WordsForm()
        if request.method == "POST"
        else WordsForm.of(queries.words_of(work, report), report.version)
    )
    if report.locality:
        form.of_one_locality()
    else:
        form.offer(quotable_comments(work, report.asked), accounts_to_quote(work, report.asked))
    if form.validate_on_submit():
        try:
            service.write_words(work, report_id, form.words, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("What you wrote is saved.", "success")
            return _to(report_id)
    return render_template("evaluation/report_words.html", form=form, report=report)


@blueprint.route("/evaluation/reports/<uuid:report_id>/readers", methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE)
def readers(report_id: UUID) -> ResponseReturnValue:
    """Name who reads the restricted edition."""
    work = current_work()
    report = queries.get_report(work, report_id)
    able = [one.person_id for one in accounts_with_role(work, Role.EVALUATION_READER)]
    names = names_of(work, able)
    form = ReadersForm(data={"readers": [str(one.person_id) for one in report.readers]})
    form.offer(sorted(names.items(), key=lambda one: one[1].casefold()))
    if form.validate_on_submit():
        service.name_readers(work, report_id, form.ids)
        flash(
            "The readers are named. They get a link by e-mail as soon as the report is released.", "success"
        )
        return _to(report_id)
    return render_template("evaluation/report_readers.html", form=form, report=report)


@blueprint.post("/evaluation/reports/<uuid:report_id>/send")
@requires(Permission.REPORT_WRITE)
@begins_reading
def send(report_id: UUID) -> ResponseReturnValue:
    """Send a report for review: its figures and words are frozen."""
    form = JagsForm()
    if form.validate_on_submit():
        service.send_for_review(current_work(), report_id, version=form.shown_version)
        flash(
            "The report is with its reviewer, and stays as it is until it comes back or is released.",
            "success",
        )
    return _to(report_id)


@blueprint.post("/evaluation/reports/<uuid:report_id>/release")
@requires(Permission.REPORT_REVIEW)
@begins_reading
def release(report_id: UUID) -> ResponseReturnValue:
    """Release a report that somebody else has written."""
    form = JagsForm()
    if form.validate_on_submit():
        report = service.release_report(current_work(), report_id, version=form.shown_version)
        flash(f"The report is released as {report.reference}. Its named readers are written to.", "success")
    return _to(report_id)


@dataclass(frozen=True)
class _Page:
    """A page on which one text is asked for, and what is done with it."""

    title: str
    label: str
    hint: str
    button: str
    done: str
    act: Callable[[Work, Report, str, int], object]


def _say(page: _Page, report: Report, text: str = "", *, version: int | None = None) -> ResponseReturnValue:
    shown = report.version if version is None else version
    form = SayForm() if request.method == "POST" else SayForm(data={"text": text, "version": shown})
    form.text.label.text, form.text.description = page.label, page.hint
    if form.validate_on_submit():
        try:
            page.act(current_work(), report, form.text.data or "", form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash(page.done, "success")
            return _to(report.id)
    return render_template("evaluation/report_say.html", form=form, report=report, page=page)


@blueprint.route("/evaluation/reports/<uuid:report_id>/give-back", methods=["GET", "POST"])
@requires(Permission.REPORT_REVIEW)
def give_back(report_id: UUID) -> ResponseReturnValue:
    """Give a report back to its writer."""
    page = _Page(
        "Give the report back",
        "What should change?",
        "The writer reads it; it is kept with the record of what was done.",
        "Give it back",
        "The report is with its writer again.",
        lambda work, report, text, version: service.give_back(work, report.id, text, version=version),
    )
    return _say(page, queries.get_report(current_work(), report_id))


@blueprint.route("/evaluation/reports/<uuid:report_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.REPORT_REVIEW)
def withdraw(report_id: UUID) -> ResponseReturnValue:
    """Withdraw a release."""
    page = _Page(
        "Withdraw the report",
        "Why is it withdrawn?",
        "No copies are handed out any more. What was handed out cannot be called back: tell its readers.",
        "Withdraw it",
        "The report is withdrawn.",
        lambda work, report, text, version: service.withdraw_report(work, report.id, text, version=version),
    )
    return _say(page, queries.get_report(current_work(), report_id))


@blueprint.route("/evaluation/reports/<uuid:report_id>/statement", methods=["GET", "POST"])
@requires(Permission.REPORT_SCRUTINISE)
def state(report_id: UUID) -> ResponseReturnValue:
    """Write the scrutineer's own statement."""
    work = current_work()
    report = queries.get_report(work, report_id)
    page = _Page(
        "Your own statement",
        "Your statement",
        "It stands at the end of both editions, in your words. Nobody else can change it. Empty it to take it back.",
        "Keep the statement",
        "Your statement is kept.",
        lambda work, report, text, version: service.state_own_view(work, report.id, text, version=version),
    )
    return _say(page, report, queries.statement_of(work, report))


@blueprint.route("/evaluation/reports/<uuid:report_id>/ask", methods=["GET", "POST"])
@requires(Permission.REPORT_SCRUTINISE)
def ask(report_id: UUID) -> ResponseReturnValue:
    """Ask something about a report."""
    page = _Page(
        "Ask about this report",
        "Your question",
        "The Business Unit reads it and replies here.",
        "Ask",
        "Your question stands with the report.",
        lambda work, report, text, _version: service.ask(work, report.id, text),
    )
    return _say(page, queries.get_report(current_work(), report_id))


@blueprint.route("/evaluation/reports/<uuid:report_id>/reply/<uuid:question_id>", methods=["GET", "POST"])
@requires(Permission.REPORT_WRITE)
def reply(report_id: UUID, question_id: UUID) -> ResponseReturnValue:
    """Reply to a question."""
    work = current_work()
    report = queries.get_report(work, report_id)
    question = queries.get_question(work, report, question_id)
    page = _Page(
        "Reply to the scrutineer",
        "Your reply",
        queries.said(work, question)[0],
        "Reply",
        "The reply stands with the report.",
        lambda work, _report, text, version: service.reply(work, question_id, text, version=version),
    )
    return _say(page, report, queries.said(work, question)[1], version=question.version)


@blueprint.get(
    f"/evaluation/reports/<uuid:report_id>/<any(restricted, public):edition>.<any({KINDS}):file_format>"
)
@requires(Permission.EVALUATION_READ, fresh=True)
def copy(report_id: UUID, edition: str, file_format: str) -> ResponseReturnValue:
    """Hand out a copy of a released report; a restricted one carries the reader's name and the time."""
    work = current_work()
    view = _view()
    document, written = service.copy_of(work, report_id, Format(file_format), Edition(edition), view=view)
    return file_response(document, Format(file_format), written, named("report", view))


def _edition(report: Report) -> Edition:
    if report.state is ReportState.DRAFT:
        return Edition.INTERNAL
    return Edition.PUBLIC if request.args.get("edition") == "public" else Edition.RESTRICTED


def _view() -> View | None:
    """Return the one-page view that the address asks for; anything else is the whole report."""
    asked = request.args.get("view", "")
    return View(asked) if asked in set(View) else None


def _document(work: Work, report: Report, edition: Edition) -> Document:
    if report.state is ReportState.DRAFT:
        return service.draft_of_report(work, report)
    return queries.frozen_edition(work, report, edition)


def _to(report_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("reports.show", report_id=report_id), code=303)
