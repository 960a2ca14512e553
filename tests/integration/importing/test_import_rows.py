"""Requests from hand-made rows of the form and the tracker: what is odd is listed, and nothing is guessed or lost."""

from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from conftest import WorkOn
from factories.import_files import (
    form_row,
    import_pool,
    tracker_row,
)
from factories.import_office import HELD, Office, told
from factories.requests import only
from jags.accounts.queries import find_agency, find_person_by_email
from jags.facilitators.model import Booking
from jags.importing.rules.form import FormColumn
from jags.importing.rules.tracker import TrackerColumn
from jags.requests.model import Request
from jags.requests.queries import detail_of
from jags.requests.rules import MoveNote, State, Verb
from jags.requests.service import move_request
from jags.scheduling.model import JagsSession
from jags.settings.service import change_setting


def test_without_a_tracker_a_request_waits_for_a_decision(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        assert Office(tmp_path).requests(work, form_row(AGENCY="The Lighthouse")).imported == 1
    with work_on() as work:
        request = only(work)
        assert (request.state, request.agency_id, request.agency_typed) == (
            State.IN_TRIAGE,
            None,
            "The Lighthouse",
        )


def test_without_a_date_a_request_that_proceeded_is_accepted(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        report = Office(tmp_path).requests(
            work, form_row(), tracker=(tracker_row(FACILITATOR_1="Hugh Young"),)
        )
    assert told(report) == [
        (
            "Date of JAGS",
            "There is no session to take over: date, facilitators and counts were not taken over.",
        )
    ]
    with work_on() as work:
        assert only(work).state is State.ACCEPTED
        assert work.session.scalars(select(JagsSession)).all() == []


def test_a_date_that_cannot_be_is_left_empty_and_listed(work_on: WorkOn, tmp_path: Path) -> None:
    # The request was received on 2 March 2026; now it is 24 November 2026.
    for number, (cell, sentence) in enumerate(
        (
            ("01.03.26", "1 March 2026 is before the request was received: left empty."),
            ("25.11.26", "25 November 2026 is still to come: arrange this session here."),
            ("in spring", "“in spring” is not a date: left empty."),
        )
    ):
        with work_on() as work:
            report = Office(tmp_path).requests(
                work, form_row(ID=number), tracker=(tracker_row(FORM_ID=number, HELD=cell),)
            )
        assert (TrackerColumn.HELD, sentence) in told(report)
        with work_on() as work:
            request = work.session.scalars(select(Request).where(Request.legacy_number == str(number))).one()
            assert request.state is State.ACCEPTED


def test_names_that_are_not_in_the_pool_are_listed_and_not_guessed(work_on: WorkOn, tmp_path: Path) -> None:
    tracker = (tracker_row(FACILITATOR_1="hugh  young", FACILITATOR_2="H. Young", HELD="30.03.26"),)
    with work_on() as work:
        import_pool(work)
        report = Office(tmp_path).requests(work, form_row(), tracker=tracker)
    assert told(report) == [("Facilitator 2", "“H. Young” is not in the pool: not matched.")]
    with work_on() as work:
        session = work.session.scalars(select(JagsSession)).one()
        hugh = find_person_by_email(work, "hugh.young@vol.example.org")
        assert hugh is not None
        assert [f.person_id for f in session.facilitators] == [hugh.id]


def test_two_people_of_one_name_are_not_told_apart(work_on: WorkOn, tmp_path: Path) -> None:
    other = {
        "name": "Hugh Young",
        "email": "hugh.young@pol.example.org",
        "agency": "Police",
        "status": "active",
    }
    with work_on() as work:
        import_pool(work)
        Office(tmp_path).facilitators(work, other)
        report = Office(tmp_path).requests(work, form_row(), tracker=(tracker_row(**HELD),))
    assert told(report) == [
        ("Facilitator 1", "Several people in the pool are called “Hugh Young”: not matched."),
    ]


def test_sessions_of_one_person_on_one_day_do_not_overlap_and_all_count(
    work_on: WorkOn, tmp_path: Path
) -> None:
    numbers = range(1, 8)
    with work_on() as work:
        import_pool(work)
        report = Office(tmp_path).requests(
            work,
            *(form_row(ID=n) for n in numbers),
            tracker=tuple(tracker_row(FORM_ID=n, **HELD) for n in numbers),
        )
    # Six sessions of two hours fit between nine in the morning and nine in the evening.
    assert told(report) == [
        ("Date of JAGS", "The day is full for these facilitators: this session does not count in their load.")
    ]
    with work_on() as work:
        assert work.session.scalar(select(func.count()).select_from(JagsSession)) == 7
        assert work.session.scalar(select(func.count()).select_from(Booking)) == 12


def test_an_unknown_route_or_outcome_is_listed(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        report = Office(tmp_path).requests(
            work,
            form_row(ID=1),
            form_row(ID=2),
            form_row(ID=3),
            tracker=(
                tracker_row(FORM_ID=1, OUTCOME="N/A", WHERE_TO="the other panel"),
                tracker_row(FORM_ID=2, OUTCOME="on hold"),
                tracker_row(FORM_ID=3, OUTCOME="Withdrawn", WHERE_TO="worker left"),
            ),
        )
    assert told(report) == [
        (
            "Reason / where to",
            "“the other panel” is not a known route: “other” is used, and the words are kept.",
        ),
        ("Outcome", "“on hold” is not a known outcome: the request stays undecided."),
    ]
    with work_on() as work:
        found = work.session.scalars(select(Request).order_by(Request.legacy_number)).all()
        assert [(r.state, r.route) for r in found] == [
            (State.SIGNPOSTED, "other"),
            (State.IN_TRIAGE, None),
            (State.WITHDRAWN, None),
        ]
        note = work.vault.open(found[0].moves[-1], "note", MoveNote)
        assert note.reason == "From the old tracker, JAGS101. the other panel"


def test_a_rejected_row_leaves_the_others_alone(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        report = Office(tmp_path).requests(
            work,
            form_row(ID=1, AGENCY=None),
            form_row(ID=2),
            tracker=(tracker_row(FORM_ID=1), tracker_row(FORM_ID=2)),
        )
    assert (report.imported, report.rejected) == (1, 1)
    assert told(report) == [("Your agency", "Rejected: the agency is missing.")]
    assert report.disagreements == []


def test_a_changed_row_is_listed_and_never_overwrites(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        Office(tmp_path).requests(
            work, form_row(HOPES="calm", LOCALITY="North"), tracker=(tracker_row(**HELD),)
        )
    with work_on() as work:
        report = Office(tmp_path).requests(
            work,
            form_row(HOPES="calmer", LOCALITY="South"),
            tracker=(tracker_row(**{**HELD, "HELD": "31.03.26", "AGENCIES": 4}),),
        )
    assert (report.imported, report.unchanged, report.changed) == (0, 0, 1)
    assert told(report) == [
        (FormColumn.LOCALITY, "This differs from what stands here as JAGS-2026-0001: nothing was changed."),
        (FormColumn.HOPES, "This differs from what stands here as JAGS-2026-0001: nothing was changed."),
    ]
    assert [finding.column for finding in report.disagreements] == ["Date of JAGS", "Agencies attended"]
    with work_on() as work:
        request = only(work)
        assert (request.locality, detail_of(work, request).hopes) == ("North", "calm")
        session = work.session.scalars(select(JagsSession)).one()
        assert (session.wall_start.date(), session.imported_agencies) == (date(2026, 3, 30), None)


def test_the_tracker_decides_what_nobody_has_decided_here(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        Office(tmp_path).requests(work, form_row(ID=1), form_row(ID=2))
    with work_on() as work:
        decided = work.session.scalars(select(Request).where(Request.legacy_number == "2")).one()
        move_request(work, decided, Verb.ACCEPT)
    tracker = (tracker_row(FORM_ID=1, **HELD), tracker_row(FORM_ID=2, OUTCOME="N/A", WHERE_TO="TACS"))
    with work_on() as work:
        report = Office(tmp_path).requests(work, form_row(ID=1), form_row(ID=2), tracker=tracker)
    assert (report.unchanged, report.changed) == (0, 2)
    assert [(f.row, f.column) for f in report.disagreements] == [(3, "Outcome")]
    with work_on() as work:
        found = work.session.scalars(select(Request).order_by(Request.legacy_number)).all()
        assert [r.state for r in found] == [State.CLOSED, State.ACCEPTED]


def test_the_number_of_the_tracker_is_filled_in_once_and_never_overwritten(
    work_on: WorkOn, tmp_path: Path
) -> None:
    office = Office(tmp_path)
    with work_on() as work:
        office.requests(work, form_row())
        assert only(work).tracker_number is None
        filled = office.requests(work, form_row(), tracker=(tracker_row(NUMBER="jags 7", OUTCOME=""),))
        assert (filled.changed, filled.disagreements) == (1, [])
        assert only(work).tracker_number == "JAGS 7"
        again = office.requests(work, form_row(), tracker=(tracker_row(NUMBER="JAGS 7", OUTCOME=""),))
        assert (again.unchanged, again.disagreements) == (1, [])
        other = office.requests(work, form_row(), tracker=(tracker_row(NUMBER="JAGS008", OUTCOME=""),))
    assert (other.changed, [f.column for f in other.disagreements]) == (1, ["JAGS no"])
    with work_on() as work:
        assert only(work).tracker_number == "JAGS 7"


def test_one_id_twice_in_a_form_is_one_request(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        report = Office(tmp_path).requests(
            work, form_row(ID=7), form_row(ID="7.0", ROLE="Sergeant"), tracker=()
        )
    assert (report.imported, report.changed) == (1, 1)
    assert told(report)[0] == ("ID", "“7” is there twice: row 2 counts.")
    assert {f.problem for f in report.disagreements} == {"The tracker has no row for “7”."}


def test_hostile_cells_are_imported_without_loss(work_on: WorkOn, tmp_path: Path) -> None:
    long = "x" * 32_000
    with work_on() as work:
        report = Office(tmp_path).requests(
            work,
            form_row(
                HOPES=long,
                TRIED="'; DROP TABLE request; --",
                NAME="A",
                EMAIL="a@b.example.org\nBcc: all@example.org",
                AGENCY="\u202eecilop_x0000_",
                COMPLETED="2026-03-02",
                PEOPLE="<script>alert(1)</script>",
            ),
        )
    assert report.imported == 1
    assert ("Email", "“a@b.example.org Bcc: all@example.org” is not an e-mail address: left empty.") in told(
        report
    )
    with work_on() as work:
        request = only(work)
        detail = detail_of(work, request)
        assert request.agency_typed == "ecilop"
        assert (detail.hopes, detail.tried) == (long, "'; DROP TABLE request; --")
        assert "Email: a@b.example.org Bcc: all@example.org" in detail.anything_else


def test_a_past_pair_of_an_agency_and_its_successor_is_listed(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        merged, successor = find_agency(work, "Voluntary Sector"), find_agency(work, "Mental Health Trust")
        assert merged is not None
        assert successor is not None
        merged.successor_id, merged.valid_to = successor.id, date(2026, 3, 31)
        report = Office(tmp_path).requests(work, form_row(), tracker=(tracker_row(**HELD),))
    assert told(report) == [
        (
            "Facilitator 2",
            "Both facilitators are from one organisation, Voluntary Sector and Mental Health Trust: taken over as it was.",
        )
    ]


def test_a_pair_that_is_not_two_people_is_listed(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        import_pool(work)
        report = Office(tmp_path).requests(
            work,
            form_row(ID=1),
            form_row(ID=2),
            tracker=(
                tracker_row(
                    FORM_ID=1, FACILITATOR_1="Hugh Young", FACILITATOR_2="Hugh Young", HELD="30.03.26"
                ),
                tracker_row(FORM_ID=2, FACILITATOR_2="Hugh Young", HELD="31.03.26"),
                tracker_row(FORM_ID=None, NUMBER="JAGS9"),
            ),
        )
    assert told(report) == [
        ("Form ID", "There is no form ID: JAGS9 was not imported."),
        ("Facilitator 2", "“Hugh Young” is named twice."),
        ("Facilitator 1", "This facilitator is not recorded."),
    ]


def test_services_of_one_employer_are_one_agency_where_the_partnership_says_so(
    work_on: WorkOn, tmp_path: Path
) -> None:
    with work_on() as work:
        import_pool(work)
        for name in ("Voluntary Sector", "Mental Health Trust"):
            agency = find_agency(work, name)
            assert agency is not None
            agency.employer = "county council"
        change_setting(work, "employer_services_are_different", value=False)
        report = Office(tmp_path).requests(work, form_row(), tracker=(tracker_row(**HELD),))
    assert told(report) == [
        (
            "Facilitator 2",
            "Both facilitators are from one organisation, Voluntary Sector and Mental Health Trust: taken over as it was.",
        )
    ]


def test_the_tracker_is_listed_where_route_facilitators_or_counts_differ_from_here(
    work_on: WorkOn, tmp_path: Path
) -> None:
    with work_on() as work:
        import_pool(work)
        Office(tmp_path).requests(
            work,
            form_row(ID=1),
            form_row(ID=2),
            tracker=(tracker_row(FORM_ID=1, OUTCOME="N/A", WHERE_TO="TACS"), tracker_row(FORM_ID=2, **HELD)),
        )
    with work_on() as work:
        report = Office(tmp_path).requests(
            work,
            form_row(ID=1),
            form_row(ID=2),
            tracker=(
                tracker_row(FORM_ID=1, OUTCOME="N/A", WHERE_TO="MACE"),
                tracker_row(FORM_ID=2, **{**HELD, "FACILITATOR_2": "Dan Wymer", "FORMS": 0}),
            ),
        )
    assert report.changed == 2
    assert [(f.row, f.column) for f in report.disagreements] == [
        (2, "Reason / where to"),
        (3, "Facilitator 1"),
        (3, "Feedback forms received"),
    ]
