"""What everybody may read: the public editions of released reports."""

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from jags.evaluation.model import Report
from jags.evaluation.queries import reports as queries
from jags.evaluation.queries.released import public_rows, released_within
from jags.evaluation.render.formats import MIMETYPES, NAMES, write_document
from jags.evaluation.render.html import html_body
from jags.evaluation.render.rows import rows_file
from jags.evaluation.rules.document import Edition, Format, Table, tables_of
from jags.evaluation.rules.rows import FigureRow
from jags.kernel.errors import Invalid
from jags.web.access import for_everybody_let_in, public
from jags.web.evaluation.drafts import KINDS, file_response
from jags.web.evaluation.forms import PeriodForm
from jags.web.forms import asked_again
from jags.web.unit_of_work import current_work

blueprint = Blueprint("published", __name__)


@blueprint.get("/reports")
@public
def index() -> ResponseReturnValue:
    """List the released reports."""
    return render_template("evaluation/published.html", reports=queries.released_reports(current_work()))


@blueprint.get("/reports/figures")
@public
def figures() -> ResponseReturnValue:
    """Show the public figures of the reports within a period, for whoever asks for them."""
    form = PeriodForm(_asked())
    reports = _within(form)
    shown = [_headlines(report) for report in reports]
    return render_template(
        "evaluation/published_figures.html", form=form, shown=shown, asked=asked_again(form)
    )


@blueprint.get("/reports/figures.csv")
@public
@for_everybody_let_in("It is published.")
def figures_file() -> ResponseReturnValue:
    """Give every public figure of the reports within a period as one file; what cannot be right is said on the page."""
    form = PeriodForm(_asked())
    reports = _within(form)
    if form.errors:
        return figures()
    return Response(
        rows_file(FigureRow, public_rows(current_work(), reports)),
        content_type=MIMETYPES[Format.CSV],
        headers={"Content-Disposition": 'attachment; filename="jags-public-figures.csv"'},
    )


def _asked() -> MultiDict[str, str]:
    """Return the period in the address; without one, all that was ever released."""
    asked = MultiDict(request.args)
    periods = [(one.from_on, one.to_on) for one in released_within(current_work())]
    today = current_work().today
    # The three boxes of a date send its parts, which are read by the field.
    if not any(name.startswith("from") for name in asked):
        asked["from"] = min((begins for begins, _ in periods), default=today).isoformat()
    if not any(name.startswith("to") for name in asked):
        asked["to"] = max((ends for _, ends in periods), default=today).isoformat()
    return asked


def _within(form: PeriodForm) -> list[Report]:
    if not form.validate() or form.from_on.data is None or form.to_on.data is None:
        return []
    if form.to_on.data < form.from_on.data:
        form.attach(Invalid("The last day of the period is before its first day.", field="to_on"))
        return []
    return released_within(current_work(), from_on=form.from_on.data, to_on=form.to_on.data)


def _headlines(report: Report) -> tuple[Report, Table | None]:
    """Return a report with its table of requests from received to held."""
    document = queries.frozen_edition(current_work(), report, Edition.PUBLIC)
    return report, next((one for one in tables_of(document) if one.key == "funnel"), None)


@blueprint.get("/reports/<reference>")
@public
def show(reference: str) -> ResponseReturnValue:
    """Show the public edition of a report."""
    work = current_work()
    report = queries.get_released(work, reference)
    document = queries.frozen_edition(work, report, Edition.PUBLIC)
    return render_template(
        "evaluation/published_report.html",
        report=report,
        document=document,
        body=html_body(document),
        formats=NAMES,
    )


@blueprint.get(f"/reports/<reference>/report.<any({KINDS}):file_format>")
@public
@for_everybody_let_in("It is published.")
def download(reference: str, file_format: str) -> ResponseReturnValue:
    """Give the public edition of a report as a file, the same for everybody."""
    work = current_work()
    document = queries.frozen_edition(work, queries.get_released(work, reference), Edition.PUBLIC)
    return file_response(
        document, Format(file_format), write_document(document, Format(file_format)), "report"
    )
