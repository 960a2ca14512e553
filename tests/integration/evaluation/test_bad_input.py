"""Periods that are hard to tell of: a report that says so, in every format, and never a division by zero or an empty chart."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from conftest import WorkOn
from factories.held_sessions import add_held_session, add_request
from factories.people import account, agency
from factories.reading import add_learning
from factories.released_reports import QUARTER, person, sent
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.evaluation.queries.reports import frozen_edition, get_report
from jags.evaluation.render.formats import write_document
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import (
    HIDDEN,
    Chart,
    Document,
    Edition,
    Format,
    Paragraph,
    blocks_of,
    tables_of,
)
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.kernel.errors import Invalid
from jags.kernel.ids import new_id
from jags.kernel.work import Work
from jags.requests.model import Request, RequestChoice
from jags.requests.rules import AgeBand, State
from jags.scheduling.model import AgencyAttendance, JagsSession
from jags.scheduling.rules import Attendance
from jags.themes.model import ReadingText
from jags.themes.rules.frame import ThemeState
from jags.themes.service.framing import move_theme
from jags.themes.service.reading import read_text, take_in_texts

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
IN_AUGUST = datetime(2026, 8, 4, 10, 0, tzinfo=UTC)
QUICK = [kind for kind in Format if kind is not Format.PDF]


def draft(work_on: WorkOn, edition: Edition, asked: Asked | None = None) -> Document:
    with work_on(write=False) as work:
        return draft_report(work, asked or Asked(QUARTER), edition)


def told(document: Document) -> str:
    return " ".join(block.text for block in blocks_of(document) if isinstance(block, Paragraph))


def is_whole(document: Document) -> None:
    """Expect that a document can be written in every format, and that nothing in it is drawn of nothing."""
    tables = {one.key: one for one in tables_of(document)}
    for chart in (block for block in blocks_of(document) if isinstance(block, Chart)):
        assert any(cell.value for row in tables[chart.table].rows for cell in row.cells), chart
    for kind in QUICK:
        assert write_document(document, kind)


@SQLITE
@pytest.mark.parametrize("edition", Edition)
def test_a_period_of_one_session_is_told_without_telling_of_its_child(
    work_on: WorkOn, edition: Edition
) -> None:
    with work_on() as work:
        add_held_session(work, starts_at=IN_AUGUST)

    document = draft(work_on, edition)

    is_whole(document)
    about = [one for one in tables_of(document) if one.key.startswith("children-")]
    if edition is Edition.INTERNAL:
        assert about
    else:
        assert all(
            cell.value is None
            for one in about
            for row in one.rows[:-1]
            for cell in row.cells
            if cell.shown != "0"
        )


@SQLITE
@pytest.mark.parametrize("edition", [Edition.RESTRICTED, Edition.PUBLIC])
def test_where_every_count_about_children_would_be_hidden_the_tables_are_left_out_and_said_to_be(
    work_on: WorkOn, edition: Edition
) -> None:
    with work_on() as work:
        for _ in range(3):
            add_request(work, state=State.HELD, received_at=IN_AUGUST)

    document = draft(work_on, edition)

    is_whole(document)
    assert "is left out: so few requests would show who somebody is" in told(document)
    assert HIDDEN not in {
        cell.shown
        for one in tables_of(document)
        if one.key.startswith("children-")
        for row in one.rows
        for cell in row.cells
    }


@SQLITE
def test_a_theme_that_is_retired_while_texts_hold_it_is_still_told(work_on: WorkOn) -> None:
    with work_on() as work:
        for number in range(2):
            add_learning(work, f"Learning {number}", starts_at=IN_AUGUST)
        take_in_texts(work)
        texts = [text.id for text in work.session.query(ReadingText)]
        readers = [actor_of(account(work, Role.OBSERVER, name=f"Reader {n}")) for n in range(2)]
        coordinator = actor_of(account(work, Role.COORDINATOR))
    for text_id in texts:
        for reader in readers:
            with work_on(reader) as work:
                read_text(work, text_id, {"silos"}, none_of_them=False, version=0)
    with work_on(coordinator) as work:
        move_theme(work, "silos", ThemeState.RETIRED, why="Nobody needs it", version=0)

    document = draft(work_on, Edition.INTERNAL)

    is_whole(document)
    assert {
        row.title: row.cells[0].shown
        for one in tables_of(document)
        if one.key.startswith("themes-")
        for row in one.rows
    } == {"Working in silos": "2 of 2"}


@SQLITE
def test_agencies_that_merge_in_the_middle_of_a_period_are_told_under_the_names_of_their_days(
    work_on: WorkOn,
) -> None:
    with work_on() as work:
        old, new = agency(work, "north", "North College"), agency(work, "county", "County College")
        for day, who in ((4, old), (25, new)):
            session = add_held_session(work, starts_at=datetime(2026, 8, day, 10, 0, tzinfo=UTC))
            request = work.session.get_one(Request, session.request_id)
            request.agency_id = who.id
            work.session.add(
                AgencyAttendance(
                    session_id=session.id, position=0, agency_id=who.id, attendance=Attendance.PRESENT
                )
            )
        old.valid_to, new.valid_from, old.successor_id = date(2026, 8, 14), date(2026, 8, 15), new.id

    document = draft(work_on, Edition.INTERNAL)

    is_whole(document)
    asked = next(one for one in tables_of(document) if one.key == "agencies-requesting")
    assert {row.title: row.cells[0].shown for row in asked.rows} == {
        "North College": "1",
        "County College": "1",
    }


@SQLITE
def test_ten_thousand_requests_are_told_with_the_same_shapes(work_on: WorkOn) -> None:
    with work_on() as work:
        for day in range(1, 21):
            ages = frozenset({list(AgeBand)[day % len(AgeBand)]})
            add_held_session(
                work,
                starts_at=datetime(2026, 9, day, 10, 0, tzinfo=UTC),
                received_at=datetime(2026, 7, day, 10, 0, tzinfo=UTC),
                age_bands=ages,
                confirmed=day % 3 == 0,
            )
        multiply(work, 500)

    report_id = sent(work_on, person(work_on, Role.COORDINATOR), Asked(QUARTER))

    with work_on(write=False) as work:
        document = frozen_edition(work, get_report(work, report_id), Edition.PUBLIC)
    funnel = next(one for one in tables_of(document) if one.key == "funnel")
    assert funnel.rows[0].cells[0].shown == "10,000"
    # So many hide nobody by being few: every table is there, whole.
    about = [one for one in tables_of(document) if one.key.startswith("children-")]
    assert {one.key for one in about} >= {"children-age", "children-plan", "children-turning-18"}
    assert HIDDEN not in {cell.shown for one in about for row in one.rows for cell in row.cells}
    is_whole(document)


def multiply(work: Work, times: int) -> None:
    """Let each request with its choices and its session stand so many times."""
    tables = [
        (Request.__table__, "id"),
        (RequestChoice.__table__, "request_id"),
        (JagsSession.__table__, "request_id"),
    ]
    copied = {table: work.session.execute(select(table)).mappings().all() for table, _ in tables}
    for _ in range(times - 1):
        ids = {row["id"]: new_id() for row in copied[Request.__table__]}
        for table, of_request in tables:
            rows = [{**row, of_request: ids[row[of_request]]} for row in copied[table]]
            if table is JagsSession.__table__:
                rows = [
                    {**row, "id": new_id(), "calendar_uid": str(new_id()), "presence_sealed": None}
                    for row in rows
                ]
            work.session.execute(table.insert(), rows)


def test_reversed_dates_are_refused_before_anything_is_counted() -> None:
    with pytest.raises(Invalid, match="before its first day"):
        Period(date(2026, 9, 30), date(2026, 7, 1))
