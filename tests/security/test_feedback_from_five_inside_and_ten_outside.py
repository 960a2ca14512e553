"""A promise of privacy: feedback is shown from five answers inside and ten outside, in bands; unanimity never shows.

Rounds of none to ten answers, and of one opinion: what is opened, what waits for others, and what each format tells.
"""

import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.released_reports import person
from factories.sessions import COORDINATOR
from jags.accounts.rules import Role
from jags.adapters.clock import FixedClock
from jags.evaluation.queries import figures
from jags.evaluation.render.formats import write_document
from jags.evaluation.render.reading_pdf import pdf_tables
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import Edition, Format
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.service import draft_report
from jags.feedback.model import Pool, Round
from jags.feedback.rules import FormKey, RoundState, mixed_kind, year_began_on
from jags.feedback.service import close_due_rounds
from jags.requests.rules import AgeBand

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LAST_MOMENT = datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC)
# 1 April begins an hour before midnight of universal time: the clocks have gone forward.
YEAR_OVER = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)


def test_rounds_of_none_to_ten_answers_are_opened_alone_or_together(
    work_on: WorkOn, clock: FixedClock
) -> None:
    for number in range(11):
        _, tickets = open_round(work_on, people=max(1, number))
        answer(work_on, tickets[:number])

    close(work_on, clock)

    with work_on(write=False) as work:
        # Five to ten alone; none, one, two, three and four are ten together.
        pools = {pool.id: pool.answers for pool in work.session.scalars(select(Pool))}
        rounds = work.session.scalars(select(Round).order_by(Round.invited, Round.id)).all()
        together = [found.invited for found in rounds if pools[found.pool_id] == 10 and found.invited < 10]
        assert sorted(pools.values()) == [5, 6, 7, 8, 9, 10, 10]
        assert together == [1, 1, 2, 3, 4]
        assert {found.state for found in rounds} == {RoundState.OPENED}


def test_small_rounds_of_other_cells_are_joined_when_the_year_is_over(
    work_on: WorkOn, clock: FixedClock
) -> None:
    for band in (AgeBand.FIVE_TO_TEN, AgeBand.SIXTEEN_SEVENTEEN):
        _, tickets = open_round(work_on, people=3, age_bands=frozenset({band}))
        answer(work_on, tickets)
    close(work_on, clock)
    with work_on(write=False) as work:
        assert work.session.scalars(select(Pool)).all() == []

    clock.instant = datetime(2027, 4, 1, 0, 5, tzinfo=UTC)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        pool = work.session.scalars(select(Pool)).one()
        assert (pool.kind, pool.answers) == (mixed_kind(FormKey.PARTICIPANT), 6)
        assert {found.state for found in work.session.scalars(select(Round))} == {RoundState.OPENED}
    with work_on(COORDINATOR, write=False) as work:
        told = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
        confirmed = figures(
            work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30), transitional=True
        ).feedback
    # In all of a period, and in no part of it.
    assert (told.answers, confirmed.answers) == (6, 0)


def test_fewer_than_five_stay_sealed_over_the_year_and_only_their_number_is_told(
    work_on: WorkOn, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on, people=4)
    answer(work_on, tickets)
    close(work_on, clock)
    clock.instant = datetime(2027, 4, 1, 0, 5, tzinfo=UTC)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        assert work.session.scalars(select(Round.state)).one() is RoundState.WAITING
        told = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
    assert (told.answers, told.waiting, told.opinions) == (0, 1, ())


@pytest.mark.parametrize(
    ("numbers", "opened"),
    # Of four cells: five together are opened, four are not, and nobody's answer makes no difference.
    [((2, 1, 1, 1), 5), ((4, 1), 5), ((2, 1, 1), None), ((4, 0), None)],
)
def test_left_over_rounds_are_opened_at_the_end_of_the_year_from_five_together(
    work_on: WorkOn, clock: FixedClock, numbers: tuple[int, ...], opened: int | None
) -> None:
    cells = [
        (frozenset({band}), confirmed)
        for confirmed in (True, False)
        for band in (AgeBand.SIXTEEN_SEVENTEEN, AgeBand.FIVE_TO_TEN)
    ]
    for number, (bands, confirmed) in zip(numbers, cells, strict=False):
        _, tickets = open_round(work_on, people=5, age_bands=bands, confirmed=confirmed)
        answer(work_on, tickets[:number])
    close(work_on, clock)

    for instant, done in ((LAST_MOMENT, None), (YEAR_OVER, opened)):
        clock.instant = instant
        with work_on() as work:
            close_due_rounds(work)
        with work_on(write=False) as work:
            assert work.session.scalars(select(Pool.answers)).one_or_none() == done
            told = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
            # Until then, and after it where they are too few, only the number of sessions is told.
            assert (told.answers, told.waiting) == ((done, 0) if done else (0, len(numbers)))


