"""Sealed values open where they were sealed and nowhere else, also after a change of keys."""

import base64
import dataclasses
import os
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, update

from factories.statements import statements
from jags.accounts.model import Person
from jags.accounts.queries import contact_of, find_person_by_email
from jags.accounts.rules import Contact
from jags.accounts.service import add_person
from jags.adapters.keys import KeyDirectory, SingleKey
from jags.kernel.errors import SetupIncomplete
from jags.kernel.sealing import DataKey, SealBroken, Vault

WREN = Contact(name="Wren Young", email="wren@example.org", phone="01632 960123")
ASH = Contact(name="Ash Reed", email="ash@example.org")


@pytest.fixture
def two_people(work_on):
    with work_on() as work:
        return add_person(work, contact=WREN).id, add_person(work, contact=ASH).id


def column_of(work, column, person_id):
    return work.session.scalar(select(column).where(Person.id == person_id))


def put(work, person_id, **values):
    """Write as somebody does who has the database and not the keys."""
    work.session.execute(update(Person).where(Person.id == person_id).values(**values))


def opened(work_on, person_id):
    with work_on(write=False) as work:
        return contact_of(work, work.session.get_one(Person, person_id))


def test_a_sealed_value_opens_and_the_database_does_not_hold_its_text(two_people, work_on):
    wren, _ash = two_people
    assert opened(work_on, wren) == WREN
    with work_on(write=False) as work:
        stored = column_of(work, Person.contact_sealed, wren)
    assert not any(text.encode() in stored for text in ("Wren", "wren@", "01632"))


def test_the_same_value_never_looks_the_same(work_on):
    with work_on() as work:
        person = add_person(work, contact=WREN)
        first = person.contact_sealed
        work.vault.seal(person, "contact", WREN)
        assert person.contact_sealed != first


def test_a_value_swapped_with_another_persons_does_not_open(two_people, work_on):
    wren, ash = two_people
    with work_on() as work:
        put(work, wren, contact_sealed=column_of(work, Person.contact_sealed, ash))
    with pytest.raises(SealBroken):
        opened(work_on, wren)


def test_a_value_moved_with_its_key_does_not_open(two_people, work_on):
    wren, ash = two_people
    with work_on() as work:
        put(
            work,
            wren,
            contact_sealed=column_of(work, Person.contact_sealed, ash),
            key_id=column_of(work, Person.key_id, ash),
        )
    with pytest.raises(SealBroken):
        opened(work_on, wren)


def test_a_value_does_not_open_under_another_column(two_people, work_on):
    with work_on() as work:
        person = work.session.get_one(Person, two_people[0])
        person.other_sealed = person.contact_sealed
        with pytest.raises(SealBroken):
            work.vault.open(person, "other", Contact)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1]),
        lambda sealed: sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:],
        lambda sealed: b"\x02" + sealed[1:],
        lambda sealed: sealed[:-5],
        lambda sealed: sealed[:6],
        lambda sealed: sealed[:0],
    ],
)
def test_a_changed_value_does_not_open(two_people, work_on, spoil):
    with work_on() as work:
        put(work, two_people[0], contact_sealed=spoil(column_of(work, Person.contact_sealed, two_people[0])))
    with pytest.raises(SealBroken):
        opened(work_on, two_people[0])


def test_a_key_put_in_place_of_another_opens_nothing(two_people, work_on):
    wren, ash = two_people
    with work_on() as work:
        key_of_ash = work.session.get_one(DataKey, column_of(work, Person.key_id, ash))
        work.session.execute(
            update(DataKey)
            .where(DataKey.id == column_of(work, Person.key_id, wren))
            .values(wrapped=key_of_ash.wrapped)
        )
    with pytest.raises(SealBroken):
        opened(work_on, wren)


def test_destroying_a_key_makes_its_values_unreadable_and_no_others(two_people, work_on):
    wren, ash = two_people
    with work_on() as work:
        key = work.session.get_one(DataKey, column_of(work, Person.key_id, wren))
        key.wrapped = os.urandom(len(key.wrapped))
    with pytest.raises(SealBroken):
        opened(work_on, wren)
    assert opened(work_on, ash) == ASH


