"""Audit with several agencies: draw a sample, ask each agency, moderate in a panel, and keep recommendations for the plan."""

import secrets
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jags.accounts.policy import require, require_link
from jags.accounts.rules import Permission, Purpose
from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid, MoveNotPossible, NotFound
from jags.kernel.time import date_in_words, london_date
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import LinkWanted, queue_mail, withdraw_mail
from jags.quality.model import AgencyReturn, AuditedSession, AuditRecommendation, PracticeAudit
from jags.quality.queries.auditing import (
    agencies_to_ask,
    asked_of,
    get_audit,
    get_case,
    get_return,
    returns_missing,
    sessions_to_draw,
)
from jags.quality.rules.auditing import (
    SAMPLE_MOST,
    AskedOf,
    AuditMethod,
    PanelView,
    PlanArea,
    PlanGroup,
    PlanState,
    Purposes,
    Recommendation,
    Return,
    draw,
)
from jags.requests.rules import is_working_day, working_day_after
from jags.scheduling.model import JagsSession
from jags.settings.queries import partnership


@dataclass(frozen=True)
class Sample:
    """The period, both London dates included, and what is asked of its sessions."""

    held_from: date
    held_to: date
    purposes: Purposes


def draw_random(work: Work, sample: Sample, *, size: int) -> PracticeAudit:
    """Draw so many sessions of a period at random, and keep the seed; raises `Invalid` at its field."""
    if not 1 <= size <= SAMPLE_MOST:
        raise Invalid(f"Enter a whole number of sessions from 1 to {SAMPLE_MOST}.", field="size")
    keys = {session.id: session.key_id for session in _to_draw(work, sample)}
    seed = secrets.randbelow(2**31)
    return _audit(work, sample, keys, draw(keys, size=size, seed=seed), seed=seed)


def choose_sessions(work: Work, sample: Sample, chosen: Collection[uuid.UUID]) -> PracticeAudit:
    """Audit chosen sessions of a period, for a reason; raises `Invalid` at its field."""
    if not sample.purposes.why_these:
        raise Invalid("Write why these sessions are chosen.", field="why_these")
    keys = {session.id: session.key_id for session in _to_draw(work, sample)}
    if not chosen or not set(chosen) <= keys.keys() or len(chosen) > SAMPLE_MOST:
        raise Invalid(f"Tick 1 to {SAMPLE_MOST} sessions of this list.", field="chosen")
    return _audit(work, sample, keys, [key for key in keys if key in set(chosen)], seed=None)


def ask_agency(work: Work, case_id: uuid.UUID, *, agency_id: uuid.UUID, of: AskedOf) -> AgencyReturn:
    """Ask an agency that was at a session, by mail with a link of its own, or note that it is asked by telephone.

    Without an address nothing is sent. Raises `Invalid` at its field.
    """
    _require(work)
    case = get_case(work, case_id)
    _still_open(case.audit)
    if agency_id not in {one.id for one in agencies_to_ask(work, case)}:
        raise Invalid("Select an agency of this list.", field="agency")
    email = checked_email(of.email) if of.email else ""
    row = AgencyReturn(key_id=case.key_id, agency_id=agency_id, asked_at=work.now)
    row.case = case
    work.vault.seal(row, "asked_of", AskedOf(of.name, email))
    work.session.add(row)
    work.record("practice_audit:asked", case.audit_id, case=str(case.id), agency=str(agency_id))
    work.session.flush()
    if email:
        _write(work, row, case, MailKind.AUDIT_ASKED, AskedOf(of.name, email))
    return row


def send_return(work: Work, return_id: uuid.UUID, given: Return) -> None:
    """Keep what an agency returns, by its own link, as often as it likes until the audit is closed.

    Raises `LinkNotValid` for somebody else's link, `Invalid` when nothing was written, `MoveNotPossible` once it is closed.
    """
    require_link(work.actor, Purpose.AUDIT_RETURN)
    if work.actor.subject_id != return_id:
        raise NotFound("There is nothing to return.")
    _keep_return(work, get_return(work, return_id), given)


def take_down_return(
    work: Work, case_id: uuid.UUID, return_id: uuid.UUID, given: Return, *, version: int
) -> None:
    """Keep what an agency tells by telephone; it can still change that by its link. Raises `Stale`, and like `send_return`."""
    _require(work)
    case = get_case(work, case_id)
    row = next((one for one in case.returns if one.id == return_id), None)
    if row is None:
        raise NotFound("There is nothing to return.")
    row.expect(version)
    _keep_return(work, row, given, taken_down_by=work.actor.person_id)


def remind_of_returns(work: Work) -> int:
    """Remind each agency once whose return is missing some working days after it was asked by mail; return how many."""
    days = partnership(work).audit_remind_days
    if not days or not is_working_day(work.today):
        return 0
    sent = 0
    for row in returns_missing(work):
        of = asked_of(work, row)
        if of.email and working_day_after(london_date(row.asked_at), days) <= work.today:
            sent += _write(work, row, row.case, MailKind.AUDIT_REMINDER, of)
    return sent


def moderate(work: Work, case_id: uuid.UUID, view: PanelView, *, version: int) -> None:
    """Keep what the panel says together of a session; raises `Stale`, `MoveNotPossible`, and `Invalid` before anything came back."""
    _require(work)
    case = get_case(work, case_id)
    _still_open(case.audit)
    case.expect(version)
    if not any(one.returned_on for one in case.returns):
        raise Invalid("No agency has returned anything yet, so there is nothing to moderate.")
    shown = view if partnership(work).audit_grades else PanelView(view.worked, view.learning)
    work.vault.seal(case, "panel", shown)
    case.moderated_on = work.today
    work.record("practice_audit:moderated", case.audit_id, case=str(case.id))


