"""A promise of privacy: retention, erasure and legal hold are settings; a purge lists first, runs after, and is applied again before
a restored copy opens."""

import dataclasses
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from factories.erasing import backup, ended_request, erased_agreement, restore, take_through, two_people
from factories.people import account, link
from factories.pool import facilitator, signs_in
from factories.requests import in_triage
from factories.sessions import COORDINATOR
from jags.accounts.model import Account, Link, Person
from jags.accounts.queries import contact_of as person_contact
from jags.accounts.rules import AccountState, Purpose, Role
from jags.accounts.service import end_access
from jags.adapters.records import OutsideRecords
from jags.allocation.queries import broken_records
from jags.audit.model import AuditDetail
from jags.audit.service import verify
from jags.evaluation.queries import figures
from jags.extensions import db
from jags.facilitators.rules import FacilitatorStatus
from jags.facilitators.service import set_status
from jags.jobs.outside import note_erasures, refuse_older_database
from jags.jobs.runner import Runner
from jags.kernel.errors import Invalid, MoveNotPossible, SetupIncomplete
from jags.kernel.sealing import DataKey, Erased
from jags.kernel.time import london_date
from jags.notifications.model import OutboxMessage
from jags.requests.model import NetworkMember, Request, RequestMove
from jags.requests.queries import contact_of, detail_of
from jags.requests.rules import PauseReason
from jags.requests.service import add_note, lift_pause, pause_request
from jags.retention import queries, service
from jags.retention.model import RetentionItem
from jags.retention.policy import NeedsTwoPeople
from jags.retention.rules import Action, ListState, Outcome, RecordKind, Rule, Trigger
from servers.stored import copies_of


def sealed_left(work, request_id):
    """Return every sealed value that is left under a request's key, over all tables."""
    key_id = work.session.get_one(Request, request_id).key_id
    left = []
    for table in Request.metadata.sorted_tables:
        if "key_id" not in table.c:
            continue
        sealed = [column for column in table.c if column.name.endswith("_sealed")]
        rows = work.session.execute(select(*sealed).where(table.c.key_id == key_id)) if sealed else ()
        left += [value for row in rows for value in row if value is not None]
    return left


def test_a_rule_is_a_setting_with_bounds(work_on):
    with work_on() as work:
        first, _ = two_people(work)
    wanted = Rule(RecordKind.REQUEST, Trigger.RECEIVED, 60, Action.REVIEW, "Records manager")
    with work_on(first) as work:
        service.set_rule(work, wanted)
    with work_on(write=False) as work:
        assert queries.rule_of(work, RecordKind.REQUEST) == dataclasses.replace(wanted, version=1)
    for wrong in (
        dataclasses.replace(wanted, months=11, version=1),
        dataclasses.replace(wanted, trigger=Trigger.LEFT, version=1),
        dataclasses.replace(wanted, owner=" ", version=1),
    ):
        with work_on(first) as work, pytest.raises(Invalid):
            service.set_rule(work, wrong)


def test_what_is_due_is_listed_and_nothing_is_changed_by_the_list(work_on):
    with work_on() as work:
        old = ended_request(work).id
        ended_request(work, years=1)
        in_triage(work).received_at = work.now - timedelta(days=4000)
        first, _ = two_people(work)
    with work_on(first) as work:
        made = service.make_list(work)
        assert [(item.kind, item.subject_id) for item in made.items] == [(RecordKind.REQUEST, old)]
    with work_on() as work:
        assert service.carry_out(work) == 0
        assert detail_of(work, work.session.get_one(Request, old)).pseudonym == "Kestrel"


def test_who_put_a_list_forward_does_not_approve_it(work_on):
    with work_on() as work:
        ended_request(work)
        first, second = two_people(work)
    with work_on(first) as work:
        made = service.make_list(work).id
    with work_on(second) as work, pytest.raises(MoveNotPossible):
        service.approve(work, made, version=1)
    with work_on(first) as work:
        service.put_forward(work, made, version=1)
    with work_on(first) as work, pytest.raises(NeedsTwoPeople):
        service.approve(work, made, version=2)
    with work_on(second) as work:
        service.approve(work, made, version=2)
    with work_on(write=False) as work:
        assert queries.get_list(work, made).state is ListState.APPROVED


