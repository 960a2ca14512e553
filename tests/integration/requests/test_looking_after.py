"""Taking, giving and handing over work, cover while somebody is away, and who hears of a request."""

import uuid
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from factories.held_sessions import add_request
from factories.people import account
from factories.requests import coordinator, envelopes, in_triage
from jags.accounts.model import Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import AccountState, Role
from jags.audit.model import AuditEvent
from jags.kernel.errors import Invalid, NotAllowed, NotFound, Stale
from jags.notifications.rules import MailKind
from jags.requests.model import Cover, Request
from jags.requests.queries import acting_for, covers, open_work, ownership, who_hears_of
from jags.requests.rules import Priority, State
from jags.requests.service import (
    end_cover,
    enter_cover,
    hand_over,
    not_for_deputy,
    set_owner,
    work_shown,
)

# conftest.NOW is on Tuesday 24 November 2026.
TODAY = date(2026, 11, 24)


def told(work, kind=MailKind.WORK_GIVEN) -> list[tuple[str, str]]:
    return sorted((e["name"], e["params"]["told"]) for e in envelopes(work, kind))


def version_of(work, request_id) -> int:
    return work.session.get_one(Request, request_id).version


def tags(work, start: str) -> list[str]:
    rows = work.session.scalars(select(AuditEvent.tag).order_by(AuditEvent.seq)).all()
    return [tag for tag in rows if tag.startswith(start)]


@pytest.fixture
def people(work_on):
    """Three coordinators and the lead, as actors."""
    with work_on() as work:
        found = {name: coordinator(work, name) for name in ("Ash", "Birch", "Cedar")}
        found["Lead"] = actor_of(account(work, Role.ADMINISTRATOR, name="Lead"))
    return found


def test_a_request_is_taken_given_and_let_go_and_each_is_told_and_kept(work_on, people) -> None:
    ash, birch = people["Ash"], people["Birch"]
    with work_on() as work:
        request_id = in_triage(work).id
    steps = ((ash, ash.person_id), (ash, birch.person_id), (birch, None))
    for actor, owner_id in steps:
        with work_on(actor) as work:
            set_owner(work, request_id, owner_id=owner_id, version=version_of(work, request_id))
        with work_on(actor, write=False) as work:
            assert work.session.get_one(Request, request_id).owner_id == owner_id
    with work_on(write=False) as work:
        assert told(work) == [("Birch", "The request JAGS-2026-0001 has been given to you.")]
        waits = "Nobody looks after the request JAGS-2026-0001 at the moment. Please agree who takes it."
        assert told(work, MailKind.WORK_WAITS) == [("Ash", waits), ("Cedar", waits)]
        assert len(tags(work, "request:owner_changed")) == 3


def test_giving_what_somebody_has_already_changes_and_tells_nothing(work_on, people) -> None:
    with work_on() as work:
        request_id = add_request(work, owner_id=people["Ash"].person_id).id
    with work_on(people["Birch"]) as work:
        before = version_of(work, request_id)
        set_owner(work, request_id, owner_id=people["Ash"].person_id, version=before)
        work.session.flush()
        assert (version_of(work, request_id), told(work), tags(work, "request:owner")) == (before, [], [])


def test_only_a_colleague_who_can_act_gets_a_request(work_on, people) -> None:
    with work_on() as work:
        request_id = add_request(work).id
        left = account(work, Role.COORDINATOR)
        left.state = AccountState.DISABLED
        facilitator = account(work, Role.FACILITATOR)
        ids = [left.person_id, facilitator.person_id, people["Lead"].person_id, uuid.uuid4()]
        cedar = people["Cedar"].person_id
        work.session.add(Recusal(person_id=cedar, request_id=request_id, since=work.now))
    for owner_id in (*ids, cedar):
        with work_on(people["Ash"]) as work, pytest.raises(Invalid, match="Select a colleague"):
            set_owner(work, request_id, owner_id=owner_id, version=1)
    with work_on(people["Ash"]) as work, pytest.raises(Stale):
        set_owner(work, request_id, owner_id=None, version=7)
    with work_on(people["Lead"]) as work, pytest.raises(NotAllowed):
        set_owner(work, request_id, owner_id=None, version=1)


