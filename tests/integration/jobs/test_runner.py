"""The scheduler does what is due once, goes on after failures, and catches up after days."""

import dataclasses
import types
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.outages import Outage
from factories.pool import accepted_request, facilitator
from factories.scheduled import queue, states
from jags.allocation.queries import find_calculation
from jags.allocation.rules.calculation import CalculationKind, CalculationState
from jags.allocation.service import ask_for_plan
from jags.jobs import runner as runner_module
from jags.jobs.catalogue import JOBS, Job
from jags.jobs.runner import Runner
from jags.kernel.box import JobsPublicKey
from jags.kernel.errors import SetupIncomplete
from jags.notifications.rules import MailKind, MailState, Recipient
from jags.notifications.service import queue_mail
from jags.operations.model import JobRun
from jags.operations.rules import LEASE_SECONDS, Outcome


def test_every_job_of_the_catalogue_runs_on_an_empty_database(scheduler, work_on):
    assert scheduler.tick()
    with work_on(write=False) as work:
        found = work.session.execute(select(JobRun.job, JobRun.outcome, JobRun.handled)).all()
    assert sorted(found) == sorted((job.name, Outcome.DONE, 0) for job in JOBS)


def test_a_job_runs_when_its_time_has_come(scheduler, runs, clock):
    for seconds, ran in (
        (0, ["minute", "hour"]),
        (30, []),
        (30, ["minute"]),
        (30, []),
        (3510, ["minute", "hour"]),
    ):
        clock.instant += timedelta(seconds=seconds)
        runs.clear()
        scheduler.tick()
        assert runs == ran


def test_what_follows_a_job_is_done_once_its_work_is_committed_and_only_when_there_was_some(
    scheduler, work_on, monkeypatch
):
    seen = []

    def see(_engine):
        seen.append(states(work_on))

    def queue_one(work):
        queue_mail(
            work,
            kind=MailKind.STATUS_LINK,
            cause_ref="cause",
            recipient_ref="ash",
            to=Recipient("ash", "ash@example.org"),
            params={"reference": "JAGS-2026-0001"},
            link="https://localhost/link/x",
        )
        return 1

    jobs = (Job("some", 60, queue_one, see), Job("none", 60, lambda _work: 0, see))
    monkeypatch.setattr(runner_module, "JOBS", jobs)
    scheduler.tick()
    assert seen == [{"ash": MailState.QUEUED}]


def test_what_follows_a_job_is_made_up_for_after_a_start_and_after_it_failed(app, mailer, clock, monkeypatch):
    tried = []

    def fail_once(_engine):
        tried.append(clock.instant)
        if len(tried) == 1:
            raise TimeoutError

    monkeypatch.setattr(runner_module, "JOBS", (Job("none", 60, lambda _work: 0, fail_once),))
    # Whoever ran before may have been stopped between the two.
    scheduler = Runner(app)
    for _ in range(4):
        scheduler.tick()
        clock.instant += timedelta(seconds=60)
    assert len(tried) == 2


def test_a_tick_that_comes_a_moment_early_does_not_cost_a_turn(scheduler, runs, clock):
    scheduler.tick()
    clock.instant += timedelta(seconds=59.7)
    scheduler.tick()
    assert runs == ["minute", "hour", "minute"]


def test_with_a_short_tick_every_job_runs_at_each(app, mailer, runs, clock, monkeypatch):
    monkeypatch.setitem(app.config, "JAGS", dataclasses.replace(app.config["JAGS"], tick_seconds=1))
    quick = Runner(app)
    for _ in range(3):
        quick.tick()
        clock.instant += timedelta(seconds=0.9)
    assert runs == ["minute", "hour"] * 3


def test_a_clock_that_was_set_back_keeps_no_job_waiting(scheduler, runs, clock):
    scheduler.tick()
    clock.instant -= timedelta(hours=2)
    scheduler.tick()
    assert runs == ["minute", "hour"] * 2


def test_a_job_that_fails_leaves_nothing_and_stops_no_other(scheduler, runs, work_on, mailer, monkeypatch):
    def fail(work):
        queue_mail(
            work,
            kind=MailKind.STATUS_LINK,
            cause_ref="half done",
            recipient_ref="x",
            to=Recipient("X", "x@example.org"),
            params={},
        )
        raise RuntimeError("names and texts")

    monkeypatch.setattr(runner_module, "JOBS", (Job("broken", 60, fail), *runner_module.JOBS))
    assert scheduler.tick()
    assert runs == ["minute", "hour"]
    assert states(work_on) == {}
    with work_on(write=False) as work:
        outcomes = dict(work.session.execute(select(JobRun.job, JobRun.outcome)).all())
    assert outcomes == {"broken": Outcome.FAILED, "minute": Outcome.DONE, "hour": Outcome.DONE}


def test_two_schedulers_do_nothing_twice(app, mailer, runs, clock, work_on):
    queue(work_on, "ash", "birch")
    one, two = Runner(app), Runner(app)
    assert (one.tick(), two.tick()) == (True, False)
    clock.instant += timedelta(seconds=60)
    assert (two.tick(), one.tick()) == (False, True)
    assert runs == ["minute", "hour", "minute"]
    assert sorted(mailer.addresses) == ["ash@example.org", "birch@example.org"]


