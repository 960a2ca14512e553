"""Numbers and lengths as people say them."""

import pytest

from jags.kernel.words import count_in_words, hours_in_words, length_in_words


@pytest.mark.parametrize(("number", "said"), [(0, "no"), (1, "one"), (5, "five"), (10, "ten"), (11, "11")])
def test_numbers_are_words_up_to_ten(number, said) -> None:
    assert count_in_words(number) == said


def test_hours_and_lengths() -> None:
    assert [hours_in_words(n) for n in (1, 5)] == ["one hour", "five hours"]
    assert [length_in_words(n) for n in (60, 90, 120, 150)] == [
        "one hour",
        "90 minutes",
        "two hours",
        "150 minutes",
    ]
