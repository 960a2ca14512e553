"""A random sample can be drawn again by anybody who has its seed."""

import uuid

from jags.quality.rules.auditing import draw

IDS = [uuid.UUID(int=n) for n in range(30)]


def test_a_sample_is_the_same_for_the_same_sessions_and_seed_in_whatever_order_they_come():
    sample = draw(IDS, size=10, seed=7)
    assert (len(set(sample)), set(sample) <= set(IDS)) == (10, True)
    assert draw(list(reversed(IDS)), size=10, seed=7) == sample
    assert draw(IDS, size=10, seed=8) != sample


def test_a_sample_has_no_more_sessions_than_there_are_and_every_session_has_a_chance():
    assert sorted(draw(IDS[:3], size=10, seed=1)) == IDS[:3]
    assert {one for seed in range(200) for one in draw(IDS, size=1, seed=seed)} == set(IDS)
