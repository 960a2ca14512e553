"""How figures are told where something was not recorded."""

import pytest

from jags.evaluation.render import counted_text, wait_text
from jags.evaluation.rules import Stage, TakingPart, Wait


def part(least: int | None, most: int | None) -> TakingPart:
    return TakingPart(
        sessions=3,
        sessions_named=0,
        agencies=(),
        unsettled=0,
        sessions_counted=2,
        counted_least=least,
        counted_most=most,
        earlier_forms=None,
    )


@pytest.mark.parametrize(("least", "most", "told"), [(None, None, ":"), (4, 4, "4"), (4, 7, "4 to 7")])
def test_agencies_of_earlier_sessions_are_a_span(least: int | None, most: int | None, told: str) -> None:
    assert counted_text(part(least, most)) == told


@pytest.mark.parametrize(
    ("n", "median", "told"), [(0, None, ":"), (3, 12.0, "12 (n = 3)"), (4, 2.5, "2.5 (n = 4)")]
)
def test_wait_is_told_with_how_many_it_is_of(n: int, median: float | None, told: str) -> None:
    assert wait_text(Wait(Stage.DECIDED, n, median)) == told
