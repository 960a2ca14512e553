"""Master keys change while people read and write, keyed indexes are made anew, and a key comes back from paper."""

import base64
import dataclasses
import os
import threading

import pytest
from sqlalchemy import select

from factories.erasing import ended_request, take_through, two_people
from factories.people import agency
from factories.requests import in_triage
from jags.accounts.model import Person
from jags.accounts.queries import contact_of, find_person_by_email
from jags.accounts.rules import Contact
from jags.accounts.service import add_person
from jags.adapters.keys import KeyDirectory, new_master_key
from jags.audit.service import verify
from jags.custody.rules import fingerprint, key_of, sheet_of
from jags.custody.service import mend_indexes, remake_indexes, wrap_again, wrapped_by
from jags.kernel.errors import Invalid
from jags.kernel.sealing import DataKey
from jags.requests.model import Request
from jags.requests.queries import detail_of, find_for_requester


@pytest.fixture
def masters(app, tmp_path, work_on):
    """A directory of keys whose oldest is the one that the database was made with."""
    ports = app.extensions["jags_ports"]
    folder = tmp_path / "master"
    folder.mkdir()
    first = folder / "master.key"
    first.write_text(base64.b64encode(ports.masters.get("master")).decode())
    found = KeyDirectory(folder)
    app.extensions["jags_ports"] = dataclasses.replace(ports, masters=found)
    yield found
    app.extensions["jags_ports"] = ports


def rotate(work_on):
    total = 0
    while True:
        with work_on() as work:
            number = wrap_again(work)
        if not number:
            return total
        total += number


def test_a_key_that_was_added_counts_without_a_restart(masters):
    assert masters.current_id() == "master"
    new_master_key(masters.directory / "zz.key")
    assert masters.current_id() == "zz"


def test_everything_opens_with_the_new_key_alone(masters, work_on):
    with work_on() as work:
        request_id = in_triage(work).id
    new_master_key(masters.directory / "zz.key")
    with work_on() as work:
        before = sum(wrapped_by(work).values())
    assert rotate(work_on) == before
    with work_on() as work:
        assert wrapped_by(work) == {"zz": before}
    assert rotate(work_on) == 0
    (masters.directory / "master.key").unlink()
    alone = KeyDirectory(masters.directory)
    assert alone.ids() == ["zz"]
    masters._keys = {}
    with work_on() as work:
        assert detail_of(work, work.session.get_one(Request, request_id)).pseudonym == "Kestrel"
        assert verify(work) == []


def test_nobody_who_reads_or_writes_meanwhile_is_disturbed(masters, work_on):
    with work_on() as work:
        ids = [in_triage(work).id for _ in range(4)]
    failed, stop, rounds = [], threading.Event(), threading.Semaphore(0)

    def traffic(number):
        # A breath between two pages, as people take it: SQLite has one writer at a time.
        while not stop.wait(0.05):
            try:
                with work_on(write=False) as work:
                    assert detail_of(work, work.session.get_one(Request, ids[number])).pseudonym == "Kestrel"
                with work_on() as work:
                    add_person(
                        work, contact=Contact(name="Wren Young", email=f"{os.urandom(6).hex()}@example.org")
                    )
            except Exception as error:  # noqa: BLE001 - Whatever disturbs them is told.
                failed.append(repr(error))
                rounds.release(100)
                return
            rounds.release()

    threads = [threading.Thread(target=traffic, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for name in ("xa", "xb", "xc"):
        # Somebody has read and written since the last key.
        rounds.acquire(timeout=60)
        new_master_key(masters.directory / f"{name}.key")
        rotate(work_on)
    stop.set()
    for thread in threads:
        thread.join()
    assert failed == []
    rotate(work_on)
    with work_on() as work:
        assert set(wrapped_by(work)) == {"xc"}
        people = work.session.scalars(select(Person)).all()
        assert {contact_of(work, person).name for person in people} == {"Wren Young"}


def test_a_destroyed_key_is_not_wrapped_again(masters, work_on):
    with work_on() as work:
        old = ended_request(work).id
        first, second = two_people(work)
    take_through(work_on, first, second)
    new_master_key(masters.directory / "zz.key")
    rotate(work_on)
    with work_on() as work:
        assert work.session.get_one(DataKey, work.session.get_one(Request, old).key_id).wrapped == b""


def test_indexes_are_made_anew_and_find_the_same_people(work_on):
    with work_on() as work:
        police = agency(work)
        wren = add_person(work, contact=Contact(name="Wren Young", email="wren@example.org"), agency=police)
        ash = add_person(work, contact=Contact(name="Ash Reed", email="ash@example.org"), agency=police)
        ash.line_manager_email_index = wren.email_index
        wren.line_manager_email_index = work.vault.blind_index("email", "nobody@example.org")
        before, wren_id, ash_id = wren.email_index, wren.id, ash.id
        request = in_triage(work)
        reference, old = request.reference, request.requester_email_index
    with work_on() as work:
        made, lost = remake_indexes(work)
        assert (made > 4, lost) == (True, 1)
    with work_on() as work:
        assert mend_indexes(work) == 0
        found = find_person_by_email(work, "Wren@example.org")
        assert (found.id, found.email_index != before) == (wren_id, True)
        people = {one.id: one.line_manager_email_index for one in work.session.scalars(select(Person))}
        assert people == {wren_id: None, ash_id: found.email_index}
        index = work.vault.blind_index("email", "asha@example.org")
        assert find_for_requester(work, reference=reference, email_index=index) is not None
        assert find_for_requester(work, reference=reference, email_index=old) is None


def test_what_was_written_with_the_former_index_is_mended(work_on):
    with work_on() as work:
        add_person(work, contact=Contact(name="Wren Young", email="wren@example.org"))
        work.session.flush()
        work.session.scalars(select(Person)).one().email_index = b"of the former key"
    with work_on() as work:
        assert mend_indexes(work) == 1
        assert find_person_by_email(work, "wren@example.org") is not None


KEY = bytes(range(32))


def typed(sheet):
    """Return what somebody types off a sheet: small letters, figures that look like letters, no hints."""
    return "\n".join(
        line.lower().replace("o", "0") if line[:3].strip().isdecimal() else line
        for line in sheet.splitlines()
    )


def test_a_key_comes_back_from_paper():
    sheet = sheet_of("20261127T101500", KEY, printed_on="27 November 2026")
    assert key_of(sheet) == ("20261127T101500", KEY)
    assert key_of(typed(sheet)) == ("20261127T101500", KEY)
    assert fingerprint(KEY) in sheet
    assert base64.b64encode(KEY).decode() not in sheet


def test_a_mistyped_line_is_named_and_a_missing_one_is_said():
    lines = sheet_of("k", KEY, printed_on="27 November 2026").splitlines()
    second = next(n for n, line in enumerate(lines) if line.strip().startswith("2 "))
    wrong = lines[second].replace("A", "B", 1) if "A" in lines[second] else lines[second].replace("E", "F", 1)
    with pytest.raises(Invalid, match="Line 2"):
        key_of("\n".join([*lines[:second], wrong, *lines[second + 1 :]]))
    with pytest.raises(Invalid, match="missing"):
        key_of("\n".join([*lines[:second], *lines[second + 1 :]]))
    with pytest.raises(Invalid, match="missing"):
        key_of("nothing")
