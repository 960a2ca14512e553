"""Let the people of the made-up year sign in now and then, and their access be looked through in time."""

from collections.abc import Iterator
from datetime import timedelta

from jags.accounts.queries import accounts_to_review, accounts_with_role, actor_of, get_account, reviews
from jags.accounts.rules import Role
from jags.accounts.service import review_access, start_session
from jags.cli.demo.world import World
from jags.kernel.actor import system

_EVERY = timedelta(weeks=4)


def coming_in(world: World) -> Iterator[timedelta]:
    """Let everybody sign in every four weeks, and an administrator look through whose access is due before the next time.

    Without it accounts would be asked whether they are still needed, and be suspended.
    """
    while True:
        with world.work(system("demo")) as work:
            everybody = sorted({one.id for role in Role for one in accounts_with_role(work, role)})
            lead = actor_of(accounts_with_role(work, Role.ADMINISTRATOR)[0])
        for account_id in everybody:
            with world.work(system("demo")) as work:
                start_session(work, get_account(work, account_id))
        with world.work(lead) as work:
            for due in reviews(work):
                if due.due_on <= work.today + _EVERY:
                    ids = frozenset(one.id for one in accounts_to_review(work, due.agency_id))
                    review_access(work, due.agency_id, keep=ids, end=frozenset())
        yield _EVERY