def test_all_open_work_is_handed_over_at_once_sooner_first(work_on, people) -> None:
    ash, birch = people["Ash"], people["Birch"]
    with work_on() as work:
        for n, (reference, values) in enumerate(
            {
                "routine": {},
                "sooner": {"priority": Priority.SOONER},
                "ended": {"state": State.SIGNPOSTED},
                "theirs": {"owner_id": birch.person_id},
            }.items()
        ):
            owner = {"owner_id": ash.person_id, **values}
            add_request(work, reference=reference, received_at=work.now + timedelta(minutes=n), **owner)
    with work_on(ash) as work:
        rows = open_work(work, ash.person_id)
        assert [row.reference for row in rows] == ["sooner", "routine"]
        found = hand_over(
            work,
            from_id=ash.person_id,
            to_id=birch.person_id,
            request_ids={row.id for row in rows},
            shown=work_shown(rows),
        )
        assert found == (2, 0)
    with work_on(write=False) as work:
        assert open_work(work, ash.person_id) == []
        assert [row.reference for row in open_work(work, birch.person_id)] == ["sooner", "routine", "theirs"]
        assert told(work) == [("Birch", "2 requests have been handed over to you.")]
        assert len(tags(work, "work:handed_over")) == 1


def test_what_is_not_ticked_and_what_the_colleague_is_involved_in_stays(work_on, people) -> None:
    ash, birch = people["Ash"], people["Birch"]
    with work_on() as work:
        ids = [add_request(work, owner_id=ash.person_id).id for _ in range(3)]
        work.session.add(Recusal(person_id=birch.person_id, request_id=ids[1], since=work.now))
    with work_on(ash) as work:
        rows = open_work(work, ash.person_id)
        wanted = {"from_id": ash.person_id, "to_id": birch.person_id, "shown": work_shown(rows)}
        assert hand_over(work, request_ids=set(ids[:2]), **wanted) == (1, 1)
    with work_on(write=False) as work:
        owners = {r.id: r.owner_id for r in work.session.scalars(select(Request))}
    assert owners == {ids[0]: birch.person_id, ids[1]: ash.person_id, ids[2]: ash.person_id}


def test_work_is_not_handed_over_as_it_was_shown_before_nor_to_nobody_nor_by_anybody(work_on, people) -> None:
    ash, birch, lead = (people[name] for name in ("Ash", "Birch", "Lead"))
    with work_on() as work:
        request_id = add_request(work, owner_id=ash.person_id).id
    with work_on(ash, write=False) as work:
        shown = work_shown(open_work(work, ash.person_id))
    wanted = {
        "from_id": ash.person_id,
        "to_id": birch.person_id,
        "request_ids": {request_id},
        "shown": shown,
    }
    cases = [
        (ash, {"to_id": None}, Invalid),
        (ash, {"to_id": ash.person_id}, Invalid),
        (ash, {"to_id": lead.person_id}, Invalid),
        (ash, {"request_ids": set()}, Invalid),
        (ash, {"shown": "something else"}, Stale),
        (birch, {}, NotAllowed),
        (lead, {"from_id": lead.person_id}, NotAllowed),
    ]
    for actor, changed, error in cases:
        with work_on(actor) as work, pytest.raises(error):
            hand_over(work, **{**wanted, **changed})
    with work_on(lead) as work:
        assert hand_over(work, **wanted) == (1, 0)


def test_mail_goes_to_the_owner_to_their_deputy_instead_or_to_everybody_and_never_to_who_is_involved(
    work_on, people
) -> None:
    ash, birch, cedar = (people[name].person_id for name in ("Ash", "Birch", "Cedar"))
    with work_on() as work:
        request = add_request(work)

        def hear() -> set[uuid.UUID]:
            work.memo.clear()
            return {person.id for person in who_hears_of(work, request)}

        assert hear() == {ash, birch, cedar}
        request.owner_id = ash
        assert hear() == {ash}
        work.session.add(Cover(person_id=ash, deputy_id=birch, from_on=TODAY, to_on=TODAY))
        work.session.flush()
        assert hear() == {birch}
        assert ownership(work, request).deputy == "Birch"
        work.session.add(Recusal(person_id=birch, request_id=request.id, since=work.now))
        work.session.flush()
        assert hear() == {ash, cedar}


def test_a_deputy_is_told_of_what_is_given_to_who_is_away(work_on, people) -> None:
    ash, birch, cedar = (people[name] for name in ("Ash", "Birch", "Cedar"))
    with work_on(ash) as work:
        enter_cover(work, person_id=ash.person_id, deputy_id=birch.person_id, from_on=TODAY, to_on=TODAY)
        request_id = add_request(work, reference="JAGS-2026-0009").id
    with work_on(cedar) as work:
        set_owner(work, request_id, owner_id=ash.person_id, version=1)
        assert told(work) == [
            (
                "Birch",
                "The request JAGS-2026-0009 has been given to you: it was meant for Ash, for whom you stand in.",
            )
        ]


