"""A scheduler that delivers to a mailer of ours, on a clock that stands still."""

import pytest

from jags.jobs import runner as runner_module
from jags.jobs.catalogue import Job
from jags.jobs.runner import Runner


class FakeMailer:
    """Keeps what it is given; `before` runs with each message, and may refuse it or die."""

    def __init__(self):
        self.sent = []
        self.before = lambda _message: None

    def send(self, message, *, return_to):  # noqa: ARG002 - It comes back to nobody here.
        self.before(message)
        self.sent.append((message["To"].addresses[0].addr_spec, message["Message-ID"]))

    @property
    def addresses(self):
        return [address for address, _message_id in self.sent]


@pytest.fixture
def mailer(app, monkeypatch):
    fake = FakeMailer()
    monkeypatch.setitem(app.extensions, "jags_mailer", fake)
    return fake


@pytest.fixture
def runs(monkeypatch):
    """Two jobs in place of the real ones; the list tells in what order they ran."""
    seen = []

    def job(name, seconds):
        return Job(name, seconds, lambda _work: seen.append(name) or 1)

    monkeypatch.setattr(runner_module, "JOBS", (job("minute", 60), job("hour", 3600)))
    return seen


@pytest.fixture
def scheduler(app, mailer):
    return Runner(app)
