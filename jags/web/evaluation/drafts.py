"""Drafts of a report: read on a page, and taken as a file in any format; for the Business Unit."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.evaluation.render.formats import MIMETYPES, NAMES, write_document
from jags.evaluation.render.html import html_body
from jags.evaluation.rules.document import Document, Edition, Format
from jags.evaluation.rules.views import View, view_of
from jags.evaluation.service import draft_report
from jags.kernel.errors import Invalid
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.evaluation.forms import DraftForm, asked_period
from jags.web.evaluation.records import record_links
from jags.web.forms import asked_again
from jags.web.unit_of_work import current_work

blueprint = Blueprint("drafts", __name__)
KINDS = ", ".join(kind.value for kind in Format)


@blueprint.get("/evaluation/draft")
@requires(Permission.EVALUATION_READ_INSIDE)
def show() -> ResponseReturnValue:
    """Show a draft of the period in the address, or of this year so far."""
    form = asked_draft()
    document = _draft(form)
    return render_template(
        "evaluation/draft.html",
        form=form,
        document=document,
        body=html_body(document, records=_records(document, form)) if document else "",
        formats=NAMES,
        asked=asked_again(form),
    )


@blueprint.get(f"/evaluation/draft.<any({KINDS}):file_format>")
@requires(Permission.EVALUATION_READ_INSIDE, fresh=True)
def download(file_format: str) -> ResponseReturnValue:
    """Give a draft as a file; what cannot be right is said on its page."""
    form = asked_draft()
    document = _draft(form)
    if document is None:
        return show()
    return file_response(
        document,
        Format(file_format),
        write_document(document, Format(file_format)),
        named("draft", form.chosen_view),
    )


def asked_draft() -> DraftForm:
    """Return the draft that the address asks for."""
    work = current_work()
    return DraftForm(asked_period(work.today), partnership(work).localities)


def file_response(document: Document, kind: Format, written: bytes, name: str) -> Response:
    """Return a report as a file whose name says the period and nothing of who made it."""
    period = f"{document.period.from_on}-{document.period.to_on}"
    file = f"jags-evaluation-{name}-{document.edition.value}-{period}.{kind.value}"
    return Response(
        written,
        content_type=MIMETYPES[kind],
        headers={"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"},
    )


def _records(document: Document, form: DraftForm) -> dict[str, str]:
    """Return where the records behind the figures of an internal draft are; other editions hide what they could tell."""
    if document.edition is not Edition.INTERNAL:
        return {}
    return record_links(current_work(), document.period, form.which)


def named(name: str, view: View | None) -> str:
    """Return the name of a file, with the group for which one page of it is."""
    return f"{name}-{view}" if view else name


def _draft(form: DraftForm) -> Document | None:
    if not form.validate():
        return None
    try:
        document = draft_report(current_work(), form.asked, form.chosen_edition)
    except Invalid as error:
        form.attach(error)
        return None
    return view_of(document, form.chosen_view) if form.chosen_view else document
