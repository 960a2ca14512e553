"""Every cell that people write freely is guarded before it is stored, as the same field of the forms is."""

from datetime import date

import pytest

from jags.accounts.rules import spelling
from jags.importing.rules.answers import split_agencies
from jags.importing.rules.form import FORM, FORM_GUARDED, FormColumn
from jags.importing.rules.guard import Guard, without_notes
from jags.importing.rules.held import SessionColumn
from jags.importing.rules.held_sheet import SESSIONS, SESSIONS_GUARDED
from jags.importing.rules.pool import (
    AGENCIES,
    AGENCIES_GUARDED,
    FACILITATORS,
    FACILITATORS_GUARDED,
    AgencyColumn,
    FacilitatorColumn,
)
from jags.importing.rules.report import Report
from jags.importing.rules.sheets import Row, RowReading
from jags.importing.rules.tracker import TRACKER, TRACKER_GUARDED, TrackerColumn

TODAY = date(2026, 11, 24)
# Read as a day, a number, one of a list, our own key or an address for mail and kept as nothing else; a telephone number
# may look like an NHS number, and is no free text in the forms either.
NOT_KEPT_AS_TYPED = {
    FormColumn.ID,
    FormColumn.STARTED,
    FormColumn.COMPLETED,
    FormColumn.PHONE,
    TrackerColumn.FORM_ID,
    AgencyColumn.SECTOR,
    AgencyColumn.AGE_REMIT,
    AgencyColumn.VALID_FROM,
    AgencyColumn.VALID_TO,
    AgencyColumn.SUCCESSOR,
    FacilitatorColumn.EMAIL,
    FacilitatorColumn.LOCALITIES,
    FacilitatorColumn.TRAINED_ON,
    FacilitatorColumn.TRANSITIONAL,
    FacilitatorColumn.SESSIONS,
    FacilitatorColumn.STATUS,
    FacilitatorColumn.MANAGER,
}
FILES = [
    (FORM, FORM_GUARDED),
    (TRACKER, TRACKER_GUARDED),
    (SESSIONS, SESSIONS_GUARDED),
    (AGENCIES, AGENCIES_GUARDED),
    (FACILITATORS, FACILITATORS_GUARDED),
]


@pytest.mark.parametrize(("layout", "guarded"), FILES)
def test_every_column_is_guarded_or_not_kept_as_typed(layout, guarded) -> None:
    assert [column for column in layout.columns if column not in guarded] == [
        column for column in layout.columns if column in NOT_KEPT_AS_TYPED
    ]


@pytest.mark.parametrize(
    ("guarded", "column", "home"),
    [
        (SESSIONS_GUARDED, SessionColumn.FACILITATOR_1, True),
        (SESSIONS_GUARDED, SessionColumn.FACILITATOR_2, True),
        (TRACKER_GUARDED, TrackerColumn.FACILITATOR_1, True),
        (TRACKER_GUARDED, TrackerColumn.NUMBER, True),
        (FORM_GUARDED, FormColumn.NAME, True),
        (FORM_GUARDED, FormColumn.ROLE, True),
        (FORM_GUARDED, FormColumn.EMAIL, False),
        (FORM_GUARDED, FormColumn.AGENCY, True),
        (SESSIONS_GUARDED, SessionColumn.AGENCY, True),
        (FACILITATORS_GUARDED, FacilitatorColumn.AGENCY, True),
        (FACILITATORS_GUARDED, FacilitatorColumn.TEAM, False),
        (FACILITATORS_GUARDED, FacilitatorColumn.NAME, True),
        (AGENCIES_GUARDED, AgencyColumn.NAME, False),
    ],
)
def test_a_name_is_kept_without_what_identifies_a_child(guarded, column, home) -> None:
    typed = "Jo Bell (943 476 5919), 3/2/2012, NR1 3DF"
    report = Report()
    reading = RowReading(Row("f.xlsx", "", 2, {column: typed}), report, Guard(guarded, TODAY))
    # Where teams and professionals are, and in the list of agencies itself, a postcode is a place of work.
    assert reading.name(column) == ("Jo Bell" if home else "Jo Bell , , NR1 3DF")
    kinds = ["An NHS number was left out.", "A date of birth was left out."]
    assert [found.problem for found in report.identifiers] == kinds + ["A postcode was left out."] * home


def test_a_cell_that_holds_nothing_but_an_identifier_names_nobody() -> None:
    reading = RowReading(
        Row("f.xlsx", "", 2, {SessionColumn.FACILITATOR_1: "9434765919"}),
        Report(),
        Guard(SESSIONS_GUARDED, TODAY),
    )
    assert reading.name(SessionColumn.FACILITATOR_1) == ""
    assert without_notes("[sic] Jo Bell") == "[sic] Jo Bell"


KNOWN = frozenset({"police", "12 park road nursery", "nr1 3df youth club"})


@pytest.mark.parametrize(
    ("typed", "kept", "names"),
    [
        (
            "Police, 12 Mill Road, NR1 3DF",
            "Police, [street address left out], [postcode left out]",
            ("Police",),
        ),
        ("12 Mill Road\nPolice", "[street address left out]\nPolice", ("Police",)),
        ("12 Park Road Nursery; Police", "12 Park Road Nursery; Police", ("12 Park Road Nursery", "Police")),
        ("Police / NR1 3DF Youth Club", "Police / NR1 3DF Youth Club", ("Police", "NR1 3DF Youth Club")),
        ("NR1 3DF Youth Club annexe", "[postcode left out] Youth Club annexe", ("Youth Club annexe",)),
        ("DOB 3/2/2012", "DOB [date of birth left out]", ("DOB",)),
    ],
)
def test_lists_of_agencies_are_guarded_and_known_names_pass(typed, kept, names) -> None:
    report = Report()
    for guarded, column in (
        (FORM_GUARDED, FormColumn.AGENCIES),
        (SESSIONS_GUARDED, SessionColumn.ATTENDED),
        (SESSIONS_GUARDED, SessionColumn.INVITED),
        (SESSIONS_GUARDED, SessionColumn.APOLOGIES),
    ):
        row = Row("f.xlsx", "", 2, {column: typed})
        text = RowReading(row, report, Guard(guarded, TODAY, KNOWN)).text(column)
        assert text == kept
        assert split_agencies(text, lambda name: spelling(name) in KNOWN) == names


def test_an_agency_that_is_nothing_but_an_address_is_kept_as_what_was_left_out() -> None:
    row = Row("f.xlsx", "", 2, {FormColumn.AGENCY: "12 Mill Road"})
    reading = RowReading(row, Report(), Guard(FORM_GUARDED, TODAY))
    assert reading.agency(FormColumn.AGENCY) == "[street address left out]"
