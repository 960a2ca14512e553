"""One holder at a time, until the lease is given back or runs out; one row tells of a job's last run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from jags.operations.model import JobRun
from jags.operations.rules import LEASE_SECONDS, Outcome
from jags.operations.service import note_run, release_lease, take_lease


def take(work_on, holder):
    with work_on() as work:
        return take_lease(work, "scheduler", holder=holder)


def test_a_lease_has_one_holder_who_may_renew_it(work_on):
    assert [take(work_on, holder) for holder in ("a", "b", "a", "b")] == [True, False, True, False]


def test_a_lease_that_ran_out_is_taken_over(work_on, clock):
    take(work_on, "a")
    clock.instant += timedelta(seconds=LEASE_SECONDS - 1)
    assert not take(work_on, "b")
    clock.instant += timedelta(seconds=1)
    assert take(work_on, "b")
    assert not take(work_on, "a")


def test_renewing_begins_the_time_anew(work_on, clock):
    take(work_on, "a")
    clock.instant += timedelta(seconds=LEASE_SECONDS - 1)
    take(work_on, "a")
    clock.instant += timedelta(seconds=LEASE_SECONDS - 1)
    assert not take(work_on, "b")


def test_a_lease_that_was_given_back_is_free_at_once(work_on):
    take(work_on, "a")
    with work_on() as work:
        release_lease(work, "scheduler", holder="b")
    assert not take(work_on, "b")
    with work_on() as work:
        release_lease(work, "scheduler", holder="a")
    assert take(work_on, "b")


def test_of_many_who_ask_at_once_one_gets_it(work_on):
    def ask(holder):
        try:
            return take(work_on, holder)
        except IntegrityError:
            # On PostgreSQL two may find no row and both write one; the database lets one through.
            return False

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, "abcd")) == [False, False, False, True]


@pytest.mark.parametrize("outcome", Outcome)
def test_one_row_tells_how_a_job_ran_last(work_on, clock, outcome):
    for handled in (1, 2):
        started = clock.instant
        clock.instant += timedelta(seconds=5)
        with work_on() as work:
            note_run(work, "lapse-offers", started_at=started, outcome=outcome, handled=handled)
    with work_on(write=False) as work:
        run = work.session.scalars(select(JobRun)).one()
        assert (run.started_at, run.ended_at) == (started, clock.instant)
        assert (run.outcome, run.handled) == (outcome, 2)
