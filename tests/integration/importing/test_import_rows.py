from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from conftest import WorkOn
from factories.import_files import (
    form_row,
    import_pool,
    read_agencies,
    read_facilitators,
    read_form,
    read_tracker,
    tracker_row,
    write_xlsx,
)
from jags.accounts.model import Person
from jags.accounts.queries import find_agency, find_person_by_email, organisations_of
from jags.accounts.rules import Contact, Sector
from jags.accounts.service import add_person
from jags.facilitators.model import Booking, Facilitator
from jags.facilitators.rules import FacilitatorStatus
from jags.importing.rules.form import FormColumn
from jags.importing.rules.pool import AgencyColumn, FacilitatorColumn
from jags.importing.rules.report import Report
from jags.importing.rules.tracker import TrackerColumn
from jags.importing.service.agencies import import_agencies
from jags.importing.service.facilitators import import_facilitators
from jags.importing.service.requests import import_requests
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import detail_of
from jags.requests.rules import MoveNote, State, Verb
from jags.requests.service import move_request
from jags.scheduling.model import JagsSession
from jags.settings.service import change_setting

HELD = {"FACILITATOR_1": "Hugh Young", "FACILITATOR_2": "Niamh Ng", "HELD": "30.03.26"}


class Office:
    """A folder of made-up files, and the command that imports them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def requests(
        self, work: Work, *form: dict[str, Any], tracker: tuple[dict[str, Any], ...] | None = None
    ) -> Report:
        written = write_xlsx(self._folder / "form.xlsx", list(FormColumn), *form)
        told = (
            None
            if tracker is None
            else write_xlsx(self._folder / "tracker.xlsx", list(TrackerColumn), *tracker)
        )
        return import_requests(work, read_form(written), tracker=told and read_tracker(told))

    def agencies(self, work: Work, *rows: dict[str, Any]) -> Report:
        return import_agencies(
            work, read_agencies(write_xlsx(self._folder / "a.xlsx", list(AgencyColumn), *rows))
        )

    def facilitators(self, work: Work, *rows: dict[str, Any]) -> Report:
        path = write_xlsx(self._folder / "f.xlsx", list(FacilitatorColumn), *rows)
        return import_facilitators(work, read_facilitators(path))


def only_request(work: Work) -> Request:
    return work.session.scalars(select(Request)).one()


def told(report: Report) -> list[tuple[str, str]]:
    return [(finding.column, finding.problem) for finding in report.problems]


def test_without_a_tracker_a_request_waits_for_a_decision(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        assert Office(tmp_path).requests(work, form_row(AGENCY="The Lighthouse")).imported == 1
    with work_on() as work:
        request = only_request(work)
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
        assert only_request(work).state is State.ACCEPTED
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
        request = only_request(work)
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
        assert only_request(work).tracker_number is None
        filled = office.requests(work, form_row(), tracker=(tracker_row(NUMBER="jags 7", OUTCOME=""),))
        assert (filled.changed, filled.disagreements) == (1, [])
        assert only_request(work).tracker_number == "JAGS 7"
        again = office.requests(work, form_row(), tracker=(tracker_row(NUMBER="JAGS 7", OUTCOME=""),))
        assert (again.unchanged, again.disagreements) == (1, [])
        other = office.requests(work, form_row(), tracker=(tracker_row(NUMBER="JAGS008", OUTCOME=""),))
    assert (other.changed, [f.column for f in other.disagreements]) == (1, ["JAGS no"])
    with work_on() as work:
        assert only_request(work).tracker_number == "JAGS 7"


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
        request = only_request(work)
        detail = detail_of(work, request)
        assert request.agency_typed == "ecilop"
        assert (detail.hopes, detail.tried) == (long, "'; DROP TABLE request; --")
        assert "Email: a@b.example.org Bcc: all@example.org" in detail.anything_else


def test_an_agency_that_comes_again_gains_spellings_and_loses_nothing(
    work_on: WorkOn, tmp_path: Path
) -> None:
    row = {"key": "pol", "name": "Police", "sector": "police", "age_remit": "all ages"}
    with work_on() as work:
        Office(tmp_path).agencies(work, row, {"key": "yjs", "name": "Youth Justice", "sector": "courts"})
    with work_on() as work:
        report = Office(tmp_path).agencies(
            work,
            {**row, "sector": "health", "also_known_as": "Constabulary; Youth Justice"},
            {"key": "new", "name": "police"},
            {"key": "", "name": "Nobody"},
        )
    assert (report.imported, report.changed, report.rejected) == (0, 1, 2)
    assert told(report) == [
        ("sector", "This differs from what stands here: nothing was changed."),
        ("also_known_as", "Left out: “Youth Justice” already means Youth Justice."),
        ("sector", "This is missing: “other” is used until somebody changes it."),
        ("age_remit", "This is missing: “all ages” is used until somebody changes it."),
        ("name", "Rejected: “police” already means Police."),
        ("key", "Rejected: this is missing or too long."),
    ]
    with work_on() as work:
        police, justice = find_agency(work, "constabulary"), find_agency(work, "Youth Justice")
        assert police is not None
        assert justice is not None
        assert (police.key, police.sector, justice.sector) == ("pol", Sector.POLICE, Sector.OTHER)


def test_an_agency_tells_its_employer_its_days_and_its_successor(work_on: WorkOn, tmp_path: Path) -> None:
    office = Office(tmp_path)
    plain = {"key": "old", "name": "Old Trust", "sector": "health", "age_remit": "adults"}
    new = {**plain, "key": "new", "name": "New Trust"}
    full = {
        **plain,
        "agency_type": "NHS trust",
        "employer": "NHS",
        "valid_from": "1.4.2019",
        "valid_to": date(2026, 3, 31),
        "successor": "new",
    }
    with work_on() as work:
        assert office.agencies(work, plain).imported == 1
    with work_on() as work:
        # What was missing is filled in, and the successor may stand further down.
        report = office.agencies(work, full, {**new, "successor": "new", "valid_from": "soon"})
        assert (report.imported, report.changed) == (1, 1)
        assert told(report) == [
            ("valid_from", "“soon” is not a date: left empty."),
            ("successor", "“new” is not the key of another agency: left empty."),
        ]
    with work_on() as work:
        old, successor = find_agency(work, "Old Trust"), find_agency(work, "New Trust")
        assert old is not None
        assert successor is not None
        assert (old.agency_type, old.employer, old.successor_id) == ("NHS trust", "NHS", successor.id)
        assert (old.valid_from, old.valid_to) == (date(2019, 4, 1), date(2026, 3, 31))
        assert (successor.agency_type, successor.valid_from, successor.successor_id) == (
            "New Trust",
            None,
            None,
        )
        organisations = organisations_of(work)
        assert organisations[old.id] == organisations[successor.id] == "new"
        assert office.agencies(work, full, new).unchanged == 2
        report = office.agencies(
            work, {**full, "employer": "County", "valid_from": "2.4.2026", "valid_to": "1.4.2026"}
        )
        assert (report.changed, [column for column, _ in told(report)]) == (
            1,
            ["valid_to", "employer", "valid_from"],
        )
        assert (old.employer, old.valid_from, old.valid_to) == ("NHS", date(2019, 4, 1), date(2026, 3, 31))


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


def test_bad_fields_of_a_facilitator_are_left_empty_and_listed(work_on: WorkOn, tmp_path: Path) -> None:
    bad = {
        "name": "Uma Lee",
        "email": "uma@lee.example.org",
        "agency": "The Lighthouse",
        "localities": "Gt Yarmouth; Atlantis",
        "trained_on": "last year",
        "course": "JAGS",
        "transitional_training": "some",
        "sessions_per_quarter": 99,
        "status": "busy",
        "line_manager_email": "boss",
    }
    with work_on() as work:
        report = Office(tmp_path).facilitators(
            work, bad, {"name": "No Address", "agency": "Police"}, {"name": "X", "email": "x@y.example.org"}
        )
    assert (report.imported, report.rejected) == (1, 2)
    assert [column for column, _ in told(report)] == [
        "agency", "localities", "trained_on", "transitional_training", "sessions_per_quarter", "status",
        "line_manager_email", "trained_on", "email", "agency",
    ]  # fmt: skip
    with work_on() as work:
        uma = work.session.scalars(select(Facilitator)).one()
        assert (uma.status, uma.sessions_per_quarter) == (FacilitatorStatus.NOT_AT_THE_MOMENT, 1)
        assert [x.locality for x in uma.localities] == ["East"]
        assert (uma.training, uma.transitional_training, uma.person.agency) == ([], False, None)


def test_an_agency_that_became_known_is_filled_in_and_nothing_is_overwritten(
    work_on: WorkOn, tmp_path: Path
) -> None:
    row = {
        "name": "Uma Lee",
        "email": "uma@lee.example.org",
        "agency": "The Lighthouse",
        "team": "A",
        "status": "active",
    }
    with work_on() as work:
        Office(tmp_path).facilitators(work, row)
    with work_on() as work:
        Office(tmp_path).agencies(
            work, {"key": "l", "name": "The Lighthouse", "sector": "voluntary", "age_remit": "all ages"}
        )
        report = Office(tmp_path).facilitators(work, {**row, "team": "B"})
    assert (report.changed, told(report)) == (
        1,
        [("team", "This differs from what stands here: nothing was changed.")],
    )
    with work_on() as work:
        uma = work.session.scalars(select(Person)).one()
        assert uma.agency is not None
        assert (uma.agency.key, uma.team) == ("l", "A")
    with work_on() as work:
        assert Office(tmp_path).facilitators(work, row).unchanged == 1


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


def test_somebody_who_is_known_already_joins_the_pool_and_keeps_their_agency(
    work_on: WorkOn, tmp_path: Path
) -> None:
    row = {
        "email": "uma@lee.example.org",
        "name": "Uma Lee",
        "agency": "Police",
        "trained_on": "1.1.27",
        "status": "active",
    }
    with work_on() as work:
        import_pool(work)
        add_person(work, contact=Contact("Uma Lee", "uma@lee.example.org"))
        add_person(work, contact=Contact("Ida Fox", "ida@fox.example.org"), agency=find_agency(work, "CAMHS"))
    with work_on() as work:
        report = Office(tmp_path).facilitators(
            work, row, {**row, "email": "ida@fox.example.org", "name": "Ida Fox"}
        )
    assert report.imported == 2
    assert told(report) == [
        ("trained_on", "Left empty: Enter a date of training that is today or in the past."),
        ("agency", "This person is known here under another agency: nothing was changed."),
        ("trained_on", "Left empty: Enter a date of training that is today or in the past."),
    ]
    with work_on() as work:
        uma = find_person_by_email(work, "uma@lee.example.org")
        ida = find_person_by_email(work, "ida@fox.example.org")
        assert [p and p.agency and p.agency.key for p in (uma, ida)] == ["pol", "mh"]
