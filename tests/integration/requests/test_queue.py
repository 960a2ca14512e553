"""The work queue narrowed: whose it is, how soon, where, of which agency, paused, late, transitional."""

from datetime import date, timedelta

import pytest
from sqlalchemy import false, select

from factories.held_sessions import add_request
from factories.people import account, agency
from factories.requests import accepted, coordinator, in_triage, waiting
from jags.accounts.model import Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import AccountState, Role, Sector
from jags.allocation.assembly import assemble
from jags.kernel.time import start_of_day
from jags.requests.model import Cover, Request
from jags.requests.queries import local_target, overview, waits, work_queue
from jags.requests.rules import (
    NEEDS_DECISION,
    OPEN,
    AgeBand,
    Features,
    Filters,
    Owned,
    PauseReason,
    Priority,
    Source,
    State,
    Verb,
    Whose,
    YesNoUnsure,
    closed_while,
    working_days_left,
)
from jags.requests.service import (
    answer_question,
    ask_requester,
    lift_pause,
    move_request,
    pause_request,
    set_owner,
    set_priority,
)
from jags.settings.queries import partnership

NOTHING = select(Request.id).where(false())


def shown(work, **filters) -> list[str]:
    return [line.request.reference for line in work_queue(work, Filters(**filters)).lines]


def test_each_filter_leaves_what_it_names_and_all_together_what_fits_all(work_on) -> None:
    with work_on() as work:
        school = agency(work, "school", "Town School", sector=Sector.EDUCATION, aliases=("TS",))
        add_request(
            work,
            reference="all",
            agency_id=school.id,
            locality="East",
            priority=Priority.SOONER,
            confirmed=True,
        )
        add_request(work, reference="typed", agency_typed="A Charity", locality="West")
        add_request(work, reference="none")
        add_request(work, reference="held", state=State.HELD, agency_id=school.id)
        assert shown(work, priority=Priority.SOONER) == ["all"]
        assert shown(work, locality="West") == ["typed"]
        assert shown(work, agency="town school") == ["all"]
        assert shown(work, agency=" ts ") == ["all"]
        assert shown(work, agency="a  CHARITY.") == ["typed"]
        assert shown(work, agency="Charity") == []
        assert shown(work, paused=True) == []
        assert shown(work, transitional=Features.CONFIRMED) == ["all"]
        assert shown(work, states=frozenset({State.HELD})) == ["held"]
        assert set(shown(work, states=OPEN)) == {"all", "typed", "none", "held"}
        work.session.scalars(select(Request).where(Request.reference == "all")).one().paused_at = work.now
        assert shown(work, paused=True) == ["all"]
        everything = {"locality": "East", "agency": "TS", "paused": True, "priority": Priority.SOONER}
        assert shown(work, **everything) == ["all"]
        assert shown(work, **{**everything, "locality": "West"}) == []


def test_transitional_to_be_decided_is_what_age_or_requester_suggest_until_somebody_decides(work_on) -> None:
    with work_on() as work:
        old, young = frozenset({AgeBand.SIXTEEN_SEVENTEEN}), frozenset({AgeBand.FIVE_TO_TEN})
        add_request(work, reference="by age", age_bands=old)
        add_request(work, reference="by view", age_bands=young, transitional_view=YesNoUnsure.YES)
        add_request(work, reference="decided", age_bands=old, confirmed=False)
        add_request(work, reference="young", age_bands=young, transitional_view=YesNoUnsure.UNSURE)
        assert set(shown(work, transitional=Features.TO_BE_DECIDED)) == {"by age", "by view"}


def test_mine_is_also_what_is_done_for_somebody_who_is_away_from_the_first_day_to_the_last(
    work_on, clock
) -> None:
    with work_on() as work:
        me, away, other = (coordinator(work, name) for name in ("Me", "Away", "Other"))
        for reference, owner in (("mine", me), ("covered", away), ("other", other)):
            add_request(work, reference=reference, owner_id=owner.person_id)
        first, last = work.today + timedelta(days=1), work.today + timedelta(days=3)
        work.session.add(Cover(person_id=away.person_id, deputy_id=me.person_id, from_on=first, to_on=last))
        midnight = start_of_day(first)
    found = {}
    for minutes in (-1, 0, 3 * 24 * 60 - 1, 3 * 24 * 60):
        clock.instant = midnight + timedelta(minutes=minutes)
        with work_on(me) as work:
            found[minutes] = set(shown(work, owner=Owned.MINE))
        with work_on(away) as work:
            assert shown(work, owner=Owned.MINE) == ["covered"]
    assert found == {
        -1: {"mine"},
        0: {"mine", "covered"},
        3 * 24 * 60 - 1: {"mine", "covered"},
        3 * 24 * 60: {"mine"},
    }
    with work_on(me) as work:
        assert shown(work, owner=other.person_id) == ["other"]


