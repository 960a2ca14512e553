"""Take in and answer complaints, pause a facilitator because of a concern, and record who asked what is held about them."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

from jags.facilitators.queries import get_facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.facilitators.service import set_status
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules.working_days import working_day_after
from jags.rights import queries
from jags.rights.model import Complaint, DocumentText, FacilitatorConcern
from jags.rights.policy import request_to_hand_out, require_documents, require_rights, somebody_else
from jags.rights.rules import ComplaintOutcome, ComplaintText, ConcernText
from jags.rights.rules.documents import PART_MOST, Document
from jags.settings.queries import partnership


@dataclass(frozen=True)
class NewComplaint:
    """A complaint as it comes in; `reference` and `person_id` say what it is about, if it is about one thing."""

    received_on: date
    text: ComplaintText
    owner_id: uuid.UUID
    reference: str = ""
    person_id: uuid.UUID | None = None


def take_complaint(work: Work, new: NewComplaint) -> Complaint:
    """Keep a complaint and the working day by which it is answered. Raises `Invalid` at the field."""
    require_rights(work.actor)
    if new.received_on > work.today:
        raise Invalid("Enter a date that is not in the future.", field="received_on")
    request = queries.find_reference(work, new.reference) if new.reference.strip() else None
    if new.reference.strip() and request is None:
        raise Invalid(
            "There is no such request. Enter its reference, such as JAGS-2026-0042.", field="reference"
        )
    if new.person_id is not None and new.person_id == new.owner_id:
        raise Invalid("Choose somebody whom the complaint is not about.", field="owner")
    if new.owner_id not in dict(queries.possible_owners(work)):
        raise Invalid("Select who answers it.", field="owner")
    row = Complaint(
        key_id=work.vault.new_key(),
        received_on=new.received_on,
        request_id=request.id if request else None,
        person_id=new.person_id,
        owner_id=new.owner_id,
        answer_by=working_day_after(new.received_on, partnership(work).complaint_answer_days),
    )
    work.vault.seal(row, "text", new.text)
    work.session.add(row)
    work.session.flush()
    work.record("complaint:taken", row.id)
    return row


def change_complaint(
    work: Work,
    complaint_id: uuid.UUID,
    *,
    owner_id: uuid.UUID,
    acknowledged_on: date | None,
    outcome: ComplaintOutcome | None,
    answer: str,
    version: int,
) -> Complaint:
    """Keep how a complaint is answered; with an outcome it is closed today. Raises `Invalid` at the field, or `Stale`."""
    row = queries.get_complaint(work, complaint_id).complaint
    row.expect(version)
    if row.closed_on is not None:
        raise MoveNotPossible("This complaint is closed.")
    if acknowledged_on is not None and not row.received_on <= acknowledged_on <= work.today:
        raise Invalid("Enter a date between the day it came and today.", field="acknowledged_on")
    if owner_id not in dict(queries.possible_owners(work)) or owner_id == row.person_id:
        raise Invalid("Select who answers it.", field="owner")
    if outcome is not None and not answer.strip():
        raise Invalid("Enter what was answered, in a sentence.", field="answer")
    row.owner_id, row.acknowledged_on, row.outcome = owner_id, acknowledged_on, outcome
    row.closed_on = work.today if outcome is not None else None
    work.vault.seal(row, "text", replace(queries.text_of(work, row), answer=answer.strip()))
    if outcome is not None:
        work.record("complaint:closed", row.id, outcome=outcome)
    else:
        work.record("complaint:changed", row.id)
    return row


def pause_for_concern(work: Work, person_id: uuid.UUID, *, why: str) -> FacilitatorConcern:
    """Pause a facilitator because of a concern. Everybody else sees that they are paused, and no reason.

    Raises `Invalid` without a reason, `NotAllowed` about oneself.
    """
    noted_by = somebody_else(work.actor, person_id)
    if not why.strip():
        raise Invalid("Enter what the concern is.", field="why")
    facilitator = get_facilitator(work, person_id)
    row = FacilitatorConcern(
        key_id=work.vault.new_key(), person_id=person_id, noted_at=work.now, noted_by=noted_by
    )
    work.vault.seal(row, "text", ConcernText(why.strip()))
    work.session.add(row)
    if facilitator.status is not FacilitatorStatus.LEFT:
        set_status(work, person_id, FacilitatorStatus.PAUSED)
    # The event names the concern, not the person: who reads the trail learns nothing of whom it is about.
    work.record("facilitator_concern:noted", row.id)
    return row


def close_concern(work: Work, person_id: uuid.UUID, *, lift: bool) -> int:
    """Close all concerns about a facilitator, and ask them again if they are to be; return how many were open."""
    require_rights(work.actor)
    rows = [row for row, _, _ in queries.concerns(work, person_id) if row.closed_on is None]
    for row in rows:
        row.closed_on = work.today
        work.record("facilitator_concern:closed", row.id)
    if rows and lift and get_facilitator(work, person_id).status is FacilitatorStatus.PAUSED:
        set_status(work, person_id, FacilitatorStatus.ACTIVE)
    return len(rows)


def seek(work: Work, sought: queries.Sought) -> tuple[list[Request], int]:
    """Look for what is held about somebody, and record that it was looked for and how much was found, never what for."""
    found, looked = queries.sought_requests(work, sought)
    work.record("rights:sought", "subject_access", looked=looked, found=len(found))
    return list(found), looked


def open_for_subject(work: Work, request_id: uuid.UUID) -> Request:
    """Return a request whose whole content goes into an export for the person it is about, and record that it did.

    Raises `TooMany` when one person has put together ten others in a day.
    """
    request = request_to_hand_out(work, request_id)
    work.record("rights:exported", request.id)
    return request


def write_part(work: Work, document: Document, key: str, *, text: str, version: int) -> None:
    """Keep what the partnership says in a part of a document; it is read at once. Raises `Invalid`, `Stale`, `NotFound`."""
    require_documents(work.actor)
    queries.get_part(work, document, key)
    if len(text) > PART_MOST:
        raise Invalid(f"Shorten this to {PART_MOST:,} characters or fewer.", field="text")
    row = work.session.get(DocumentText, (document, key))
    if row is None:
        row = DocumentText(document=document, part=key, text="", changed_on=work.today)
        work.session.add(row)
    else:
        row.expect(version)
    row.text, row.changed_on = text.strip(), work.today
    work.record("document:written", f"document {document}", document=document, part=key)
