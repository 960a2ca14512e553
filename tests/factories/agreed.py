"""Several requests whose facilitators have agreed, some of them the same people."""

import uuid
from collections.abc import Sequence

from factories.pool import Offered, accepted_request, facilitator, involved, offer_to
from factories.sessions import accept_all
from jags.settings.service import change_setting


def people_of_pool(work_on, *names: str) -> tuple[uuid.UUID, ...]:
    """Add facilitators who can give twenty sessions a quarter, also while they are new."""
    with work_on() as work:
        change_setting(work, "newcomer_sessions_a_quarter", 0)
        return tuple(facilitator(work, name, sessions_per_quarter=20) for name in names)


def agree_with(work_on, pairs: Sequence[tuple[uuid.UUID, uuid.UUID]]) -> list[Offered]:
    """Take a request with one person around the child to "facilitators agreed" for each pair."""
    agreed = []
    for n, pair in enumerate(pairs):
        with work_on() as work:
            request = accepted_request(
                work,
                email=f"asha{n}@example.org",
                pseudonym=f"Bird {n}",
                people=(involved(f"Person {n}", of="A School"),),
            )
            offered = offer_to(work, request, pair)
        accept_all(work_on, offered)
        agreed.append(offered)
    return agreed
