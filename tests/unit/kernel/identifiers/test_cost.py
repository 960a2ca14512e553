"""No text, however it is made, costs more than its length: patterns are bounded, and so is what is done at each place."""

import re
import sys
from datetime import date
from re import _constants as kinds
from re import _parser as parser

import pytest

from jags.kernel.identifiers import (
    dates,
    find_identifiers,
    find_likely_names,
    names,
    numbers,
    places,
    reading,
)

MODULES = (dates, names, numbers, places, reading)
PATTERNS = {
    f"{module.__name__.rpartition('.')[2]}.{name}[{index}]": pattern
    for module in MODULES
    for name, value in vars(module).items()
    for index, pattern in enumerate(value if isinstance(value, tuple) else (value,))
    if isinstance(pattern, re.Pattern)
}
# In how many ways a pattern may match from one place, at most: what a search that goes back and forth can try.
MOST_WAYS = 20_000
HOSTILE = [
    "1 ", "1/1/", "12 March ", "14 Mill ", "a1 ", "Aa ", "born ", "Jordan ", "943 476 ", "1" * 9 + " ", "twelfth of March ", "flat 1, 1 a ",
    "Rose Cottage ", "dob 1.1.", "on 1/1/10 and ", "Mrs ", "x", "'s mum", "\n", "14 a-b'c ",
]  # fmt: skip


def ways(parsed):
    """Return in how many ways a parsed pattern may match from one place; raises AssertionError where there is no bound."""
    total = 1
    for kind, value in parsed:
        if kind is kinds.BRANCH:
            total *= sum(ways(one) for one in value[1])
        elif kind is kinds.SUBPATTERN:
            total *= ways(value[-1])
        elif kind in {kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT}:
            least, most, inner = value
            assert most != kinds.MAXREPEAT, "a repetition without an end"
            assert most <= 40
            if kind is not kinds.POSSESSIVE_REPEAT:
                total *= sum(ways(inner) ** count for count in range(least, most + 1))
        elif kind in {kinds.ASSERT, kinds.ASSERT_NOT}:
            assert ways(value[1]) <= MOST_WAYS
    return total


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_can_match_in_a_bounded_number_of_ways(name):
    pattern = PATTERNS[name]
    assert ways(parser.parse(pattern.pattern, pattern.flags)) <= MOST_WAYS


def test_the_bound_sees_a_pattern_that_would_be_dear():
    assert ways(parser.parse("(?:aa|bb)c{0,3}")) == 8
    with pytest.raises(AssertionError):
        ways(parser.parse("(a+)+b"))


def lines_run(text):
    """Return how many lines of ours are run to look at a text."""
    count = 0

    def trace(frame, event, _argument):
        nonlocal count
        if "identifiers" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    sys.settrace(trace)
    try:
        find_identifiers(text, today=date(2026, 11, 24))
        find_likely_names(text)
    finally:
        sys.settrace(None)
    return count


@pytest.mark.parametrize("piece", HOSTILE)
def test_twice_the_text_is_at_most_twice_the_work(piece):
    find_likely_names("The list of names is read once.")
    once, twice = (piece * (size // len(piece)) for size in (1_000, 2_000))
    assert lines_run(twice) <= 2.1 * lines_run(once) + 50


@pytest.mark.parametrize("piece", HOSTILE)
def test_forty_thousand_characters_are_looked_at_to_their_end(piece):
    text = piece * (40_000 // len(piece)) + " . Ring, NHS 943 476 5919"
    assert text[find_identifiers(text, today=date(2026, 11, 24))[-1].start :] == "943 476 5919"
