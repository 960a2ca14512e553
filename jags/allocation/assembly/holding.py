"""Check whether people may hold requests as things stand now: what is known against them, and what may be a connection."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from jags.accounts.queries import organisations_of
from jags.allocation.assembly.standing import organisation, standing_of_each
from jags.allocation.model import Offer
from jags.allocation.rules import Doubt, Rule, doubt_in_words, in_checking_order, rule_in_words
from jags.facilitators.queries import PoolMember, without_load
from jags.kernel.work import Work
from jags.requests.model import Request

# Each doubt is said on its own; who has declined was asked again since, or is not asked.
_NOT_SAID = frozenset({Rule.UNRESOLVED_DOUBT, Rule.DECLINED})


@dataclass(frozen=True)
class Held:
    """Who is to hold a request on a London date, or has been asked to, and the rules that were set aside for them.

    `answers` are the offers of the request and of the one that it repeats, the earliest first, where they have been read
    with their declarations already.
    """

    request: Request
    person_ids: tuple[uuid.UUID, ...]
    on: date
    exceptions: frozenset[Rule] = frozenset()
    answers: Sequence[Offer] | None = None


@dataclass(frozen=True)
class Against:
    """One thing that stands against somebody, in words; against the two together where `person_id` is None.

    A doubt can be cleared with a reason; anything else is a fact.
    """

    person_id: uuid.UUID | None
    name: str
    words: str
    is_doubt: bool = False

    @property
    def sentence(self) -> str:
        """Say whom it is about, and what it is."""
        return f"{self.name}: {self.words}" if self.name else self.words


def what_speaks_against(work: Work, held: Sequence[Held]) -> dict[uuid.UUID, tuple[Against, ...]]:
    """Return by request what stands against those who hold it, by as many queries as for one.

    Each is active, current on that day, of a recorded agency, not known to be connected, and nothing that may be a
    connection has still to be cleared (what they declared themselves is talked through before they accept). Two are of
    different agencies, unless an exception was agreed.
    """
    if not held:
        return {}
    everybody = without_load(work, {person for one in held for person in one.person_ids})
    organisations = organisations_of(work)
    asked = [(one, [m for m in everybody if m.person_id in one.person_ids]) for one in held]
    read = [one.answers for one in held if one.answers is not None]
    standing = standing_of_each(
        work,
        [(one.request, members) for one, members in asked],
        organisations,
        answers=[offer for answers in read for offer in answers] if len(read) == len(held) else None,
    )
    found = {}
    for one, members in asked:
        against = []
        for member in members:
            rules, doubts = standing[one.request.id][member.person_id]
            rules -= _NOT_SAID
            if not member.current_on(one.on):
                rules |= {Rule.NOT_CURRENT}
            against += [
                Against(member.person_id, member.name, rule_in_words(rule))
                for rule in in_checking_order(rules)
            ]
            kinds = sorted({doubt.doubt for doubt in doubts} - {Doubt.TALK_IT_THROUGH})
            against += [
                Against(member.person_id, member.name, doubt_in_words(kind), is_doubt=True) for kind in kinds
            ]
        if Rule.AGENCY not in one.exceptions and _of_one_agency(members, organisations):
            against.append(Against(None, "", rule_in_words(Rule.AGENCY)))
        found[one.request.id] = tuple(against)
    return found


def _of_one_agency(members: Sequence[PoolMember], organisations: dict[uuid.UUID, str]) -> bool:
    return len({organisation(member, organisations) for member in members}) < len(members)
