"""Read the toolbox: the documents that somebody may see, and the content of one version."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from jags.accounts.rules import Permission
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotAllowed, NotFound
from jags.kernel.work import Work
from jags.practice.model import ToolboxDocument, ToolboxEdition
from jags.practice.rules import Audience

KEY = "toolbox"


def audiences_of(actor: Actor) -> frozenset[Audience]:
    """Return for whom a document may be that the actor sees; raises `NotAllowed` for who sees none."""
    if actor.kind is ActorKind.SYSTEM or actor.can(Permission.FACILITATOR_MANAGE):
        return frozenset(Audience)
    if not actor.can(Permission.OFFER_ANSWER):
        raise NotAllowed
    return frozenset({Audience.FACILITATORS})


def toolbox(work: Work) -> Sequence[ToolboxDocument]:
    """Return the documents that the actor may see, by title, with their versions and without any content; by two queries."""
    wanted = select(ToolboxDocument).where(ToolboxDocument.audience.in_(sorted(audiences_of(work.actor))))
    if Audience.BUSINESS_UNIT not in audiences_of(work.actor):
        wanted = wanted.where(ToolboxDocument.withdrawn_at.is_(None))
    return work.session.scalars(
        wanted.options(selectinload(ToolboxDocument.editions)).order_by(
            ToolboxDocument.title, ToolboxDocument.id
        )
    ).all()


def get_document(work: Work, document_id: uuid.UUID) -> ToolboxDocument:
    """Return a document that the actor may see; raises `NotFound` for any other, as if it were not there."""
    found = work.session.get(ToolboxDocument, document_id)
    allowed = audiences_of(work.actor)
    hidden = found is not None and found.withdrawn_at is not None and Audience.BUSINESS_UNIT not in allowed
    if found is None or found.audience not in allowed or hidden:
        raise NotFound("There is no such document.")
    return found


def newest_of(document: ToolboxDocument) -> ToolboxEdition:
    """Return the newest version of a document."""
    return document.editions[-1]


def get_edition(work: Work, document: ToolboxDocument, number: int) -> ToolboxEdition:
    """Return one version of a document: whoever does not keep the toolbox finds the newest only. Raises `NotFound`."""
    found = next((one for one in document.editions if one.number == number), None)
    older = found is not newest_of(document)
    if found is None or (older and Audience.BUSINESS_UNIT not in audiences_of(work.actor)):
        raise NotFound("There is no such version.")
    return found


def open_edition(work: Work, edition: ToolboxEdition) -> bytes:
    """Return the content of a version."""
    return work.vault.open_bytes(KEY, binding_of(edition), edition.content_sealed)


def binding_of(edition: ToolboxEdition) -> str:
    """Return what the content of a version is bound to, so that it opens at its own place only."""
    return f"toolbox_edition|content|{edition.id}"
