"""Does this account exist? Known and unknown are told the same, and cost the same work; `make bench` compares their times."""

import re

import pytest
from sqlalchemy import select

from factories import pages
from factories.pool import accepted_request
from factories.second_steps import give_password, make_member
from factories.statements import statements
from jags.accounts.model import Account, SignInFailure
from jags.accounts.rules import AccountState
from jags.accounts.service import passwords

WRONG = "The e-mail address and the password do not fit together. Check both and try again."
# Whoever has a password and cannot sign in, and who never had one.
WHO = ("active", *(state.value for state in AccountState if state is not AccountState.ACTIVE), "nobody")


@pytest.fixture
def everybody(work_on):
    """An account in each state."""
    for who in WHO[:-1]:
        account_id = make_member(work_on, email=f"{who}@example.org")
        with work_on() as work:
            account = work.session.get_one(Account, account_id)
            account.state = AccountState(who)
            if account.state is AccountState.INVITED:
                account.password_hash = None


def without_what_was_typed(answer):
    text = re.sub(r'name="csrf_token"[^>]*>|nonce="[^"]+"', "", answer.text)
    return re.sub(r"[a-z]+@example\.org", "", text)


def test_all_are_told_the_same(client, everybody):
    answers = [give_password(client, email=f"{who}@example.org", password="another password") for who in WHO]
    assert {answer.status_code for answer in answers} == {200}
    assert [pages.errors(answer) for answer in answers] == [[WRONG]] * len(WHO)
    assert len({without_what_was_typed(answer) for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.keys())) for answer in answers}) == 1


def test_the_right_password_of_an_account_that_is_closed_tells_nothing(client, everybody):
    answers = [give_password(client, email=f"{who}@example.org") for who in WHO if who != "active"]
    assert [pages.errors(answer) for answer in answers] == [[WRONG]] * (len(WHO) - 1)
    assert len({without_what_was_typed(answer) for answer in answers}) == 1


@pytest.mark.parametrize("who", WHO)
def test_a_hash_of_the_same_cost_is_looked_at_and_one_guess_is_counted(
    client, work_on, everybody, monkeypatch, who
):
    looked = []

    class Watched:
        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def verify(self, stored, password):
            # What a hash costs stands in it: kind, version, memory, passes, lanes.
            looked.append(stored.rsplit("$", 2)[0])
            return self.inner.verify(stored, password)

    monkeypatch.setattr(passwords, "_HASHER", Watched(passwords._HASHER))
    give_password(client, email=f"{who}@example.org", password="another password")
    assert looked == [passwords._NOBODY.rsplit("$", 2)[0]]
    with work_on(write=False) as work:
        # For the account from the address, and for the address.
        assert len(work.session.scalars(select(SignInFailure)).all()) == 2


def test_the_database_is_asked_nearly_the_same(client, app, everybody):
    numbers = []
    for who in WHO:
        give_password(client, email=f"{who}@example.org", password="another password")
        with statements(app) as seen:
            give_password(client, email=f"{who}@example.org", password="another password")
        numbers.append(len(seen))
    # Whether a known person has an account is one question more than whether somebody is known: nothing beside a hash.
    assert max(numbers) - min(numbers) <= 2


def test_a_wish_for_a_new_link_is_answered_alike(client, work_on):
    with work_on() as work:
        request = accepted_request(work, email="asha@example.org")
        reference = request.reference
    said = set()
    for one, email in (
        (reference, "asha@example.org"),
        (reference, "somebody@example.org"),
        ("JAGS-2099-0001", "asha@example.org"),
        ("JAGS-2099-0001", "somebody@example.org"),
    ):
        answer = pages.submit(client, "/new-link", reference=one, email=email)
        said.add((answer.status_code, re.sub(r'nonce="[^"]+"|value="[^"]*"', "", answer.text)))
    assert len(said) == 1
