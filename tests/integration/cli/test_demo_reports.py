"""The demonstration has a report that was released, with a statement and a reader, and one that is still being written."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from conftest import WorkOn
from factories.reading import add_comment
from factories.released_reports import add_requests, person
from jags.accounts.rules import Role
from jags.cli.demo.reports import add_reports
from jags.evaluation.queries.reports import frozen_edition, released_reports, reports
from jags.evaluation.rules import Period
from jags.evaluation.rules.document import Edition, Quote, blocks_of, tables_of
from jags.feedback.service.joining import join_pools
from jags.kernel.actor import Actor


@dataclass
class QuickWorld:
    """A world in which no job runs between two steps."""

    work: WorkOn
    coordinator: Actor


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_newcomer_finds_a_released_report_and_a_draft(work_on: WorkOn) -> None:
    with work_on() as work:
        add_requests(work, Period(date(2025, 12, 1), date(2026, 9, 30)), 14)
        for n in range(4):
            add_comment(work, f"Comment {n}", held_at=datetime(2026, 8, 3 + n, 10, 0, tzinfo=UTC))
        join_pools(work)
    unit = person(work_on, Role.COORDINATOR)
    reader = person(work_on, Role.EVALUATION_READER)
    person(work_on, Role.SCRUTINEER)

    add_reports(QuickWorld(work_on, unit))

    with work_on() as work:
        (released,) = released_reports(work)
        assert {one.state for one in reports(work)} == {"draft", "released"}
        assert released.asked.period == Period(date(2025, 10, 1), date(2026, 9, 30))
        assert [one.person_id for one in released.readers] == [reader.person_id]
        public = frozen_edition(work, released, Edition.PUBLIC)
    assert public.sections[-1].key == "statement"
    assert sum(isinstance(block, Quote) for block in blocks_of(public)) == 3
    # A dozen requests are enough that something is told of children.
    assert any(table.key.startswith("children-") for table in tables_of(public))
