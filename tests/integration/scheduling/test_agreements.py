"""What comes up after an offer or an agreement is found by query and flagged before the session."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from factories.people import account
from factories.pool import (
    CONFLICT,
    accepted_request,
    clears,
    declares,
    facilitator,
    involved,
    offer_to,
    offered,
)
from factories.sessions import COORDINATOR, WALL, agree, arrange, schedule
from jags.accounts.model import Person, Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.allocation.queries import get_offer
from jags.allocation.rules import Rule
from jags.allocation.service import accept_offer, decline_offer
from jags.allocation.service.answering import AskUsFirst
from jags.facilitators.model import Facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.facilitators.service import set_status
from jags.kernel.errors import Invalid
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import State, Tie
from jags.requests.service.answers import new_member
from jags.scheduling.queries import agreements_to_look_at

SAME_NAME = "has the same name as somebody in this request"


def joins(work, request_id, name, **known):
    """Let somebody join the network of a request later."""
    request = work.session.get_one(Request, request_id)
    position = 1 + max((m.position for m in request.network), default=0)
    request.network.append(
        new_member(work, request, involved(name, **known), tie=Tie.NETWORK, position=position)
    )
    work.session.flush()


def flagged(work_on, actor=COORDINATOR, **which):
    """Return the sentences by the id of the request."""
    with work_on(actor, write=False) as work:
        return {
            line.request_id: [one.sentence for one in line.against]
            for line in agreements_to_look_at(work, **which)
        }


def another_is_added(work, made):
    joins(work, made.request_id, "Ann", email="another.ann@example.org")
    return [f"Ann: {SAME_NAME}"]


def one_is_added_who_is_the_facilitator(work, made):
    joins(work, made.request_id, "Ann", email="ann@example.org")
    return ["Ann: made this request or is part of its network"]


def one_changes_agency(work, made):
    person = work.session.get_one(Person, made.people[0])
    person.agency = work.session.get_one(Person, made.people[1]).agency
    return ["both are from the same agency"]


def the_agencies_merge(work, made):
    old, new = (work.session.get_one(Person, one).agency for one in made.people[:2])
    old.successor_id, old.valid_to = new.id, work.today - timedelta(days=1)
    return ["both are from the same agency"]


def one_is_paused(work, made):
    set_status(work, made.people[0], FacilitatorStatus.PAUSED)
    return ["Ann: not taking sessions at the moment"]


CHANGES = [
    another_is_added,
    one_is_added_who_is_the_facilitator,
    one_changes_agency,
    the_agencies_merge,
    one_is_paused,
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_comes_up_after_the_offer_is_flagged_and_holds_accepting_back(work_on, change):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
    with work_on(made.actors[1]) as work:
        declares(work, made.offers[1])
    assert flagged(work_on) == {}
    with work_on() as work:
        expected = {made.request_id: change(work, made)}
    assert flagged(work_on) == flagged(work_on, request_id=made.request_id) == expected
    with work_on(made.actors[1]) as work, pytest.raises(AskUsFirst):
        accept_offer(work, made.offers[1], version=get_offer(work, made.offers[1]).version)


@pytest.mark.parametrize("change", CHANGES)
def test_what_comes_up_after_an_agreement_is_flagged_and_no_date_is_set(work_on, change):
    made = agree(work_on, names=("Ann", "Ben"))
    with work_on() as work:
        expected = {made.request_id: change(work, made)}
    assert flagged(work_on) == expected
    with work_on(COORDINATOR) as work, pytest.raises(Invalid) as refused:
        schedule(work, made.request_id)
    assert refused.value.field == "day"
    assert expected[made.request_id][0] in str(refused.value)


def test_a_doubt_before_the_session_is_flagged_until_it_is_cleared_with_a_reason(work_on):
    made = agree(work_on, names=("Ann", "Ben"))
    arrange(work_on, made)
    with work_on() as work:
        another_is_added(work, made)
    with work_on(COORDINATOR) as work:
        (line,) = agreements_to_look_at(work)
        assert (line.state, line.on, line.agreed) == (State.SCHEDULED, WALL.date(), frozenset(made.people))
        assert [(one.person_id, one.is_doubt) for one in line.against] == [(made.people[0], True)]
        clears(work, get_request(work, made.request_id), made.people[0])
        assert agreements_to_look_at(work) == []
        joins(work, made.request_id, "Ben")
        assert [one.name for one in agreements_to_look_at(work)[0].against] == ["Ben"]


def test_training_is_looked_at_on_the_day_of_the_session(work_on):
    made = agree(work_on, names=("Ann", "Ben"))
    with work_on() as work:
        facilitator = work.session.get_one(Facilitator, made.people[0])
        facilitator.training[0].refresher_due_on = WALL.date() - timedelta(days=1)
    # Valid today, which is what counts until there is a date.
    assert flagged(work_on) == {}
    arranged_regardless(work_on, made)
    assert flagged(work_on) == {made.request_id: ["Ann: training is not current on the day"]}


def arranged_regardless(work_on, made):
    """Set the date as if the refresher had been known only later."""
    with work_on() as work:
        course = work.session.get_one(Facilitator, made.people[0]).training[0]
        due, course.refresher_due_on = course.refresher_due_on, None
    arrange(work_on, made)
    with work_on() as work:
        work.session.get_one(Facilitator, made.people[0]).training[0].refresher_due_on = due


def test_an_agreed_exception_a_pause_and_a_session_that_was_held_are_not_flagged_for_the_agency(work_on):
    with work_on() as work:
        ids = tuple(facilitator(work, name, of="police") for name in ("Ann", "Ben"))
        made = offer_to(work, accepted_request(work), ids, exceptions={Rule.AGENCY: "Only two are free."})
    assert flagged(work_on) == {}
    with work_on() as work:
        another_is_added(work, made)
    assert flagged(work_on) == {made.request_id: [f"Ann: {SAME_NAME}"]}
    with work_on() as work:
        work.session.get_one(Request, made.request_id).state = State.HELD
    assert flagged(work_on) == {}


def test_who_has_accepted_and_waits_for_a_partner_is_looked_at_too(work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben", "Cat")
    with work_on(made.actors[0]) as work:
        declares(work, made.offers[0])
    with work_on(made.actors[0]) as work:
        accept_offer(work, made.offers[0], version=get_offer(work, made.offers[0]).version)
    with work_on(made.actors[1]) as work:
        decline_offer(work, made.offers[1], version=get_offer(work, made.offers[1]).version)
    with work_on() as work:
        another_is_added(work, made)
    assert flagged(work_on) == {made.request_id: [f"Ann: {SAME_NAME}"]}


def test_what_was_answered_for_the_request_that_it_repeats_is_looked_at_too(work_on):
    with work_on() as work:
        first = offered(work, "Ann", "Ben")
    with work_on(first.actors[0]) as work:
        declares(work, first.offers[0], CONFLICT)
    with work_on() as work:
        ann, cat = first.people[0], facilitator(work, "Cat")
        again = offer_to(work, accepted_request(work), (ann, cat))
    assert flagged(work_on) == {}
    with work_on() as work:
        work.session.get_one(Request, again.request_id).previous_request_id = first.request_id
    sentences = {again.request_id: ["Ann: has declared a connection to this request"]}
    assert flagged(work_on) == flagged(work_on, request_id=again.request_id) == sentences


def test_who_is_involved_in_a_case_does_not_see_its_agreement(work_on):
    with work_on() as work:
        made = offered(work, "Ann", "Ben")
        another_is_added(work, made)
        mine = account(work, Role.COORDINATOR)
        work.session.add(Recusal(person_id=mine.person_id, request_id=made.request_id, since=work.now))
        actor = actor_of(mine)
    assert flagged(work_on, actor) == {}
    assert flagged(work_on) != {}


def test_agreements_are_looked_at_by_the_same_few_queries_for_one_and_for_many(work_on):
    def queries():
        with work_on(COORDINATOR, write=False) as work:
            statements = []
            event.listen(
                work.session.connection(), "before_cursor_execute", lambda *a: statements.append(a[2])
            )
            return len(agreements_to_look_at(work)), len(statements)

    with work_on() as work:
        first = offered(work, "Ann", "Ben")
        another_is_added(work, first)
    one = queries()
    with work_on() as work:
        for n in range(4):
            request = accepted_request(work, people=(involved("Nobody"),))
            made = offer_to(work, request, (facilitator(work, f"One {n}"), facilitator(work, f"Two {n}")))
            joins(work, made.request_id, f"Two {n}")
    many = queries()
    assert (one[0], many[0]) == (1, 5)
    assert one[1] == many[1] == 8
