"""A reference is read as people type it."""

import pytest

from jags.requests.rules import reference_from


@pytest.mark.parametrize(
    "typed",
    ["JAGS-2026-0023", "jags-2026-0023 ", "JAGS 2026 0023", "JAGS20260023", "Jags–2026–23", "jags/2026/23"],
)
def test_case_spaces_and_dashes_do_not_count(typed) -> None:
    assert reference_from(typed) == "JAGS-2026-0023"


@pytest.mark.parametrize(
    "typed", ["", "23", "JAGS025", "JAGS-26-0023", "TACS-2026-0023", "JAGS-2026-", "JAGS-2026-x"]
)
def test_what_is_none_gives_nothing(typed) -> None:
    assert reference_from(typed) == ""


@pytest.mark.parametrize("typed", ["23", "0023", " 23 "])
def test_with_a_year_a_number_alone_is_one_of_that_year(typed) -> None:
    assert reference_from(typed, year=2026) == "JAGS-2026-0023"
