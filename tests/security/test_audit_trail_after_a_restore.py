"""A promise of security: what was noted of the trail outside finds a cut end; after a backup was put back, two people account for it."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from factories import pages
from factories.erasing import backup, restore, two_people
from factories.people import account
from factories.requests import envelopes
from factories.trail import attacker, findings
from jags.accounts.rules import Role
from jags.adapters.records import OutsideRecords
from jags.audit.model import AuditEvent, AuditHead
from jags.audit.rules import Stream, anchors_in
from jags.audit.service import verify_anchors
from jags.jobs.outside import note_anchors, refuse_older_database
from jags.kernel.errors import MoveNotPossible, NotAllowed, SetupIncomplete
from jags.notifications.rules import MailKind
from jags.retention import service
from jags.retention.policy import NeedsTwoPeople

PAGE = "/records/restored-backup"


@pytest.fixture
def records(app, tmp_path, monkeypatch):
    found = OutsideRecords(tmp_path / "records")
    monkeypatch.setitem(app.extensions, "jags_records", found)
    return found


@pytest.fixture
def restored(work_on, clock, records):
    """A backup, two days on which the trail went on and was noted outside, and the backup put back; two people are there."""
    with work_on() as work:
        people = two_people(work)
    with work_on(write=False) as work:
        note_anchors(work, records)
        kept = backup(work)
    for _ in range(2):
        clock.instant += timedelta(days=1)
        with work_on() as work:
            work.record("agency:added", "one")
        with work_on(write=False) as work:
            note_anchors(work, records)
    restore(work_on, kept)
    return people


def said(work_on, records):
    with work_on(write=False) as work:
        return [one.problem.partition(": ")[0] for one in verify_anchors(work, records.anchors())]


CUT = "the chain was cut or replaced"


def test_a_restored_trail_misses_what_was_noted_until_two_people_account_for_it(restored, work_on, records):
    first, second = restored
    # The chain itself is whole: only what was noted outside tells that its end is gone.
    assert findings(work_on) == []
    assert said(work_on, records) == [CUT, CUT]
    with work_on(first) as work:
        assert service.ask_about_restore(work, records.anchors()) == 2
    assert said(work_on, records) == [CUT, CUT]
    with work_on(write=False) as work:
        asked = service.waiting_restore(work, records.anchors()).seq
    with work_on(first) as work, pytest.raises(NeedsTwoPeople):
        service.confirm_restore(work, asked, records.anchors())
    with work_on() as work, pytest.raises(NotAllowed):
        service.confirm_restore(work, asked, records.anchors())
    with work_on(second) as work, pytest.raises(MoveNotPossible):
        service.confirm_restore(work, asked - 1, records.anchors())
    with work_on(second) as work:
        service.confirm_restore(work, asked, records.anchors())
    assert said(work_on, records) == []
    assert findings(work_on) == []
    with work_on(second) as work, pytest.raises(MoveNotPossible):
        service.ask_about_restore(work, records.anchors())


def test_what_is_cut_after_that_is_found_again(restored, work_on, records, clock):
    first, second = restored
    with work_on(first) as work:
        service.ask_about_restore(work, records.anchors())
    with work_on(second) as work:
        service.confirm_restore(work, service.waiting_restore(work, records.anchors()).seq, records.anchors())
    clock.instant += timedelta(days=1)
    with work_on(write=False) as work:
        note_anchors(work, records)
    assert said(work_on, records) == []
    with attacker(work_on) as connection:
        last = connection.execute(
            select(AuditEvent.seq, AuditEvent.prev_mac).order_by(AuditEvent.seq.desc())
        ).first()
        connection.execute(delete(AuditEvent).where(AuditEvent.seq == last.seq))
        connection.execute(update(AuditHead).values(seq=last.seq - 1, mac=last.prev_mac))
    assert findings(work_on) == []
    # Together with what confirmed the restore, what it superseded is missed again.
    assert said(work_on, records) == [CUT, CUT, CUT]


def test_one_person_with_two_browsers_is_one_person(restored, work_on, records):
    first, _ = restored
    with work_on(first) as work:
        service.ask_about_restore(work, records.anchors())
    with work_on(first) as work:
        seq = service.waiting_restore(work, records.anchors()).seq
        # As if the rule of two people had been passed by: verification holds it, too.
        work.record("audit:restore_confirmed", "audit_trail", asked=seq)
    assert said(work_on, records) == [CUT, CUT]


def test_the_page_asks_two_people_and_says_where_it_stands(restored, client, work_on, records):
    pages.sign_in(client, work_on, Role.ADMINISTRATOR, name="Robin Example")
    assert "Notes that the trail does not hold (2)" in pages.text_of(client.get(PAGE))
    assert pages.submit(client, PAGE).location == PAGE
    own = client.get(PAGE)
    assert "You said that a backup was put back. Somebody else confirms it." in pages.text_of(own)
    assert "/confirm" not in own.text
    pages.sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    shown = client.get(PAGE)
    assert "Robin Example said on" in pages.text_of(shown)
    (path,) = [one for one in shown.text.split('"') if one.endswith("/confirm")]
    answer = client.post(path, data={"csrf_token": pages.token(shown)})
    assert answer.location == PAGE
    assert "The trail holds each of the 3 notes" in pages.text_of(client.get(PAGE))
    assert said(work_on, records) == []


def test_administrators_are_sent_once_a_week_how_far_it_has_come_and_that_finds_a_cut_end(work_on, clock):
    with work_on() as work:
        account(work, Role.ADMINISTRATOR, email="lead@example.org")
        account(work, Role.COORDINATOR)
    for _ in range(2):
        with work_on() as work:
            service.mail_anchors(work)
    with work_on(write=False) as work:
        (mail,) = envelopes(work, MailKind.AUDIT_ANCHORS)
        assert mail["email"] == "lead@example.org"
        # However a mail program breaks its lines.
        broken = mail["params"]["lines"].replace(",", ",\n  ")
        mailed = anchors_in(f"Dear Wren\n\n{broken}\n\nPlease keep it.")
        assert [one.stream for one in mailed] == [Stream.ACTS]
        assert verify_anchors(work, mailed) == []
    clock.instant += timedelta(days=7)
    with work_on() as work:
        assert service.mail_anchors(work) == 1
    with attacker(work_on) as connection:
        connection.execute(delete(AuditEvent))
        connection.execute(delete(AuditHead))
    assert findings(work_on) == []
    with work_on(write=False) as work:
        assert [one.problem.partition(": ")[0] for one in verify_anchors(work, mailed)] == [CUT]


def test_notes_are_read_by_owner_and_group_whatever_the_umask_of_who_makes_them(work_on, records, tmp_path):
    before = os.umask(0o077)
    try:
        with work_on() as work:
            work.record("agency:added", "one")
        with work_on(write=False) as work:
            assert note_anchors(work, records) == 1
    finally:
        os.umask(before)
    folder = tmp_path / "records"
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder / "anchors.jsonl")]
    assert [f"{mode:o}" for mode in modes] == ["750", "640"]
    # What somebody has set since stays.
    (folder / "anchors.jsonl").chmod(0o600)
    records.note_anchors(records.anchors())
    assert stat.S_IMODE((folder / "anchors.jsonl").stat().st_mode) == 0o600


def test_notes_that_may_not_be_read_are_said_and_not_taken_for_none(
    app, client, work_on, records, monkeypatch
):
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    assert "Nothing was noted yet" in pages.text_of(client.get(PAGE))

    def refused(*_arguments, **_options):
        raise PermissionError

    monkeypatch.setattr(Path, "read_text", refused)
    # Neither web server nor scheduler starts, and each says why.
    with pytest.raises(SetupIncomplete, match=r"may not read .*erasures\.jsonl.*JAGS_RECORDS_DIR"):
        refuse_older_database(app)
    shown = client.get(PAGE)
    assert "The notes cannot be read from here" in pages.text_of(shown)
    assert "Nothing was noted yet" not in pages.text_of(shown)
    assert "jsonl" not in shown.text
    assert "<form" not in shown.text.partition("<main")[2].partition("</main")[0]
