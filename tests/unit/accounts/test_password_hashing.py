"""Passwords are hashed at the cost that is recommended today, also where there is no account."""

from argon2 import PasswordHasher, Type, extract_parameters

from jags.accounts.service import passwords


def test_passwords_are_hashed_by_argon2id_at_the_recommended_cost():
    parameters = extract_parameters(passwords._HASHER.hash("violet anchor teapot"))
    assert parameters.type is Type.ID
    # RFC 9106, the second recommended option: 64 MiB, three passes.
    assert (parameters.memory_cost, parameters.time_cost, parameters.salt_len) >= (65536, 3, 16)


def test_an_unknown_address_costs_as_much_as_a_known_one():
    known = PasswordHasher.from_parameters(extract_parameters(passwords._HASHER.hash("x")))
    assert not known.check_needs_rehash(passwords._NOBODY)


def test_the_cost_is_a_setting_and_a_hash_of_before_is_renewed(monkeypatch):
    for name in ("_HASHER", "_NOBODY"):
        monkeypatch.setattr(passwords, name, getattr(passwords, name))
    before = passwords.hash_of("violet anchor teapot")
    passwords.set_password_cost(memory_mib=19, passes=2)
    parameters = extract_parameters(passwords.hash_of("violet anchor teapot"))
    assert (parameters.memory_cost, parameters.time_cost) == (19 * 1024, 2)
    assert extract_parameters(passwords._NOBODY).memory_cost == parameters.memory_cost
    assert passwords.fits(before, "violet anchor teapot")
    assert passwords.is_of_another_cost(before)
    assert not passwords.is_of_another_cost(passwords.hash_of("violet anchor teapot"))
