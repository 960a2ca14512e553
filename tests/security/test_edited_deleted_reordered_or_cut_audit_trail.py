"""A promise of security: an edited, deleted, reordered or cut audit trail is found by verification, or refused by the database."""

import hashlib

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from factories.trail import EVENTS, attacker, findings, five_events
from jags.audit.model import AuditDetail, AuditEvent, AuditHead
from jags.audit.rules import Stream, genesis
from jags.audit.service import has_event, last_event

FOLLOWS = "this event does not follow the one before it"
CHANGED = "this event was changed"


@pytest.fixture
def trail(work_on):
    five_events(work_on)


def event(seq):
    return AuditEvent.seq == seq


def renumber(connection, old, new):
    connection.execute(update(AuditEvent).where(event(old)).values(seq=new))


def cut(last, head):
    return f"the chain ends at event {last}, its head says {head}: the end was cut or added to"


def test_an_emptied_chain_shows_against_the_event_that_was_noted(trail, work_on):
    with work_on(write=False) as work:
        noted = last_event(work)
        assert has_event(work, noted)
    with attacker(work_on) as connection:
        connection.execute(delete(AuditEvent))
        connection.execute(delete(AuditHead))
    assert findings(work_on) == []
    with work_on(write=False) as work:
        assert not has_event(work, noted)
        assert last_event(work) == ""


def test_an_untouched_chain_is_whole(trail, work_on):
    assert findings(work_on) == []
    with work_on(write=False) as work:
        head = work.session.get_one(AuditHead, Stream.ACTS)
        last = work.session.get_one(AuditEvent, (Stream.ACTS, EVENTS))
        assert (head.seq, head.mac) == (EVENTS, last.mac)
        assert (last.actor_ref, last.subject_ref, last.payload) == (
            "system:job-5",
            "request-5",
            '{"why":"x"}',
        )


def test_an_empty_chain_is_whole(work_on):
    assert findings(work_on) == []


def test_a_chain_longer_than_one_reading_is_whole(work_on):
    with work_on() as work:
        for number in range(1003):
            work.record("agency:added", str(number))
    assert findings(work_on) == []


@pytest.mark.parametrize(
    "values",
    [
        {"tag": "request:pause_lifted"},
        {"actor_ref": "system:somebody-else"},
        {"subject_ref": "request-9"},
        {"payload": '{"why":"y"}'},
        {"at": func.now()},
        {"detail_digest": b"x" * 32},
    ],
)
def test_an_edited_event_is_found(trail, work_on, values):
    with attacker(work_on) as connection:
        connection.execute(update(AuditEvent).where(event(3)).values(**values))
    assert findings(work_on) == [(3, CHANGED)]


def test_an_edited_event_with_a_mac_of_its_own_is_found(trail, work_on):
    with attacker(work_on) as connection:
        forged = hashlib.sha256(b"as good as I can without the key").digest()
        connection.execute(update(AuditEvent).where(event(3)).values(subject_ref="request-9", mac=forged))
    assert findings(work_on) == [(3, CHANGED), (4, FOLLOWS)]


def test_a_deleted_event_is_found(trail, work_on):
    with attacker(work_on) as connection:
        connection.execute(delete(AuditEvent).where(event(3)))
    assert findings(work_on) == [(4, "event 3 is missing"), (4, FOLLOWS)]


def test_a_deleted_event_is_found_when_the_others_close_the_gap(trail, work_on):
    with attacker(work_on) as connection:
        connection.execute(delete(AuditEvent).where(event(3)))
        renumber(connection, 4, 3)
        renumber(connection, 5, 4)
        connection.execute(update(AuditHead).values(seq=4))
        connection.execute(update(AuditDetail).where(AuditDetail.seq == 4).values(seq=3))
    found = findings(work_on)
    assert [(seq, problem) for seq, problem in found if seq in {3, 4}] == [
        (3, FOLLOWS),
        (3, CHANGED),
        (3, "the detail of this event does not open"),
        (4, CHANGED),
    ]


def test_reordered_events_are_found(trail, work_on):
    with attacker(work_on) as connection:
        renumber(connection, 3, 99)
        renumber(connection, 1, 3)
        renumber(connection, 99, 1)
    assert findings(work_on) == [
        (1, FOLLOWS),
        (1, CHANGED),
        (2, FOLLOWS),
        (3, FOLLOWS),
        (3, CHANGED),
        (4, FOLLOWS),
    ]


