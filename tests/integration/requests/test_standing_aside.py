"""Who is involved in a case stands aside from it; the lead takes over what nobody else can act on, and nothing more."""

import pytest
from sqlalchemy import select

from factories.held_sessions import add_request
from factories.people import account
from factories.pool import accepted_request, facilitator, offered
from factories.requests import coordinator, envelopes, in_triage
from jags.accounts.model import Account, Recusal, TakenRequest
from jags.accounts.queries import actor_of
from jags.accounts.rules import CASE_WORK, PERMISSIONS, AccountState, Role
from jags.allocation.choice import ranking_for
from jags.allocation.policy import own_offer
from jags.allocation.queries import offers_of
from jags.audit.model import AuditEvent
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.rules import MailKind
from jags.requests.model import Request
from jags.requests.queries import for_the_lead, get_request, ownership, work_queue
from jags.requests.rules import State
from jags.requests.service import (
    accept_request,
    find_of_requester,
    give_back,
    lift_recusal,
    pass_on,
    pause_request,
    search_open_requests,
    set_owner,
    take_over,
)


def told(work, kind) -> list[tuple[str, str]]:
    return sorted((e["name"], e["params"]["told"]) for e in envelopes(work, kind))


def actor(work_on, person):
    """Return an account as it acts now, with what it has taken over."""
    with work_on(write=False) as work:
        return actor_of(
            work.session.scalars(select(Account).where(Account.person_id == person.person_id)).one()
        )


def version_of(work, request_id) -> int:
    return work.session.get_one(Request, request_id).version


@pytest.fixture
def people(work_on):
    with work_on() as work:
        found = {name: coordinator(work, name) for name in ("Ash", "Birch")}
        found["Lead"] = actor_of(account(work, Role.ADMINISTRATOR, name="Lead"))
    return found


@pytest.fixture
def request_id(work_on):
    with work_on() as work:
        return in_triage(work).id


def stand_aside(work_on, person, request_id, owner_id=None, reason=""):
    with work_on(person) as work:
        version = version_of(work, request_id)
        pass_on(work, request_id, owner_id=owner_id, reason=reason, version=version)


def test_who_is_involved_loses_sight_at_once_and_the_chosen_colleague_looks_after_it(
    work_on, people, request_id
) -> None:
    ash, birch = people["Ash"], people["Birch"]
    with work_on(ash) as work:
        set_owner(work, request_id, owner_id=ash.person_id, version=version_of(work, request_id))
    stand_aside(work_on, ash, request_id, birch.person_id, reason="My nephew")
    with work_on(ash) as work:
        with pytest.raises(NotFound):
            get_request(work, request_id)
        assert work_queue(work).total == 0
        assert search_open_requests(work, "Kestrel").number == 0
        assert find_of_requester(work, "asha@example.org").number == 0
        assert find_of_requester(work, "Asha Bell").number == 0
    with work_on(birch) as work:
        found = get_request(work, request_id)
        assert found.owner_id == birch.person_id
        assert ownership(work, found).involved == ((ash.person_id, "Ash"),)
        assert told(work, MailKind.WORK_GIVEN) == [
            ("Birch", "The request JAGS-2026-0001 has been given to you.")
        ]
        events = work.session.scalars(select(AuditEvent).where(AuditEvent.tag == "request:recused")).all()
        assert [str(ash.person_id) in event.payload for event in events] == [True]
        assert "nephew" not in events[0].payload
        assert events[0].detail_digest is not None


def test_without_a_colleague_nobody_looks_after_it_and_the_others_are_told(
    work_on, people, request_id
) -> None:
    ash = people["Ash"]
    with work_on(ash) as work:
        set_owner(work, request_id, owner_id=ash.person_id, version=version_of(work, request_id))
    stand_aside(work_on, ash, request_id)
    with work_on(write=False) as work:
        assert work.session.get_one(Request, request_id).owner_id is None
        assert [name for name, _ in told(work, MailKind.WORK_WAITS)] == ["Birch"]


def test_a_request_that_a_colleague_looks_after_stays_with_them(work_on, people, request_id) -> None:
    with work_on(people["Birch"]) as work:
        set_owner(work, request_id, owner_id=people["Birch"].person_id, version=version_of(work, request_id))
    stand_aside(work_on, people["Ash"], request_id)
    with work_on(write=False) as work:
        assert work.session.get_one(Request, request_id).owner_id == people["Birch"].person_id
        assert told(work, MailKind.WORK_WAITS) == []


def test_mail_about_it_that_waits_for_who_is_involved_does_not_leave(work_on, people, request_id) -> None:
    ash, birch = people["Ash"], people["Birch"]
    with work_on(birch) as work:
        set_owner(work, request_id, owner_id=ash.person_id, version=version_of(work, request_id))
        assert len(told(work, MailKind.WORK_GIVEN)) == 1
    stand_aside(work_on, ash, request_id, birch.person_id)
    with work_on(write=False) as work:
        assert [name for name, _ in told(work, MailKind.WORK_GIVEN)] == ["Birch"]


