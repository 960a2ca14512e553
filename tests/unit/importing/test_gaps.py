"""What is missing of a session that was held before, in words that are true."""

import uuid
from datetime import date

import pytest

from jags.importing.rules.held import GAP_WORDS, HeldEntry, gaps_of

ONE, TWO = uuid.uuid4(), uuid.uuid4()


@pytest.mark.parametrize(
    ("known", "said"),
    [((), ["both facilitators"]), ((ONE,), ["the second facilitator"]), ((ONE, TWO), [])],
)
def test_the_gap_names_the_facilitators_that_are_not_known(known, said) -> None:
    words = [GAP_WORDS[gap] for gap in gaps_of(HeldEntry(date(2026, 3, 3), facilitators=known))]
    assert [one for one in words if "facilitator" in one] == said
