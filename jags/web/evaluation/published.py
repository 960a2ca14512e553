"""What everybody may read: the public editions of released reports."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from jags.evaluation.queries import reports as queries
from jags.evaluation.render.formats import NAMES, write_document
from jags.evaluation.render.html import html_body
from jags.evaluation.rules.document import Edition, Format
from jags.web.access import for_everybody_let_in, public
from jags.web.evaluation.drafts import KINDS, file_response
from jags.web.unit_of_work import current_work

blueprint = Blueprint("published", __name__)


@blueprint.get("/reports")
@public
def index() -> ResponseReturnValue:
    """List the released reports."""
    return render_template("evaluation/published.html", reports=queries.released_reports(current_work()))


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
