"""The toolbox: documents for facilitators, to read and to keep."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.practice import queries, service
from jags.practice.model import ToolboxDocument, ToolboxEdition
from jags.practice.rules import Audience
from jags.web.access import for_everybody_let_in, requires
from jags.web.bounds import LARGEST_DOCUMENT, takes_file
from jags.web.forms import JagsForm
from jags.web.practice.forms import FILE_LIMITS, DocumentChangeForm, DocumentForm, EditionForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("toolbox", __name__, url_prefix="/toolbox")


@blueprint.get("")
@requires(Permission.OFFER_ANSWER, Permission.FACILITATOR_MANAGE)
def index() -> ResponseReturnValue:
    """List the documents that the actor may see."""
    documents = queries.toolbox(current_work())
    return render_template(
        "practice/toolbox.html",
        documents=[one for one in documents if one.withdrawn_at is None],
        withdrawn=[one for one in documents if one.withdrawn_at is not None],
        newest_of=queries.newest_of,
        file_limits=FILE_LIMITS,
    )


@blueprint.get("/<uuid:document_id>/<int:number>")
@requires(Permission.OFFER_ANSWER, Permission.FACILITATOR_MANAGE)
@for_everybody_let_in("Material to work with, about nobody; it is taken to places without a second step.")
def download(document_id: UUID, number: int) -> ResponseReturnValue:
    """Give a version of a document as a file."""
    work = current_work()
    document = queries.get_document(work, document_id)
    return _file(work, document, queries.get_edition(work, document, number))


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
@takes_file(most=LARGEST_DOCUMENT)
def add() -> ResponseReturnValue:
    """Add a document."""
    form = DocumentForm()
    if form.validate_on_submit():
        try:
            service.add_document(
                current_work(),
                title=form.title.data or "",
                audience=Audience(form.audience.data),
                content=form.content,
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The document is in the toolbox.", "success")
            return redirect(url_for("toolbox.index"), code=303)
    return render_template("practice/document_new.html", form=form), _status_of(form)


@blueprint.route("/<uuid:document_id>", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def edit(document_id: UUID) -> ResponseReturnValue:
    """Show a document with its versions, and change what it is called and who may see it."""
    work = current_work()
    document = queries.get_document(work, document_id)
    form = DocumentChangeForm(obj=document)
    if form.validate_on_submit():
        try:
            service.change_document(
                work,
                document_id,
                title=form.title.data or "",
                audience=Audience(form.audience.data),
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            return _done(document_id, "The change is saved.")
    return render_template("practice/document.html", form=form, document=document)


@blueprint.route("/<uuid:document_id>/version", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
@takes_file(most=LARGEST_DOCUMENT)
def add_edition(document_id: UUID) -> ResponseReturnValue:
    """Add a version of a document."""
    work = current_work()
    document = queries.get_document(work, document_id)
    form = EditionForm(data={"version": document.version})
    if form.validate_on_submit():
        try:
            service.add_edition(work, document_id, form.content, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            return _done(document_id, "The new version is in the toolbox. Earlier ones are kept.")
    return render_template("practice/edition_new.html", form=form, document=document), _status_of(form)


@blueprint.post("/<uuid:document_id>/withdraw")
@requires(Permission.FACILITATOR_MANAGE)
def withdraw(document_id: UUID) -> ResponseReturnValue:
    """Take a document out of the toolbox."""
    form = JagsForm()
    if form.validate_on_submit():
        service.withdraw_document(current_work(), document_id, version=form.shown_version)
    return _done(document_id, "The document is withdrawn. Only the Business Unit sees it now.")


@blueprint.post("/<uuid:document_id>/return")
@requires(Permission.FACILITATOR_MANAGE)
def put_back(document_id: UUID) -> ResponseReturnValue:
    """Put a withdrawn document back."""
    form = JagsForm()
    if form.validate_on_submit():
        service.return_document(current_work(), document_id, version=form.shown_version)
    return _done(document_id, "The document is in the toolbox again.")


def _file(work: Work, document: ToolboxDocument, edition: ToolboxEdition) -> Response:
    answer = Response(queries.open_edition(work, edition), content_type=edition.kind.content_type)
    # Always kept as a file, never shown as a page of ours, whatever a browser makes of its content.
    answer.headers.set(
        "Content-Disposition", "attachment", filename=f"{file_name(document.title)}.{edition.kind.value}"
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer


def file_name(title: str) -> str:
    """Return a title as the name of a file on every system: letters, digits, hyphens."""
    kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in title)
    return "-".join(part for part in kept.split("-") if part) or "document"


def _done(document_id: UUID, what: str) -> ResponseReturnValue:
    flash(what, "success")
    return redirect(url_for("toolbox.edit", document_id=document_id), code=303)


def _status_of(form: JagsForm) -> int:
    """Return 400 where the file will not do, so that no program takes it for taken."""
    return 400 if form.errors.get("file") else 200
