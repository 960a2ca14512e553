"""Find what identifies somebody for certain enough to be stopped."""

import re
from datetime import date

from jags.kernel.identifiers.dates import birth_dates
from jags.kernel.identifiers.finding import Finding
from jags.kernel.identifiers.numbers import nhs_numbers
from jags.kernel.identifiers.places import postcodes, street_addresses
from jags.kernel.identifiers.reading import closed_up


def find_identifiers(text: str, *, today: date) -> tuple[Finding, ...]:
    """Return what identifies somebody for certain enough to be stopped, in the order of the text, none overlapping.

    `today` (London) decides which years make somebody a child, a young person or a young adult. Likely names are
    found apart, by `find_likely_names`: they are a matter for a hint. The work grows with the length of the text only.
    """
    read, places = closed_up(text)
    found = _search(read, today)
    # As pasted from a table: what only a line break parts belongs together.
    joined = _ONE_BREAK.sub(" ", read)
    if joined != read:
        found += [one for one in _search(joined, today) if "\n" in read[one.start : one.end]]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return tuple(Finding(one.kind, places[one.start], places[one.end - 1] + 1) for one in kept)


_ONE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")


def _search(read: str, today: date) -> list[Finding]:
    return [*nhs_numbers(read), *birth_dates(read, today=today), *postcodes(read), *street_addresses(read)]
