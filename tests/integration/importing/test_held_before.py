"""Sessions that were held before, from the template: closed, counted, without mail or due work, and filled in later."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from conftest import NOW, WorkOn
from factories.held_before import HELD_ON, WHOLE, entered, session_row, take_over
from factories.import_files import form_row, import_pool, read_form, read_tracker, tracker_row, write_xlsx
from factories.people import account
from factories.sessions import agree, arrange
from jags.accounts.queries import actor_of, names_of
from jags.accounts.rules import Role
from jags.adapters.clock import FixedClock
from jags.evaluation.queries import figures
from jags.evaluation.rules import By
from jags.facilitators.model import Booking
from jags.importing.queries import entered_sessions, entry_of, get_entered
from jags.importing.rules.form import FormColumn, NamedAgency
from jags.importing.rules.held import Gap, HeldEntry, NamedFacilitator, gaps_of
from jags.importing.rules.tracker import TrackerColumn
from jags.importing.service.back_entry import HeldAlready, complete_session, enter_session
from jags.importing.service.requests import import_requests
from jags.jobs.catalogue import JOBS
from jags.kernel.errors import Invalid, NotAllowed, Stale
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.requests.model import Request
from jags.requests.rules import AgeBand, AskedBy, State, TransitionalFeature, Verb
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import AgencyRow, ApologyReason, Attendance, SessionFormat, SessionState


def only_session(work: Work) -> JagsSession:
    return work.session.scalars(select(JagsSession)).one()


def count(work: Work, kind: type) -> int:
    return work.session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_whole_row_becomes_a_closed_request_with_its_session(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        report = take_over(work, tmp_path, session_row(**WHOLE))
        assert (report.imported, report.rejected) == (1, 0)
        assert [(f.column, f.problem) for f in report.problems] == [
            (
                "Agencies that did not come, and why",
                "“The Lighthouse” is not a known agency: kept as typed, to be settled.",
            ),
            ("Agencies invited", "“The Lighthouse” is not a known agency: kept as typed, to be settled."),
            ("Agencies invited", "“Harbour Youth Club” is not a known agency: kept as typed, to be settled."),
        ]
        assert [f.problem for f in report.gaps] == [
            "Not recorded of JAGS-2026-0001: whether every agency that was invited came."
        ]
    with work_on() as work:
        session = only_session(work)
        request = session.request
        entry = entry_of(work, session)
        police = request.agency
        assert police is not None
        assert police.key == "pol"
        assert replace(entry, facilitators=()) == HeldEntry(
            held_on=HELD_ON,
            number="JAGS007",
            received_on=date(2026, 3, 2),
            agency=NamedAgency(police.id),
            locality="East",
            age_bands=frozenset({AgeBand.FOURTEEN_FIFTEEN, AgeBand.SIXTEEN_SEVENTEEN}),
            transitional=True,
            features=frozenset({TransitionalFeature.CARE_LEAVER, TransitionalFeature.SEND}),
            asked_by=AskedBy.EMAIL,
            agencies=(
                AgencyRow(police.id, "", Attendance.PRESENT),
                AgencyRow(None, "The Lighthouse", Attendance.APOLOGIES, ApologyReason.INVITED_LATE),
                AgencyRow(None, "Harbour Youth Club", Attendance.NOT_RECORDED),
            ),
            format=SessionFormat.BOTH,
            minutes=105,
        )
        assert [one.person_id is not None for one in entry.facilitators] == [True, True]
        assert (request.state, session.state, session.imported) == (State.CLOSED, SessionState.HELD, True)
        assert [m.verb for m in request.moves][-2:] == [Verb.HOLD, Verb.CLOSE]
        assert {m.at.date() for m in request.moves[:2]} == {date(2026, 3, 2)}
        assert {
            (b.ends_at - b.starts_at, b.starts_at.date()) for b in work.session.scalars(select(Booking))
        } == {(timedelta(minutes=105), HELD_ON)}


def test_no_mail_no_round_and_no_due_work_arises(work_on: WorkOn, tmp_path: Path, clock: FixedClock) -> None:
    with work_on() as work:
        import_pool(work)
        take_over(work, tmp_path, session_row(**WHOLE), session_row(HELD="23/11/2026"))
    clock.instant = NOW + timedelta(days=40)
    done = {}
    for job in JOBS:
        with work_on() as work:
            done[job.name] = job.run(work)
    # The end of the trail is signed whatever comes in.
    assert [name for name, number in done.items() if number] == ["make-checkpoints"]
    with work_on() as work:
        assert count(work, OutboxMessage) == 0


def test_twice_is_once_and_a_fuller_file_fills_the_gaps(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        first = take_over(
            work, tmp_path, session_row(AGENCY="Police", MINUTES=90), session_row(HELD="1.4.26")
        )
        again = take_over(
            work, tmp_path, session_row(AGENCY="police", MINUTES=90), session_row(HELD="1.4.26")
        )
        fuller = take_over(work, tmp_path, session_row(**WHOLE))
        last = take_over(work, tmp_path, session_row(**WHOLE))
    counted = [(r.imported, r.unchanged, r.changed, r.rejected) for r in (first, again, fuller, last)]
    assert counted == [(2, 0, 0, 0), (0, 2, 0, 0), (0, 0, 1, 0), (0, 0, 1, 0)]
    differs = (
        "Length in minutes",
        "This differs from what stands here as JAGS-2026-0001: nothing was changed.",
    )
    assert [differs in [(f.column, f.problem) for f in r.problems] for r in (again, fuller, last)] == [
        False,
        True,
        True,
    ]
    with work_on() as work:
        assert count(work, Request) == 2
        session = work.session.scalars(
            select(JagsSession).join(Request).where(Request.tracker_number == "JAGS007")
        ).one()
        assert (session.minutes, session.format) == (90, SessionFormat.BOTH)
        assert gaps_of(entry_of(work, session)) == (Gap.ATTENDANCE,)
        assert len(session.facilitators) == 2
        # The time that it takes was moved with its facilitators, and not taken twice.
        assert (
            sorted(b.ends_at - b.starts_at for b in work.session.scalars(select(Booking)))
            == [timedelta(minutes=90)] * 2
        )


def test_two_rows_of_one_session_are_one_and_a_number_tells_them_apart(
    work_on: WorkOn, tmp_path: Path
) -> None:
    with work_on() as work:
        report = take_over(work, tmp_path, session_row(AGENCY="A School"), session_row(AGENCY="A School"))
        assert (report.imported, report.rejected) == (1, 1)
        assert report.problems[-1].problem == (
            "Rejected: row 2 tells of the same session. If this is another one, give both a number."
        )
        numbered = take_over(
            work, tmp_path, session_row(AGENCY="A School", NUMBER=1), session_row(AGENCY="A School", NUMBER=2)
        )
        # The first takes the one that had no number, the second is another.
        assert (numbered.imported, numbered.changed) == (1, 1)


def test_a_session_of_the_old_tracker_gains_its_agencies_and_counts_once(
    work_on: WorkOn, tmp_path: Path
) -> None:
    form = write_xlsx(tmp_path / "f.xlsx", list(FormColumn), form_row())
    tracker = write_xlsx(
        tmp_path / "t.xlsx",
        list(TrackerColumn),
        tracker_row(HELD="17/3/2026", AGENCIES=5, FACILITATOR_1="Hugh Young", FACILITATOR_2="Robin Outside"),
    )
    with work_on() as work:
        import_pool(work)
        import_requests(work, read_form(form), tracker=read_tracker(tracker))
        assert entered_sessions(work).lines[0].gaps[-3:] == (Gap.AGENCIES, Gap.FORMAT, Gap.MINUTES)
        assert [one.name for one in entry_of(work, only_session(work)).facilitators] == ["", "Robin Outside"]
        report = take_over(work, tmp_path, session_row(NUMBER="jags101", ATTENDED="Police; A School"))
        assert (report.imported, report.changed) == (0, 1)
    with work_on() as work:
        taking_part = figures(
            work, from_on=date(2026, 1, 1), to_on=date(2026, 12, 31), by=By.HELD
        ).taking_part
        assert (taking_part.sessions, taking_part.sessions_named, taking_part.sessions_counted) == (1, 1, 0)
        assert [(c.label, c.number) for c in taking_part.agencies] == [("Police", 1)]
        assert taking_part.unsettled == 1


def test_a_session_that_was_held_here_is_not_imported(
    work_on: WorkOn, tmp_path: Path, clock: FixedClock
) -> None:
    arrange(work_on, agree(work_on))
    with work_on() as work:
        session = only_session(work)
        session.state = SessionState.HELD
        reference, day = session.request.reference, session.starts_at.date()
        asked = session.request.agency.name if session.request.agency else session.request.agency_typed
    clock.instant = NOW + timedelta(days=60)
    with work_on() as work:
        rows = (
            session_row(HELD=day, AGENCY=asked),
            session_row(HELD=day, NUMBER=reference),
        )
        report = take_over(work, tmp_path, *rows)
        assert (report.imported, report.linked) == (0, 2)
        assert {f.problem for f in report.problems} >= {
            f"Held and recorded here as {reference}: not imported, so that it counts once."
        }
        with pytest.raises(HeldAlready):
            entered(work, held_on=day, number=str(reference))


def test_what_is_open_counts_nowhere_as_none(work_on: WorkOn) -> None:
    with work_on() as work:
        entered(work, agencies=(AgencyRow(None, "Housing", Attendance.NOT_RECORDED),))
    with work_on() as work:
        year = {"from_on": date(2026, 1, 1), "to_on": date(2026, 12, 31)}
        held = figures(work, **year, by=By.HELD)
        # Without a date of receipt it is in no period by receipt, and its wait is not nought days.
        assert (held.funnel.received, figures(work, **year).funnel.received) == (1, 0)
        assert {wait.stage: wait.n for wait in held.waits} == dict.fromkeys([w.stage for w in held.waits], 0)
        assert (held.taking_part.sessions, held.taking_part.sessions_named) == (1, 0)
        assert (held.cohorts.confirmed.received, held.cohorts.unconfirmed) == (0, 0)


def test_cells_that_cannot_be_read_are_left_open_and_listed(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        report = take_over(
            work,
            tmp_path,
            session_row(
                RECEIVED="18/3/2026",
                LOCALITY="Atlantis",
                AGE="old",
                TRANSITIONAL="perhaps",
                FEATURES="Care leaver; Flying",
                ASKED_BY="Pigeon",
                FACILITATOR_1="Robin Outside",
                FACILITATOR_2="Robin Outside",
                APOLOGIES="Housing: asleep",
                FORMAT="Moon",
                MINUTES=True,
            ),
            session_row(HELD="25/11/2026"),
        )
        assert (report.imported, report.rejected) == (1, 1)
        assert [f.problem for f in report.problems] == [
            "18 March 2026 is after the session: left open.",
            "“perhaps” is neither “Yes” nor “No”: left open.",
            "“Flying” is not one of the allowed values: left out.",
            "This needs “Yes” under transitional safeguarding: left open.",
            "“Atlantis” is not a known locality: left open.",
            "“old” cannot be read as age bands: left open.",
            "“Pigeon” is not one of the allowed values: left open.",
            "“Robin Outside” is not one person of the pool: the name is kept as typed.",
            "“Robin Outside” is named twice: left open.",
            "“asleep” is not one of the reasons: the reason is left open.",
            "“Housing” is not a known agency: kept as typed, to be settled.",
            "“Moon” is not one of the allowed values: left open.",
            "“Yes” is not a number of minutes from 15 to 480: left open.",
            "Rejected: it is still to come.",
        ]


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: replace(entry, received_on=date(2026, 3, 18)),
        lambda entry: replace(entry, minutes=10),
        lambda entry: replace(entry, locality="Atlantis"),
        lambda entry: replace(entry, features=frozenset({TransitionalFeature.SEND})),
        lambda entry: replace(entry, facilitators=(NamedFacilitator(None, "A"),) * 2),
        lambda entry: replace(entry, agencies=(AgencyRow(None, "A", Attendance.PRESENT),) * 2),
    ],
)
def test_completing_checks_as_entering_does_and_is_refused_when_stale(
    work_on: WorkOn, change: Callable[[HeldEntry], HeldEntry]
) -> None:
    with work_on() as work:
        session = entered(work)
        entry = entry_of(work, session)
        with pytest.raises(Invalid):
            complete_session(work, session.id, change(entry), version=session.version)
        with pytest.raises(Invalid):
            enter_session(work, change(replace(entry, number="N2")), source="page")
        with pytest.raises(Stale):
            complete_session(work, session.id, entry, version=session.version - 1)


def test_each_completion_makes_an_older_page_stale(work_on: WorkOn) -> None:
    with work_on() as work:
        session = entered(work)
        shown = session.version
        complete_session(
            work,
            session.id,
            replace(entry_of(work, session), agency=NamedAgency(None, "A School")),
            version=shown,
        )
    with work_on() as work:
        session = get_entered(work, only_session(work).id)
        assert session.version > shown
        assert session.request.agency_typed == "A School"


def test_only_who_may_import_enters_or_completes(work_on: WorkOn) -> None:
    with work_on() as work:
        session_id = entered(work).id
        actor = actor_of(account(work, Role.FACILITATOR))
    with work_on(actor) as work:
        with pytest.raises(NotAllowed):
            entered(work, number="N3")
        with pytest.raises(NotAllowed):
            complete_session(work, session_id, HeldEntry(HELD_ON), version=1)


def test_what_identifies_a_child_is_not_stored_as_the_name_of_a_facilitator(
    work_on: WorkOn, tmp_path: Path
) -> None:
    with work_on() as work:
        import_pool(work)
        row = session_row(FACILITATOR_1="Hugh Young (943 476 5919)", FACILITATOR_2="9434765919")
        report = take_over(work, tmp_path, row)
        assert [(f.column, f.problem) for f in report.identifiers] == [
            ("Facilitator 1", "An NHS number was left out."),
            ("Facilitator 2", "An NHS number was left out."),
        ]
        assert "943" not in str(report.as_document())
    with work_on() as work:
        (one,) = entry_of(work, only_session(work)).facilitators
        assert one.person_id is not None
        assert names_of(work, [one.person_id]) == {one.person_id: "Hugh Young"}
