"""The pages of one request, opened by the links that people are sent."""

import pytest

from factories.pages import follow
from factories.people import link
from factories.requests import draft, in_triage
from jags.accounts.rules import Purpose


@pytest.fixture
def draft_page(client, work_on):
    """A draft in which everything is answered, opened by its link."""
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_DRAFT, draft(work).id)
    return follow(client, secret)


@pytest.fixture
def status_page(client, work_on):
    """The requester's own page of a request that is being considered."""
    with work_on() as work:
        _, secret = link(work, Purpose.REQUEST_STATUS, in_triage(work).id)
    return follow(client, secret)
