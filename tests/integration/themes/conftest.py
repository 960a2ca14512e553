"""One unit of work a test."""

from collections.abc import Iterator

import pytest

from conftest import WorkOn
from jags.kernel.work import Work


@pytest.fixture
def work(work_on: WorkOn) -> Iterator[Work]:
    """Begin a unit of work in which the system acts until a test lets somebody else act."""
    with work_on() as begun:
        yield begun
