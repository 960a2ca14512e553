"""Say in a sentence when facilitators run out, and what would do about it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from jags.allocation.assembly import RECENT_WEEKS, assemble_ahead
from jags.allocation.engine.outlook import Kind, Repair, RepairKind, Shortage, look_ahead
from jags.allocation.rules.taken_on import TakenOn
from jags.facilitators.queries import PoolMember
from jags.kernel.words import listing
from jags.kernel.work import Work

_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
_WHO = {
    Kind.OTHER: "Facilitators run out",
    Kind.TRANSITIONAL: "Facilitators for requests that feature transitional safeguarding run out",
}
_SAID = 2


def outlook_in_words(work: Work, members: Sequence[PoolMember], taken: Mapping[uuid.UUID, TakenOn]) -> str:
    """Say when a kind of request first finds no pair in the coming year, and the smallest training that would do.

    `members` is the pool of today, `taken` what they have taken on. A design decision, with what it counts on, in docs/adr/0015.
    """
    ahead = assemble_ahead(work, members, taken)
    outlook = look_ahead(ahead)
    recent = sum(ahead.recent.values())
    rate = f"{recent} {'request' if recent == 1 else 'requests'} in the last {RECENT_WEEKS} weeks"
    if outlook.too_little:
        return f"It is too early to say when facilitators run out: there were only {rate}."
    if outlook.shortage is None:
        return f"With as many requests as lately ({rate}), facilitators last for the coming year."
    return _shortage(outlook.shortage, work.today, {str(m.person_id): m.name for m in members}, rate)


def _shortage(shortage: Shortage, today: date, names: dict[str, str], rate: str) -> str:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=shortage.week)
    when = "now" if shortage.week == 0 else f"about {max(monday, today):%B %Y}"
    options = [_repair(one, names) for one in shortage.repairs[:_SAID]]
    does = f"{listing(options, 'or')} would do" if options else "training new people alone would not do"
    return f"{_WHO[shortage.kind]} {when}, with as many requests as lately ({rate}); {does}."


def _repair(repair: Repair, names: dict[str, str]) -> str:
    if repair.kind is RepairKind.RECRUIT:
        people = "person" if repair.number == 1 else "people"
        agency = "another agency" if repair.number == 1 else "other agencies"
        return f"training {_NUMBERS[repair.number]} new {people} of {agency}"
    who = listing(sorted(names.get(one, "") for one in repair.who))
    if repair.kind is RepairKind.REFRESH:
        return f"a refresher for {who}"
    return f"training {who} for transitional safeguarding"
