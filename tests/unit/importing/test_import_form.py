from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from factories.import_files import form_row
from jags.accounts.rules import spelling
from jags.importing.rules.form import (
    FormColumn,
    FormEntry,
    NamedAgency,
    Vocabulary,
    differences,
    read_form_row,
)
from jags.importing.rules.report import Report
from jags.importing.rules.sheets import Row, RowReading
from jags.requests.rules import NetworkContact, Question, YesNoUnsure

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
POLICE = UUID(int=1)
WORDS = Vocabulary({spelling("Police"): POLICE}, {"East": ("Gt Yarmouth",)}, {})


def read(**cells: Any) -> tuple[FormEntry | None, Report]:
    report = Report()
    return read_form_row(
        RowReading(Row("f.xlsx", "Form1", 2, form_row(**cells)), report), WORDS, now=NOW
    ), report


def entry_of(**cells: Any) -> FormEntry:
    entry, _ = read(**cells)
    assert entry is not None
    return entry


def told(report: Report) -> list[tuple[str, str]]:
    return [(finding.column, finding.problem) for finding in report.problems]


def test_a_row_with_nothing_but_date_and_agency_is_taken() -> None:
    entry, report = read()
    assert entry is not None
    assert (entry.number, entry.agency) == ("101", NamedAgency(POLICE))
    assert entry.received_at == entry.started_at == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    assert (entry.sibling_group, entry.locality, entry.transitional_view) == (None, None, None)
    assert set(entry.chosen.values()) == {frozenset()}
    assert (entry.involved, entry.people) == ((), ())
    assert report == Report()


def test_a_row_is_rejected_without_a_date_or_an_agency_only() -> None:
    for cells, column in (
        ({"COMPLETED": None}, FormColumn.COMPLETED),
        ({"COMPLETED": "yesterday"}, FormColumn.COMPLETED),
        ({"COMPLETED": "2026-11-25"}, FormColumn.COMPLETED),
        ({"AGENCY": " \n"}, FormColumn.AGENCY),
    ):
        entry, report = read(**cells)
        assert entry is None
        assert [finding.column for finding in report.problems] == [column]


def test_bad_fields_are_left_empty_kept_and_listed() -> None:
    entry, report = read(
        STARTED="2026-03-02 10:31:00",
        EMAIL="jo at example",
        ROLE="r" * 201,
        AGE="teenager",
        SIBLINGS="perhaps",
        LOCALITY="Atlantis",
        PLAN="Early help;None;MAPPA",
        REASONS="Drift;Because",
        TRANSITIONAL="maybe",
        ANYTHING_ELSE="Ring first.",
    )
    assert entry is not None
    assert entry.started_at == entry.received_at
    assert (entry.contact.email, entry.contact.role) == ("", "")
    assert entry.chosen[Question.AGE_BAND] == frozenset()
    assert (entry.sibling_group, entry.locality, entry.transitional_view) == (None, None, None)
    assert entry.chosen[Question.PLAN] == {"early_help"}
    assert (entry.chosen[Question.REASON], entry.detail.reason_other) == ({"drift"}, "Because")
    assert (entry.detail.age_as_typed, entry.detail.locality_as_typed) == ("teenager", "Atlantis")
    assert entry.detail.sibling_note == "perhaps"
    assert entry.detail.anything_else.splitlines() == [
        "Ring first.",
        f"Your role: {'r' * 201}",
        "Email: jo at example",
        "Current plan or status: MAPPA",
        f"{FormColumn.TRANSITIONAL}: maybe",
    ]
    assert [column for column, _ in told(report)] == [
        FormColumn.STARTED,
        FormColumn.ROLE,
        FormColumn.EMAIL,
        FormColumn.SIBLINGS,
        FormColumn.REASONS,
        FormColumn.AGE,
        FormColumn.PLAN,
        FormColumn.PLAN,
        FormColumn.LOCALITY,
        FormColumn.TRANSITIONAL,
    ]


def test_an_unknown_agency_is_kept_as_typed_and_listed() -> None:
    entry, report = read(AGENCY="The  Lighthouse", AGENCIES="Police, The Harbour")
    assert entry is not None
    assert entry.agency == NamedAgency(None, "The Lighthouse")
    assert entry.involved == (NamedAgency(POLICE), NamedAgency(None, "The Harbour"))
    assert told(report) == [
        (FormColumn.AGENCY, "“The Lighthouse” is not a known agency: kept as typed, to be settled."),
        (FormColumn.AGENCIES, "“The Harbour” is not a known agency: kept as typed, to be settled."),
    ]


def test_forty_thousand_characters_lose_nothing() -> None:
    long = "a long story, " * 3_000
    entry, report = read(HOPES=long, AGENCY=long, AGENCIES=long, PEOPLE=long)
    assert entry is not None
    assert entry.detail.hopes == long.strip()
    assert entry.detail.agencies_as_typed == long.strip()
    assert (entry.involved, entry.people) == ((), ())
    assert len(entry.agency.typed) == 200
    assert f"Your agency: {long.strip()}" in entry.detail.anything_else
    assert f"{FormColumn.PEOPLE}: {long.strip()}" in entry.detail.anything_else
    assert all(len(finding.problem) < 200 for finding in report.problems)


def test_hidden_characters_are_taken_out_and_listed() -> None:
    entry, report = read(HOPES="calm\x00er \u202ework", TEAM="A\u0000")
    assert entry is not None
    assert (entry.detail.hopes, entry.contact.team) == ("calmer work", "A")
    assert told(report) == [
        (FormColumn.TEAM, "Hidden characters were taken out."),
        (FormColumn.HOPES, "Hidden characters were taken out."),
    ]


def test_a_missing_id_is_made_of_the_completion_time_and_listed() -> None:
    entry, report = read(ID=None)
    assert entry is not None
    assert entry.number == "completed 2026-03-02T10:30:00"
    assert told(report) == [(FormColumn.ID, "There is no ID; the completion time stands in for it.")]


def test_a_row_that_comes_again_differs_where_it_was_changed_and_nowhere_else() -> None:
    here = entry_of(LOCALITY="East", TRANSITIONAL="Yes", PEOPLE="jo@pol.example.org")
    again = entry_of(LOCALITY="Gt Yarmouth", TRANSITIONAL="Unsure", PEOPLE="Jo jo@pol.example.org")
    assert differences(here, here) == ()
    assert differences(again, here) == (FormColumn.LOCALITY, FormColumn.PEOPLE, FormColumn.TRANSITIONAL)
    assert again.transitional_view is YesNoUnsure.UNSURE
    assert again.people == (NetworkContact(name="Jo", email="jo@pol.example.org"),)


def test_an_agency_that_was_settled_since_is_no_difference() -> None:
    assert differences(entry_of(AGENCY="The Lighthouse"), entry_of()) == ()
    assert differences(entry_of(), entry_of(AGENCY="The Lighthouse")) == (FormColumn.AGENCY,)
