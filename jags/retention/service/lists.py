"""Rules, and lists of what is due: made by a person or a job, put forward by one, approved by another, carried out by a job."""

import uuid
from datetime import datetime

from sqlalchemy import select

from jags.audit.service import verify
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed
from jags.kernel.ids import new_id
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.retention import queries
from jags.retention.model import RetentionItem, RetentionList, RetentionRule
from jags.retention.policy import person_of_records, require_records, second_person
from jags.retention.rules import Action, Due, ListState, Outcome, RecordKind, Rule, checked_rule
from jags.retention.service.erasing import erase

# On this day of the month a job lists what is due, unless somebody is at a list already.
_LISTED_ON = 1


_SOMEBODY_ELSE = "You put this list forward, so somebody else approves it."


def set_rule(work: Work, rule: Rule) -> None:
    """Set how long a kind of record is kept; raises `Invalid` at the field, `Stale` when it was changed since."""
    require_records(work.actor)
    wanted = checked_rule(rule)
    row = work.session.get(RetentionRule, rule.kind)
    if row is None:
        row = RetentionRule(kind=rule.kind)
        work.session.add(row)
    else:
        row.expect(rule.version)
    row.trigger, row.months, row.action, row.owner = (
        wanted.trigger,
        wanted.months,
        wanted.action,
        wanted.owner,
    )
    work.session.flush()
    work.record(
        "retention:rule_changed",
        rule.kind,
        kind=rule.kind,
        trigger=wanted.trigger,
        months=wanted.months,
        action=wanted.action,
        version=row.version,
    )


def make_list(work: Work) -> RetentionList:
    """List what is due today; nothing is changed by it. Raises `MoveNotPossible` when nothing is, or a list is open."""
    require_records(work.actor)
    _expect_no_open_list(work)
    found = queries.due(work)
    if not found:
        raise MoveNotPossible("Nothing is due today.")
    return _listed(work, found, early=False)


def make_list_by_job(work: Work) -> int:
    """List what is due on the first of a month, once; return how many entries."""
    if work.today.day != _LISTED_ON or queries.open_list(work) is not None:
        return 0
    made = work.session.scalar(select(RetentionList.made_at).order_by(RetentionList.made_at.desc()).limit(1))
    if made is not None and london_date(made) == work.today:
        return 0
    found = queries.due(work)
    return len(_listed(work, found, early=False).items) if found else 0


def list_one_request(work: Work, *, reference: str, reason: str) -> RetentionList:
    """List one request that is to be erased before its time, because somebody asks for it and we agree.

    Raises `Invalid` at the field: for an unknown or open request, one that is erased or on hold, and without a reason.
    """
    require_records(work.actor)
    _expect_no_open_list(work)
    request = queries.find_request(work, reference)
    if request is None:
        raise Invalid(
            "There is no such request. Enter its reference, such as JAGS-2026-0042.", field="reference"
        )
    if request.erased_at is not None:
        raise Invalid("What was written about this request has been erased already.", field="reference")
    if request.state not in queries.ENDED:
        raise Invalid(
            "This request has not ended. Let it be withdrawn, cancelled or closed first.", field="reference"
        )
    if queries.is_held(work, RecordKind.REQUEST, request.id):
        raise Invalid("This request is on legal hold. Nothing of it may be erased now.", field="reference")
    if not reason.strip():
        raise Invalid("Enter the reason.", field="reason")
    rule = queries.rule_of(work, RecordKind.REQUEST)
    found = Due(
        RecordKind.REQUEST,
        london_date(request.state_changed_at),
        request.reference or "imported request",
        request.id,
    )
    erasing = Rule(rule.kind, rule.trigger, rule.months, Action.ERASE, rule.owner)
    return _listed(work, [(erasing, found)], early=True, reason=reason.strip())


def put_forward(work: Work, list_id: uuid.UUID, *, version: int) -> RetentionList:
    """Say that a list was looked through and asks for approval; raises `NotAllowed` to who is involved in something on it."""
    found = _open(work, list_id, version, ListState.LISTED)
    _expect_not_involved(work, found)
    found.state, found.asked_at, found.asked_by = ListState.ASKED, work.now, person_of_records(work.actor)
    work.record("retention:put_forward", found.id, entries=len(found.items))
    return found


