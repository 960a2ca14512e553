"""A spent link, a finished session and an old hash are dealt with by the services themselves, not by pages alone."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from factories.people import account, link
from jags.accounts.model import Account, SignedInSession
from jags.accounts.rules import Purpose, Role
from jags.accounts.service import (
    Visit,
    passwords,
    set_password,
    sign_in,
    sign_out,
    start_session,
    touch_session,
    use_sign_in_link,
)
from jags.audit.model import AuditEvent
from jags.kernel.errors import LinkNotValid
from jags.kernel.ids import new_id

PASSWORD = "violet anchor teapot"


@pytest.mark.parametrize("purpose", [p for p in Purpose if p is not Purpose.SIGN_IN])
def test_a_link_of_another_purpose_signs_nobody_in(work_on, purpose):
    with work_on() as work:
        row, _secret = link(work, purpose, account(work, Role.COORDINATOR).id)
        with pytest.raises(LinkNotValid):
            use_sign_in_link(work, row)
        assert work.session.scalars(select(SignedInSession)).all() == []


@pytest.mark.parametrize("purpose", [p for p in Purpose if p not in {Purpose.INVITATION, Purpose.RESET}])
def test_a_link_of_another_purpose_sets_no_password(work_on, purpose):
    with work_on() as work:
        added = account(work, Role.COORDINATOR)
        row, _secret = link(work, purpose, added.id)
        with pytest.raises(LinkNotValid):
            set_password(work, row, PASSWORD)
        assert added.password_hash is None


def test_a_sign_in_link_is_spent_by_its_first_use(work_on):
    with work_on() as work:
        row, _secret = link(work, Purpose.SIGN_IN, account(work, Role.COORDINATOR).id)
        use_sign_in_link(work, row)
        work.session.flush()
        with pytest.raises(LinkNotValid):
            use_sign_in_link(work, row)
        assert len(work.session.scalars(select(SignedInSession)).all()) == 1


def test_a_finished_session_is_neither_touched_nor_finished_again(work_on, clock):
    with work_on() as work:
        start_session(work, account(work, Role.COORDINATOR))
        session_id = work.session.scalar(select(SignedInSession.id))
        sign_out(work, session_id)
    ended = clock.instant
    clock.instant += timedelta(minutes=5)
    with work_on() as work:
        touch_session(work, session_id)
        sign_out(work, session_id)
        sign_out(work, new_id())
        row = work.session.get_one(SignedInSession, session_id)
        assert (row.last_seen_at, row.ended_at) == (ended, ended)
    with work_on(write=False) as work:
        assert list(work.session.scalars(select(AuditEvent.tag))).count("account:signed_out") == 1


def test_a_hash_of_lower_cost_is_renewed_at_the_next_sign_in(work_on):
    with work_on() as work:
        added = account(work, Role.COORDINATOR, email="wren@example.org")
        added.password_hash = old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
        account_id = added.id
    with work_on() as work:
        assert (
            sign_in(work, email="wren@example.org", password=PASSWORD, visit=Visit("192.0.2.1")) is not None
        )
    with work_on(write=False) as work:
        renewed = work.session.get_one(Account, account_id).password_hash
    assert renewed != old
    assert passwords._HASHER.verify(renewed, PASSWORD)
    assert not passwords._HASHER.check_needs_rehash(renewed)
