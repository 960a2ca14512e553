"""Guessing: failures only, counted across workers, for account and address; known browsers keep their own; nobody locks a stranger out."""

import multiprocessing
import threading
import warnings
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from factories import pages
from factories.second_steps import PASSWORD, code_at, give_code, give_password, make_member, sign_in
from jags.accounts.model import SignInFailure
from jags.accounts.rules import FAILURES_ALLOWED
from jags.accounts.service import Visit, guessing, signing_in
from jags.accounts.service import sign_in as service_sign_in
from jags.extensions import db

WORKERS, GUESSES, PATIENCE_SECONDS = 4, 5, 60
ELSEWHERE = {"environ_overrides": {"REMOTE_ADDR": "203.0.113.9"}}


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


def test_success_does_not_count(client, wren, clock, work_on):
    for _ in range(12):
        assert give_password(client).status_code == 303
    with work_on(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_twenty_guesses_at_the_same_moment_are_ten(wren, work_on, monkeypatch):
    """Each worker begins before any has ended: what is counted is the beginning."""
    tried, both = [], threading.Barrier(20, timeout=60)

    def fits(_hash, _password):
        tried.append(1)
        return False

    monkeypatch.setattr("jags.accounts.service.signing_in.fits", fits)

    def guess():
        both.wait()
        with work_on(write=False) as work:
            service_sign_in(work, email="wren@example.org", password="wrong", visit=Visit("192.0.2.1"))

    workers = [threading.Thread(target=guess) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(tried) == 10
    with work_on(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(SignInFailure)) == 20


def guess_in_a_process(app, tried, barrier, results):
    """Be one worker: guess five times as fast as can be, and say what was answered."""

    def fits(_hash, _password):
        with tried.get_lock():
            tried.value += 1
        return False

    signing_in.fits = fits
    with app.app_context():
        # The connections of the process that forked are not this one's.
        db.engine.dispose(close=False)
    browser = app.test_client()
    page = browser.get("/sign-in")
    data = {"csrf_token": pages.token(page), "email": "wren@example.org", "password": "wrong"}
    barrier.wait(PATIENCE_SECONDS)
    for _ in range(GUESSES):
        answer = browser.post("/sign-in", data=data)
        results.put((answer.status_code, tuple(pages.errors(answer))))


def test_several_worker_processes_count_together(app, client, wren, work_on):
    with app.app_context():
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    tried, barrier, results = fork.Value("i", 0), fork.Barrier(WORKERS), fork.Queue()
    workers = [
        fork.Process(target=guess_in_a_process, args=(app, tried, barrier, results)) for _ in range(WORKERS)
    ]
    with warnings.catch_warnings():
        # Later versions of Python warn of threads beside a fork; the children use nothing of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        for worker in workers:
            worker.start()
    answers = [results.get(timeout=PATIENCE_SECONDS) for _ in range(WORKERS * GUESSES)]
    for worker in workers:
        worker.join(PATIENCE_SECONDS)
    assert [worker.exitcode for worker in workers] == [0] * WORKERS
    # Twenty guesses, ten looked at, and no answer says which.
    assert tried.value == FAILURES_ALLOWED
    assert len(set(answers)) == 1
    # What is spent is spent for this process, too; and for this address alone, so that nobody is locked out.
    assert give_password(client).status_code == 200
    assert give_password(app.test_client(), **ELSEWHERE).status_code == 303


def test_a_known_browser_keeps_its_own_budget(client, app, wren):
    sign_in(client)
    stranger = app.test_client()
    for _ in range(10):
        give_password(stranger, password="wrong")
    # The address is spent for this account, but not for the browser that has been here before.
    assert give_password(stranger).status_code == 200
    assert give_password(client).status_code == 303


def test_a_browser_that_is_known_to_one_account_is_a_stranger_to_another(client, wren, work_on):
    sign_in(client)
    make_member(work_on, email="ash@example.org")
    for _ in range(10):
        give_password(client, email="ash@example.org", password="wrong")
    assert give_password(client, email="ash@example.org").status_code == 200


def test_codes_are_counted_for_the_account_wherever_they_come_from(client, app, wren, clock):
    for number in range(10):
        browser = app.test_client()
        place = {"environ_overrides": {"REMOTE_ADDR": f"203.0.113.{number}"}}
        give_password(browser, **place)
        assert give_code(browser, "000000", **place).status_code == 200
    give_password(client)
    assert give_code(client, code_at(clock.instant)).status_code == 200
    clock.instant += timedelta(minutes=5)
    assert give_code(client, code_at(clock.instant)).status_code == 303


def test_who_is_known_takes_the_second_step_while_somebody_guesses(client, app, wren, clock):
    sign_in(client)
    thief = app.test_client()
    give_password(thief, **ELSEWHERE)
    for _ in range(10):
        give_code(thief, "000000", **ELSEWHERE)
    clock.instant += timedelta(minutes=1)
    assert sign_in(client).status_code == 303


def test_codes_have_a_budget_for_a_day(client, wren, clock, monkeypatch):
    monkeypatch.setattr(guessing, "SECOND_STEP_FAILURES_A_DAY", 12)
    for _ in range(2):
        give_password(client)
        for _ in range(6):
            give_code(client, "000000")
        clock.instant += timedelta(minutes=6)
    give_password(client)
    assert give_code(client, code_at(clock.instant)).status_code == 200
    clock.instant += timedelta(hours=24)
    give_password(client)
    assert give_code(client, code_at(clock.instant)).status_code == 303


def test_an_invented_link_is_nothing(client):
    answer = client.get("/link/" + "x" * 32)
    assert (answer.status_code, pages.heading(answer)) == (410, "This link no longer works")
    assert PASSWORD not in answer.text
