"""Find what identifies somebody for certain enough to be stopped."""

from datetime import date

from jags.kernel.identifiers.dates import birth_dates
from jags.kernel.identifiers.finding import Finding
from jags.kernel.identifiers.numbers import nhs_numbers
from jags.kernel.identifiers.places import postcodes, street_addresses
from jags.kernel.identifiers.reading import plain


def find_identifiers(text: str, *, today: date) -> tuple[Finding, ...]:
    """Return what identifies somebody for certain enough to be stopped, in the order of the text, none overlapping.

    `today` (London) decides which years make somebody a child, a young person or a young adult. Likely names are
    found apart, by `find_likely_names`: they are a matter for a hint. The work grows with the length of the text only.
    """
    read = plain(text)
    found = [*nhs_numbers(read), *birth_dates(read, today=today), *postcodes(read), *street_addresses(read)]
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return tuple(kept)
