"""What is sealed for the jobs process opens there and nowhere else, and its key cannot be swapped."""

import dataclasses
import os

import pytest
from sqlalchemy import delete, update

from jags.kernel.box import (
    JobsPublicKey,
    new_pair,
    open_as_jobs,
    publish_jobs_key,
    seal_for_jobs,
)
from jags.kernel.errors import SetupIncomplete
from jags.kernel.sealing import DataKey, SealBroken


@pytest.fixture
def as_web(app):
    """The ports of a web process, which has no jobs key."""
    ports = app.extensions["jags_ports"]
    app.extensions["jags_ports"] = dataclasses.replace(ports, jobs_private_key=None)
    yield ports
    app.extensions["jags_ports"] = ports


def test_the_web_seals_and_the_scheduler_opens(as_web, app, work_on):
    with work_on() as work:
        sealed = seal_for_jobs(work, "ticket mail", b"https://localhost/f/secret")
        with pytest.raises(SetupIncomplete, match="Only the scheduler process"):
            open_as_jobs(work, "ticket mail", sealed)
    app.extensions["jags_ports"] = as_web
    with work_on() as work:
        assert open_as_jobs(work, "ticket mail", sealed) == b"https://localhost/f/secret"
        with pytest.raises(SealBroken):
            open_as_jobs(work, "another mail", sealed)


def test_a_key_written_into_the_database_is_not_believed(work_on):
    _private, attacker_public = new_pair()
    with work_on() as work:
        work.session.execute(update(JobsPublicKey).values(public_key_sealed=attacker_public))
    with work_on() as work, pytest.raises(SealBroken):
        seal_for_jobs(work, "x", b"secret")


def test_a_system_key_of_the_attackers_own_making_is_not_believed(work_on):
    with work_on() as work:
        work.session.execute(
            update(DataKey).where(DataKey.name == "jobs-public-key").values(wrapped=os.urandom(61))
        )
    with work_on() as work, pytest.raises(SealBroken):
        seal_for_jobs(work, "x", b"secret")


def test_a_published_key_moved_to_another_row_is_not_believed(work_on):
    with work_on() as work:
        row = work.session.query(JobsPublicKey).one()
        moved = JobsPublicKey(slot="elsewhere", public_key_sealed=row.public_key_sealed)
        work.session.add(moved)
        work.session.flush()
        work.session.execute(delete(JobsPublicKey).where(JobsPublicKey.slot == "current"))
        moved.slot = "current"
    with work_on() as work, pytest.raises(SealBroken):
        seal_for_jobs(work, "x", b"secret")


def test_a_scheduler_with_a_new_key_publishes_it_once(work_on):
    private, _public = new_pair()
    with work_on() as work:
        publish_jobs_key(work, private)
    with work_on() as work:
        before = work.session.query(JobsPublicKey).one().public_key_sealed
        publish_jobs_key(work, private)
    with work_on() as work:
        assert work.session.query(JobsPublicKey).one().public_key_sealed == before
        sealed = seal_for_jobs(work, "x", b"for the new key")
        with pytest.raises(SealBroken):
            open_as_jobs(work, "x", sealed)


def test_before_a_scheduler_ever_ran_a_sentence_says_so(work_on):
    with work_on() as work:
        work.session.execute(delete(JobsPublicKey))
    with work_on() as work, pytest.raises(SetupIncomplete, match="Start `jags worker`"):
        seal_for_jobs(work, "x", b"secret")
