"""Read complaints and concerns, what they hold back from erasing, and requests for whoever asks what is held about them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from jags.accounts.model import Account, AccountRole, Person
from jags.accounts.policy import require
from jags.accounts.queries import contact_of, find_agency, names_of, recusals_of
from jags.accounts.rules import AccountState, Permission, Role, spelling
from jags.kernel.actor import Actor
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, Request
from jags.requests.queries import detail_of, visible_to
from jags.requests.rules import State, reference_from
from jags.rights.model import Complaint, DocumentText, FacilitatorConcern
from jags.rights.rules import ComplaintText, ConcernText
from jags.rights.rules.documents import DOCUMENTS, Document, DocumentPart

# So many requests are opened at most to look for initials.
LOOKED_MOST = 2000
FOUND_MOST = 50


def complained_requests() -> Select[uuid.UUID | None]:
    """Select the requests that open complaints are about: nothing of them is erased."""
    return select(Complaint.request_id).where(
        Complaint.closed_on.is_(None), Complaint.request_id.is_not(None)
    )


def is_person_held(work: Work, person_id: uuid.UUID) -> bool:
    """Tell whether an open complaint or concern is about a person, so that nothing of them is erased."""
    complaint = select(Complaint.id).where(Complaint.person_id == person_id, Complaint.closed_on.is_(None))
    concern = select(FacilitatorConcern.id).where(
        FacilitatorConcern.person_id == person_id, FacilitatorConcern.closed_on.is_(None)
    )
    return work.session.scalar(complaint) is not None or work.session.scalar(concern) is not None


def complaints_visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for the complaints that an actor may know of: not about a request from which they stand aside, nor about them."""
    return and_(
        or_(Complaint.request_id.is_(None), Complaint.request_id.not_in(recusals_of(actor.person_id))),
        or_(Complaint.person_id.is_(None), Complaint.person_id != actor.person_id),
    )


@dataclass(frozen=True)
class ComplaintLine:
    """A complaint as lists show it: never what it says."""

    complaint: Complaint
    owner: str
    about: str
    late: bool


def complaints(work: Work) -> list[ComplaintLine]:
    """Return all complaints: open ones first, by the day by which they are answered, then those closed last."""
    rows = work.session.scalars(
        select(Complaint)
        .where(complaints_visible_to(work.actor))
        .order_by(
            Complaint.closed_on.is_not(None), Complaint.closed_on.desc(), Complaint.answer_by, Complaint.id
        )
    ).all()
    return [_line(work, row) for row in rows]


def get_complaint(work: Work, complaint_id: uuid.UUID) -> ComplaintLine:
    """Return a complaint; raises `NotFound`, also to whoever stands aside from its request or is complained about."""
    require(work.actor, Permission.RIGHTS_MANAGE)
    row = work.session.scalar(
        select(Complaint).where(complaints_visible_to(work.actor), Complaint.id == complaint_id)
    )
    if row is None:
        raise NotFound("There is no such complaint.")
    return _line(work, row)


def text_of(work: Work, complaint: Complaint) -> ComplaintText:
    """Open what a complaint says."""
    return work.vault.open(complaint, "text", ComplaintText)


def concerns(work: Work, person_id: uuid.UUID) -> list[tuple[FacilitatorConcern, str, ConcernText]]:
    """Return the concerns about a facilitator with who noted them and why, the latest first; never to the person itself."""
    require(work.actor, Permission.RIGHTS_MANAGE)
    if work.actor.person_id == person_id:
        return []
    rows = work.session.scalars(
        select(FacilitatorConcern)
        .where(FacilitatorConcern.person_id == person_id)
        .order_by(FacilitatorConcern.noted_at.desc(), FacilitatorConcern.id)
    ).all()
    names = names_of(work, {row.noted_by for row in rows})
    return [(row, names.get(row.noted_by, ""), work.vault.open(row, "text", ConcernText)) for row in rows]


@dataclass(frozen=True)
class PartShown:
    """A part of a document with what the partnership wrote; `asks` is empty where there is nothing to write."""

    part: DocumentPart
    text: str
    version: int
    changed_on: date | None


def parts_of(work: Work, document: Document) -> list[PartShown]:
    """Return the parts of a document, in their order."""
    rows = {
        row.part: row
        for row in work.session.scalars(select(DocumentText).where(DocumentText.document == document))
    }
    shown = []
    for part in DOCUMENTS[document].parts:
        row = rows.get(part.key)
        shown.append(
            PartShown(
                part, row.text if row else "", row.version if row else 0, row.changed_on if row else None
            )
        )
    return shown


def get_part(work: Work, document: Document, key: str) -> PartShown:
    """Return one part that can be written; raises `NotFound`."""
    found = next((one for one in parts_of(work, document) if one.part.key == key and one.part.asks), None)
    if found is None:
        raise NotFound("There is no such part.")
    return found


def completed(work: Work) -> dict[Document, tuple[int, int]]:
    """Return for each document how many of its parts are written, of how many."""
    found = {}
    for document in Document:
        asked = [one for one in parts_of(work, document) if one.part.asks]
        found[document] = sum(bool(one.text) for one in asked), len(asked)
    return found


