"""A partnership that runs for real, its post and its visitors; each test has its own, on a database of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from journeys.letters import Letters
from journeys.partnership import Partnership
from journeys.visitors import Visitors
from servers.browser import chromium
from servers.postgres import Cluster
from servers.smtp import MailServer
from servers.stored import copies_of


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind; a test that stands on it runs on both."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'jags.db'}"
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    yield cluster.create_database("journey")
    cluster.drop_database("journey")


@pytest.fixture
def stored(database_url: str) -> Callable[[], list[bytes]]:
    """What somebody reads who has a copy of the database and no key: the files, or a dump with its bytes decoded."""

    return lambda: copies_of(database_url)


@pytest.fixture
def partnership(tmp_path: Path, database_url: str, mail_server: MailServer) -> Iterator[Partnership]:
    deployed = Partnership(tmp_path, database_url, mail_server)
    yield deployed
    deployed.stop()


@pytest.fixture
def letters(mail_server: MailServer) -> Letters:
    return Letters(mail_server)


@pytest.fixture
def visitors(browser: Browser, partnership: Partnership) -> Iterator[Visitors]:
    met = Visitors(browser, partnership.url)
    yield met
    met.all_leave()