def test_a_request_is_passed_on_neither_to_who_cannot_act_nor_into_nowhere(
    work_on, people, request_id
) -> None:
    ash, birch, lead = people["Ash"], people["Birch"], people["Lead"]
    for owner_id in (ash.person_id, lead.person_id):
        with pytest.raises(Invalid, match="Select a colleague"):
            stand_aside(work_on, ash, request_id, owner_id)
    with work_on(ash) as work, pytest.raises(Stale):
        pass_on(work, request_id, owner_id=None, version=99)
    stand_aside(work_on, ash, request_id)
    with work_on() as work:
        work.session.scalars(
            select(Account).where(Account.person_id == lead.person_id)
        ).one().state = AccountState.DISABLED
    with pytest.raises(Invalid, match="Nobody else could act"):
        stand_aside(work_on, birch, request_id)
    with work_on(birch, write=False) as work:
        assert get_request(work, request_id).id == request_id


def test_a_colleague_brings_back_who_is_not_involved_after_all(work_on, people, request_id) -> None:
    ash, birch = people["Ash"], people["Birch"]
    stand_aside(work_on, ash, request_id, birch.person_id)
    asked = {"person_id": ash.person_id, "reason": "Another family of that name"}
    with work_on(ash) as work, pytest.raises(NotFound):
        lift_recusal(work, request_id, version=version_of(work, request_id), **asked)
    for changed, error in (({"reason": " "}, Invalid), ({"person_id": birch.person_id}, NotFound)):
        with work_on(birch) as work, pytest.raises(error):
            lift_recusal(work, request_id, version=version_of(work, request_id), **{**asked, **changed})
    with work_on(birch) as work:
        lift_recusal(work, request_id, version=version_of(work, request_id), **asked)
    with work_on(ash, write=False) as work:
        assert get_request(work, request_id).owner_id == birch.person_id


def all_aside(work_on, people, request_id) -> None:
    for name in ("Ash", "Birch"):
        stand_aside(work_on, people[name], request_id)


def test_the_lead_is_told_by_reference_when_nobody_can_act_and_takes_that_one_alone(
    work_on, people, request_id
) -> None:
    with work_on() as work:
        other_id = in_triage(work).id
    with work_on(people["Lead"], write=False) as work:
        assert for_the_lead(work) == []
    all_aside(work_on, people, request_id)
    lead = actor(work_on, people["Lead"])
    assert (lead.permissions, lead.only) == (PERMISSIONS[Role.ADMINISTRATOR], None)
    with work_on(lead) as work:
        line = for_the_lead(work)[0]
        assert (line.request_id, line.reference, line.stuck) == (request_id, "JAGS-2026-0001", True)
        assert [name for name, _ in told(work, MailKind.WORK_WAITS)] == ["Lead"]
        with pytest.raises(NotAllowed):
            accept_request(work, request_id, reason="It fits.", version=version_of(work, request_id))
        take_over(work, request_id, reason="Both know the family", version=version_of(work, request_id))
    lead = actor(work_on, people["Lead"])
    assert lead.only == {request_id}
    assert lead.permissions == PERMISSIONS[Role.ADMINISTRATOR] | CASE_WORK
    with work_on(lead) as work:
        assert for_the_lead(work) == []
        assert [item.request.id for item in work_queue(work).lines] == [request_id]
        accept_request(work, request_id, reason="It fits.", version=version_of(work, request_id))
        pause_request(work, request_id, reason="court_or_police")
        assert get_request(work, request_id).owner_id == lead.person_id
        for act in (
            get_request,
            lambda w, i: accept_request(w, i, reason="It fits.", version=version_of(w, i)),
        ):
            with pytest.raises(NotFound):
                act(work, other_id)
        assert search_open_requests(work, "Kestrel").number == 1
        assert find_of_requester(work, "asha@example.org").number == 1


def test_the_lead_gives_it_back_and_may_take_it_again(work_on, people, request_id) -> None:
    all_aside(work_on, people, request_id)
    with work_on(people["Lead"]) as work:
        take_over(work, request_id, reason="R", version=version_of(work, request_id))
    with work_on() as work:
        cedar = coordinator(work, "Cedar")
    with work_on(actor(work_on, people["Lead"])) as work:
        with pytest.raises(Invalid):
            give_back(
                work, request_id, owner_id=people["Ash"].person_id, version=version_of(work, request_id)
            )
        give_back(work, request_id, owner_id=cedar.person_id, version=version_of(work, request_id))
    lead = actor(work_on, people["Lead"])
    assert lead.only is None
    with work_on(lead) as work, pytest.raises(NotAllowed):
        give_back(work, request_id, owner_id=None, version=version_of(work, request_id))
    with work_on(cedar) as work:
        assert get_request(work, request_id).owner_id == cedar.person_id
        with pytest.raises(MoveNotPossible):
            give_back(work, request_id, owner_id=None, version=version_of(work, request_id))
    stand_aside(work_on, cedar, request_id)
    with work_on(lead) as work:
        take_over(work, request_id, reason="Again", version=version_of(work, request_id))
    with work_on(write=False) as work:
        rows = work.session.scalars(select(TakenRequest)).all()
        assert [(row.person_id, row.ended_at) for row in rows] == [(lead.person_id, None)]
        trail = work.session.scalars(select(AuditEvent.tag).order_by(AuditEvent.seq)).all()
        assert [tag for tag in trail if tag in {"request:taken_over", "request:given_back"}] == [
            "request:taken_over",
            "request:given_back",
            "request:taken_over",
        ]


