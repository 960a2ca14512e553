"""The work queue: what needs a decision, oldest first, a page at a time."""

from datetime import date, timedelta

from sqlalchemy import event

from factories.requests import (
    coordinator,
    draft,
    in_triage,
    sent,
    waiting,
)
from jags.requests.queries import (
    work_queue,
)


def test_the_queue_lists_what_needs_a_decision_oldest_first_with_working_days_left(work_on, clock) -> None:
    with work_on() as work:
        lead = coordinator(work)
        first = in_triage(work).id
    clock.instant += timedelta(days=7)
    with work_on() as work:
        second = sent(work).id
        waiting(work)
        draft(work)
    with work_on(lead) as work:
        lines = work_queue(work).lines
        assert [(line.request.id, line.due_on, line.days_left) for line in lines] == [
            (first, date(2026, 12, 1), 0),
            (second, date(2026, 12, 3), 2),
        ]
        assert (lines[0].requester, lines[0].agency) == ("Asha Bell", "A School")


def test_a_page_of_the_queue_takes_the_same_few_queries_whatever_its_length(work_on) -> None:
    with work_on() as work:
        lead = coordinator(work)
        in_triage(work)

    def queries() -> tuple[int, int]:
        counted: list[str] = []
        with work_on(lead) as work:
            work.session.connection()
            engine = work.session.get_bind()
            record = lambda *arguments: counted.append(arguments[2])  # noqa: E731 - A listener of one line.
            event.listen(engine, "before_cursor_execute", record)
            page = work_queue(work)
            names = [line.requester + line.agency for line in page.lines]
            event.remove(engine, "before_cursor_execute", record)
        return len(names), len(counted)

    rows, few = queries()
    assert rows == 1
    with work_on() as work:
        for _ in range(11):
            in_triage(work)
    rows, many = queries()
    assert rows == 12
    assert many == few <= 5


def test_the_queue_is_paged_and_a_page_beyond_the_last_is_the_last(work_on) -> None:
    with work_on() as work:
        for _ in range(5):
            in_triage(work)
        pages = [work_queue(work, page=n, length=2) for n in (1, 2, 3, 9, 0)]
        assert [len(p.lines) for p in pages] == [2, 2, 1, 1, 2]
        assert [(p.page, p.pages, p.total) for p in pages][2:] == [(3, 3, 5), (3, 3, 5), (1, 3, 5)]
        assert len({line.request.id for p in pages[:3] for line in p.lines}) == 5