def test_work_of_somebody_without_an_account_any_more_is_nobodys(work_on) -> None:
    with work_on() as work:
        stays, gone = account(work, Role.COORDINATOR), account(work, Role.COORDINATOR)
        lead = account(work, Role.ADMINISTRATOR)
        add_request(work, reference="stays", owner_id=stays.person_id)
        add_request(work, reference="gone", owner_id=gone.person_id)
        add_request(work, reference="lead", owner_id=lead.person_id)
        add_request(work, reference="none")
        gone.state = AccountState.DISABLED
        assert set(shown(work, owner=Owned.NOBODYS)) == {"gone", "none"}
        assert overview(work, also=NOTHING).nobodys == 2


def test_late_is_what_the_local_target_says_of_each_request_on_every_day(work_on, clock) -> None:
    with work_on() as work:
        school = agency(work, "school", "Town School", sector=Sector.EDUCATION)
        for n in range(0, 75, 5):
            at = work.now - timedelta(days=n)
            for state in sorted(NEEDS_DECISION | {State.OFFERED, State.SCHEDULED}):
                for agency_id in (None, school.id):
                    add_request(work, state=state, received_at=at, agency_id=agency_id)
    late = set()
    # Into the Christmas holidays of the settings, and past them.
    for days in (0, 21, 30, 42):
        clock.instant += timedelta(days=days)
        with work_on(write=False) as work:
            everything = work.session.scalars(select(Request).order_by(Request.id)).all()
            expected = {r.id for r in everything if (local_target(work, r)[1] or 0) < 0}
            lines = work_queue(work, Filters(states=OPEN, late=True), length=1000).lines
            assert {line.request.id for line in lines} == expected
            assert overview(work, also=NOTHING).late == len(expected)
            late |= {(line.request.state, line.request.agency_id is None) for line in lines}
    assert len(late) == 2 * len(NEEDS_DECISION | {State.OFFERED})


def test_a_pause_gives_its_working_days_back_to_the_local_target_whatever_state_it_stopped(
    work_on, clock
) -> None:
    # Paused from Wednesday 16 December to Monday 4 January: of those 19 days nine were worked, and five of them outside the
    # Christmas holidays that the settings begin on the 21st.
    with work_on() as work:
        lead = coordinator(work)
        school = agency(work, "school", "Town School", sector=Sector.EDUCATION)
        at = start_of_day(date(2026, 12, 15))
        made = {
            (state, school_asked, paused): add_request(
                work, state=state, received_at=at, agency_id=school.id if school_asked else None
            ).id
            for state in sorted(NEEDS_DECISION | {State.OFFERED})
            for school_asked in (False, True)
            for paused in (False, True)
        }

    def targets(work):
        return {key: local_target(work, work.session.get_one(Request, one))[0] for key, one in made.items()}

    stopped = [one for key, one in made.items() if key[2]]
    clock.instant = start_of_day(date(2026, 12, 16)) + timedelta(hours=9)
    with work_on(lead) as work:
        before = targets(work)
        for one in stopped:
            pause_request(work, one, reason=PauseReason.COURT_OR_POLICE)
    clock.instant = start_of_day(date(2027, 1, 4)) + timedelta(hours=9)
    with work_on(lead) as work:
        for one in stopped:
            lift_pause(work, one, version=work.session.get_one(Request, one).version)
        after = targets(work)
    for (state, school_asked, paused), due in after.items():
        due_before = before[state, school_asked, paused]
        closed = closed_while(state, targets=partnership(work), school=school_asked)
        back = working_days_left(due_before, due, closed)
        assert back == (0 if not paused else working_days_left(date(2026, 12, 16), date(2027, 1, 4), closed))
        assert (due > due_before) is paused
    # The list of what is late says the same of each, on every day until all are.
    for _ in range(60):
        clock.instant += timedelta(days=1)
        with work_on(lead, write=False) as work:
            late = {
                one
                for one in made.values()
                if (local_target(work, work.session.get_one(Request, one))[1] or 0) < 0
            }
            lines = work_queue(work, Filters(states=OPEN, late=True), length=1000).lines
            assert {line.request.id for line in lines} == late
    assert late == set(made.values())