def test_nothing_of_a_request_opens_after_two_people_agreed_and_figures_stay(work_on):
    with work_on() as work:
        old = ended_request(work).id
        first, second = two_people(work)
        received = work.session.get_one(Request, old).received_on
        before = figures(work, from_on=received, to_on=received)
        link(work, Purpose.REQUEST_STATUS, old)
        # So that the test can fail: there is something to find, in every kind of place.
        assert len(sealed_left(work, old)) > 6
        assert work.session.scalars(select(Link).where(Link.subject_id == old)).all() != []
    with work_on(first) as work:
        work.record("request:legal_hold_lifted", old, reason="The mother of Kestrel rang.")
    with work_on(write=False) as work:
        assert work.session.scalars(select(AuditDetail)).all() != []
    take_through(work_on, first, second)
    with work_on() as work:
        request = work.session.get_one(Request, old)
        assert request.erased_at is not None
        assert sealed_left(work, old) == []
        assert work.session.get_one(DataKey, request.key_id).wrapped == b""
        assert (contact_of(work, request).name, detail_of(work, request).pseudonym) == ("", "")
        assert {m.email_index for m in work.session.scalars(select(NetworkMember))} == {None}
        assert (request.requester_email_index, request.own_reference_index) == (None, None)
        assert work.session.scalars(select(Link).where(Link.subject_id == old)).all() == []
        about = select(OutboxMessage.envelope_sealed).where(OutboxMessage.about_ref == str(old))
        assert set(work.session.scalars(about)) == {None}
        assert work.session.scalars(select(AuditDetail)).all() == []
        # What is plain stays, and with it every figure; the trail is whole.
        assert len(request.moves) == len(work.session.scalars(select(RequestMove)).all()) > 0
        assert figures(work, from_on=received, to_on=received) == before
        assert (verify(work), broken_records(work)) == ([], [])
    with work_on(COORDINATOR) as work, pytest.raises(Erased):
        add_note(work, old, text="Something more")


def on_the_pages(app) -> bytes:
    """Return what the database's own files hold of data keys, deleted or not: SQLite's with its log."""
    with app.app_context(), db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            return b"".join(copies_of(app.config["JAGS"].database_url))
        connection.execute(text("CHECKPOINT"))
        return bytes(
            connection.scalar(text("SELECT pg_read_binary_file(pg_relation_filepath('data_key'::regclass))"))
        )


def test_no_page_and_no_log_keeps_the_key_of_what_was_erased(app, work_on):
    with work_on() as work:
        first, second = two_people(work)
        key_id = ended_request(work).key_id
    with work_on(write=False) as work:
        wrapped = work.session.scalar(select(DataKey.wrapped).where(DataKey.id == key_id))
    assert wrapped in on_the_pages(app)
    take_through(work_on, first, second)
    # What the job of erasures does once it has committed.
    Runner(app).tick()
    assert wrapped not in on_the_pages(app)


def test_an_erased_independence_record_is_no_finding_and_a_removed_one_is(work_on):
    request_id = erased_agreement(work_on)
    with work_on() as work:
        assert work.session.get_one(Request, request_id).erased_at is not None
        assert broken_records(work) == []
        work.session.execute(text("DELETE FROM independence_record"))
        assert len(broken_records(work)) == 1


def test_legal_hold_keeps_what_was_approved_until_it_is_lifted(work_on):
    with work_on() as work:
        old = ended_request(work).id
        first, second = two_people(work)
    with work_on(first) as work:
        made = service.make_list(work).id
        service.put_forward(work, made, version=1)
    with work_on(second) as work:
        service.approve(work, made, version=2)
        pause_request(work, old, reason=PauseReason.COURT_OR_POLICE)
    with work_on() as work:
        assert service.carry_out(work) == 0
        item = work.session.scalars(select(RetentionItem)).one()
        assert (item.outcome, queries.get_list(work, made).state) == (Outcome.KEPT, ListState.DONE)
    with work_on(COORDINATOR) as work:
        # Legal hold stays on when the pause is lifted, and is said on the next list.
        lift_pause(work, old, version=work.session.get_one(Request, old).version)
        assert [one.held for _, one in queries.due(work)] == [True]
        reference = work.session.get_one(Request, old).reference
    with work_on(first) as work, pytest.raises(Invalid, match="legal hold"):
        service.list_one_request(work, reference=reference, reason="The family asks.")
    with work_on(write=False) as work:
        assert detail_of(work, work.session.get_one(Request, old)).pseudonym == "Kestrel"


