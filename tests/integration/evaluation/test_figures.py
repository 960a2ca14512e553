"""The figures of a period, counted in both databases."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event

from conftest import WorkOn
from factories.held_sessions import add_held_session, add_request
from factories.pool import accepted_request, facilitator, offer_to
from factories.sessions import accept_all, agree
from jags.accounts.model import Agency
from jags.accounts.rules import AgeRemit, Sector
from jags.adapters.clock import FixedClock
from jags.allocation.rules import Rule
from jags.evaluation.queries import figures
from jags.evaluation.render import figures_document, figures_lines
from jags.evaluation.rules import By, Count, Figures, Funnel, Pairs, Stage
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import RequestMove
from jags.requests.rules import AgeBand, Source, State, Verb, YesNoUnsure
from jags.scheduling.model import AgencyAttendance
from jags.scheduling.rules import Attendance

YEAR = {"from_on": date(2026, 4, 1), "to_on": date(2027, 3, 31)}
NOTHING = Funnel(0, 0, 0, 0, 0)
TEEN = frozenset({AgeBand.SIXTEEN_SEVENTEEN})


def at(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def read(work_on: WorkOn, **wanted: Any) -> Figures:
    with work_on(write=False) as work:
        return figures(work, **{**YEAR, **wanted})


def add_agency(work: Work, name: str) -> Agency:
    agency = Agency(
        key=name, name=name, spelling=name.casefold(), agency_type="school",
        sector=Sector.EDUCATION, age_remit=AgeRemit.CHILDREN,
    )  # fmt: skip
    work.session.add(agency)
    work.session.flush()
    return agency


def add_move(work: Work, request: Any, verb: Verb, moment: datetime) -> None:
    request.moves.append(
        RequestMove(
            key_id=request.key_id, number=len(request.moves) + 1, verb=verb,
            left=State.IN_TRIAGE, reached=State.ACCEPTED, at=moment, actor_ref="x",
        )
    )  # fmt: skip


def test_empty_period_has_zeros_and_nothing_recorded(work_on: WorkOn) -> None:
    found = read(work_on)

    assert found.funnel == NOTHING
    assert (found.requesting, found.not_proceeded_by, found.taking_part.agencies) == ((), (), ())
    assert {wait.median for wait in found.waits} == {None}
    assert found.feedback.opinions == ()
    assert figures_document(found)["waits_in_days"]["decided"] == {"n": 0, "median": ":"}


def test_reversed_dates_are_refused(work_on: WorkOn) -> None:
    with pytest.raises(Invalid), work_on(write=False) as work:
        figures(work, from_on=date(2026, 7, 12), to_on=date(2026, 1, 13))


def test_every_state_is_counted_where_it_belongs(work_on: WorkOn) -> None:
    with work_on() as work:
        for state in State:
            add_request(work, state=state)

    found = read(work_on)

    assert found.funnel == Funnel(received=12, proceeded=6, not_proceeded=3, undecided=3, held=2)


def test_period_has_london_dates_and_both_ends(work_on: WorkOn) -> None:
    with work_on() as work:
        # Half past eleven in the evening of 12 July in UTC is the 13th in London.
        for moment in (at(1, 12, 23), at(1, 13, 0), at(7, 12, 22), datetime(2026, 7, 12, 23, 30, tzinfo=UTC)):
            add_request(work, received_at=moment)

    found = read(work_on, from_on=date(2026, 1, 13), to_on=date(2026, 7, 12))

    assert found.funnel.received == 2


def test_period_by_held_selects_the_sessions_of_the_period(work_on: WorkOn) -> None:
    with work_on() as work:
        add_held_session(work, received_at=at(1, 5), starts_at=at(2, 20))
        add_held_session(work, received_at=at(2, 1), starts_at=at(3, 2))
        add_request(work, state=State.ACCEPTED, received_at=at(2, 2))

    february = {"from_on": date(2026, 2, 1), "to_on": date(2026, 2, 28)}

    assert read(work_on, **february, by=By.HELD).funnel == Funnel(1, 1, 0, 0, 1)
    assert read(work_on, **february).funnel == Funnel(2, 2, 0, 0, 1)


def test_other_routes_are_told_in_words(work_on: WorkOn) -> None:
    with work_on() as work:
        for route in ("tacs", "core_group", "tacs", None):
            add_request(work, state=State.SIGNPOSTED, route=route)
        add_request(work, state=State.WITHDRAWN)

    assert read(work_on).not_proceeded_by == (
        Count("Team Around the Child Supervision (TACS)", 2),
        Count("Another route, not recorded which", 1),
        Count("Core group or other child-protection meeting", 1),
        Count("Withdrawn", 1),
    )


def test_cohorts_stand_side_by_side_whatever_is_selected(work_on: WorkOn) -> None:
    with work_on() as work:
        add_request(work, age_bands=TEEN, confirmed=True, state=State.ACCEPTED)
        add_request(work, age_bands=TEEN, confirmed=False)
        add_request(work, age_bands=TEEN | {AgeBand.EIGHTEEN_TO_TWENTY_ONE})
        add_request(work, confirmed=True, state=State.WITHDRAWN)
        add_request(work, transitional_view=YesNoUnsure.YES)
        add_request(work)

    everything, confirmed = read(work_on), read(work_on, transitional=True)

    assert everything.funnel.received == 6
    assert confirmed.funnel == Funnel(received=2, proceeded=1, not_proceeded=1, undecided=0, held=0)
    assert everything.cohorts == confirmed.cohorts
    assert everything.cohorts.age_band == Funnel(3, 1, 0, 2, 0)
    assert everything.cohorts.confirmed == Funnel(2, 1, 1, 0, 0)
    assert everything.cohorts.overlap == Funnel(1, 1, 0, 0, 0)
    assert everything.cohorts.unconfirmed == 2


def test_waits_are_medians_of_calendar_days(work_on: WorkOn) -> None:
    with work_on() as work:
        for decided, agreed, held in ((6, 9, 20), (8, 15, 29), (9, 12, 24)):
            session = add_held_session(work, received_at=at(5, 4, 16), starts_at=at(5, held, 9))
            add_move(work, session.request, Verb.ACCEPT, at(5, decided, 9))
            add_move(work, session.request, Verb.AGREE_FACILITATORS, at(5, agreed))
            # A later change of facilitator does not begin the wait anew.
            add_move(work, session.request, Verb.AGREE_FACILITATORS, at(5, agreed + 1))
        signposted = add_request(work, state=State.SIGNPOSTED, received_at=at(5, 4))
        add_move(work, signposted, Verb.SIGNPOST, at(5, 5))

    waits = {wait.stage: (wait.n, wait.median) for wait in read(work_on).waits}

    assert waits == {
        Stage.DECIDED: (4, 3.0),
        Stage.FACILITATORS_AGREED: (3, 3.0),
        Stage.HELD_AFTER_AGREED: (3, 12.0),
        Stage.HELD_AFTER_RECEIVED: (3, 20.0),
    }


@pytest.mark.parametrize(
    ("received", "decided", "days"),
    [
        # Ten past midnight in summer is the evening before in UTC: received and decided on one London day.
        (datetime(2026, 7, 5, 23, 5, tzinfo=UTC), datetime(2026, 7, 5, 23, 10, tzinfo=UTC), 0),
        (datetime(2026, 7, 5, 22, 50, tzinfo=UTC), datetime(2026, 7, 5, 23, 10, tzinfo=UTC), 1),
        # The clocks go forward on 29 March 2026 and back on 25 October 2026, at one o'clock UTC.
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 28, 23, 30, tzinfo=UTC), 0),
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 23, 30, tzinfo=UTC), 2),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 24, 23, 30, tzinfo=UTC), 1),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 23, 30, tzinfo=UTC), 1),
    ],
)
def test_waits_count_london_days_at_both_ends(
    work_on: WorkOn, received: datetime, decided: datetime, days: int
) -> None:
    with work_on() as work:
        request = add_request(work, state=State.ACCEPTED, received_at=received)
        add_move(work, request, Verb.ACCEPT, decided)
        add_move(work, request, Verb.AGREE_FACILITATORS, decided)
        add_held_session(work, received_at=received, starts_at=decided)

    waits = {wait.stage: wait.median for wait in read(work_on, from_on=date(2026, 1, 1)).waits}

    assert waits[Stage.DECIDED] == waits[Stage.HELD_AFTER_RECEIVED] == days
    assert waits[Stage.FACILITATORS_AGREED] == 0


def test_import_tells_only_what_it_knows_of_waits(work_on: WorkOn) -> None:
    with work_on() as work:
        session = add_held_session(
            work, received_at=at(5, 4), starts_at=at(5, 18), source=Source.IMPORT, legacy_number="1"
        )
        add_move(work, session.request, Verb.ACCEPT, at(11, 24))

    waits = {wait.stage: wait.n for wait in read(work_on).waits}

    assert waits[Stage.DECIDED] == 0
    assert waits[Stage.HELD_AFTER_RECEIVED] == 1


def test_agencies_are_counted_by_request_and_by_session(work_on: WorkOn) -> None:
    with work_on() as work:
        school, police = add_agency(work, "Hill School"), add_agency(work, "Police")
        for present in ((school, police), (school,)):
            session = add_held_session(work, agency_id=school.id)
            session.attendance = [
                *(
                    AgencyAttendance(agency_id=a.id, position=n, attendance=Attendance.PRESENT)
                    for n, a in enumerate(present)
                ),
                AgencyAttendance(agency_typed="A club", position=8, attendance=Attendance.PRESENT),
                AgencyAttendance(agency_id=police.id, position=9, attendance=Attendance.APOLOGIES),
            ]
        add_request(work, agency_id=police.id)
        add_request(work, agency_typed="Somewhere")
        imported = add_held_session(work)
        imported.imported, imported.imported_agencies, imported.imported_forms = True, 7, 4
        unknown = add_held_session(work)
        unknown.imported = True

    found = read(work_on)

    assert found.requesting == (Count("Hill School", 2), Count("Police", 1))
    assert found.requesting_unsettled == 3
    part = found.taking_part
    assert part.agencies == (Count("Hill School", 2), Count("Police", 1))
    assert (part.sessions, part.sessions_named, part.unsettled) == (4, 2, 2)
    assert (part.sessions_counted, part.counted_least, part.counted_most, part.earlier_forms) == (1, 7, 7, 4)
    told = [line.split() for line in figures_lines(found)]
    assert ["Sessions", "with", "agencies", "recorded", "by", "name", "2", "of", "4"] in told
    assert ["Sessions", "with", "a", "number", "of", "agencies", "only", "1"] in told
    assert ["Agency", "not", "settled", "yet", "2"] in told


def test_number_of_queries_does_not_grow(work_on: WorkOn, clock: FixedClock) -> None:
    def queries() -> int:
        statements: list[str] = []

        def note(_c: Connection, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        with work_on(write=False) as work:
            engine = work.session.get_bind()
            event.listen(engine, "before_cursor_execute", note)
            figures(work, **YEAR)
            event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    with work_on() as work:
        add_held_session(work)
    one = queries()
    with work_on() as work:
        for n in range(30):
            add_held_session(work, starts_at=work.now - timedelta(days=n + 1))

    assert queries() == one
    assert one <= 13


def test_agreed_exceptions_are_counted_by_rule_beside_the_pairs_of_two_agencies(work_on: WorkOn) -> None:
    agree(work_on, names=("Ann", "Ben"))
    with work_on() as work:
        colleagues = tuple(facilitator(work, name, of="police") for name in ("Cat", "Dan"))
        made = offer_to(work, accepted_request(work), colleagues, exceptions={Rule.AGENCY: "Nobody else."})
    accept_all(work_on, made)
    with work_on() as work:
        # Only offered: not counted.
        open_ = (facilitator(work, "Eve", of="one"), facilitator(work, "Fay", of="one"))
        offer_to(work, accepted_request(work), open_, exceptions={Rule.AGENCY: "Nobody else."})

    found = read(work_on)
    assert found.pairs == Pairs(2, 1, (Count("both are from the same agency", 1),))
    assert figures_document(found)["facilitators"] == {
        "pairs_agreed": 2,
        "of_two_agencies": 1,
        "agreed_exceptions": {"both are from the same agency": 1},
    }
    lines = [" ".join(line.split()) for line in figures_lines(found)]
    assert "Of two agencies, of pairs that agreed 1 of 2" in lines
    assert "Agreed exception: both are from the same agency 1" in lines
    assert read(work_on, from_on=date(2027, 1, 1)).pairs == Pairs(0, 0, ())
