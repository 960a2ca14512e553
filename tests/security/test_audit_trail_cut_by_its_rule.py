"""A promise of security and privacy: the audit trail is cut by its rule at a signed checkpoint only, by two people, and stays whole."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from factories.erasing import backup, erased_agreement, restore, take_through, two_people
from factories.pool import facilitator
from factories.requests import in_triage
from factories.trail import EVENTS, attacker, findings, five_events
from jags.allocation.model import IndependenceRecord
from jags.allocation.queries import broken_records
from jags.audit.model import AuditCheckpoint, AuditDetail, AuditEvent
from jags.audit.rules import Stream
from jags.audit.service import anchors, cut, has_event, last_event, make_checkpoints, verify_anchors
from jags.facilitators.rules import FacilitatorStatus
from jags.facilitators.service import set_status
from jags.retention import queries, service
from jags.retention.model import RetentionItem
from jags.retention.rules import Outcome, RecordKind

FORGED = "this checkpoint was changed or forged"


@pytest.fixture
def trail(work_on, clock):
    """Five events with a checkpoint after them, and two more a day later."""
    five_events(work_on)
    with work_on() as work:
        assert [make_checkpoints(work), make_checkpoints(work)] == [1, 0]
    clock.instant += timedelta(days=1)
    with work_on() as work:
        work.record("agency:added", "one")
        work.record("agency:added", "two")


def cut_now(work_on):
    with work_on() as work:
        return cut(work, work.now)


def numbers(work_on):
    with work_on(write=False) as work:
        return list(work.session.scalars(select(AuditEvent.seq).order_by(AuditEvent.seq)))


def test_a_chain_is_cut_where_it_was_signed_and_is_whole_afterwards(trail, work_on):
    with work_on(write=False) as work:
        noted, first = anchors(work), last_event(work)
    assert cut_now(work_on) == EVENTS
    # The last one says that it was cut, and where.
    assert numbers(work_on) == [6, 7, 8]
    assert findings(work_on) == []
    with work_on(write=False) as work:
        assert work.session.scalars(select(AuditDetail)).all() == []
        last = work.session.get_one(AuditEvent, (Stream.ACTS, 8))
        assert (last.tag, last.payload) == ("audit:cut", '{"events":5,"seq":5,"stream":"acts"}')
        # What was noted outside before is still held, or lies before the cut.
        assert verify_anchors(work, noted) == []
        assert has_event(work, first)
    assert cut_now(work_on) == 0


def test_a_checkpoint_is_made_once_a_day_and_only_where_the_chain_has_gone_on(trail, work_on, clock):
    with work_on() as work:
        assert [make_checkpoints(work), make_checkpoints(work)] == [1, 0]
    clock.instant += timedelta(days=1)
    with work_on() as work:
        assert make_checkpoints(work) == 0
        assert work.session.scalars(select(AuditCheckpoint.seq).order_by(AuditCheckpoint.seq)).all() == [5, 7]


def test_the_database_lets_no_event_go_past_the_place_of_the_cut(trail, work_on):
    def delete_up_to(seq):
        with work_on() as work:
            work.session.execute(delete(AuditEvent).where(AuditEvent.seq <= seq))

    with pytest.raises(DBAPIError, match="audit events are append-only"):
        delete_up_to(1)
    cut_now(work_on)
    with pytest.raises(DBAPIError, match="audit events are append-only"):
        delete_up_to(6)
    with pytest.raises(DBAPIError, match="audit events are append-only"), work_on() as work:
        work.session.execute(text("UPDATE audit_event SET tag = 'x'"))


@pytest.mark.parametrize(
    "values", [{"cut_at": func.now()}, {"cut_at": func.now(), "cut_signature": b"x" * 32}]
)
def test_somebody_without_the_key_cuts_nothing_unnoticed(trail, work_on, values):
    with attacker(work_on) as connection:
        connection.execute(update(AuditCheckpoint).values(**values))
        connection.execute(delete(AuditEvent).where(AuditEvent.seq <= 5))
    found = findings(work_on)
    assert (5, FORGED) in found
    assert (6, "event 1 is missing") in found


def test_a_forged_checkpoint_or_one_that_the_chain_does_not_hold_is_found(trail, work_on):
    with attacker(work_on) as connection:
        row = connection.execute(select(AuditCheckpoint.__table__)).mappings().one()
        connection.execute(insert(AuditCheckpoint).values({**row, "seq": 6}))
    assert findings(work_on) == [(6, FORGED)]
    assert cut_now(work_on) == 0
    with attacker(work_on) as connection:
        connection.execute(delete(AuditCheckpoint).where(AuditCheckpoint.seq == 6))
        connection.execute(update(AuditEvent).where(AuditEvent.seq == 5).values(mac=b"f" * 32))
    assert (5, "the chain does not hold this checkpoint") in findings(work_on)


def test_taking_the_checkpoint_away_after_a_cut_or_putting_events_back_is_found(trail, work_on):
    with work_on(write=False) as work:
        kept = [dict(row) for row in work.session.execute(select(AuditEvent.__table__)).mappings()][:2]
    cut_now(work_on)
    with attacker(work_on) as connection:
        connection.execute(insert(AuditEvent), kept)
    assert findings(work_on) == [(5, "events that were cut off at this checkpoint are there again")]
    with attacker(work_on) as connection:
        connection.execute(delete(AuditEvent).where(AuditEvent.seq <= 5))
        connection.execute(delete(AuditCheckpoint))
    assert (6, "event 1 is missing") in findings(work_on)


def test_two_people_cut_it_by_its_rule_up_to_the_first_event_about_what_is_kept(work_on, clock):
    with work_on() as work:
        work.record("agency:added", "long ago")
        first, second = two_people(work)
    with work_on() as work:
        make_checkpoints(work)
    clock.instant += timedelta(days=2)
    with work_on() as work:
        # Its texts are kept as long as it is open, and so is what the trail says of it.
        in_triage(work)
    clock.instant += timedelta(days=2)
    with work_on() as work:
        make_checkpoints(work)
        before = len(work.session.scalars(select(AuditEvent)).all())
    clock.instant += timedelta(days=3700)
    with work_on(write=False) as work:
        (due,) = queries.due_under(work, queries.rule_of(work, RecordKind.TRAIL))
        assert (due.label, 0 < due.number < before - 1) == ("events of the audit trail", True)
        number = due.number
    take_through(work_on, first, second)
    with work_on(write=False) as work:
        left = work.session.scalars(select(AuditEvent.tag).order_by(AuditEvent.seq)).all()
        assert "agency:added" not in left
        assert left[0] == "request:draft_started"
        assert left.count("audit:cut") == 1
        assert min(work.session.scalars(select(AuditEvent.seq))) == number + 1
    assert findings(work_on) == []


def test_an_agreement_that_was_erased_is_no_finding_when_its_trail_is_cut(work_on, clock):
    erased_agreement(work_on)
    with work_on() as work:
        make_checkpoints(work)
    clock.instant += timedelta(days=1)
    assert cut_now(work_on) > 0
    with work_on(write=False) as work:
        assert len(work.session.scalars(select(IndependenceRecord)).all()) == 1
        assert broken_records(work) == []
    # One that was put in afterwards is found: it has facts, and no event.
    with work_on() as work:
        work.session.execute(update(IndependenceRecord).values(facts_sealed=b"planted"))
    with work_on(write=False) as work:
        assert len(broken_records(work)) == 1


def test_a_trail_in_which_something_is_wrong_is_not_cut(trail, work_on, clock):
    with work_on() as work:
        first, second = two_people(work)
    clock.instant += timedelta(days=3700)
    with attacker(work_on) as connection:
        connection.execute(update(AuditEvent).where(AuditEvent.seq == 3).values(subject_ref="request-9"))
    with work_on(first) as work:
        made = service.make_list(work).id
        service.put_forward(work, made, version=1)
    with work_on(second) as work:
        service.approve(work, made, version=2)
    with work_on() as work:
        service.carry_out(work)
        kinds = dict(work.session.execute(select(RetentionItem.kind, RetentionItem.outcome)).all())
    assert kinds[RecordKind.TRAIL] is Outcome.KEPT
    assert (3, "this event was changed") in findings(work_on)


def test_a_former_facilitator_of_whom_the_trail_tells_nothing_any_more_is_still_due(work_on, clock):
    with work_on() as work:
        person_id = facilitator(work, "Ash Reed")
        set_status(work, person_id, FacilitatorStatus.LEFT)
    with work_on() as work:
        make_checkpoints(work)
    clock.instant += timedelta(days=800)
    cut_now(work_on)
    with work_on(write=False) as work:
        (due,) = queries.due_under(work, queries.rule_of(work, RecordKind.PERSON))
        assert due.subject_id == person_id


def test_a_restored_copy_is_cut_again(trail, work_on, clock):
    with work_on() as work:
        first, second = two_people(work)
    clock.instant += timedelta(days=3700)
    with work_on(write=False) as work:
        kept = backup(work)
    take_through(work_on, first, second)
    with work_on(write=False) as work:
        notes = queries.erasures(work)
    assert RecordKind.TRAIL in {note.kind for note in notes}
    restore(work_on, kept)
    assert numbers(work_on)[0] == 1
    with work_on() as work:
        service.apply_again(work, notes)
    assert numbers(work_on)[0] == EVENTS + 1
    assert findings(work_on) == []
