"""Each agreement leaves a record of what was checked, which the audit trail can vouch for, on both databases."""

import pytest
from sqlalchemy import delete, select, update

from factories.people import account
from factories.pool import (
    TALK,
    accepted_request,
    declares,
    facilitator,
    involved,
    offer_to,
    offered,
)
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.allocation.model import IndependenceRecord
from jags.allocation.queries import broken_records, get_offer, independence_record
from jags.allocation.rules import Rule
from jags.allocation.rules.record import INDEPENDENCE_RULES, read_record, write_record
from jags.allocation.service import accept_offer, clear_talk, decline_offer, note_identity
from jags.allocation.service.answering import AskUsFirst
from jags.audit.service import verify
from jags.kernel.errors import MoveNotPossible, NotAllowed, NotFound, Stale


@pytest.fixture
def pair(work_on):
    with work_on() as work:
        return offered(work, "Ann", "Ben")


def accept(work_on, found, n):
    with work_on(found.actors[n]) as work:
        declares(work, found.offers[n])
    with work_on(found.actors[n]) as work:
        accept_offer(work, found.offers[n], version=get_offer(work, found.offers[n]).version)


def agreed(work_on, found):
    accept(work_on, found, 0)
    accept(work_on, found, 1)
    return found.request_id


def test_record_names_what_was_checked_declared_and_recorded_of_each(work_on, pair):
    request_id = agreed(work_on, pair)
    with work_on() as work:
        record, facts = independence_record(work, request_id)
        names = [person["name"] for person in facts["facilitators"]]
        assert sorted(names) == ["Ann", "Ben"]
        for person in facts["facilitators"]:
            assert [one["rule"] for one in person["checks"]] == [str(rule) for rule in INDEPENDENCE_RULES]
            assert not any(one["found"] for one in person["checks"])
            assert all("requester" in one["compared_with"] for one in person["checks"])
            assert (person["current"], len(person["declaration"])) == (True, 6)
            assert {one["answer"] for one in person["declaration"]} == {"No connection"}
        assert facts["exceptions"] == []
        assert record.request_id == request_id


def test_there_is_no_record_before_both_have_agreed(work_on, pair):
    accept(work_on, pair, 0)
    with work_on() as work:
        with pytest.raises(NotFound):
            independence_record(work, pair.request_id)
        assert broken_records(work) == []


def test_a_talk_and_an_agreed_exception_stand_in_the_record_with_their_reasons(work_on):
    with work_on() as work:
        coordinator = actor_of(account(work, Role.COORDINATOR))
        people = (facilitator(work, "Ann", of="one"), facilitator(work, "Ben", of="one"))
        found = offer_to(
            work, accepted_request(work), people, exceptions={Rule.AGENCY: "Nobody else is free."}
        )
    with work_on(found.actors[0]) as work:
        declares(work, found.offers[0], TALK)
    with work_on(coordinator) as work:
        clear_talk(work, found.offers[0], "They met once at a course.")
    with work_on(found.actors[0]) as work:
        accept_offer(work, found.offers[0], version=get_offer(work, found.offers[0]).version)
    accept(work_on, found, 1)
    with work_on() as work:
        facts = independence_record(work, found.request_id)[1]
        ann = next(one for one in facts["facilitators"] if one["name"] == "Ann")
        assert [one["reason"] for one in ann["doubts"]] == ["They met once at a course."]
        assert [one["reason"] for one in facts["exceptions"]] == ["Nobody else is free."]


def test_names_of_the_network_are_not_copied_into_the_record(work_on):
    with work_on() as work:
        people = (facilitator(work, "Ann"), facilitator(work, "Ben"))
        request = accepted_request(work, people=(involved("Zacharia Quill", team="Team Nine"),))
        found = offer_to(work, request, people)
    agreed(work_on, found)
    with work_on() as work:
        facts = independence_record(work, found.request_id)[1]
        assert "network: Team Nine" in facts["facilitators"][0]["checks"][0]["compared_with"]
        assert "Quill" not in str(facts)