def test_an_empty_column_opens_as_the_default(two_people, work_on):
    with work_on() as work:
        put(work, two_people[0], contact_sealed=None)
    with work_on(write=False) as work:
        person = work.session.get_one(Person, two_people[0])
        assert work.vault.open(person, "contact", Contact) == Contact()


def test_fields_that_are_gone_are_dropped_and_new_ones_take_their_default(two_people, work_on):
    @dataclass(frozen=True)
    class Later:
        name: str = ""
        pronouns: str = "not asked"

    with work_on(write=False) as work:
        person = work.session.get_one(Person, two_people[0])
        assert work.vault.open(person, "contact", Later) == Later("Wren Young", "not asked")


def test_prefetch_loads_the_keys_of_a_list_with_one_query(app, work_on):
    with work_on() as work:
        for number in range(30):
            add_person(work, contact=Contact(name=f"Person {number}", email=f"p{number}@example.org"))
    with work_on(write=False) as work:
        people = work.session.scalars(select(Person).order_by(Person.id)).all()
        with statements(app) as seen:
            work.vault.prefetch(people)
            names = {contact_of(work, person).name for person in people}
    assert names == {f"Person {number}" for number in range(30)}
    assert len(seen) == 1


def test_a_person_is_found_by_address_without_a_readable_index(two_people, work_on):
    with work_on(write=False) as work:
        assert find_person_by_email(work, " WREN@example.org ").id == two_people[0]
        assert find_person_by_email(work, "wren@example.com") is None
        index = column_of(work, Person.email_index, two_people[0])
        assert index != work.vault.blind_index("failure", WREN.email)


def vault(work, masters):
    return Vault(work.session, masters)


def write_key(folder, key_id):
    (folder / f"{key_id}.key").write_bytes(base64.b64encode(os.urandom(32)))


def test_a_second_key_file_wraps_new_keys_and_the_old_one_still_opens(work_on, tmp_path):
    write_key(tmp_path, "20260101")
    with work_on() as work:
        old = vault(work, KeyDirectory(tmp_path)).new_key(name="old")
    write_key(tmp_path, "20270101")
    with work_on() as work:
        rotated = vault(work, KeyDirectory(tmp_path))
        new = rotated.new_key(name="new")
        assert work.session.get_one(DataKey, old).master_key_id == "20260101"
        assert work.session.get_one(DataKey, new).master_key_id == "20270101"
    with work_on() as work:
        later = vault(work, KeyDirectory(tmp_path))
        assert len({later.system_key("old"), later.system_key("new")}) == 2


def test_a_running_process_finds_a_key_that_was_added_since(work_on, tmp_path):
    write_key(tmp_path, "20260101")
    running = KeyDirectory(tmp_path)
    write_key(tmp_path, "20270101")
    with work_on() as work:
        restarted = vault(work, KeyDirectory(tmp_path))
        made = restarted.system_key(restarted_name := "made-elsewhere")
    with work_on() as work:
        assert vault(work, running).system_key(restarted_name) == made
    assert running.current_id() == "20270101"


def test_a_key_file_that_was_taken_away_is_named(work_on, tmp_path):
    write_key(tmp_path, "20260101")
    with work_on() as work:
        vault(work, KeyDirectory(tmp_path)).new_key(name="old")
    (tmp_path / "20260101.key").rename(tmp_path / "20270101.key")
    with work_on() as work, pytest.raises(SetupIncomplete, match=r"20260101 is not in .*: put its file back"):
        vault(work, KeyDirectory(tmp_path)).system_key("old")


def test_another_master_key_under_the_same_name_opens_nothing(work_on, app, two_people):
    ports = app.extensions["jags_ports"]
    other = SingleKey(base64.b64encode(os.urandom(32)).decode())
    app.extensions["jags_ports"] = dataclasses.replace(ports, masters=other)
    try:
        with pytest.raises(SealBroken):
            opened(work_on, two_people[0])
    finally:
        app.extensions["jags_ports"] = ports


def test_no_new_key_is_made_for_a_system_key_that_is_there(work_on):
    with work_on() as work:
        before = work.session.scalar(select(func.count()).select_from(DataKey))
        work.vault.system_key("audit-mac")
        work.vault.system_key("blind-index")
        assert work.session.scalar(select(func.count()).select_from(DataKey)) == before
