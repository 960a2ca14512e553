"""Which of a facilitator's own feedback is shown: whole steps, so that no two looks differ by one session."""

import uuid

import pytest

from jags.quality.rules.own import OwnPool, whole_steps


def pools(*answers: int) -> list[OwnPool]:
    return [OwnPool(uuid.UUID(int=n), number) for n, number in enumerate(answers)]


@pytest.mark.parametrize(
    ("answers", "shown"),
    [((), 0), ((9,) * 4, 0), ((5,) * 5, 5), ((5,) * 9, 5), ((5,) * 10, 10), ((0, 0, 0, 0, 4, 1, 5), 6)],
)
def test_sessions_are_shown_in_steps_of_five_with_five_answers_at_least(answers, shown):
    found = whole_steps(pools(*answers))
    assert found == pools(*answers)[:shown]
