"""The old form and the tracker beside the software: nothing counts twice, nothing live is overwritten, all is listed."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from conftest import NOW, WorkOn
from factories.import_files import (
    form_row,
    read_form,
    read_tracker,
    tracker_row,
    write_xlsx,
)
from factories.requests import accepted, in_triage
from jags.adapters.clock import FixedClock
from jags.audit.model import AuditEvent
from jags.evaluation.queries import figures
from jags.importing.rules.form import FormColumn
from jags.importing.rules.report import Report
from jags.importing.rules.tracker import TrackerColumn
from jags.importing.service.requests import import_requests
from jags.kernel.time import LONDON
from jags.kernel.work import Work
from jags.requests.model import Request, RequestMove
from jags.requests.queries import contact_of, detail_of
from jags.requests.rules import CaseDetail, MoveNote, Source, State
from jags.requests.service import mark_duplicate

# The live request of the factory is received on 24 November 2026 from asha@example.org, about 14 to 17, in East.
SAME = {
    "EMAIL": "Asha@example.org",
    "COMPLETED": "2026-11-23 09:00:00",
    "AGE": "16",
    "LOCALITY": "East",
    "AGENCY": "A School",
}

SETTLE = "Mark it as a duplicate if it is one."
UNTIL = "both count until one of them is marked as a duplicate."


def run(
    work: Work, folder: Path, *form: dict[str, Any], tracker: tuple[dict[str, Any], ...] | None = None
) -> Report:
    written = write_xlsx(folder / "form.xlsx", list(FormColumn), *form)
    told = None if tracker is None else write_xlsx(folder / "t.xlsx", list(TrackerColumn), *tracker)
    return import_requests(work, read_form(written), tracker=told and read_tracker(told))


def said(findings: list[Any]) -> list[tuple[int, str, str]]:
    return [(f.row, f.column, f.problem) for f in findings]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.imported, report.linked, report.changed, report.unchanged


def received(work: Work) -> int:
    return figures(work, from_on=date(2026, 1, 1), to_on=date(2026, 12, 31)).funnel.received


def test_a_row_that_was_also_asked_here_is_linked_and_counts_once(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        reference = in_triage(work).reference
    for _ in range(2):
        with work_on() as work:
            report = run(work, tmp_path, form_row(**SAME))
            assert counts(report) == (0, 1, 0, 0)
            assert said(report.problems)[-1:] == [
                (2, "ID", f"Also asked on the web as {reference}: not imported, so that it counts once.")
            ]
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        assert (request.source, request.legacy_number, request.state) == (Source.WEB, "101", State.IN_TRIAGE)
        assert received(work) == 1


def test_what_was_typed_live_is_not_overwritten_by_its_row(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        in_triage(work)
    with work_on() as work:
        before = work.session.scalars(select(Request)).one()
        kept = (contact_of(work, before), detail_of(work, before), before.received_at)
        run(work, tmp_path, form_row(**SAME, NAME="Somebody Else", HOPES="Another text"))
        assert (contact_of(work, before), detail_of(work, before), before.received_at) == kept


@pytest.mark.parametrize(("days", "linked"), [(3, 1), (4, 0), (-1, 1)])
def test_three_days_are_near_and_four_are_not(
    work_on: WorkOn, tmp_path: Path, clock: FixedClock, days: int, linked: int
) -> None:
    with work_on() as work:
        in_triage(work)
    clock.instant = NOW + timedelta(days=10)
    completed = datetime(2026, 11, 24, 23, 30, tzinfo=LONDON) - timedelta(days=days)
    with work_on() as work:
        report = run(work, tmp_path, form_row(**{**SAME, "COMPLETED": completed.replace(tzinfo=None)}))
        assert (report.linked, report.imported) == (linked, 1 - linked)


@pytest.mark.parametrize(
    ("cells", "column"),
    [({"AGE": "3"}, "Age of the child or young person differs"), ({"LOCALITY": "West"}, "Locality differs")],
)
def test_another_child_of_the_same_person_is_imported_and_listed(
    work_on: WorkOn, tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    with work_on() as work:
        reference = in_triage(work).reference
    with work_on() as work:
        report = run(work, tmp_path, form_row(**{**SAME, **cells}))
        assert counts(report) == (1, 0, 0, 0)
        assert said(report.disagreements) == [
            (
                2,
                "Email",
                f"The same person asked on the web as {reference}, but {column}: imported. {SETTLE}",
            )
        ]


def test_one_live_request_stands_for_one_row(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        in_triage(work)
    with work_on() as work:
        report = run(work, tmp_path, form_row(**SAME), form_row(**SAME, ID=102))
        assert counts(report) == (1, 1, 0, 0)
        assert received(work) == 2


def test_somebody_who_asks_live_after_the_import_is_listed_until_it_is_settled(
    work_on: WorkOn, tmp_path: Path
) -> None:
    row = form_row(**SAME)
    with work_on() as work:
        assert run(work, tmp_path, row).imported == 1
    with work_on() as work:
        live = in_triage(work)
        reference, live_id = live.reference, live.id
    with work_on() as work:
        report = run(work, tmp_path, row)
        assert counts(report) == (0, 0, 0, 1)
        assert said(report.disagreements) == [
            (
                2,
                "ID",
                f"Imported as JAGS-2026-0001, and also asked on the web as {reference}: {UNTIL}",
            )
        ]
        live = work.session.get_one(Request, live_id)
        mark_duplicate(work, live_id, of_reference="JAGS-2026-0001", reason="Twice", version=live.version)
    with work_on() as work:
        assert run(work, tmp_path, row).disagreements == []
        assert received(work) == 1


def test_the_tracker_never_moves_a_live_request_and_each_difference_is_listed(
    work_on: WorkOn, tmp_path: Path
) -> None:
    with work_on() as work:
        reference = accepted(work).reference
        moves = work.session.scalar(select(func.count()).select_from(RequestMove))
    tracker = tracker_row(
        NUMBER="JAGS101", RECEIVED="20/11/2026", OUTCOME="Signposted", WHERE_TO="TACS", HELD="23/11/2026"
    )
    with work_on() as work:
        report = run(work, tmp_path, form_row(**SAME), tracker=(tracker,))
        assert counts(report) == (0, 1, 0, 0)
        assert said(report.disagreements) == [
            (
                2,
                "Date received",
                "The tracker says 20 November 2026, the form 23 November 2026: the form counts.",
            ),
            (
                2,
                "Date received",
                f"The tracker says 20 November 2026, but {reference} was received here on 24 November 2026.",
            ),
            (2, "Outcome", f"The tracker says something else than what stands here as {reference}."),
        ]
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        assert (request.state, request.tracker_number) == (State.ACCEPTED, "JAGS101")
        assert work.session.scalar(select(func.count()).select_from(RequestMove)) == moves


def test_a_row_of_the_tracker_may_name_a_live_request(work_on: WorkOn, tmp_path: Path) -> None:
    with work_on() as work:
        reference = in_triage(work).reference
    rows = (
        tracker_row(NUMBER=reference, FORM_ID=None, OUTCOME="Withdrawn"),
        tracker_row(NUMBER="JAGS102", FORM_ID=reference.lower(), OUTCOME=None, RECEIVED="1/11/2026"),
        tracker_row(NUMBER="JAGS-2026-0999", FORM_ID=None),
    )
    with work_on() as work:
        report = run(work, tmp_path, form_row(), tracker=rows[:1])
        assert (
            2,
            "Outcome",
            f"The tracker says something else than what stands here as {reference}.",
        ) in said(report.disagreements)
        report = run(work, tmp_path, form_row(), tracker=rows[1:])
        assert (
            2,
            "Date received",
            f"The tracker says 1 November 2026, but {reference} was received here on 24 November 2026.",
        ) in said(report.disagreements)
        assert said(report.problems)[-1][1:] == (
            "Form ID",
            "The form has no row “JAGS-2026-0999”: JAGS-2026-0999 was not imported.",
        )


@pytest.mark.parametrize("cells", [{"NUMBER": "JAGS 2026 1", "FORM_ID": None}, {"FORM_ID": "jags/2026/0001"}])
def test_our_reference_is_known_in_the_tracker_however_it_is_typed(
    work_on: WorkOn, tmp_path: Path, cells: dict[str, Any]
) -> None:
    with work_on() as work:
        assert in_triage(work).reference == "JAGS-2026-0001"
        tracker = tracker_row(**{"OUTCOME": "Withdrawn", "NUMBER": None, **cells})
        report = run(work, tmp_path, tracker=(tracker,))
        assert said(report.problems) == []
        assert said(report.disagreements) == [
            (2, "Outcome", "The tracker says something else than what stands here as JAGS-2026-0001.")
        ]
        assert work.session.scalars(select(Request.tracker_number)).one() is None


def test_numbers_that_are_kept_and_what_was_counted_are_in_the_audit_trail(
    work_on: WorkOn, tmp_path: Path
) -> None:
    with work_on() as work:
        live = str(in_triage(work).id)
    for hopes in ("One text", "Another text"):
        with work_on() as work:
            run(work, tmp_path, form_row(**SAME), form_row(ID=102, HOPES=hopes), tracker=(tracker_row(),))
    with work_on() as work:
        events = work.session.scalars(select(AuditEvent).order_by(AuditEvent.stream, AuditEvent.seq)).all()
        told = [(e.tag, json.loads(e.payload)) for e in events if e.subject_ref in {live, "file:form"}]
    read = {"source": "form", "unchanged": 0, "rejected": 0}
    assert told[-4:] == [
        ("request:linked", {"source": "form"}),
        ("request:linked", {"source": "tracker"}),
        ("import:read", {**read, "imported": 1, "linked": 1, "changed": 0}),
        ("import:read", {**read, "imported": 0, "linked": 1, "changed": 1}),
    ]


def test_identifiers_are_never_stored_and_are_listed_without_their_text(
    work_on: WorkOn, tmp_path: Path
) -> None:
    row = form_row(
        HOPES="For Jo Bloggs, NHS 943 476 5919, born 3/2/2012: slow down.",
        TRIED="Visits to 12 Mill Road, NR1 3DF.\nThen calls.",
        AGE="DOB 3/2/2012",
        NOT_THESE_DATES="1/12/2026 to 5/12/2026",
        PEOPLE="Sam Hart, 12 Mill Road NR1 3DF <sam@example.org>",
        PHONE="943 476 5919",
    )
    tracker = tracker_row(OUTCOME="Signposted", WHERE_TO="NR1 3DF", NOTES="NHS 9434765919")
    for first in (True, False):
        with work_on() as work:
            report = run(work, tmp_path, row, tracker=(tracker,))
            assert counts(report) == ((1, 0, 0, 0) if first else (0, 0, 0, 1))
            assert [(f.file, f.row, f.column, f.problem) for f in report.identifiers] == [
                ("t.xlsx", 2, "Reason / where to", "A postcode was left out."),
                ("t.xlsx", 2, "Notes", "An NHS number was left out."),
                ("form.xlsx", 2, "Age of the child or young person", "A date of birth was left out."),
                ("form.xlsx", 2, FormColumn.HOPES, "An NHS number was left out."),
                ("form.xlsx", 2, FormColumn.HOPES, "A date of birth was left out."),
                ("form.xlsx", 2, FormColumn.TRIED, "A street address was left out."),
                ("form.xlsx", 2, FormColumn.TRIED, "A postcode was left out."),
            ]
            told = str(report.as_document())
            assert not [
                text for text in ("943 476", "9434765919", "3/2/2012", "NR1", "Mill Road") if text in told
            ]
    with work_on() as work:
        request = work.session.scalars(select(Request)).one()
        assert detail_of(work, request) == CaseDetail(
            hopes="For Jo Bloggs, NHS [NHS number left out], born [date of birth left out]: slow down.",
            tried="Visits to [street address left out], [postcode left out].\nThen calls.",
            age_as_typed="DOB [date of birth left out]",
            not_these_dates="1/12/2026 to 5/12/2026",
        )
        assert contact_of(work, request).phone == "943 476 5919"
        notes = [work.vault.open(move, "note", MoveNote) for move in request.moves]
        assert (
            MoveNote(
                reason="From the old tracker, JAGS101. [postcode left out]", told="NHS [NHS number left out]"
            )
            in notes
        )
