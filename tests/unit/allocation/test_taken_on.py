"""What somebody has taken on is said in one way, and what is left follows from it."""

import pytest

from jags.allocation.rules.taken_on import TakenOn


@pytest.mark.parametrize(
    ("taken", "said", "left"),
    [
        (TakenOn(2), "0 of 2", 2),
        (TakenOn(3, given=1, booked=1), "2 of 3 (1 given, 1 booked)", 1),
        (TakenOn(4, agreed=1, offered=2), "3 of 4 (1 agreed, 2 offers open)", 1),
        (TakenOn(1, given=1, offered=1), "2 of 1 (1 given, 1 offer open)", 0),
    ],
)
def test_sessions_of_a_quarter_are_said_with_what_they_are(taken: TakenOn, said: str, left: int) -> None:
    assert (taken.in_words, taken.left) == (said, left)
