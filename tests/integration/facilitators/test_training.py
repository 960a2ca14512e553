"""Training that lapses: who is told, once, and what is booked after it; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, select

from conftest import NOW, WorkOn
from factories.pool import facilitator, span
from factories.requests import envelopes
from jags.adapters.clock import FixedClock
from jags.audit.model import AuditEvent
from jags.facilitators.queries import get_facilitator, lapsing_training, not_current_on, pool
from jags.facilitators.rules import BookingKind, FacilitatorStatus
from jags.facilitators.service import add_training, book, set_status, tell_of_lapsing_training
from jags.kernel.ids import new_id
from jags.kernel.work import Work
from jags.notifications.rules import MailKind
from jags.settings.service import change_setting

TODAY = NOW.date()


def in_days(number: int):
    return TODAY + timedelta(days=number)


def books(work: Work, person_id, days: int, kind: BookingKind = BookingKind.SESSION) -> None:
    when = span(in_days(days), 9, 12)
    book(work, person_id, when.starts_at, when.ends_at, kind, new_id())


def told(work_on: WorkOn) -> list[tuple[str, str]]:
    with work_on() as work:
        return [(e["name"], e["params"]["last_day"]) for e in envelopes(work, MailKind.TRAINING_LAPSING)]


def test_settings_decide_until_when_training_counts(work_on: WorkOn) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann", trained_on=in_days(-370))
        assert not_current_on(work, [ann], TODAY) == frozenset()
        change_setting(work, "refresher_months", 12)
        assert not_current_on(work, [ann], in_days(-5)) == frozenset()
        assert not_current_on(work, [ann], in_days(-4)) == {ann}
        assert [m.current for m in pool(work)] == [False]
        change_setting(work, "training_grace_days", 5)
        assert not_current_on(work, [ann], TODAY) == frozenset()
        assert not_current_on(work, [ann], in_days(1)) == {ann}
        assert [(m.current, m.current_on(in_days(1))) for m in pool(work)] == [(True, False)]


def test_a_facilitator_is_told_once_for_each_last_day(work_on: WorkOn, clock: FixedClock) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann", refresher_due_on=in_days(61))
        facilitator(work, "Never lapses")
        facilitator(work, "Lapsed already", refresher_due_on=in_days(-1))
        left = facilitator(work, "Left", refresher_due_on=in_days(3))
        set_status(work, left, FacilitatorStatus.LEFT)
        paused = facilitator(work, "Paused", refresher_due_on=TODAY)
        set_status(work, paused, FacilitatorStatus.PAUSED)
        assert tell_of_lapsing_training(work) == 1
    assert told(work_on) == [("Paused", "24 November 2026")]
    clock.instant = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
    for _ in range(2):
        with work_on() as work:
            tell_of_lapsing_training(work)
    assert told(work_on) == [("Paused", "24 November 2026"), ("Ann", "24 January 2027")]
    clock.instant = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
    with work_on() as work:
        add_training(work, ann, trained_on=work.today, refresher_due_on=in_days(62))
        assert tell_of_lapsing_training(work) == 1
        assert get_facilitator(work, ann).lapse_told_for == in_days(62)
        tags = work.session.scalars(select(AuditEvent.tag).where(AuditEvent.subject_ref == str(ann))).all()
        assert tags.count("facilitator:lapse_told") == 1
    assert told(work_on)[-1] == ("Ann", "25 January 2027")


def test_what_is_booked_after_the_last_day_is_marked(work_on: WorkOn) -> None:
    with work_on() as work:
        ann = facilitator(work, "Ann", refresher_due_on=in_days(10))
        for day in (9, 10, 11, 20):
            books(work, ann, day)
        books(work, ann, 12, BookingKind.TRAINING)
        ben = facilitator(work, "Ben", refresher_due_on=in_days(-2))
        books(work, ben, -1)
        cyd = facilitator(work, "Cyd", refresher_due_on=in_days(-2))
        books(work, cyd, 1)
    with work_on() as work:
        found = [(o.name, o.last_day, [b.from_on for b in o.booked_after]) for o in lapsing_training(work)]
        assert found == [
            ("Cyd", in_days(-2), [in_days(1)]),
            ("Ann", in_days(10), [in_days(11), in_days(20)]),
        ]
        # Who has lapsed is not written to.
        assert tell_of_lapsing_training(work) == 1


@pytest.mark.parametrize("people", [1, 15])
def test_lapsing_training_takes_the_same_few_queries(work_on: WorkOn, people: int) -> None:
    with work_on() as work:
        for n in range(people):
            books(work, facilitator(work, f"Person {n}", refresher_due_on=in_days(5)), n + 6)
    with work_on(write=False) as work:
        statements: list[str] = []
        event.listen(work.session.connection(), "before_cursor_execute", lambda *a: statements.append(a[2]))
        assert len(lapsing_training(work)) == people
        # One of them reads the settings.
        assert len(statements) == 4
