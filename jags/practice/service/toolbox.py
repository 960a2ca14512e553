"""Keep the documents of the toolbox, and every version of them."""

import uuid

from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work
from jags.practice.model import ToolboxDocument, ToolboxEdition
from jags.practice.policy import require_toolbox
from jags.practice.queries.toolbox import KEY, binding_of, get_document
from jags.practice.rules import Audience, kind_of

TITLE_MOST = 120


def add_document(work: Work, *, title: str, audience: Audience, content: bytes) -> ToolboxDocument:
    """Add a document with its first version; raises `Invalid` at the field that needs another look."""
    require_toolbox(work.actor)
    document = ToolboxDocument(title=_checked_title(title), audience=audience, added_at=work.now)
    work.session.add(document)
    work.record("toolbox:document_added", document.id, audience=audience)
    _add_edition(work, document, content, number=1)
    return document


def add_edition(work: Work, document_id: uuid.UUID, content: bytes, *, version: int) -> ToolboxEdition:
    """Add a version of a document; earlier ones stay. Raises `Stale`, and `Invalid` for a file of another kind or too large."""
    require_toolbox(work.actor)
    document = get_document(work, document_id)
    document.expect(version)
    document.edition_count += 1
    return _add_edition(work, document, content, number=document.edition_count)


def change_document(
    work: Work, document_id: uuid.UUID, *, title: str, audience: Audience, version: int
) -> None:
    """Change what a document is called and who may see it; raises `Stale`, `Invalid`."""
    require_toolbox(work.actor)
    document = get_document(work, document_id)
    document.expect(version)
    document.title, document.audience = _checked_title(title), audience
    work.record("toolbox:document_changed", document.id, audience=audience)


def withdraw_document(work: Work, document_id: uuid.UUID, *, version: int) -> None:
    """Take a document out of the toolbox: from now on only the Business Unit sees it. Raises `Stale`."""
    require_toolbox(work.actor)
    document = get_document(work, document_id)
    document.expect(version)
    document.withdrawn_at = work.now
    work.record("toolbox:document_withdrawn", document.id)


def return_document(work: Work, document_id: uuid.UUID, *, version: int) -> None:
    """Put a document back that was withdrawn; raises `Stale`, `NotFound` for one that was not."""
    require_toolbox(work.actor)
    document = get_document(work, document_id)
    document.expect(version)
    if document.withdrawn_at is None:
        raise NotFound("This document is in the toolbox.")
    document.withdrawn_at = None
    work.record("toolbox:document_returned", document.id)


def _add_edition(work: Work, document: ToolboxDocument, content: bytes, *, number: int) -> ToolboxEdition:
    edition = ToolboxEdition(
        document_id=document.id,
        number=number,
        kind=kind_of(content),
        size=len(content),
        uploaded_at=work.now,
    )
    edition.content_sealed = work.vault.seal_bytes(KEY, binding_of(edition), content)
    document.editions.append(edition)
    work.session.flush()
    work.record("toolbox:edition_added", document.id, number=number, size=len(content))
    return edition


def _checked_title(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Invalid("Enter what the document is called.", field="title")
    if len(title) > TITLE_MOST:
        raise Invalid(f"Shorten the title to {TITLE_MOST} characters or fewer.", field="title")
    return title