def test_the_lead_takes_nothing_on_which_somebody_can_act_nor_without_a_reason_nor_their_own_case(
    work_on, people, request_id
) -> None:
    lead = people["Lead"]
    with work_on(lead) as work, pytest.raises(NotFound):
        take_over(work, request_id, reason="R", version=version_of(work, request_id))
    all_aside(work_on, people, request_id)
    with work_on(lead) as work, pytest.raises(Invalid, match="Enter the reason"):
        take_over(work, request_id, reason=" ", version=version_of(work, request_id))
    with work_on(lead) as work, pytest.raises(Stale):
        take_over(work, request_id, reason="R", version=99)
    with work_on(people["Ash"]) as work, pytest.raises(NotAllowed):
        take_over(work, request_id, reason="R", version=version_of(work, request_id))
    with work_on() as work:
        work.session.add(Recusal(person_id=lead.person_id, request_id=request_id, since=work.now))
    with work_on(lead) as work:
        assert for_the_lead(work) == []
        with pytest.raises(NotFound):
            take_over(work, request_id, reason="R", version=version_of(work, request_id))


def test_a_second_lead_neither_sees_nor_takes_what_the_first_has_taken(work_on, people, request_id) -> None:
    all_aside(work_on, people, request_id)
    with work_on() as work:
        second = actor_of(account(work, Role.ADMINISTRATOR, name="Second"))
    with work_on(people["Lead"]) as work:
        take_over(work, request_id, reason="R", version=version_of(work, request_id))
    with work_on(second) as work:
        assert for_the_lead(work) == []
        with pytest.raises(NotFound):
            take_over(work, request_id, reason="R", version=version_of(work, request_id))


def test_a_lead_who_is_a_coordinator_too_is_limited_to_nothing(work_on, people, request_id) -> None:
    with work_on() as work:
        both = account(work, Role.COORDINATOR, name="Both")
        both.roles.append(type(both.roles[0])(role=Role.ADMINISTRATOR))
        work.session.add(TakenRequest(person_id=both.person_id, request_id=request_id, since=work.now))
        work.session.flush()
        assert actor_of(both).only is None


def test_help_that_was_asked_for_is_shown_until_the_request_moves_on_and_only_while_it_is_open(
    work_on, people
) -> None:
    with work_on() as work:
        add_request(work, reference="asked", lead_asked_at=work.now)
        add_request(work, reference="ended", lead_asked_at=work.now, state=State.SIGNPOSTED)
        add_request(work, reference="other")
    with work_on(people["Lead"], write=False) as work:
        lines = for_the_lead(work)
        assert [(one.reference, one.stuck, one.asked_on) for one in lines] == [("asked", False, work.today)]


def test_without_any_coordinator_every_open_request_needs_the_lead(work_on) -> None:
    with work_on() as work:
        lead = actor_of(account(work, Role.ADMINISTRATOR))
        gone = account(work, Role.COORDINATOR)
        gone.state = AccountState.DISABLED
        add_request(work, reference="one")
    with work_on(lead, write=False) as work:
        assert [one.reference for one in for_the_lead(work)] == ["one"]


def test_who_stood_aside_is_not_proposed_as_a_facilitator_either(work_on) -> None:
    with work_on() as work:
        request = accepted_request(work)
        ids = [facilitator(work, name) for name in ("Ann", "Ben", "Cas")]
        people = {
            standing.person.name: standing.excluded for standing in ranking_for(work, request).everybody
        }
        assert people == {"Ann": False, "Ben": False, "Cas": False}
        work.session.add(Recusal(person_id=ids[0], request_id=request.id, since=work.now))
        work.session.flush()
        people = {standing.person.name: standing.words for standing in ranking_for(work, request).everybody}
        assert "works with this child, young person or family" in people["Ann"]
        assert len(ranking_for(work, request).pairs) == 1


def test_an_offer_is_out_of_sight_for_who_stood_aside_as_a_coordinator(work_on) -> None:
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
        assert len(offers_of(work, made.people[0])) == 1
        work.session.add(Recusal(person_id=made.people[0], request_id=made.request_id, since=work.now))
    with work_on(made.actors[0], write=False) as work:
        assert offers_of(work, made.people[0]) == []
        with pytest.raises(NotFound):
            own_offer(work, made.offers[0])
    with work_on(made.actors[1], write=False) as work:
        assert own_offer(work, made.offers[1]).person_id == made.people[1]
