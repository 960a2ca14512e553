"""Read one request, as far as the actor may see it, and what is sealed of it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, false, or_, select, true
from sqlalchemy.orm import aliased, joinedload, with_expression

from jags.accounts.queries import recusals_of
from jags.accounts.rules import Permission, Purpose
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import NotFound
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import (
    CaseDetail,
    RequesterContact,
    State,
    reference_from,
)

# One request with what nearly every page of it needs, and the key of what is sealed of it, in one query.
_LINKED = aliased(Request)
_WRITTEN = (
    select(Request, *KEY)
    .join(DataKey, DataKey.id == Request.key_id)
    .where(Request.id == bindparam("request_id"))
    .options(joinedload(Request.agency), joinedload(Request.choices))
)
_ONE = _WRITTEN.options(
    joinedload(Request.requester_changes),
    with_expression(Request.is_linked_to, exists().where(_LINKED.previous_request_id == Request.id)),
)
# The links whose subject is a request.
_OWN = frozenset(
    {Purpose.CONFIRM_REQUEST, Purpose.CONFIRM_REQUESTER, Purpose.REQUEST_DRAFT, Purpose.REQUEST_STATUS}
)


def _own(subject_id: Any, *, opens: bool) -> ColumnElement[bool]:
    # Who was named by somebody else says first that it is them; until then nothing that was written opens.
    own: ColumnElement[bool] = Request.id == subject_id
    return own & Request.requester_to_confirm_since.is_(None) if opens else own


# Put together once: every page of somebody who came by a link to their own request asks it. What is being written has no
# story yet, and its pages are many.
_OWN_ONE = {
    purpose: (_WRITTEN if purpose is Purpose.REQUEST_DRAFT else _ONE).where(
        _own(bindparam("subject_id"), opens=purpose is Purpose.REQUEST_STATUS)
    )
    for purpose in _OWN
}


@dataclass(frozen=True)
class BeforeContact:
    """What the requester said about being contacted; empty where they said nothing."""

    unsafe: str
    best_time: str


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for requests that an actor may see; every list, count and search of requests uses it.

    What is not yet sent belongs to its writer, whoever is involved in a case does not see it, and the lead of the Business
    Unit sees what they have taken over.
    """
    if actor.kind is ActorKind.SYSTEM:
        return true()
    if _has_own(actor):
        return _own(actor.subject_id, opens=_opens(actor))
    if actor.can(Permission.REQUEST_READ):
        seen = (Request.state != State.DRAFT) & Request.id.not_in(recusals_of(actor.person_id))
        return seen if actor.only is None else seen & Request.id.in_(actor.only)
    return false()


def get_request(work: Work, request_id: uuid.UUID) -> Request:
    """Return a request; raises `NotFound` when there is none, or none that the actor may see."""
    actor = work.actor
    one = _OWN_ONE[Purpose(actor.purpose)] if _has_own(actor) else _ONE.where(visible_to(actor))
    found = work.session.execute(one, {"request_id": request_id, "subject_id": actor.subject_id})
    row = found.unique().one_or_none()
    if row is None:
        raise NotFound("There is no such request.")
    work.vault.remember(row)
    request: Request = row[0]
    return request


def find_by_reference(work: Work, reference: str) -> Request | None:
    """Return the request of a reference or of a number in the old tracker, if the actor may see it.

    Case, spaces and dashes do not count, and a number alone is one of this London year. Where the old tracker gave one number twice, the request received first is meant.
    """
    wanted = reference.strip().upper()
    written = reference_from(wanted, year=work.today.year) or wanted
    return work.session.scalar(
        select(Request)
        .where(or_(Request.reference == written, Request.tracker_number == wanted), visible_to(work.actor))
        .order_by(Request.received_at, Request.id)
        .limit(1)
    )


def references_of(work: Work, request_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the references of several requests, by id; what has none is called imported. References alone tell of no case."""
    rows = work.session.execute(
        select(Request.id, Request.reference)
        .where(Request.id.in_(list(request_ids)), Request.state != State.DRAFT)
        .order_by(Request.id)
    )
    return {row.id: row.reference or "An imported request" for row in rows}


def find_for_requester(work: Work, *, reference: str, email_index: bytes) -> Request | None:
    """Return the request of a reference and of the index of the requester's e-mail address, for sending a new link."""
    return work.session.scalar(
        select(Request).where(
            Request.reference == reference,
            Request.requester_email_index == email_index,
        )
    )


def contact_of(work: Work, request: Request) -> RequesterContact:
    """Open who asks."""
    return work.vault.open(request, "contact", RequesterContact)


def detail_of(work: Work, request: Request) -> CaseDetail:
    """Open what is written about the child and the work."""
    return work.vault.open(request, "detail", CaseDetail)


def before_contact(work: Work, request: Request) -> BeforeContact:
    """Return what is to be read before anybody rings or writes to the requester or the network."""
    return BeforeContact(detail_of(work, request).unsafe_contact, contact_of(work, request).best_time)


def _has_own(actor: Actor) -> bool:
    """Tell whether an actor came by a link to one request of their own."""
    return actor.kind is ActorKind.LINK and actor.purpose in _OWN


def _opens(actor: Actor) -> bool:
    """Tell whether an actor's link opens what was written, and not only a question to the person."""
    return actor.purpose == Purpose.REQUEST_STATUS


def paused_references(work: Work) -> frozenset[str]:
    """Return the requests about which everything is paused, as the outbox refers to them."""
    paused = work.session.scalars(select(Request.id).where(Request.paused_at.is_not(None)))
    return frozenset(map(str, paused))