def cover(work, people, away="Ash", deputy="Birch", first=0, last=5):
    return enter_cover(
        work,
        person_id=people[away].person_id,
        deputy_id=people[deputy].person_id if deputy else None,
        from_on=TODAY + timedelta(days=first),
        to_on=TODAY + timedelta(days=last),
    )


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"first": 3, "last": 2}, "to_on", "not before the first"),
        ({"first": -5, "last": -1}, "to_on", "today or later"),
        ({"deputy": None}, "deputy", "Select a colleague as deputy"),
        ({"deputy": "Ash"}, "deputy", "nobody stands in for themselves"),
        ({"deputy": "Lead"}, "deputy", "Select a colleague as deputy"),
        (
            {"first": 20, "last": 30},
            "from_on",
            "Birch stands in for Ash from 14 December 2026 to 18 December 2026",
        ),
        ({"first": 10, "last": 20}, "from_on", "already"),
        ({"first": 24, "last": 24}, "from_on", "already"),
        (
            {"away": "Cedar", "deputy": "Ash", "first": 22, "last": 22},
            "deputy",
            "Ash is away from 14 December",
        ),
        ({"away": "Birch", "deputy": "Cedar", "first": 1, "last": 20}, "from_on", "Birch stands in for Ash"),
    ],
)
def test_a_cover_that_cannot_be_says_why_at_its_field(work_on, people, values, field, message) -> None:
    with work_on() as work:
        # From Monday 14 to Friday 18 December, which is 20 to 24 days from today.
        work.session.add(
            Cover(
                person_id=people["Ash"].person_id,
                deputy_id=people["Birch"].person_id,
                from_on=date(2026, 12, 14),
                to_on=date(2026, 12, 18),
            )
        )
    with work_on(people["Lead"]) as work:
        with pytest.raises(Invalid, match=message) as caught:
            cover(work, people, **values)
        assert caught.value.field == field


def test_a_cover_may_end_the_day_before_another_begins(work_on, people) -> None:
    with work_on(people["Ash"]) as work:
        cover(work, people, first=5, last=9)
        cover(work, people, first=0, last=4)
        cover(work, people, first=10, last=10)
        assert [line.cover.from_on.day for line in covers(work)] == [24, 29, 4]


def test_only_the_lead_enters_cover_for_somebody_else(work_on, people) -> None:
    with work_on(people["Cedar"]) as work, pytest.raises(NotAllowed):
        cover(work, people)
    with work_on(people["Lead"]) as work:
        cover(work, people)
    with work_on(people["Lead"]) as work, pytest.raises(Invalid, match="Select a coordinator"):
        cover(work, people, away="Lead")


def test_a_cover_ends_early_or_is_taken_off_and_the_work_is_with_its_owner_again(work_on, people) -> None:
    with work_on(people["Ash"]) as work:
        running, later = cover(work, people, first=-1, last=2).id, cover(work, people, first=10, last=12).id
        assert acting_for(work, people["Birch"].person_id) == {people["Ash"].person_id}
    with work_on(people["Cedar"]) as work, pytest.raises(NotAllowed):
        end_cover(work, running)
    with work_on(people["Birch"]) as work:
        end_cover(work, running)
        assert acting_for(work, people["Birch"].person_id) == frozenset()
    with work_on(people["Ash"]) as work, pytest.raises(NotFound):
        end_cover(work, running)
    with work_on(people["Ash"]) as work:
        end_cover(work, later)
        assert covers(work) == []
        rows = work.session.scalars(select(Cover)).all()
        assert [(row.from_on, row.to_on) for row in rows] == [(date(2026, 11, 23), date(2026, 11, 23))]
        assert tags(work, "cover:") == ["cover:entered"] * 2 + ["cover:ended"]


def test_a_cover_names_the_requests_that_the_deputy_is_involved_in(work_on, people) -> None:
    with work_on() as work:
        ash = people["Ash"].person_id
        one = add_request(work, reference="JAGS-2026-0001", owner_id=ash)
        add_request(work, reference="JAGS-2026-0002", owner_id=ash)
        work.session.add(Recusal(person_id=people["Birch"].person_id, request_id=one.id, since=work.now))
    with work_on(people["Ash"]) as work:
        assert not_for_deputy(work, cover(work, people)) == ["JAGS-2026-0001"]
