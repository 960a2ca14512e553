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
