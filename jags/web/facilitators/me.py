"""Which facilitator the person who is signed in is."""

from uuid import UUID

from jags.facilitators.queries import find_facilitator
from jags.kernel.errors import NotFound
from jags.kernel.work import Work


def me(work: Work) -> UUID:
    """Return the id of the facilitator who acts; raises `NotFound` for who is not in the pool."""
    person_id = work.actor.person_id
    if person_id is None or find_facilitator(work, person_id) is None:
        raise NotFound("You are not in the pool of facilitators. Ring us if you should be.")
    return person_id
