"""The sector that somebody may tell: apart from their answers, never for a session, and counted once a year from ten."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.sessions import COORDINATOR
from jags.accounts.rules import Sector
from jags.adapters.clock import FixedClock
from jags.app import connect_migrations
from jags.cli.database import MIGRATIONS
from jags.extensions import db
from jags.feedback.model import SectorTally, SectorYear, Tally
from jags.feedback.queries import SectorsOfYear, sectors_by_year
from jags.feedback.rules import SECTOR, Outcome
from jags.feedback.service import close_due_rounds, count_sectors
from jags.kernel.errors import Invalid, NotAllowed

LAST_MOMENT = datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC)
# The first of April, in summer time already.
YEAR_OVER = datetime(2027, 3, 31, 23, 0, tzinfo=UTC)


def opened(work_on: WorkOn, clock: FixedClock, *told: tuple[int, str]) -> None:
    """Let so many people each tell a sector, in one round each, and open the rounds."""
    for number, sector in told:
        _, tickets = open_round(work_on, people=number)
        assert set(answer(work_on, tickets[:number], **{SECTOR: sector})) == {Outcome.GOOD}
    close(work_on, clock)


def test_it_stands_in_no_tally_and_lies_sealed_with_all_others_of_the_year(
    work_on: WorkOn, clock: FixedClock
) -> None:
    opened(work_on, clock, (5, "health"), (6, ""))

    with work_on() as work:
        assert {tally.item for tally in work.session.scalars(select(Tally))} == {"safe"}
        row = work.session.scalars(select(SectorYear)).one()
        # Whoever told none has an envelope too, and none is known by its size or its place.
        size, rest = divmod(len(row.body), 11)
        envelopes = [row.body[start : start + size] for start in range(0, len(row.body), size)]
        assert (row.year, row.answers, rest, len(set(envelopes))) == (2026, None, 0, 11)
        assert envelopes == sorted(envelopes)
        assert b"health" not in row.body


def test_sectors_are_counted_when_the_year_is_over_and_nine_of_one_are_not(
    work_on: WorkOn, clock: FixedClock
) -> None:
    opened(work_on, clock, (10, "police"), (9, "health"), (5, ""))
    for instant, done in ((LAST_MOMENT, 0), (YEAR_OVER, 1), (YEAR_OVER, 0)):
        clock.instant = instant
        with work_on() as work:
            assert count_sectors(work) == done

    with work_on(COORDINATOR, write=False) as work:
        assert sectors_by_year(work) == [SectorsOfYear(2026, 24, {Sector.POLICE: 10})]
        # Not hidden on a page alone: the number of a small one is nowhere.
        assert [(one.sector, one.number) for one in work.session.scalars(select(SectorTally))] == [
            (Sector.POLICE, 10)
        ]
        assert work.session.scalars(select(SectorYear.body)).one() == b""


def test_answers_opened_after_the_year_belong_to_the_next(work_on: WorkOn, clock: FixedClock) -> None:
    opened(work_on, clock, (5, "health"))
    clock.instant = YEAR_OVER
    with work_on() as work:
        count_sectors(work)
    _, tickets = open_round(work_on)
    answer(work_on, tickets[:5], **{SECTOR: "health"})
    clock.instant = datetime(2027, 5, 1, tzinfo=UTC)
    with work_on() as work:
        close_due_rounds(work)

    with work_on(write=False) as work:
        years = work.session.execute(select(SectorYear.year, SectorYear.answers).order_by(SectorYear.year))
        assert [tuple(row) for row in years] == [(2026, 5), (2027, None)]


def test_what_is_no_sector_is_refused_and_spends_nothing(work_on: WorkOn) -> None:
    _, tickets = open_round(work_on)

    with pytest.raises(Invalid) as refused:
        answer(work_on, tickets[:1], **{SECTOR: "the third house on the left"})

    assert refused.value.field == SECTOR
    assert answer(work_on, tickets[:1]) == [Outcome.GOOD]


def test_only_the_machine_counts(work_on: WorkOn) -> None:
    with work_on(COORDINATOR) as work, pytest.raises(NotAllowed):
        count_sectors(work)


def test_what_was_told_goes_with_a_step_down_and_answers_do_not(
    app: Flask, work_on: WorkOn, clock: FixedClock
) -> None:
    opened(work_on, clock, (5, "health"))
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0028")
        assert not [name for name in inspect(db.engine).get_table_names() if "sector" in name]
        upgrade(directory=str(MIGRATIONS))

    with work_on() as work:
        assert work.session.scalars(select(SectorYear)).all() == []
        assert {(t.item, t.option): t.n for t in work.session.scalars(select(Tally))} == {
            ("safe", "agree"): 5
        }