def test_days_of_a_pause_are_given_back_once_where_the_clock_stood_still_for_an_answer_anyway(
    work_on, clock
) -> None:
    # In triage since Tuesday 24 November 2026, asked on that day, so that five working days are left when the answer comes.
    with work_on() as work:
        lead, request_id = coordinator(work), waiting(work).id
    clock.instant += timedelta(days=1)
    with work_on(lead) as work:
        pause_request(work, request_id, reason=PauseReason.COURT_OR_POLICE)
    clock.instant += timedelta(days=2)
    with work_on(lead) as work:
        lift_pause(work, request_id, version=work.session.get_one(Request, request_id).version)
    clock.instant += timedelta(days=3)
    with work_on(lead) as work:
        request = work.session.get_one(Request, request_id)
        answer_question(work, request_id, answer="Mondays", version=request.version)
        # Answered on Monday 30.
        assert local_target(work, request) == (date(2026, 12, 7), 5)


def test_what_came_back_from_the_requester_is_late_only_when_our_own_days_are_over(work_on, clock) -> None:
    # Confirmed on Tuesday 24 November 2026; five working days are over after 1 December.
    with work_on() as work:
        lead = coordinator(work)
        request_id = in_triage(work).id
    clock.instant += timedelta(days=1)
    with work_on(lead) as work:
        request = work.session.get_one(Request, request_id)
        ask_requester(work, request_id, question="When?", version=request.version)
    clock.instant += timedelta(days=7)
    with work_on(lead) as work:
        request = work.session.get_one(Request, request_id)
        answer_question(work, request_id, answer="Mondays", version=request.version)
    # Asked on the 25th, answered on Wednesday 2 December: five days were not ours, so it is due on the 8th.
    for day, late in ((8, []), (9, [request_id])):
        clock.instant = clock.instant.replace(day=day)
        with work_on(lead) as work:
            request = work.session.get_one(Request, request_id)
            assert local_target(work, request)[0] == date(2026, 12, 8)
            lines = work_queue(work, Filters(late=True)).lines
            assert [line.request.id for line in lines] == late


def test_a_line_says_who_looks_after_it_whose_move_it_is_and_why_it_is_sooner(work_on) -> None:
    with work_on() as work:
        lead = coordinator(work, "Wren Young")
        first, second = in_triage(work), waiting(work)
        ids = first.id, second.id
    with work_on(lead) as work:
        version = work.session.get_one(Request, ids[0]).version
        set_priority(work, ids[0], priority=Priority.SOONER, reason="Turns 18 soon", version=version)
        work.session.flush()
        set_owner(
            work, ids[0], owner_id=lead.person_id, version=work.session.get_one(Request, ids[0]).version
        )
    with work_on(lead) as work:
        lines = {line.request.id: line for line in work_queue(work, Filters(states=OPEN)).lines}
        one, other = lines[ids[0]], lines[ids[1]]
        assert (one.owner, one.whose, one.why_sooner) == ("Wren Young", "ours", "Turns 18 soon")
        assert (other.owner, other.whose, other.why_sooner) == ("", "requester", "")


def test_who_moves_what_nobody_looks_after_looks_after_it(work_on) -> None:
    with work_on() as work:
        wren, robin = coordinator(work, "Wren"), coordinator(work, "Robin")
        pool = actor_of(account(work, Role.FACILITATOR))
        request_id = in_triage(work).id
        assert work.session.get_one(Request, request_id).owner_id is None
    with work_on(pool) as work:
        # Somebody of the pool moves requests too, and looks after none.
        request = work.session.get_one(Request, request_id)
        move_request(work, request, Verb.ASK)
        move_request(work, request, Verb.ANSWER)
        assert request.owner_id is None
    for actor in (wren, robin):
        with work_on(actor) as work:
            request = work.session.get_one(Request, request_id)
            ask_requester(work, request_id, question="When?", version=request.version)
            answer_question(work, request_id, answer="Now", version=request.version)
            assert request.owner_id == wren.person_id


