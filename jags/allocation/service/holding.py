"""Decide whether two people may hold a request on a day, again whenever it is about to count."""

import uuid
from collections.abc import Collection
from datetime import date

from jags.accounts.queries import organisations_of
from jags.allocation.assembly import organisation, standing_of
from jags.allocation.queries import open_pair
from jags.allocation.rules import Rule, in_checking_order, rule_in_words
from jags.facilitators.queries import pool
from jags.kernel.work import Work
from jags.requests.model import Request

# A doubt asks the coordinator before somebody is offered; after that, only what is known stands in the way.
_ASKED_BEFORE = frozenset({Rule.UNRESOLVED_DOUBT, Rule.DECLINED})


def what_stands_against(
    work: Work, request: Request, person_ids: Collection[uuid.UUID], *, on: date
) -> tuple[str, ...]:
    """Say why these two may not hold a request on a London date; nothing stands against them when it is empty.

    Each is in the pool and active, current on that day, of a recorded agency, and not known to be connected; the two are
    of different agencies, unless an exception was agreed for the pair of this request.
    """
    members = pool(work, with_left=True, only=person_ids)
    organisations = organisations_of(work)
    standing = standing_of(work, request, members, organisations)
    against = []
    for member in members:
        rules = standing[member.person_id][0] - _ASKED_BEFORE
        if not member.current_on(on):
            rules |= {Rule.NOT_CURRENT}
        against += [f"{member.name}: {rule_in_words(rule)}" for rule in in_checking_order(rules)]
    pair = open_pair(work, request.id)
    agreed = {one.rule for one in pair.exceptions} if pair else set()
    if len({organisation(member, organisations) for member in members}) < len(members) and (
        Rule.AGENCY not in agreed
    ):
        against.append(rule_in_words(Rule.AGENCY))
    return tuple(against)
