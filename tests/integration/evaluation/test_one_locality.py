"""A report of one locality: narrowed in every section, and released only where nobody can be found beside other reports."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from conftest import WorkOn
from factories.held_sessions import add_held_session, add_request
from factories.released_reports import QUARTER, QUARTER_BEFORE, person, released, sent
from jags.accounts.rules import Role
from jags.evaluation.queries import figures
from jags.evaluation.queries.reports import frozen_edition, get_report
from jags.evaluation.rules import By, Period
from jags.evaluation.rules.document import Document, Edition, sections_of, tables_of
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import (
    begin_report,
    draft_report,
    give_back,
    send_for_review,
    withdraw_report,
)
from jags.kernel.actor import Actor
from jags.kernel.errors import Invalid
from jags.requests.rules import AgeBand, State

SQLITE = pytest.mark.parametrize("store", ["sqlite"], indirect=True)
HALF = Period(QUARTER_BEFORE.from_on, QUARTER.to_on)


def add(work_on: WorkOn, locality: str | None, number: int, *, month: int = 8) -> None:
    """Add so many requests of a locality, received in a month of 2026 and signposted."""
    with work_on() as work:
        for day in range(1, number + 1):
            add_request(
                work,
                state=State.SIGNPOSTED,
                route="tacs",
                received_at=datetime(2026, month, day, 12, tzinfo=UTC),
                locality=locality,
            )


@pytest.fixture
def writer(work_on: WorkOn) -> Actor:
    return person(work_on, Role.COORDINATOR)


@pytest.fixture
def reviewer(work_on: WorkOn) -> Actor:
    return person(work_on, Role.SCRUTINEER, "Sam Scrutiny")


def draft(work_on: WorkOn, edition: Edition, *, locality: str = "Breckland") -> Document:
    with work_on(write=False) as work:
        return draft_report(work, Asked(QUARTER, locality=locality), edition)


def rows_of(document: Document, key: str) -> dict[str, list[str]]:
    (table,) = (one for one in tables_of(document) if one.key == key)
    return {row.title: [cell.shown for cell in row.cells] for row in table.rows}


def test_figures_of_a_locality_count_its_requests_alone(work_on: WorkOn) -> None:
    add(work_on, "Breckland", 2)
    add(work_on, "Norwich", 3)
    add(work_on, None, 1)
    with work_on() as work:
        add_held_session(
            work,
            starts_at=datetime(2026, 8, 20, 12, tzinfo=UTC),
            locality="Breckland",
            age_bands=frozenset({AgeBand.SIXTEEN_SEVENTEEN}),
        )

    def read(locality: str, by: By = By.RECEIVED) -> tuple[int, int, int]:
        with work_on(write=False) as work:
            found = figures(work, from_on=QUARTER.from_on, to_on=QUARTER.to_on, locality=locality, by=by)
        return found.funnel.received, found.taking_part.sessions, found.cohorts.age_band.received

    assert (read(""), read("Breckland"), read("Norwich")) == ((7, 1, 1), (3, 1, 1), (3, 0, 0))
    assert (read("Breckland", By.HELD), read("Norwich", By.HELD)) == ((1, 1, 1), (0, 0, 0))


def test_a_draft_of_a_locality_is_narrowed_and_says_what_belongs_to_none(work_on: WorkOn) -> None:
    add(work_on, "Breckland", 2)
    add(work_on, "Norwich", 3)
    with work_on() as work:
        add_held_session(work, starts_at=datetime(2026, 8, 20, 12, tzinfo=UTC), locality="Breckland")

    inside, public = draft(work_on, Edition.INTERNAL), draft(work_on, Edition.PUBLIC)

    assert inside.title == "Evaluation of JAGS, Breckland"
    for document in (inside, public):
        assert rows_of(document, "funnel")["Received"] == ["3"]
        assert rows_of(document, "jags-and-children")["Sessions held"] == ["1"]
        keys = {section.key for _, section in sections_of(document)}
        assert "of-all-localities" in keys
        assert not keys & {"how-well", "what-difference", "themes", "quotes", "never-asked", "by-locality"}
        assert "Training events held" not in rows_of(document, "effort-table")
    assert rows_of(inside, "children-age")["All requests"] == ["0", "3", "3"]
    assert [one.key for one in tables_of(public) if one.key.startswith("children")] == []
    assert "is told of all localities together, so that nobody is found" in str(public)


@SQLITE
def test_what_happened_when_is_told_of_no_locality_outside(work_on: WorkOn) -> None:
    for locality, number, month in (
        ("Breckland", 4, 5),
        ("Norwich", 12, 5),
        ("Breckland", 12, 8),
        ("Norwich", 12, 8),
    ):
        add(work_on, locality, number, month=month)

    def over_time(edition: Edition, locality: str) -> list[list[str]]:
        with work_on(write=False) as work:
            document = draft_report(work, Asked(HALF, locality=locality), edition)
        tables = [one for one in tables_of(document) if one.key == "over-time-table"]
        return [[row.cells[0].shown for row in one.rows] for one in tables]

    for edition in (Edition.PUBLIC, Edition.RESTRICTED):
        assert over_time(edition, "") == [["16", "24"]]
        assert over_time(edition, "Breckland") == []
    # Inside it is told by month.
    assert over_time(Edition.INTERNAL, "Breckland") == [["0", "4", "0", "0", "12", "0"]]


@SQLITE
def test_a_report_of_a_locality_promises_nothing_of_what_people_said(work_on: WorkOn) -> None:
    add(work_on, "Breckland", 2)

    of_one, of_all = (str(draft(work_on, Edition.PUBLIC, locality=one)) for one in ("Breckland", ""))

    for words in ("what difference they made", "Feedback is anonymous"):
        assert (words in of_one, words in of_all) == (False, True)
    assert "how many there were and who took part." in of_one


@SQLITE
def test_a_locality_is_released_where_ten_are_in_it_and_ten_are_not(
    work_on: WorkOn, writer: Actor, reviewer: Actor
) -> None:
    add(work_on, "Breckland", 11)
    add(work_on, "Norwich", 12)
    report_id = released(work_on, writer, reviewer, Asked(QUARTER, locality="Breckland"))

    with work_on(write=False) as work:
        report = get_report(work, report_id)
        public, named = (frozen_edition(work, report, one) for one in (Edition.PUBLIC, Edition.RESTRICTED))

    for document in (public, named):
        assert document.title == "Evaluation of JAGS, Breckland"
        assert rows_of(document, "funnel")["Received"] == ["11"]
        assert [one.key for one in tables_of(document) if one.key.startswith("children")] == []


Sent = Callable[[Asked], None]


@pytest.fixture
def send(work_on: WorkOn, writer: Actor) -> Sent:
    def sends(asked: Asked) -> None:
        with work_on(writer) as work:
            send_for_review(work, begin_report(work, asked).id, version=1)

    return sends


@SQLITE
@pytest.mark.parametrize(
    ("inside", "others", "says"),
    [
        (9, 20, "fewer than 10 requests of this locality"),
        (20, 9, "would tell of few requests by themselves"),
    ],
)
def test_a_locality_of_few_or_of_all_but_few_stays_a_draft_and_says_why(
    work_on: WorkOn, send: Sent, inside: int, others: int, says: str
) -> None:
    add(work_on, "Breckland", inside)
    add(work_on, "Norwich", others)

    with pytest.raises(Invalid, match=says):
        send(Asked(QUARTER, locality="Breckland"))
    assert says in draft(work_on, Edition.INTERNAL).cautions[1]


@SQLITE
def test_three_periods_of_a_locality_never_single_out_a_quarter(work_on: WorkOn, send: Sent) -> None:
    for month, number in ((2, 12), (5, 3), (8, 12)):
        add(work_on, "Breckland", number, month=month)
        add(work_on, "Norwich", 20, month=month)
        add(work_on, "Thetford", 6, month=month)
    first_half, nine_months = (Period(date(2026, 1, 1), date(2026, month, 30)) for month in (6, 9))

    send(Asked(first_half, locality="Breckland"))

    # The first and the second without the last would tell of the three of May, of whichever locality the others are.
    for asked in (
        Asked(HALF, locality="Breckland"),
        Asked(nine_months, locality="Breckland"),
        Asked(HALF, locality="Norwich"),
    ):
        with pytest.raises(Invalid, match="tells of 1 January 2026 to 30 June 2026, which shares days"):
            send(asked)
    send(Asked(first_half, locality="Norwich"))
    send(Asked(QUARTER, locality="Breckland"))


@SQLITE
def test_the_whole_without_each_locality_that_is_told_leaves_nobody_alone(
    work_on: WorkOn, send: Sent
) -> None:
    add(work_on, "Breckland", 15)
    add(work_on, "Norwich", 15)
    add(work_on, "Thetford", 1)
    send(Asked(QUARTER))
    send(Asked(QUARTER, locality="Breckland"))

    with pytest.raises(Invalid, match="would tell of few requests by themselves"):
        send(Asked(QUARTER, locality="Norwich"))


@SQLITE
def test_a_locality_and_its_dates_are_told_once_also_after_they_were_withdrawn(
    work_on: WorkOn, writer: Actor, reviewer: Actor, send: Sent
) -> None:
    add(work_on, "Breckland", 12)
    add(work_on, "Norwich", 12)
    report_id = released(work_on, writer, reviewer, Asked(QUARTER, locality="Breckland"))
    add(work_on, "Breckland", 1, month=9)

    with pytest.raises(Invalid, match="these dates of this locality were told before"):
        send(Asked(QUARTER, locality="Breckland"))
    with work_on(reviewer) as work:
        withdraw_report(work, report_id, "It was mistaken.", version=get_report(work, report_id).version)
    with pytest.raises(Invalid, match="these dates of this locality were told before"):
        send(Asked(QUARTER, locality="Breckland"))


@SQLITE
def test_what_was_given_back_can_be_sent_again(work_on: WorkOn, writer: Actor, reviewer: Actor) -> None:
    add(work_on, "Breckland", 12)
    add(work_on, "Norwich", 12)
    report_id = sent(work_on, writer, Asked(QUARTER, locality="Breckland"))
    with work_on(reviewer) as work:
        give_back(work, report_id, "Say more.", version=get_report(work, report_id).version)
    with work_on(writer) as work:
        send_for_review(work, report_id, version=get_report(work, report_id).version)


@SQLITE
def test_a_locality_is_compared_with_another_period_in_drafts_alone(work_on: WorkOn, send: Sent) -> None:
    for month in (5, 8):
        add(work_on, "Breckland", 12, month=month)
        add(work_on, "Norwich", 12, month=month)

    with pytest.raises(Invalid, match="released without a period to compare it with"):
        send(Asked(QUARTER, compared_with=QUARTER_BEFORE, locality="Breckland"))


@SQLITE
def test_a_locality_of_the_confirmed_alone_is_no_release(work_on: WorkOn, send: Sent) -> None:
    add(work_on, "Breckland", 12)
    add(work_on, "Norwich", 12)

    with pytest.raises(Invalid, match="of one locality, and only where transitional safeguarding"):
        send(Asked(QUARTER, locality="Breckland", transitional=True))
