"""A multi-agency audit: the sample, what agencies return by their own link, the panel, and the partnership's plan."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from conftest import NOW
from factories.held_sessions import add_held_session
from factories.people import account, agency
from factories.requests import coordinator, envelopes
from jags.accounts.queries import actor_of
from jags.accounts.rules import PERMISSIONS, Purpose, Role
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, LinkNotValid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.rules import MailKind
from jags.quality.queries.auditing import (
    agencies_to_ask,
    audits,
    get_audit,
    get_case,
    get_return,
    panel_of,
    purposes_of,
    recommendations_of,
    return_of,
)
from jags.quality.rules.auditing import (
    AskedOf,
    PanelView,
    PlanArea,
    PlanGroup,
    PlanState,
    Purposes,
    Return,
    draw,
)
from jags.quality.service.auditing import (
    Sample,
    ask_agency,
    choose_sessions,
    close_audit,
    draw_random,
    moderate,
    note_in_plan,
    recommend,
    remind_of_returns,
    send_return,
    take_down_return,
)
from jags.scheduling.model import AgencyAttendance
from jags.scheduling.rules import Attendance
from jags.settings.service import change_setting

JULY = datetime(2026, 7, 1, 10, 0, tzinfo=UTC)
SAMPLE = Sample(date(2026, 7, 1), date(2026, 7, 31), Purposes("Did both services have a voice?"))
GIVEN = Return("They rang first.", "We invite housing.", "Ask earlier.", "good")


def by_link(return_id):
    return Actor(ActorKind.LINK, "link:test", purpose=Purpose.AUDIT_RETURN, subject_id=return_id)


@pytest.fixture
def held(work_on):
    """Three sessions of July and one of August; the police were at each. Return the coordinator and the ids of July."""
    with work_on() as work:
        police = agency(work)
        ids = []
        for days in (0, 10, 30, 31):
            session = add_held_session(work, starts_at=JULY + timedelta(days=days))
            session.attendance = [
                AgencyAttendance(position=0, agency_id=police.id, attendance=Attendance.PRESENT)
            ]
            ids.append(session.id)
        return coordinator(work), ids[:3]


@pytest.fixture
def asked(work_on, held):
    """An audit of one session of which the police were asked: the coordinator, the audit, its case, and the return."""
    unit, ids = held
    with work_on(unit) as work:
        why = Purposes("Who was missing?", "All with housing in them.")
        audit = choose_sessions(work, replace(SAMPLE, purposes=why), ids[:1])
        work.session.flush()
        (case,) = audit.cases
        (police,) = agencies_to_ask(work, case)
        row = ask_agency(work, case.id, agency_id=police.id, of=AskedOf("Pat Quinn", "pat@example.org"))
        return unit, audit.id, case.id, row.id


def test_a_random_sample_is_drawn_from_the_period_and_can_be_drawn_again(work_on, held):
    unit, ids = held
    with work_on(unit) as work:
        audit_id = draw_random(work, SAMPLE, size=2).id
    with work_on(unit) as work:
        audit = get_audit(work, audit_id)
        assert [case.session_id for case in audit.cases] == draw(ids, size=2, seed=audit.seed)
        assert purposes_of(work, audit).question == "Did both services have a voice?"
        (line,) = audits(work)
        assert (line.sessions, line.asked, line.returned) == (2, 0, 0)


@pytest.mark.parametrize(
    ("sample", "size", "field"),
    [
        (SAMPLE, 0, "size"),
        (SAMPLE, 51, "size"),
        (replace(SAMPLE, held_to=date(2026, 6, 1)), 2, "held_to"),
        (replace(SAMPLE, held_from=date(2026, 7, 5), held_to=date(2026, 7, 6)), 2, "held_from"),
        (replace(SAMPLE, purposes=Purposes()), 2, "question"),
    ],
)
def test_a_sample_that_cannot_be_drawn_is_said_at_its_field(work_on, held, sample, size, field):
    with pytest.raises(Invalid) as refused, work_on(held[0]) as work:
        draw_random(work, sample, size=size)
    assert refused.value.field == field


def test_sessions_are_chosen_with_a_reason_and_from_the_period(work_on, held):
    unit, ids = held
    with work_on() as work:
        other = add_held_session(work).id
    why = replace(SAMPLE, purposes=Purposes("Q", "Because"))
    for sample, chosen, field in ((SAMPLE, ids, "why_these"), (why, [], "chosen"), (why, [other], "chosen")):
        with pytest.raises(Invalid) as refused, work_on(unit) as work:
            choose_sessions(work, sample, chosen)
        assert refused.value.field == field
    with work_on(unit) as work:
        audit = choose_sessions(work, why, ids[1:])
        assert ([case.session_id for case in audit.cases], audit.seed) == (ids[1:], None)


def test_an_agency_returns_by_its_own_link_until_the_audit_is_closed(work_on, asked):
    unit, audit_id, case_id, return_id = asked
    with work_on(unit) as work:
        (mail,) = envelopes(work, MailKind.AUDIT_ASKED)
        assert (mail["name"], mail["params"]["held_on"]) == ("Pat Quinn", "1 July 2026")
        assert agencies_to_ask(work, get_case(work, case_id)) == []
    for who, error in ((unit, LinkNotValid), (by_link(case_id), NotFound)):
        with pytest.raises(error), work_on(who) as work:
            send_return(work, return_id, GIVEN)
    with pytest.raises(Invalid), work_on(by_link(return_id)) as work:
        send_return(work, return_id, Return())
    with work_on(by_link(return_id)) as work:
        send_return(work, return_id, GIVEN)
    with work_on(unit) as work:
        row = get_return(work, return_id)
        # Grades are off unless the partnership switches them on.
        assert return_of(work, row) == replace(GIVEN, grade="")
        assert b"rang" not in (row.return_sealed or b"")
        close_audit(work, audit_id, version=1)
    with pytest.raises(MoveNotPossible), work_on(by_link(return_id)) as work:
        send_return(work, return_id, GIVEN)


def test_grades_are_kept_where_the_partnership_switches_them_on(work_on, asked):
    unit, _, case_id, return_id = asked
    with work_on() as work:
        change_setting(work, "audit_grades", True)
    with work_on(by_link(return_id)) as work:
        send_return(work, return_id, GIVEN)
    with work_on(unit) as work:
        assert return_of(work, get_return(work, return_id)) == GIVEN
        moderate(work, case_id, PanelView("Yes", "", "strong"), version=1)
        assert panel_of(work, get_case(work, case_id)).grade == "strong"


def test_a_panel_moderates_what_came_back(work_on, asked):
    unit, _, case_id, return_id = asked
    view = PanelView("The pauses", "Invite adults’ services", "strong")
    with pytest.raises(Invalid), work_on(unit) as work:
        moderate(work, case_id, view, version=1)
    with work_on(by_link(return_id)) as work:
        send_return(work, return_id, GIVEN)
    with work_on(unit) as work:
        moderate(work, case_id, view, version=1)
    with work_on(unit) as work:
        assert panel_of(work, get_case(work, case_id)) == replace(view, grade="")
    with pytest.raises(Stale), work_on(unit) as work:
        moderate(work, case_id, view, version=1)


def test_recommendations_are_numbered_and_only_their_place_in_the_plan_is_kept(work_on, asked):
    unit, audit_id, _, _ = asked
    for text in ("First", "Second"):
        with work_on(unit) as work:
            recommend(work, audit_id, text=text, group=PlanGroup.SECTOR, area=PlanArea.TOOLS)
    with pytest.raises(Invalid), work_on(unit) as work:
        recommend(work, audit_id, text="", group=PlanGroup.SECTOR, area=PlanArea.TOOLS)
    with work_on(unit) as work:
        note_in_plan(work, audit_id, 2, reference="CAP 17", state=PlanState.ACCEPTED, version=1)
    with work_on(unit) as work:
        found = recommendations_of(work, get_audit(work, audit_id))
        assert [(one.row.number, one.text, one.row.plan_reference, one.row.state) for one in found] == [
            (1, "First", "", PlanState.PROPOSED),
            (2, "Second", "CAP 17", PlanState.ACCEPTED),
        ]
    with pytest.raises(NotFound), work_on(unit) as work:
        note_in_plan(work, audit_id, 3, reference="", state=PlanState.DONE, version=1)


def test_nobody_but_the_business_unit_audits(work_on, held):
    others = frozenset(PERMISSIONS[Role.ADMINISTRATOR] | PERMISSIONS[Role.FACILITATOR])
    with pytest.raises(NotAllowed), work_on(Actor(ActorKind.ACCOUNT, "someone", others)) as work:
        draw_random(work, SAMPLE, size=2)


def test_a_return_is_told_by_telephone_and_who_wrote_it_down_is_kept(work_on, held):
    unit, ids = held
    with work_on() as work:
        unit = actor_of(account(work, Role.COORDINATOR, name="Meera Coleman"))
    with work_on(unit) as work:
        audit = choose_sessions(work, replace(SAMPLE, purposes=Purposes("Q", "Because")), ids[:1])
        work.session.flush()
        (case,) = audit.cases
        (police,) = agencies_to_ask(work, case)
        row = ask_agency(work, case.id, agency_id=police.id, of=AskedOf("Pat Quinn"))
        case_id, return_id = case.id, row.id
    with work_on(unit) as work:
        assert envelopes(work, MailKind.AUDIT_ASKED) == []
        with pytest.raises(NotFound):
            take_down_return(work, case_id, case_id, GIVEN, version=1)
        take_down_return(work, case_id, return_id, GIVEN, version=1)
    with work_on(unit) as work:
        row = get_return(work, return_id)
        assert (row.taken_down_by, return_of(work, row)) == (unit.person_id, replace(GIVEN, grade=""))
    with pytest.raises(Stale), work_on(unit) as work:
        take_down_return(work, case_id, return_id, GIVEN, version=1)
    # Whoever answers for the agency writes it anew: then it is theirs again.
    with work_on(by_link(return_id)) as work:
        send_return(work, return_id, GIVEN)
        assert get_return(work, return_id).taken_down_by is None
    with pytest.raises(NotAllowed), work_on(by_link(return_id)) as work:
        take_down_return(work, case_id, return_id, GIVEN, version=3)


def test_an_agency_is_reminded_once_when_nothing_has_come_back(work_on, clock, asked):
    unit, _, _, return_id = asked

    def remind(days):
        clock.instant = NOW + timedelta(days=days)
        with work_on() as work:
            return remind_of_returns(work)

    # Asked on Tuesday 24 November; ten working days later is Tuesday 8 December.
    assert [remind(13), remind(14), remind(15)] == [0, 1, 0]
    with work_on(unit) as work:
        (mail,) = envelopes(work, MailKind.AUDIT_REMINDER)
        assert (mail["email"], mail["link_purpose"], mail["link_subject"]) == (
            "pat@example.org",
            Purpose.AUDIT_RETURN,
            str(return_id),
        )
    # What came back meanwhile needs no reminder.
    with work_on(by_link(return_id)) as work:
        send_return(work, return_id, GIVEN)
    with work_on(unit) as work:
        assert envelopes(work, MailKind.AUDIT_REMINDER) == []


@pytest.mark.parametrize("why", ["returned", "closed", "weekend", "never"])
def test_nobody_is_reminded_in_vain(work_on, clock, asked, why):
    unit, audit_id, _, return_id = asked
    clock.instant = NOW + timedelta(days=18 if why == "weekend" else 20)
    if why == "returned":
        with work_on(by_link(return_id)) as work:
            send_return(work, return_id, GIVEN)
    if why == "closed":
        with work_on(unit) as work:
            close_audit(work, audit_id, version=get_audit(work, audit_id).version)
    if why == "never":
        with work_on() as work:
            change_setting(work, "audit_remind_days", 0)
    with work_on() as work:
        assert remind_of_returns(work) == 0
