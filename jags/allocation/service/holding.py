"""Decide whether two people may hold a request on a day, again whenever it is about to count."""

import uuid
from collections.abc import Collection
from datetime import date

from jags.allocation.assembly import Held, what_speaks_against
from jags.allocation.queries import open_pair
from jags.kernel.work import Work
from jags.requests.model import Request


def what_stands_against(
    work: Work, request: Request, person_ids: Collection[uuid.UUID], *, on: date
) -> tuple[str, ...]:
    """Say why these two may not hold a request on a London date; nothing stands against them when it is empty.

    As `jags.allocation.assembly.what_speaks_against`, with the exceptions that were agreed for the pair of this request.
    """
    pair = open_pair(work, request.id)
    agreed = frozenset(one.rule for one in pair.exceptions) if pair else frozenset()
    held = Held(request, tuple(person_ids), on, agreed)
    return tuple(one.sentence for one in what_speaks_against(work, [held])[request.id])