def test_a_round_of_the_new_year_is_not_joined_with_what_was_left_of_the_old(
    work_on: WorkOn, clock: FixedClock
) -> None:
    _, tickets = open_round(work_on, people=3, age_bands=frozenset({AgeBand.FIVE_TO_TEN}))
    answer(work_on, tickets)
    close(work_on, clock)
    # Its window closes with the end of 1 April.
    clock.instant = datetime(2027, 3, 16, 12, tzinfo=UTC)
    _, tickets = open_round(work_on, people=3, age_bands=frozenset({AgeBand.SIXTEEN_SEVENTEEN}))
    answer(work_on, tickets)

    for instant, pools in ((datetime(2027, 4, 20, tzinfo=UTC), []), (datetime(2028, 4, 1, tzinfo=UTC), [6])):
        clock.instant = instant
        with work_on() as work:
            close_due_rounds(work)
        with work_on(write=False) as work:
            assert work.session.scalars(select(Pool.answers)).all() == pools


def test_answers_that_are_counted_with_later_ones_are_told(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on, people=3)
    answer(work_on, tickets)
    close(work_on, clock)
    _, tickets = open_round(work_on, people=4)
    answer(work_on, tickets)
    clock.instant = datetime(2027, 1, 15, tzinfo=UTC)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        before = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
        after = figures(work, from_on=date(2026, 12, 1), to_on=date(2026, 12, 31)).feedback
        both = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 12, 31)).feedback
    assert (before.answers, before.moved_in, before.moved_out) == (0, 0, 7)
    assert (after.answers, after.moved_in, after.moved_out) == (7, 7, 0)
    assert (both.answers, both.moved_in, both.moved_out) == (7, 0, 0)


@pytest.mark.parametrize(
    ("day", "began"),
    [
        (date(2027, 3, 31), date(2026, 4, 1)),
        (date(2027, 4, 1), date(2027, 4, 1)),
        (date(2026, 12, 31), date(2026, 4, 1)),
    ],
)
def test_a_year_begins_in_april(day: date, began: date) -> None:
    assert year_began_on(day) == began


def test_unanimity_never_shows(work_on: WorkOn, clock: FixedClock) -> None:
    _, tickets = open_round(work_on, people=5)
    answer(work_on, tickets, safe="strongly_agree", time="strongly_disagree")

    close(work_on, clock)

    with work_on(write=False) as work:
        told = figures(work, from_on=date(2026, 11, 1), to_on=date(2026, 11, 30)).feedback
    bands = {opinion.item: opinion.band for opinion in told.opinions}
    assert (bands["safe"], bands["time"]) == ("all or all but one", "fewer than half")


def texts_of(kind: Format, file: bytes) -> str:
    """Return all that a file says to its reader, without spaces."""
    if kind is Format.PDF:
        told = " ".join(cell for table in pdf_tables(file) for row in table for cell in row)
    elif kind in {Format.DOCX, Format.XLSX}:
        with zipfile.ZipFile(io.BytesIO(file)) as parts:
            names = [
                one for one in parts.namelist() if re.search(r"(document|sharedStrings|sheet\d+)\.xml$", one)
            ]
            told = " ".join(parts.read(one).decode() for one in names)
    else:
        told = file.decode("utf-8-sig")
    return re.sub(r"<style.*?</style>|<[^>]+>|\s", "", told, flags=re.DOTALL)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", Format)
@pytest.mark.parametrize(
    ("number", "inside", "outside"),
    [
        (4, "", ""),
        (5, "all or all but one", ""),
        (9, "all or all but one", ""),
        (10, "all or all but one", "all or all but one"),
        # From 20 on to the nearest five per cent, with the ends merged.
        (20, "95 % or more", "95 % or more"),
    ],
)
def test_in_every_format_opinions_are_told_from_the_boundary_on_and_unanimity_never(
    work_on: WorkOn, clock: FixedClock, kind: Format, number: int, inside: str, outside: str
) -> None:
    _, tickets = open_round(work_on, people=number)
    answer(work_on, tickets, safe="strongly_agree")
    close(work_on, clock)
    # What was opened on a day is joined for those outside when the day is over.
    clock.instant += timedelta(days=1)
    with work_on() as work:
        close_due_rounds(work)
    writer = person(work_on, Role.COORDINATOR)
    for edition, wanted in ((Edition.INTERNAL, inside), (Edition.PUBLIC, outside)):
        with work_on(writer, write=False) as work:
            draft = draft_report(work, Asked(NOVEMBER), edition)
        told = texts_of(kind, write_document(draft, kind))
        found = {band for band in ("all or all but one", "95 % or more") if band.replace(" ", "") in told}
        assert found == ({wanted} if wanted else set()), edition
        assert re.findall(r"(?<!\d)100%", told) == []
