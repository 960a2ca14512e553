"""Eight processes race for the same slots through the pages: one wins each, and the others read what to do."""

import multiprocessing
import re
import warnings
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from conftest import SOAK
from factories.agreed import agree_with, people_of_pool
from factories.overlaps import overlaps
from factories.pages import SIGNED_IN_COOKIE, errors, heading, token, version
from factories.people import account
from factories.sessions import WALL, arrange
from jags.accounts.rules import Role
from jags.accounts.service import start_session
from jags.extensions import db
from jags.scheduling.model import JagsSession

RACERS = 8
# Five hundred slots in all, in races that can be run again one by one.
RACES, SLOTS = (5, 100) if SOAK else (1, 3)
PATIENCE_SECONDS = 120
FORM = {"minutes": "120", "format": "in_person", "venue": "Town Hall", "unusual_day_ok": "y"}
TAKEN = re.compile(r"(Ann|Ben) is booked already, .+ Choose another time\.")


def slot(number):
    """Return the wall time of a slot; each session takes less than the five hours between two of a day."""
    day = WALL.replace(hour=0) + timedelta(days=30 + number // 3)
    return day + timedelta(hours=(8, 13, 18)[number % 3])


def wait_longer(connection, _record):
    """On SQLite writers wait for each other for ten seconds; a machine that is busy with other tests may need more for eight."""
    if db.engine.dialect.name == "sqlite":
        connection.execute("PRAGMA busy_timeout=100000")


def race(app, secret, session_id, numbers, barrier, results):
    """Try to move one session to every slot in turn, each time when all racers have opened their page."""
    with app.app_context():
        # The connections of the process that this one was forked from are not ours to use.
        db.engine.dispose(close=False)
        event.listen(db.engine, "connect", wait_longer)
    client = app.test_client()
    client.set_cookie(SIGNED_IN_COOKIE, secret)
    path = f"/sessions/{session_id}/move"
    for number in numbers:
        when = slot(number)
        page = client.get(path)
        fields = {
            "csrf_token": token(page),
            "version": version(page),
            "day": [str(when.day), str(when.month), str(when.year)],
            "start_time": f"{when:%H:%M}",
            **FORM,
        }
        barrier.wait(PATIENCE_SECONDS)
        answer = client.post(path, data=fields)
        results.put(
            (number, answer.status_code, heading(answer) if answer.status_code != 303 else "", errors(answer))
        )
        barrier.wait(PATIENCE_SECONDS)


@pytest.mark.parametrize("first", range(0, RACES * SLOTS, SLOTS))
def test_eight_processes_race_for_slots_and_one_wins_each(app, work_on, first):
    numbers = range(first, first + SLOTS)
    ann, ben = people_of_pool(work_on, "Ann", "Ben")
    # Two racers a session: they race against each other as well as against the others.
    ids = [
        arrange(work_on, offered, wall_start=WALL + timedelta(days=n))
        for n, offered in enumerate(agree_with(work_on, [(ann, ben)] * (RACERS // 2)))
    ]
    with work_on() as work:
        secret = start_session(work, account(work, Role.COORDINATOR))
    with app.app_context():
        db.engine.dispose()
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(RACERS), fork.Queue()
    racers = [
        fork.Process(target=race, args=(app, secret, ids[n % len(ids)], numbers, barrier, results))
        for n in range(RACERS)
    ]
    with warnings.catch_warnings():
        # Later versions of Python warn of threads beside a fork; the children use nothing of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        for racer in racers:
            racer.start()
    answers = [results.get(timeout=PATIENCE_SECONDS) for _ in range(RACERS * SLOTS)]
    for racer in racers:
        racer.join(PATIENCE_SECONDS)

    assert [racer.exitcode for racer in racers] == [0] * RACERS
    for number in numbers:
        statuses = sorted(status for n, status, _, _ in answers if n == number)
        assert (number, statuses) == (number, [303] + [409] * (RACERS - 1))
    for _, status, title, said in answers:
        if status == 409 and title != "This has changed since you opened it":
            assert title == "Change date or place"
            assert TAKEN.fullmatch(*said)
    with work_on() as work:
        assert overlaps(work) == []
        held = {one.wall_start for one in work.session.scalars(select(JagsSession))}
        assert len(held) == len(ids)
        assert slot(numbers[-1]) in held
