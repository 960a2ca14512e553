"""Documents that the partnership completes: read where people look, and written by the Business Unit."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid, NotFound
from jags.retention.queries import rules
from jags.retention.rules import KINDS
from jags.rights import queries, service
from jags.rights.rules.documents import DOCUMENTS, Document
from jags.web.access import public, requires
from jags.web.retention.forms import ACTION_WORDS, TRIGGER_WORDS
from jags.web.rights.forms import PartForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("documents", __name__)


@blueprint.get("/accessibility")
@public
def accessibility() -> ResponseReturnValue:
    """Say who can use these pages, and what to do where somebody cannot."""
    return render_template(
        "rights/accessibility.html", parts=queries.parts_of(current_work(), Document.ACCESSIBILITY)
    )


@blueprint.get("/how-long-we-keep")
@public
def schedule() -> ResponseReturnValue:
    """Say how long each kind of record is kept, as the rules stand today."""
    work = current_work()
    return render_template(
        "rights/schedule.html", parts=queries.parts_of(work, Document.RETENTION), **_rules()
    )


@blueprint.get("/records/documents")
@requires(Permission.RETENTION_MANAGE)
def index() -> ResponseReturnValue:
    """List the documents, and how far each is completed."""
    return render_template(
        "rights/documents.html",
        documents=[
            (document, DOCUMENTS[document], *done)
            for document, done in queries.completed(current_work()).items()
        ],
    )


@blueprint.get("/records/documents/<slug>")
@requires(Permission.RETENTION_MANAGE)
def show(slug: str) -> ResponseReturnValue:
    """Show a document with what is written and what is still asked for."""
    document = _document(slug)
    return render_template(
        "rights/document.html",
        document=document,
        of=DOCUMENTS[document],
        parts=queries.parts_of(current_work(), document),
        with_rules=document is Document.RETENTION,
        **_rules(),
    )


@blueprint.route("/records/documents/<slug>/<name>", methods=["GET", "POST"])
@requires(Permission.RETENTION_MANAGE)
def write(slug: str, name: str) -> ResponseReturnValue:
    """Write one part of a document."""
    work = current_work()
    document = _document(slug)
    shown = queries.get_part(work, document, name)
    form = PartForm(data={"text": shown.text, "version": shown.version})
    if form.validate_on_submit():
        try:
            service.write_part(work, document, name, text=form.text.data or "", version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("It is saved, and read from now on.", "success")
            return redirect(url_for("documents.show", slug=slug), code=303)
    return render_template(
        "rights/document_part.html", form=form, slug=slug, of=DOCUMENTS[document], shown=shown
    )


def _document(slug: str) -> Document:
    try:
        return Document(slug)
    except ValueError:
        raise NotFound("There is no such document.") from None


def _rules() -> dict[str, object]:
    return {
        "rules": [(rule, KINDS[rule.kind]) for rule in rules(current_work())],
        "triggers": TRIGGER_WORDS,
        "actions": ACTION_WORDS,
    }