def test_schedulers_that_tick_at_the_same_moment_do_nothing_twice(app, mailer, runs, work_on, clock):
    # The lease has a row already: of two that are the first of all, the database lets one through.
    Runner(app).tick()
    clock.instant += timedelta(seconds=LEASE_SECONDS)
    names = [f"person{number}" for number in range(8)]
    queue(work_on, *names)
    with ThreadPoolExecutor(3) as pool:
        ticked = list(pool.map(lambda runner: runner.tick(), [Runner(app) for _ in range(3)]))
    assert sorted(ticked) == [False, False, True]
    assert sorted(mailer.addresses) == [f"{name}@example.org" for name in names]
    assert runs == ["minute", "hour", "minute"]


def test_a_scheduler_that_died_is_replaced_when_its_lease_ends(app, mailer, runs, clock):
    one, two = Runner(app), Runner(app)
    one.tick()
    clock.instant += timedelta(seconds=LEASE_SECONDS - 1)
    assert not two.tick()
    clock.instant += timedelta(seconds=1)
    assert two.tick()
    assert runs == ["minute", "hour", "minute"]


def test_a_scheduler_that_ended_is_replaced_at_once(app, mailer, runs):
    one, two = Runner(app), Runner(app)
    one.tick()
    one._release()
    assert two.tick()


def test_the_lease_is_kept_through_a_slow_delivery(app, mailer, runs, clock, work_on):
    queue(work_on, *(f"person{number}" for number in range(5)))
    one, two = Runner(app), Runner(app)
    refused = []

    def slowly(_message):
        clock.instant += timedelta(seconds=50)
        refused.append(two.tick())

    mailer.before = slowly
    assert one.tick()
    assert refused == [False] * 5
    assert len(set(mailer.addresses)) == len(mailer.addresses) == 5


def test_a_full_outbox_does_not_keep_the_jobs_waiting(scheduler, mailer, runs, work_on, clock, monkeypatch):
    seconds = [0.0]
    monkeypatch.setattr(runner_module, "time", types.SimpleNamespace(monotonic=lambda: seconds[0]))
    queue(work_on, *(f"person{number}" for number in range(5)))

    def slowly(_message):
        seconds[0] += 9

    mailer.before = slowly
    scheduler.tick()
    assert len(mailer.sent) == 3
    clock.instant += timedelta(seconds=60)
    scheduler.tick()
    assert runs == ["minute", "hour", "minute"]
    assert len(mailer.sent) == 5


def test_after_three_days_everything_due_is_done_once(scheduler, mailer, runs, work_on, clock):
    scheduler.tick()
    for day in range(3):
        queue(work_on, f"day{day}")
        clock.instant += timedelta(days=1)
    scheduler.tick()
    scheduler.tick()
    assert mailer.addresses == ["day0@example.org", "day1@example.org", "day2@example.org"]
    assert runs == ["minute", "hour"] * 2


def test_a_database_that_is_away_does_not_end_the_scheduler(scheduler, mailer, store, app, work_on):
    outage = Outage(store, app)
    outage.begin()
    try:
        scheduler._guarded_tick()
    finally:
        outage.end()
    queue(work_on, "ash")
    scheduler._guarded_tick()
    assert mailer.addresses == ["ash@example.org"]


def test_a_scheduler_publishes_its_key_at_the_start(app, mailer, work_on):
    with work_on() as work:
        work.session.delete(work.session.scalars(select(JobsPublicKey)).one())
    Runner(app).prepare()
    with work_on(write=False) as work:
        assert [row.slot for row in work.session.scalars(select(JobsPublicKey))] == ["current"]


def test_a_scheduler_without_its_key_does_not_start(app, mailer, monkeypatch):
    ports = dataclasses.replace(app.extensions["jags_ports"], jobs_private_key=None)
    monkeypatch.setitem(app.extensions, "jags_ports", ports)
    with pytest.raises(SetupIncomplete, match="Set JAGS_JOBS_KEY_FILE"):
        Runner(app).prepare()


def test_what_a_page_asked_for_is_worked_out_and_the_mail_goes_on(app, mailer, runs, work_on):
    with work_on() as work:
        for name in ("Ann", "Ben"):
            facilitator(work, name)
        accepted_request(work)
        ask_for_plan(work)
    Runner(app).tick()
    with work_on() as work:
        assert find_calculation(work, CalculationKind.PLAN).state is CalculationState.DONE
    assert mailer.sent


def test_what_cannot_be_worked_out_is_kept_as_failed_and_stops_nothing(
    app, mailer, runs, work_on, monkeypatch
):
    def fail(*_given):
        raise RuntimeError("no room left")

    monkeypatch.setattr(runner_module, "prepare", fail)
    with work_on() as work:
        accepted_request(work)
        ask_for_plan(work)
    Runner(app).tick()
    with work_on() as work:
        assert find_calculation(work, CalculationKind.PLAN).state is CalculationState.FAILED
    assert mailer.sent