def copy_of(connection, place, **values):
    row = connection.execute(select(AuditEvent.__table__).where(event(place))).mappings().one()
    return {**row, **values}


def test_a_second_continuation_of_one_event_is_refused(trail, work_on):
    def fork():
        with attacker(work_on) as connection:
            connection.execute(insert(AuditEvent).values(copy_of(connection, 5, seq=6)))

    with pytest.raises(IntegrityError, match="prev_mac"):
        fork()


def test_a_chain_that_forks_from_an_earlier_event_is_found(trail, work_on):
    with attacker(work_on) as connection:
        forged = copy_of(connection, 5, subject_ref="request-9", mac=b"f" * 32)
        connection.execute(delete(AuditEvent).where(event(5)))
        connection.execute(insert(AuditEvent).values(forged))
        connection.execute(update(AuditHead).values(mac=b"f" * 32))
    assert findings(work_on) == [(5, CHANGED)]


def test_a_cut_tail_is_found_by_the_head(trail, work_on):
    with attacker(work_on) as connection:
        connection.execute(delete(AuditEvent).where(AuditEvent.seq > 3))
    assert findings(work_on) == [(3, cut(3, 5))]


def test_a_trail_cut_away_altogether_is_found_by_the_head(trail, work_on):
    with attacker(work_on) as connection:
        connection.execute(delete(AuditEvent))
    assert findings(work_on) == [(0, cut(0, 5))]


def test_a_head_that_was_moved_or_removed_is_found(trail, work_on):
    with attacker(work_on) as connection:
        connection.execute(update(AuditHead).values(seq=4))
    assert findings(work_on) == [(5, cut(5, 4))]
    with work_on() as work:
        work.session.execute(delete(AuditHead))
    assert findings(work_on) == [(5, "the head of the chain is missing")]


def test_a_changed_detail_is_found(trail, work_on):
    with work_on() as work:
        work.session.execute(update(AuditDetail).where(AuditDetail.seq == 2).values(salt=b"0" * 16))
        other = select(AuditDetail.sealed).where(AuditDetail.seq == 2).scalar_subquery()
        work.session.execute(update(AuditDetail).where(AuditDetail.seq == 4).values(sealed=other))
    assert findings(work_on) == [
        (2, "the detail of this event was changed"),
        (4, "the detail of this event does not open"),
    ]


def test_a_detail_added_to_an_event_without_one_is_found(trail, work_on):
    with work_on() as work:
        detail = work.session.get_one(AuditDetail, (Stream.ACTS, 2))
        work.session.add(AuditDetail(stream=Stream.ACTS, seq=3, salt=detail.salt, sealed=detail.sealed))
    assert findings(work_on) == [(3, "the detail of this event does not open")]


def test_an_erased_detail_is_no_finding(trail, work_on):
    with work_on() as work:
        work.session.execute(delete(AuditDetail).where(AuditDetail.seq == 2))
    assert findings(work_on) == []


def test_what_a_person_typed_stands_in_the_detail_only(work_on):
    with work_on() as work:
        work.record("request:paused", "request-1", reason="The mother rang.", why="by_hand")
    with work_on(write=False) as work:
        rows = [
            work.session.execute(select(table.__table__)).mappings().one()
            for table in (AuditEvent, AuditDetail)
        ]
    assert "mother" not in repr(rows)


@pytest.mark.parametrize("statement", ["UPDATE audit_event SET tag = 'x'", "DELETE FROM audit_event"])
def test_the_database_refuses_to_change_events(trail, work_on, statement):
    with pytest.raises(DBAPIError, match="audit events are append-only"), work_on() as work:
        work.session.execute(text(statement))
    assert findings(work_on) == []


def test_postgresql_refuses_to_empty_the_trail(trail, work_on, store):
    statement = "DELETE FROM audit_event" if store.url.startswith("sqlite") else "TRUNCATE audit_event"
    with pytest.raises(DBAPIError, match="audit events are append-only"), work_on() as work:
        work.session.execute(text(statement))


def test_each_stream_begins_at_a_place_of_its_own():
    assert len({genesis(stream) for stream in Stream}) == len(Stream)
