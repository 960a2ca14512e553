"""Password hashing at the lowest cost, because these tests check hundreds of passwords."""

import pytest
from argon2 import PasswordHasher

from jags.accounts.service import passwords


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch):
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODY", quick.hash("nobody's password"))
