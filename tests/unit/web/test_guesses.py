"""Wrong codes are counted by network, for a day, in memory that has an end."""

from datetime import date

import pytest

from jags.kernel.errors import TooMany
from jags.web import guesses
from jags.web.guesses import WRONG_MOST, Guesses

TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)


def barred(found: Guesses, address: str, today: date = TODAY) -> bool:
    try:
        found.refuse_many(address, today=today)
    except TooMany:
        return True
    return False


@pytest.mark.parametrize(
    ("address", "alike", "other"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("", "", "192.0.2.1"),
    ],
)
def test_a_network_is_barred_for_the_day(address: str, alike: str, other: str) -> None:
    found = Guesses("Too many, wait until tomorrow.")
    for _ in range(WRONG_MOST):
        assert not barred(found, address)
        found.note(address, today=TODAY)
    assert [barred(found, one) for one in (address, alike, other)] == [True, True, False]
    assert not barred(found, address, TOMORROW)


def test_no_address_is_kept_and_their_number_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "ADDRESSES_MOST", 2)
    found = Guesses("Too many, wait until tomorrow.")
    for last in range(5):
        found.note(f"192.0.2.{last}", today=TODAY)
    assert len(found._wrong) == 2
    assert "192.0.2" not in repr(vars(found))