def test_verification_finds_a_changed_a_missing_and_an_unrecorded_record(work_on, pair):
    request_id = agreed(work_on, pair)
    with work_on() as work:
        assert broken_records(work) == []
        record, facts = independence_record(work, request_id)
        work.vault.seal(record, "facts", write_record({**facts, "exceptions": ["none"]}))
    with work_on() as work:
        assert [line.rpartition(" ")[2] for line in broken_records(work)] == ["changed"]
        assert verify(work) == []
        work.session.execute(update(IndependenceRecord).values(facts_sealed=b"\x01nothing that opens"))
    with work_on() as work:
        assert [line.rpartition(" ")[2] for line in broken_records(work)] == ["changed"]
        work.session.execute(delete(IndependenceRecord))
    with work_on() as work:
        assert [line.rpartition(" ")[2] for line in broken_records(work)] == ["missing"]


def test_a_record_that_nobody_made_is_found(work_on, pair):
    request_id = agreed(work_on, pair)
    with work_on() as work:
        row = work.session.scalars(select(IndependenceRecord)).one()
        other = offered(work, "Cat", "Dan")
        planted = IndependenceRecord(
            key_id=row.key_id,
            pair_id=get_offer(work, other.offers[0]).pair_id,
            request_id=request_id,
            made_at=work.now,
        )
        work.vault.seal(planted, "facts", write_record({}))
        work.session.add(planted)
    with work_on() as work:
        assert [line.split(" is ")[1] for line in broken_records(work)] == ["not in the audit trail"]


def test_two_records_of_the_same_facts_have_different_digests():
    first, second = write_record({"a": 1}), write_record({"a": 1})
    assert first != second
    assert {k: v for k, v in read_record(first).items() if k != "salt"} == {
        "a": 1,
        "format": "jags-independence/1",
    }


def test_who_knows_the_family_cannot_accept_nor_be_asked_again(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0])
    with work_on() as work:
        coordinator = actor_of(account(work, Role.COORDINATOR))
        version = get_offer(work, pair.offers[0]).version
    with work_on(coordinator) as work:
        note_identity(work, pair.request_id, pair.offers[0], known=True, version=version)
    with work_on(pair.actors[0]) as work, pytest.raises(AskUsFirst):
        accept_offer(work, pair.offers[0], version=get_offer(work, pair.offers[0]).version)


def test_what_was_said_on_the_telephone_is_kept_and_nobody_else_may_write_it(work_on, pair):
    with work_on(pair.actors[0]) as work:
        declares(work, pair.offers[0])
    with work_on() as work:
        coordinator = actor_of(account(work, Role.COORDINATOR))
        version = get_offer(work, pair.offers[0]).version
    with work_on(pair.actors[0]) as work, pytest.raises(NotAllowed):
        note_identity(work, pair.request_id, pair.offers[0], known=False, version=version)
    with work_on(coordinator) as work, pytest.raises(Stale):
        note_identity(work, pair.request_id, pair.offers[0], known=False, version=version - 1)
    with work_on(coordinator) as work:
        note_identity(work, pair.request_id, pair.offers[0], known=False, version=version)
    with work_on() as work:
        offer = get_offer(work, pair.offers[0])
        assert (offer.identity_known, offer.identity_checked_at) == (False, work.now)


def test_nobody_is_asked_before_declaring_or_after_the_offer_has_ended(work_on, pair):
    with work_on() as work:
        coordinator = actor_of(account(work, Role.COORDINATOR))
        version = get_offer(work, pair.offers[0]).version
    with work_on(coordinator) as work, pytest.raises(MoveNotPossible):
        note_identity(work, pair.request_id, pair.offers[0], known=False, version=version)
    with work_on(pair.actors[0]) as work:
        decline_offer(work, pair.offers[0], version=get_offer(work, pair.offers[0]).version)
    with work_on(coordinator) as work, pytest.raises(MoveNotPossible):
        note_identity(
            work,
            pair.request_id,
            pair.offers[0],
            known=True,
            version=get_offer(work, pair.offers[0]).version,
        )
