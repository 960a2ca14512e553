"""The defaults of a partnership keep their own limits."""

import dataclasses

from jags.settings.rules import LEAST, Partnership


def test_every_limit_belongs_to_a_number_and_holds_for_its_default():
    defaults = dataclasses.asdict(Partnership())
    assert LEAST.keys() <= {key for key, value in defaults.items() if type(value) is int}
    assert [key for key, least in LEAST.items() if defaults[key] < least] == []


def test_thresholds_of_anonymity_start_at_their_limit():
    ours = Partnership()
    assert (ours.feedback_least_inside, LEAST["feedback_least_inside"]) == (5, 5)
    assert (ours.feedback_least_outside, LEAST["feedback_least_outside"]) == (10, 10)
