"""Wrap data keys under the newest master key, and make keyed indexes anew, while pages are served."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import delete, func, select, update

from jags.accounts.model import Person, SignInFailure
from jags.accounts.rules import Contact, spelling
from jags.kernel.sealing import DESTROYED, DataKey
from jags.kernel.work import Work
from jags.requests.model import DraftsBegun, LinkWish, NetworkMember, Request
from jags.requests.rules import CaseDetail, NetworkContact, RequesterContact
from jags.venues.model import Venue
from jags.venues.rules import VenueDetails

_BATCH = 200
_INDEX_KEY = "blind-index"


def wrap_again(work: Work) -> int:
    """Wrap some of the data keys that an older master key wraps under the newest one; return how many, 0 when none is left.

    What they sealed is not touched, and whoever reads meanwhile finds a key wrapped by one of the two.
    """
    newest = work.ports.masters.current_id()
    old = (
        select(DataKey.id)
        .where(DataKey.master_key_id != newest, DataKey.wrapped != DESTROYED)
        .order_by(DataKey.id)
        .limit(_BATCH)
    )
    ids = work.session.scalars(old).all()
    for key_id in ids:
        work.vault.wrap_again(key_id)
    if ids:
        work.record("key:wrapped_again", newest, number=len(ids))
    return len(ids)


def wrapped_by(work: Work) -> dict[str, int]:
    """Return how many data keys each master key wraps, by its id; what was destroyed is wrapped by none."""
    rows = work.session.execute(
        select(DataKey.master_key_id, func.count())
        .where(DataKey.wrapped != DESTROYED)
        .group_by(DataKey.master_key_id)
        .order_by(DataKey.master_key_id)
    )
    return {row.master_key_id: row[1] for row in rows}


def remake_indexes(work: Work) -> tuple[int, int]:
    """Make a new key of the keyed indexes, and every index anew; return how many, and how many could not be.

    The address of a line manager is kept by its index alone: where it stands nowhere else it is forgotten, and comes back with
    the next import of facilitators. Doubts that were cleared are asked again. One transaction: nobody sees half of it.
    """
    known = {index: address for index, address in _addresses(work) if index is not None}
    work.session.execute(
        update(DataKey).where(DataKey.name == _INDEX_KEY).values(name=None, wrapped=DESTROYED)
    )
    work.vault.forget_system_keys()
    made, lost = mend_indexes(work), 0
    managers = select(Person.line_manager_email_index).where(Person.line_manager_email_index.is_not(None))
    for old in sorted({one for one in work.session.scalars(managers) if one is not None}):
        new = work.vault.blind_index("email", known[old]) if old in known else None
        lost += new is None
        made += new is not None
        work.session.execute(
            update(Person).where(Person.line_manager_email_index == old).values(line_manager_email_index=new)
        )
    # What lasts minutes is let go: attempts to sign in, drafts of the hour, links that were asked for.
    for passing in (SignInFailure, DraftsBegun, LinkWish):
        work.session.execute(delete(passing))
    work.session.expire_all()
    work.record("key:indexes_made", _INDEX_KEY, number=made, lost=lost)
    return made, lost


def mend_indexes(work: Work) -> int:
    """Make anew each index that is not what its sealed value gives; return how many.

    After `remake_indexes`, for what somebody wrote with the former key in the same moment.
    """
    mended = 0
    for model, column, document, kind, written in _INDEXED:
        sealed = getattr(model, f"{document}_sealed")
        for row in work.session.scalars(select(model).where(sealed.is_not(None)).order_by(model.id)).all():
            value = written(work.vault.open(row, document, kind)).strip()
            index = work.vault.blind_index(_KINDS[column], value) if value else None
            if getattr(row, column) != index:
                # Not through the entity: nobody's open form becomes stale by it.
                work.session.execute(update(model).where(model.id == row.id).values({column: index}))
                mended += 1
    return mended


def _addresses(work: Work) -> Iterator[tuple[bytes | None, str]]:
    """Yield every e-mail address that is kept somewhere, with its index."""
    for model, column, document, kind, written in _INDEXED:
        if _KINDS[column] == "email":
            sealed = getattr(model, f"{document}_sealed")
            for row in work.session.scalars(
                select(model).where(sealed.is_not(None)).order_by(model.id)
            ).all():
                yield getattr(row, column), written(work.vault.open(row, document, kind))


_KINDS = {
    "email_index": "email",
    "requester_email_index": "email",
    "own_reference_index": "own-reference",
    "name_index": "venue",
}
# Each column with an index: of which document it is, and of what in it.
_INDEXED: tuple[tuple[Any, str, str, Any, Callable[[Any], str]], ...] = (
    (Person, "email_index", "contact", Contact, lambda contact: contact.email),
    (Request, "requester_email_index", "contact", RequesterContact, lambda contact: contact.email),
    (Request, "own_reference_index", "detail", CaseDetail, lambda detail: detail.own_reference),
    (NetworkMember, "email_index", "contact", NetworkContact, lambda contact: contact.email),
    (Venue, "name_index", "details", VenueDetails, lambda details: spelling(details.name)),
)