def possible_owners(work: Work) -> list[tuple[uuid.UUID, str]]:
    """Return who may answer a complaint, by name: administrators and coordinators."""
    people = work.session.scalars(
        select(Person)
        .join(Account, Account.person_id == Person.id)
        .where(
            Account.state == AccountState.ACTIVE,
            Account.roles.any(AccountRole.role.in_([Role.ADMINISTRATOR, Role.COORDINATOR])),
        )
        .order_by(Person.id)
    ).all()
    work.vault.prefetch(people)
    return sorted(((one.id, contact_of(work, one).name) for one in people), key=lambda one: one[1])


def names_of_accounts(work: Work, account_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of the people of several accounts."""
    rows = work.session.execute(
        select(Account.id, Account.person_id).where(Account.id.in_(list(account_ids))).order_by(Account.id)
    ).all()
    names = names_of(work, [row.person_id for row in rows])
    return {row.id: names[row.person_id] for row in rows}


def everybody_with_account(work: Work) -> list[tuple[uuid.UUID, str]]:
    """Return every account with the name of its person, by name."""
    ids = work.session.scalars(select(Account.id).order_by(Account.id)).all()
    return sorted(names_of_accounts(work, ids).items(), key=lambda one: (one[1], str(one[0])))


def find_reference(work: Work, reference: str) -> Request | None:
    """Return the request of a reference for whoever looks after complaints; they see the reference alone."""
    wanted = reference.strip().upper()
    written = reference_from(wanted, year=work.today.year) or wanted
    return work.session.scalar(
        select(Request).where(
            Request.reference == written,
            Request.state != State.DRAFT,
            Request.id.not_in(recusals_of(work.actor.person_id)),
        )
    )


@dataclass(frozen=True)
class Sought:
    """What somebody knows of themselves: the requester's own reference or ours, initials, an agency, a period."""

    reference: str = ""
    initials: str = ""
    agency: str = ""
    from_on: date | None = None
    to_on: date | None = None


def sought_requests(work: Work, sought: Sought) -> tuple[Sequence[Request], int]:
    """Return the requests that fit everything that is known, the newest first, and how many were opened to look.

    Raises `Invalid` when nothing is given that narrows it: we hold no name to look for.
    """
    require(work.actor, Permission.REQUEST_TRIAGE)
    if not (sought.reference.strip() or sought.initials.strip() or sought.agency.strip()):
        raise Invalid("Enter a reference, initials or an agency.", field="reference")
    fits = [visible_to(work.actor), Request.erased_at.is_(None)]
    if sought.reference.strip():
        written = sought.reference.strip()
        ours = reference_from(written.upper(), year=work.today.year) or written.upper()
        theirs = work.vault.blind_index("own-reference", written)
        fits.append(
            or_(
                Request.reference == ours,
                Request.tracker_number == written.upper(),
                Request.own_reference_index == theirs,
            )
        )
    if sought.agency.strip():
        fits.append(_of_agency(work, sought.agency))
    if sought.from_on:
        fits.append(Request.received_on >= sought.from_on)
    if sought.to_on:
        fits.append(Request.received_on <= sought.to_on)
    rows = work.session.scalars(
        select(Request)
        .where(*fits)
        .options(joinedload(Request.agency))
        .order_by(Request.received_at.desc(), Request.id)
        .limit(LOOKED_MOST)
    ).all()
    work.vault.prefetch(rows)
    initials = _letters(sought.initials)
    found = [row for row in rows if not initials or _letters(detail_of(work, row).pseudonym) == initials]
    return found[:FOUND_MOST], len(rows)


def _letters(text: str) -> str:
    """Return initials as they are compared: M.K., m k and MK are one."""
    return "".join(c for c in text.casefold() if c.isalnum())


def _of_agency(work: Work, typed: str):  # type: ignore[no-untyped-def] # noqa: ANN202 - A condition, of SQLAlchemy's own many kinds.
    known = find_agency(work, typed)
    text = spelling(typed)
    about = func.lower(Request.agency_typed) == text
    involved = select(InvolvedAgency.request_id).where(func.lower(InvolvedAgency.agency_typed) == text)
    if known is not None:
        about |= Request.agency_id == known.id
        involved = select(InvolvedAgency.request_id).where(
            or_(func.lower(InvolvedAgency.agency_typed) == text, InvolvedAgency.agency_id == known.id)
        )
    return or_(about, Request.id.in_(involved))


def _line(work: Work, row: Complaint) -> ComplaintLine:
    names = names_of(work, [one for one in (row.owner_id, row.person_id) if one])
    request = work.session.get(Request, row.request_id) if row.request_id else None
    about = [
        request.reference or "an imported request" if request else "",
        names.get(row.person_id, "") if row.person_id else "",
    ]
    return ComplaintLine(
        row,
        names.get(row.owner_id, ""),
        " and ".join(one for one in about if one) or "The service",
        row.closed_on is None and row.answer_by < work.today,
    )
