"""Looking for a requester and for words in sealed texts: exact, bounded, and kept in the trail without the words."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.pool import accepted_request
from factories.requests import coordinator, draft, in_triage
from jags.accounts.model import Recusal
from jags.accounts.rules import PERMISSIONS, Role
from jags.audit.model import AuditDetail, AuditEvent
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, NotAllowed
from jags.requests.model import Request
from jags.requests.rules import State, Verb
from jags.requests.service import find_of_requester, move_request, search_open_requests, searching


def searched(work) -> list[tuple[str, int, int]]:
    rows = work.session.scalars(
        select(AuditEvent.payload).where(AuditEvent.tag == "request:searched").order_by(AuditEvent.seq)
    )
    return [(p["kind"], p["searched"], p["found"]) for p in map(json.loads, rows)]


@pytest.fixture
def wren(work_on):
    """A coordinator, three open requests of two people, one that has ended, and a draft."""
    with work_on() as work:
        found = coordinator(work, "Wren")
        accepted_request(work, name="Zoë O’Hara", email="zoe@example.org", pseudonym="Kite")
        accepted_request(work, name="Zoë O’Hara", email="ZOE@example.org", pseudonym="Rook")
        accepted_request(work, name="Ian Moss", email="ian@example.org", pseudonym="Kite two")
        move_request(
            work,
            accepted_request(work, name="Zoë O’Hara", email="zoe@example.org", pseudonym="Ended Kite"),
            Verb.WITHDRAW,
        )
        draft(work)
    return found


def found_by(work_on, actor, find, text) -> set[str]:
    with work_on(actor) as work:
        return {line.request.reference for line in find(work, text).lines}


def test_an_address_finds_all_requests_of_somebody_and_a_name_the_open_ones(work_on, wren) -> None:
    for address in ("zoe@example.org", " Zoe@Example.org "):
        assert found_by(work_on, wren, find_of_requester, address) == {
            "JAGS-2026-0001",
            "JAGS-2026-0002",
            "JAGS-2026-0004",
        }
    for name in ("Zoë O’Hara", "zoë  o'hara"):
        assert found_by(work_on, wren, find_of_requester, name) == {"JAGS-2026-0001", "JAGS-2026-0002"}
    for other in ("O’Hara", "zoe@example", "nobody@example.org"):
        assert found_by(work_on, wren, find_of_requester, other) == set()


def test_words_are_found_in_open_requests_only_where_all_are(work_on, wren) -> None:
    assert found_by(work_on, wren, search_open_requests, "KITE") == {"JAGS-2026-0001", "JAGS-2026-0003"}
    assert found_by(work_on, wren, search_open_requests, "two kite") == {"JAGS-2026-0003"}
    assert found_by(work_on, wren, search_open_requests, "o'hara slow") == {
        "JAGS-2026-0001",
        "JAGS-2026-0002",
    }
    assert found_by(work_on, wren, search_open_requests, "kite rook") == set()


def test_the_trail_keeps_counts_and_never_the_words(work_on, wren) -> None:
    for find, text in (
        (search_open_requests, "Kite"),
        (find_of_requester, "Ian Moss"),
        (find_of_requester, "zoe@example.org"),
    ):
        with work_on(wren) as work:
            find(work, text)
    with work_on(write=False) as work:
        assert searched(work) == [("words", 3, 2), ("name", 3, 1), ("address", 3, 3)]
        event = work.session.scalars(select(AuditEvent).where(AuditEvent.tag == "request:searched")).first()
        assert event.actor_ref == wren.ref
        details = select(AuditDetail).where(AuditDetail.seq == event.seq, AuditDetail.stream == event.stream)
        assert work.session.scalars(details).all() == []


def test_who_is_involved_finds_nothing_of_the_case_not_even_its_number(work_on, wren) -> None:
    with work_on() as work:
        hidden = in_triage(work)
        work.session.add(Recusal(person_id=wren.person_id, request_id=hidden.id, since=work.now))
    with work_on(wren) as work:
        for found in (
            search_open_requests(work, "Kestrel"),
            find_of_requester(work, "Asha Bell"),
            find_of_requester(work, "asha@example.org"),
        ):
            assert (found.number, found.lines) == (0, ())
        assert search_open_requests(work, "Kite").of == 3


def test_more_open_requests_than_the_bound_are_said_and_the_latest_are_looked_into(
    work_on, wren, monkeypatch
) -> None:
    with work_on() as work:
        for minutes, request in enumerate(work.session.scalars(select(Request).order_by(Request.reference))):
            request.received_at = work.now + timedelta(minutes=minutes)
    monkeypatch.setattr(searching, "SEARCHED_MOST", 2)
    with work_on(wren) as work:
        found = search_open_requests(work, "kite")
        assert (found.searched, found.of, found.complete, found.number) == (2, 3, False, 1)
        assert [line.request.reference for line in found.lines] == ["JAGS-2026-0003"]
    monkeypatch.setattr(searching, "SEARCHED_MOST", 3)
    with work_on(wren) as work:
        assert search_open_requests(work, "kite").complete


@pytest.mark.parametrize("words", ["", "  ", "ab", "a b"])
def test_fewer_than_three_letters_are_asked_for_again_and_keep_no_trace(work_on, wren, words) -> None:
    with work_on(wren) as work, pytest.raises(Invalid, match="at least 3 letters"):
        search_open_requests(work, words)
    with work_on(write=False) as work:
        assert searched(work) == []


def test_nobody_else_searches(work_on) -> None:
    for role in (Role.ADMINISTRATOR, Role.FACILITATOR, Role.EVALUATION_READER):
        actor = Actor(ActorKind.ACCOUNT, "somebody", frozenset(PERMISSIONS[role]))
        for find in (search_open_requests, find_of_requester):
            with work_on(actor) as work, pytest.raises(NotAllowed):
                find(work, "Kestrel")


def test_a_held_request_is_open_and_a_closed_one_is_not(work_on, wren) -> None:
    with work_on() as work:
        for state in (State.HELD, State.CLOSED):
            request = accepted_request(work, name=f"Of {state}", email="of@example.org", pseudonym="Wagtail")
            request.state = state
    assert found_by(work_on, wren, search_open_requests, "wagtail") == {"JAGS-2026-0005"}
