"""What several tests of offers begin with."""

import pytest

from factories.offers import sent
from factories.pool import offered
from jags.notifications.rules import MailKind


@pytest.fixture
def pair(work_on):
    """A request offered to Ann and Ben, whose mails have left; Cat is in the pool."""
    with work_on() as work:
        made = offered(work, "Ann", "Ben", "Cat")
    with work_on() as work:
        sent(work, MailKind.OFFER)
    return made