def approve(work: Work, list_id: uuid.UUID, *, version: int) -> RetentionList:
    """Approve a list that somebody else put forward; a job carries it out. Raises `NeedsTwoPeople` to the same person."""
    found = _open(work, list_id, version, ListState.ASKED)
    person = second_person(work.actor, found.asked_by, otherwise=_SOMEBODY_ELSE)
    _expect_not_involved(work, found)
    found.state, found.approved_at, found.approved_by = ListState.APPROVED, work.now, person
    work.record("retention:approved", found.id, entries=len(found.items))
    return found


def drop(work: Work, list_id: uuid.UUID, *, version: int) -> None:
    """Drop a list: nothing on it is erased, and another can be made."""
    found = _open(work, list_id, version, ListState.LISTED, ListState.ASKED, ListState.APPROVED)
    found.state, found.ended_at = ListState.DROPPED, work.now
    work.record("retention:dropped", found.id)


def carry_out(work: Work) -> int:
    """Erase what approved lists name, unless it is on hold or not due any more; return how many entries were erased."""
    total = 0
    approved = select(RetentionList.id).where(RetentionList.state == ListState.APPROVED)
    for list_id in work.session.scalars(approved.order_by(RetentionList.approved_at)).all():
        found = queries.get_list(work, list_id)
        erased = 0
        for item_id in [item.id for item in found.items if item.action is Action.ERASE]:
            item = work.session.get_one(RetentionItem, item_id)
            if _still(work, item, early=found.early):
                erase(work, item.kind, item.subject_id, until_at=item.until_at)
                item.outcome = Outcome.ERASED
                erased += 1
            else:
                item.outcome = Outcome.KEPT
        found.state, found.ended_at = ListState.DONE, work.now
        work.record("retention:done", found.id, erased=erased, kept=len(found.items) - erased)
        total += erased
    return total


def _still(work: Work, item: RetentionItem, *, early: bool) -> bool:
    """Tell whether what was listed may be erased now: it was approved, and may have changed since."""
    if queries.is_held(work, item.kind, item.subject_id):
        return False
    if item.kind is RecordKind.TRAIL:
        return _may_be_cut(work, item.until_at)
    if item.subject_id is None or early:
        return True
    now_due = queries.due_under(work, queries.rule_of(work, item.kind))
    return any(one.subject_id == item.subject_id for one in now_due)


def _may_be_cut(work: Work, until: datetime | None) -> bool:
    """Tell whether the audit trail may be cut up to an instant: nothing in it is wrong, and it tells of nothing that is kept."""
    return until is not None and queries.trail_until(work, until) == until and not verify(work)


def _listed(work: Work, found: list[tuple[Rule, Due]], *, early: bool, reason: str = "") -> RetentionList:
    made = RetentionList(id=new_id(), made_at=work.now, early=early, state=ListState.LISTED)
    made.items = [
        RetentionItem(
            position=position,
            kind=one.kind,
            action=rule.action,
            subject_id=one.subject_id,
            label=one.label,
            since_on=one.since_on,
            until_at=one.until_at,
            number=one.number,
            held=one.held,
        )
        for position, (rule, one) in enumerate(found)
    ]
    work.session.add(made)
    work.session.flush()
    work.record("retention:listed", made.id, reason=reason, entries=len(made.items), early=early)
    return made


def _expect_no_open_list(work: Work) -> None:
    if queries.open_list(work) is not None:
        raise MoveNotPossible("There is a list that is not finished. Finish or drop it first.")


def _expect_not_involved(work: Work, found: RetentionList) -> None:
    if queries.stands_aside_from(work, found):
        raise NotAllowed("You stand aside from something on this list, so somebody else decides on it.")


def _open(work: Work, list_id: uuid.UUID, version: int, *states: ListState) -> RetentionList:
    require_records(work.actor)
    found = queries.get_list(work, list_id)
    found.expect(version)
    if found.state not in states:
        raise MoveNotPossible
    return found
