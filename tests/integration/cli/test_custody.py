"""Commands on keys and anchors: rotation, sheets for paper, and what was noted outside."""

import base64
import json

import pytest
from sqlalchemy import delete, select, text

from jags.adapters.records import OutsideRecords
from jags.audit.model import AuditEvent, AuditHead
from jags.jobs.outside import note_anchors


@pytest.fixture
def key_directory(settings, tmp_path):
    """Let the commands find the key that the database was made with in a directory."""
    folder = tmp_path / "master"
    folder.mkdir()
    (folder / "master.key").write_text(settings.pop("JAGS_MASTER_KEY"))
    settings |= {"JAGS_MASTER_KEY_FILE": str(folder), "JAGS_RECORDS_DIR": str(tmp_path / "records")}
    return folder


def test_rotate_makes_a_key_and_wraps_everything_under_it(jags, key_directory):
    jags("accounts", "invite", "wren@example.org", "--role", "coordinator")
    said = jags("keys", "rotate", "--indexes")
    assert (said.exit_code, len(list(key_directory.glob("*.key")))) == (0, 2)
    assert "master wraps 0 data keys: keep it as long as backups need it" in said.stdout
    assert "0 addresses of line managers were forgotten" in said.stdout
    again = jags("keys", "rotate", "--keep-master")
    assert again.stdout.startswith("0 data keys are wrapped anew.")
    assert jags("audit", "verify").exit_code == 0
    assert jags("keys", "list").stdout.count("wraps") == 2


def test_one_key_of_the_environment_cannot_be_followed(jags):
    refused = jags("keys", "rotate")
    assert (refused.exit_code, refused.stderr.count("\n")) == (2, 1)
    assert "directory of keys" in refused.stderr


def test_a_printed_sheet_becomes_a_key_file_again(jags, key_directory, tmp_path):
    printed = jags("keys", "print").stdout
    sheet, restored = tmp_path / "sheet.txt", tmp_path / "again"
    sheet.write_text(printed)
    assert jags("keys", "restore", str(sheet), str(restored)).exit_code == 0
    assert (restored / "master.key").read_text().strip() == (key_directory / "master.key").read_text().strip()
    assert base64.b64decode((restored / "master.key").read_text())
    refused = jags("keys", "restore", str(sheet), str(restored))
    assert (refused.exit_code, "not written over" in refused.stderr) == (2, True)
    sheet.write_text(printed.replace("JAGS key", "JAGS keys"))
    assert jags("keys", "restore", str(sheet), str(restored)).exit_code == 2


def test_verify_holds_the_chain_against_what_was_noted_outside(jags, key_directory, work_on, tmp_path):
    jags("accounts", "invite", "wren@example.org", "--role", "coordinator")
    noted = json.loads(jags("audit", "anchor").stdout)
    assert noted["stream"] == "acts"
    whole = jags("audit", "verify")
    assert (whole.exit_code, "It holds the 1 anchors" in whole.stdout) == (0, True)
    with work_on() as work:
        connection = work.session.connection()
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER audit_event_delete"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(delete(AuditEvent))
        connection.execute(delete(AuditHead))
    emptied = jags("audit", "verify")
    assert (emptied.exit_code, "was cut or replaced" in emptied.stdout) == (1, True)
    anchors = tmp_path / "records" / "anchors.jsonl"
    anchors.write_text(anchors.read_text().replace(noted["mac"], "0" * 64))
    assert "an anchor kept outside was changed or forged" in jags("audit", "verify").stdout
    anchors.write_text("nothing\n")
    assert "Line 1 of the anchors cannot be read" in jags("audit", "verify").stdout


def test_verify_holds_the_chain_against_what_was_mailed(jags, key_directory, work_on, tmp_path):
    jags("accounts", "invite", "wren@example.org", "--role", "coordinator")
    noted = jags("audit", "anchor").stdout
    (tmp_path / "records" / "anchors.jsonl").unlink()
    mailed = tmp_path / "mails.txt"
    mailed.write_text(f"Dear Wren\n\n{noted}\nPlease keep it.")
    assert jags("audit", "verify", "--anchors", str(mailed)).exit_code == 0
    mailed.write_text(noted.replace('"seq": ', '"seq": 9'))
    forged = jags("audit", "verify", "--anchors", str(mailed))
    assert (forged.exit_code, "an anchor kept outside was changed or forged" in forged.stdout) == (1, True)
    for words, said in (("Dear Wren", "There is no anchor"), ("{}", "Line 1 of the anchors")):
        mailed.write_text(words)
        refused = jags("audit", "verify", "--anchors", str(mailed))
        assert (refused.exit_code, said in refused.stderr) == (2, True)


def test_the_scheduler_notes_the_end_of_the_chain_once_a_day(work_on, clock, tmp_path):
    records = OutsideRecords(tmp_path / "records")
    with work_on() as work:
        work.record("agency:added", "one")
    with work_on(write=False) as work:
        assert (note_anchors(work, records), note_anchors(work, records)) == (1, 0)
    clock.instant = clock.instant.replace(day=25)
    with work_on(write=False) as work:
        assert note_anchors(work, records) == 1
        assert [one.seq for one in records.anchors()] == [
            work.session.scalars(select(AuditHead.seq)).one()
        ] * 2