def recommend(
    work: Work, audit_id: uuid.UUID, *, text: str, group: PlanGroup, area: PlanArea
) -> AuditRecommendation:
    """Add a recommendation; raises `Invalid` without a text. It may be added after the audit is closed."""
    _require(work)
    audit = get_audit(work, audit_id)
    work.session.refresh(audit, with_for_update=True)
    if not text:
        raise Invalid("Write the recommendation.", field="text")
    row = AuditRecommendation(
        key_id=audit.key_id,
        audit_id=audit.id,
        number=max((one.number for one in audit.recommendations), default=0) + 1,
        group=group,
        area=area,
    )
    work.vault.seal(row, "text", Recommendation(text))
    audit.recommendations.append(row)
    work.record("practice_audit:recommended", audit.id, number=row.number, area=area)
    return row


def note_in_plan(
    work: Work, audit_id: uuid.UUID, number: int, *, reference: str, state: PlanState, version: int
) -> None:
    """Note where the partnership's plan keeps a recommendation and how it stands there; raises `NotFound` and `Stale`."""
    _require(work)
    audit = get_audit(work, audit_id)
    row = next((one for one in audit.recommendations if one.number == number), None)
    if row is None:
        raise NotFound("There is no such recommendation.")
    row.expect(version)
    row.plan_reference, row.state = reference, state
    work.record("practice_audit:plan_noted", audit.id, number=number, state=state)


def close_audit(work: Work, audit_id: uuid.UUID, *, version: int) -> None:
    """Close an audit: what is asked and not returned is not waited for any more; raises `Stale`."""
    _require(work)
    audit = _still_open(get_audit(work, audit_id))
    audit.expect(version)
    audit.closed_on = work.today
    withdraw_mail(work, cause_prefix=f"audit:{audit.id}:")
    work.record("practice_audit:closed", audit.id)


def _to_draw(work: Work, sample: Sample) -> Sequence[JagsSession]:
    _require(work)
    if sample.held_from > sample.held_to:
        raise Invalid("Enter a last day that is not before the first.", field="held_to")
    if not sample.purposes.question:
        raise Invalid("Write what this audit asks.", field="question")
    found = sessions_to_draw(work, held_from=sample.held_from, held_to=sample.held_to)
    if not found:
        raise Invalid("No session was held in this period. Choose another one.", field="held_from")
    return found


def _audit(
    work: Work,
    sample: Sample,
    keys: dict[uuid.UUID, uuid.UUID],
    chosen: Collection[uuid.UUID],
    *,
    seed: int | None,
) -> PracticeAudit:
    audit = PracticeAudit(
        key_id=work.vault.new_key(),
        method=AuditMethod.PURPOSIVE if seed is None else AuditMethod.RANDOM,
        held_from=sample.held_from,
        held_to=sample.held_to,
        drawn_at=work.now,
        seed=seed,
    )
    work.vault.seal(audit, "purposes", sample.purposes)
    audit.cases = [
        AuditedSession(key_id=keys[session_id], session_id=session_id, position=position)
        for position, session_id in enumerate(chosen, 1)
    ]
    work.session.add(audit)
    work.record(
        "practice_audit:drawn", audit.id, method=audit.method, seed=seed, sessions=len(chosen), of=len(keys)
    )
    return audit


def _keep_return(
    work: Work, row: AgencyReturn, given: Return, *, taken_down_by: uuid.UUID | None = None
) -> None:
    _still_open(row.case.audit)
    if not (given.worked or given.changed or given.learning):
        raise Invalid("Write what your agency found, in one of the questions at least.", field="worked")
    work.vault.seal(row, "return", _graded(work, given))
    row.returned_on, row.taken_down_by = work.today, taken_down_by
    withdraw_mail(work, cause_prefix=_cause(row))
    work.record("practice_audit:returned", row.case.audit_id, case=str(row.case_id))


def _write(work: Work, row: AgencyReturn, case: AuditedSession, kind: MailKind, to: AskedOf) -> bool:
    """Write to who answers for an agency, once of each kind; tell whether it was queued."""
    queued = queue_mail(
        work,
        kind=kind,
        cause_ref=_cause(row),
        recipient_ref=str(row.id),
        to=Recipient(to.name, to.email),
        params={
            "reference": case.session.request.reference or "",
            "held_on": date_in_words(case.session.wall_start),
        },
        about_ref=str(case.session.request_id),
        link=LinkWanted(Purpose.AUDIT_RETURN, row.id, timedelta(days=partnership(work).link_days)),
    )
    return queued is not None


def _cause(row: AgencyReturn) -> str:
    return f"audit:{row.case.audit_id}:{row.id}"


def _graded(work: Work, given: Return) -> Return:
    """Return what was given, without a grade where the partnership gives none."""
    return given if partnership(work).audit_grades else Return(given.worked, given.changed, given.learning)


def _still_open(audit: PracticeAudit) -> PracticeAudit:
    if audit.closed_on is not None:
        raise MoveNotPossible("This audit is closed.")
    return audit


def _require(work: Work) -> None:
    require(work.actor, Permission.PRACTICE_AUDIT)