def test_one_request_is_erased_before_its_time_when_two_people_agree(work_on):
    with work_on() as work:
        recent = ended_request(work, years=0)
        open_one = in_triage(work).reference
        reference, recent_id = recent.reference, recent.id
        first, second = two_people(work)
    with work_on(second) as work, pytest.raises(Invalid, match="has not ended"):
        service.list_one_request(work, reference=open_one, reason="The family asks.")
    with work_on(second) as work:
        made = service.list_one_request(work, reference=reference, reason="The family asks.").id
        service.put_forward(work, made, version=1)
    with work_on(first) as work:
        found = queries.get_list(work, made)
        service.approve(work, made, version=found.version)
    with work_on() as work:
        assert service.carry_out(work) == 1
        assert work.session.get_one(Request, recent_id).erased_at is not None


def test_whoever_left_the_pool_is_somebody_without_a_name(work_on, clock):
    with work_on() as work:
        person_id = facilitator(work, "Ash Reed")
        signs_in(work, person_id)
        set_status(work, person_id, FacilitatorStatus.LEFT)
        account_id = work.session.scalars(select(Account).where(Account.person_id == person_id)).one().id
        first, second = two_people(work)
        assert queries.due(work) == []
    clock.instant += timedelta(days=800)
    take_through(work_on, first, second)
    with work_on() as work:
        person = work.session.get_one(Person, person_id)
        assert person_contact(work, person).name == "Somebody who has left"
        assert (person.email_index, person.contact_sealed) == (None, None)
        assert work.session.get_one(Account, account_id).state is AccountState.DISABLED
        assert london_date(work.now) > work.today - timedelta(days=1)


@pytest.mark.parametrize("state", [AccountState.DISABLED, AccountState.SUSPENDED])
def test_whoever_has_no_access_any_more_is_somebody_without_a_name(work_on, clock, state):
    with work_on() as work:
        left, stays = (account(work, Role.EVALUATION_READER, name="Ash Reed") for _ in range(2))
        person_id, stays_id = left.person_id, stays.person_id
        first, second = two_people(work)
    with work_on() as work:
        end_access(
            work,
            work.session.scalars(select(Account).where(Account.person_id == person_id)).one(),
            state=state,
        )
        assert queries.due(work) == []
    clock.instant += timedelta(days=800)
    with work_on(write=False) as work:
        (due,) = queries.due_under(work, queries.rule_of(work, RecordKind.PERSON))
        assert (due.subject_id, due.label) == (person_id, "somebody who had an account")
    take_through(work_on, first, second)
    with work_on() as work:
        assert person_contact(work, work.session.get_one(Person, person_id)).name == "Somebody who has left"
        assert person_contact(work, work.session.get_one(Person, stays_id)).name == "Ash Reed"
        assert queries.due_under(work, queries.rule_of(work, RecordKind.PERSON)) == []


@pytest.fixture
def records(app, tmp_path, monkeypatch):
    found = OutsideRecords(tmp_path / "records")
    monkeypatch.setitem(app.extensions, "jags_records", found)
    return found


def test_a_restored_copy_does_not_open_before_what_was_erased_is_erased_again(app, work_on, records):
    with work_on() as work:
        old = ended_request(work).id
        first, second = two_people(work)
        kept = backup(work)
    take_through(work_on, first, second)
    with work_on(write=False) as work:
        assert note_erasures(work, records) == 1
        assert note_erasures(work, records) == 0
    refuse_older_database(app)
    restore(work_on, kept)
    with work_on(write=False) as work:
        assert detail_of(work, work.session.get_one(Request, old)).pseudonym == "Kestrel"
    with pytest.raises(SetupIncomplete, match="jags retention reapply"):
        refuse_older_database(app)
    with work_on() as work:
        assert service.apply_again(work, records.erasures()) == 1
        assert service.apply_again(work, records.erasures()) == 0
    refuse_older_database(app)
    with work_on(write=False) as work:
        assert sealed_left(work, old) == []
        assert verify(work) == []


def test_a_record_that_cannot_be_read_is_said(records):
    records._append("erasures.jsonl", ["no note"])
    with pytest.raises(Invalid, match="Line 1"):
        records.erasures()


def test_the_job_lists_once_on_the_first_of_a_month(work_on, clock):
    with work_on() as work:
        ended_request(work)
        first, _ = two_people(work)
        assert service.make_list_by_job(work) == 0
    clock.instant = clock.instant.replace(month=12, day=1)
    with work_on() as work:
        assert service.make_list_by_job(work) == 1
    with work_on() as work:
        assert service.make_list_by_job(work) == 0
        made = queries.open_list(work).id
    with work_on(first) as work:
        service.drop(work, made, version=1)
    with work_on() as work:
        assert service.make_list_by_job(work) == 0
