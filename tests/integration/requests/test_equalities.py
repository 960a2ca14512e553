"""Optional answers: sealed together until a year is over, counted at once, and never joined to a request."""

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect, select, text

from conftest import WorkOn
from factories.requests import by_link, sent
from jags.accounts.rules import Purpose
from jags.adapters.clock import FixedClock
from jags.audit.model import AuditEvent
from jags.kernel.errors import Invalid, NotAllowed
from jags.requests.model import EqualityTally, EqualityYear, Request
from jags.requests.queries import EqualitiesOfYear, equalities_by_year, get_request, may_answer_equalities
from jags.requests.rules import Equality, shown_number
from jags.requests.service import answer_equalities, count_equalities

LAST_MOMENT = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
OVER = datetime(2027, 2, 1, 0, 0, tzinfo=UTC)
WHITE = {Equality.ETHNIC_GROUP: "white", Equality.DISABILITY: "no"}
MIXED = {Equality.ETHNIC_GROUP: "mixed", Equality.DISABILITY: ""}


def requests(work_on: WorkOn, number: int) -> list[uuid.UUID]:
    with work_on() as work:
        return [sent(work).id for _ in range(number)]


def answer(work_on: WorkOn, request_id: uuid.UUID, answers: dict[Equality, str]) -> None:
    with work_on(by_link(request_id, Purpose.REQUEST_DRAFT)) as work:
        answer_equalities(work, get_request(work, request_id), answers)


def copy_of(work_on: WorkOn) -> dict[str, list[str]]:
    """What somebody with a copy reads of every row of every table."""
    with work_on(write=False) as work:
        return {
            name: sorted(map(repr, work.session.execute(text(f'SELECT * FROM "{name}"'))))  # noqa: S608 - Our own tables.
            for name in inspect(work.session.connection()).get_table_names()
        }


def test_two_copies_one_answer_apart_differ_in_one_sealed_row_only(work_on: WorkOn) -> None:
    first, second = requests(work_on, 2)
    # The first answer of a year makes the key; a repeated one changes nothing at all.
    answer(work_on, first, WHITE)
    before = copy_of(work_on)
    answer(work_on, first, MIXED)
    assert copy_of(work_on) == before
    answer(work_on, second, MIXED)
    after = copy_of(work_on)
    assert [name for name in before if before[name] != after[name]] == ["equality_year"]
    with work_on() as work:
        row = work.session.scalars(select(EqualityYear)).one()
        everything = row.body + row.marks
        assert not [word for word in (b"mixed", b"white", second.bytes, first.bytes) if word in everything]
        marks = [row.marks[:32], row.marks[32:]]
        assert marks == sorted(marks)
        half = len(row.body) // 2
        assert row.body[:half] < row.body[half:]
        assert [
            may_answer_equalities(work, work.session.get_one(Request, one)) for one in (first, second)
        ] == [False, False]


def test_answers_are_counted_all_at_once_in_february_from_ten(work_on: WorkOn, clock: FixedClock) -> None:
    asked = requests(work_on, 10)
    for request_id in asked[:4]:
        answer(work_on, request_id, MIXED)
    for request_id in asked[4:]:
        answer(work_on, request_id, WHITE)
    clock.instant = LAST_MOMENT
    with work_on() as work:
        assert count_equalities(work) == 0
        assert work.session.scalars(select(EqualityTally)).all() == []
        assert equalities_by_year(work) == []
    clock.instant = OVER
    for done in (1, 0):
        with work_on() as work:
            assert count_equalities(work) == done
    with work_on() as work:
        rows = work.session.scalars(
            select(EqualityTally).order_by(EqualityTally.question, EqualityTally.choice)
        )
        assert [(row.year, row.question, row.choice, row.number) for row in rows] == [
            (2026, "disability", "no", 6),
            (2026, "ethnic_group", "mixed", 4),
            (2026, "ethnic_group", "white", 6),
        ]
        row = work.session.get_one(EqualityYear, 2026)
        assert (row.answers, row.body, row.marks) == (10, b"", b"")
        (year,) = equalities_by_year(work)
        assert (year.year, year.answers) == (2026, 10)
        assert year.figures[Equality.ETHNIC_GROUP] == {
            "Asian or Asian British": 0,
            "Black, Black British, Caribbean or African": 0,
            "Mixed or multiple ethnic groups": None,
            "White": 6,
            "Another ethnic group": 0,
            "Prefer not to say": 0,
        }
        events = work.session.scalars(select(AuditEvent.tag).where(AuditEvent.tag.startswith("equal"))).all()
        assert events == ["equalities:counted"]


def test_of_fewer_than_ten_answers_only_their_number_is_told(work_on: WorkOn, clock: FixedClock) -> None:
    for request_id in requests(work_on, 9):
        answer(work_on, request_id, WHITE)
    clock.instant = OVER
    with work_on() as work:
        count_equalities(work)
    with work_on() as work:
        assert work.session.scalars(select(EqualityTally)).all() == []
        assert equalities_by_year(work) == [EqualitiesOfYear(2026, 9, {})]


def test_an_answer_after_the_year_was_counted_is_not_asked_for_and_not_taken(
    work_on: WorkOn, clock: FixedClock
) -> None:
    first, late = requests(work_on, 2)
    answer(work_on, first, WHITE)
    clock.instant = OVER
    with work_on() as work:
        count_equalities(work)
    before = copy_of(work_on)
    answer(work_on, late, WHITE)
    assert copy_of(work_on) == before
    with work_on() as work:
        assert not may_answer_equalities(work, get_request(work, late))


def test_what_is_not_offered_is_refused_and_only_the_machine_counts(work_on: WorkOn) -> None:
    (request_id,) = requests(work_on, 1)
    with pytest.raises(Invalid):
        answer(work_on, request_id, {Equality.ETHNIC_GROUP: "martian"})
    with work_on(by_link(request_id, Purpose.REQUEST_DRAFT)) as work, pytest.raises(NotAllowed):
        count_equalities(work)


def test_numbers_from_one_to_five_are_not_shown() -> None:
    assert [shown_number(n) for n in (0, 1, 5, 6, 30)] == [0, None, None, 6, 30]