def test_the_overview_counts_states_months_and_what_waits_for_a_talk(work_on) -> None:
    with work_on() as work:
        lead = coordinator(work)
        this, last = start_of_day(date(2026, 11, 1)), start_of_day(date(2026, 10, 31))
        add_request(work, received_at=this)
        add_request(work, received_at=last, state=State.SIGNPOSTED)
        talk = add_request(work, received_at=last, state=State.OFFERED)
        add_request(work, received_at=last, state=State.DUPLICATE)
        add_request(work, received_at=start_of_day(date(2025, 11, 30)))
        hidden = add_request(work)
        work.session.add(Recusal(person_id=lead.person_id, request_id=hidden.id, since=work.now))
        talk_id = talk.id
    with work_on(lead, write=False) as work:
        found = overview(work, also=select(Request.id).where(Request.id == talk_id))
    assert {state: n for state, n in found.by_state.items() if n} == {
        State.IN_TRIAGE: 2,
        State.SIGNPOSTED: 1,
        State.OFFERED: 1,
        State.DUPLICATE: 1,
    }
    assert found.need_decision == 3
    assert found.months[0] == ((2025, 12), 0)
    assert found.months[-2:] == (((2026, 10), 2), ((2026, 11), 1))


def test_what_is_paused_is_neither_to_be_decided_nor_late_and_is_found_by_its_own_filter(
    work_on, clock
) -> None:
    with work_on() as work:
        for state in sorted(NEEDS_DECISION):
            add_request(work, reference=f"paused {state}", state=state, paused_at=work.now)
        talk = add_request(work, reference="talk", state=State.OFFERED, paused_at=work.now)
        also = select(Request.id).where(Request.id == talk.id)
        add_request(work, reference="runs")
    clock.instant += timedelta(days=60)
    with work_on(write=False) as work:
        counted = overview(work, also=also)
        assert (counted.need_decision, counted.late, counted.paused) == (1, 1, 5)
        assert [line.request.reference for line in work_queue(work, also=also).lines] == ["runs"]
        assert shown(work, states=OPEN, late=True) == ["runs"]
        lines = work_queue(work, Filters(paused=True), also=also).lines
        assert {line.request.reference for line in lines} == {f"paused {state}" for state in NEEDS_DECISION}
        assert {(line.whose, line.due_on, line.days_left) for line in lines} == {(Whose.NOBODY, None, None)}


def test_half_of_the_requests_were_decided_within_so_many_working_days(work_on, clock) -> None:
    with work_on(write=False) as work:
        assert [(w.number, w.half_within) for w in waits(work)] == [(0, None), (0, None)]
    with work_on() as work:
        # Tuesday 24 November, accepted on that day, a day later, and on the Monday after: 0, 1 and 4 working days.
        accepted(work)
        requests = [in_triage(work), in_triage(work), in_triage(work)]
        requests[2].source = Source.IMPORT
        ids = [request.id for request in requests]
    for days, request_id in zip((1, 5, 0), ids, strict=True):
        clock.instant += timedelta(days=days)
        with work_on() as work:
            move_request(work, work.session.get_one(Request, request_id), Verb.ACCEPT)
    with work_on(write=False) as work:
        assert [(w.number, w.half_within) for w in waits(work)] == [(3, 1), (0, None)]


@pytest.mark.parametrize("page", [0, 1, 2, 9])
def test_a_narrowed_list_is_paged_like_the_whole(work_on, page) -> None:
    with work_on() as work:
        for n in range(5):
            add_request(work, locality="East" if n % 2 else "West", received_at=work.now - timedelta(days=n))
        found = work_queue(work, Filters(locality="West"), page=page, length=2)
        assert (found.total, found.pages, len(found.lines)) == (3, 2, 1 if page >= 2 else 2)


def test_facilitators_are_looked_for_up_to_the_same_day_that_the_queue_shows(work_on, clock) -> None:
    # From Friday 4 December 2026, thirty working days reach Wednesday 20 January 2027, and for a school, closed from
    # 21 December to 3 January with seven working days in it, Friday the 29th.
    clock.instant += timedelta(days=10)
    with work_on() as work:
        school = agency(work, "school", "Town School", sector=Sector.EDUCATION)
        for agency_id, day in ((None, date(2027, 1, 20)), (school.id, date(2027, 1, 29))):
            request = add_request(work, state=State.FACILITATORS_AGREED, agency_id=agency_id)
            assert local_target(work, request)[0] == day
            assert assemble(work, request).last_day == day
