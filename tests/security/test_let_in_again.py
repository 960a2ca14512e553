"""Who has lost everything is let in again by two people, told by e-mail, and sees nothing of a case for a day (docs/adr/0021-sign-in.md)."""

from datetime import timedelta

import pytest

from factories import pages
from factories.people import account, link
from factories.requests import envelopes
from factories.second_steps import ADDRESS, give_password, make_member, sign_in
from jags.accounts import queries
from jags.accounts.rules import PERMISSIONS, Permission, Purpose, Role
from jags.accounts.service import ask_reset, confirm_reset, drop_reset
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed
from jags.notifications.rules import MailKind

NEW = "amber lighthouse crumpet"


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


def colleague(work_on, role=Role.COORDINATOR):
    with work_on() as work:
        return queries.actor_of(account(work, role))


def called_back(work_on, wren, actor):
    with work_on(actor) as work:
        return ask_reset(work, queries.get_account(work, wren)).id


def confirmed(work_on, wren):
    reset = called_back(work_on, wren, colleague(work_on))
    with work_on(colleague(work_on)) as work:
        confirm_reset(work, reset)
    return reset


def choose_password(client, work_on, wren):
    with work_on() as work:
        _row, secret = link(work, Purpose.RESET, wren, days=1)
    return pages.submit(client, pages.follow(client, secret), password=NEW, again=NEW)


def test_one_person_alone_lets_nobody_in(work_on, wren):
    first = colleague(work_on)
    reset = called_back(work_on, wren, first)
    with pytest.raises(MoveNotPossible, match="second person"), work_on(first) as work:
        confirm_reset(work, reset)
    with work_on(write=False) as work:
        owner = queries.actor_of(queries.get_account(work, wren))
        assert envelopes(work, MailKind.ACCESS_RENEWED) == []
    with pytest.raises(MoveNotPossible), work_on(owner) as work:
        confirm_reset(work, reset)
    with pytest.raises(Invalid, match="your own"), work_on(owner) as work:
        ask_reset(work, queries.get_account(work, wren))


@pytest.mark.parametrize("role", [Role.EVALUATION_READER, Role.FACILITATOR, Role.OBSERVER, Role.SCRUTINEER])
def test_nobody_outside_the_unit_takes_part_in_it(work_on, wren, role):
    with pytest.raises(NotAllowed):
        called_back(work_on, wren, colleague(work_on, role))


def test_the_first_call_changes_nothing_and_is_told(client, work_on, wren):
    sign_in(client)
    called_back(work_on, wren, colleague(work_on))
    assert client.get("/my-account").status_code == 200
    with work_on(write=False) as work:
        assert [one["email"] for one in envelopes(work, MailKind.ACCOUNT_CHANGED)] == [ADDRESS]


def test_the_second_confirms_within_a_day_and_once(work_on, wren, clock):
    late = called_back(work_on, wren, colleague(work_on))
    clock.instant += timedelta(hours=24, minutes=1)
    with pytest.raises(MoveNotPossible, match="no longer open"), work_on(colleague(work_on)) as work:
        confirm_reset(work, late)
    again = confirmed(work_on, wren)
    with pytest.raises(MoveNotPossible, match="no longer open"), work_on(colleague(work_on)) as work:
        confirm_reset(work, again)
    with work_on(write=False) as work:
        assert [one["email"] for one in envelopes(work, MailKind.ACCESS_RENEWED)] == [ADDRESS]


def test_what_is_dropped_is_confirmed_by_nobody(work_on, wren):
    reset = called_back(work_on, wren, colleague(work_on))
    with work_on(colleague(work_on)) as work:
        drop_reset(work, reset)
    with pytest.raises(MoveNotPossible), work_on(colleague(work_on)) as work:
        confirm_reset(work, reset)


def test_the_confirmation_ends_what_was_signed_in(client, work_on, wren):
    sign_in(client)
    confirmed(work_on, wren)
    assert client.get("/my-account").status_code == 303


def test_the_old_password_and_the_old_second_step_are_gone(client, work_on, wren):
    confirmed(work_on, wren)
    assert choose_password(client, work_on, wren).status_code == 303
    assert client.get("/set-up").status_code == 200
    assert give_password(client).status_code == 200
    assert give_password(client, password=NEW).status_code == 303
    assert client.get("/second-step").location == "/set-up"


def test_nothing_of_a_case_is_shown_for_a_day(work_on, wren, client, clock):
    confirmed(work_on, wren)
    choose_password(client, work_on, wren)

    def may():
        with work_on(write=False) as work:
            actor = queries.actor_of(queries.get_account(work, wren), now=work.now)
            return actor.can("request:read"), actor.can("evaluation:read")

    assert may() == (False, True)
    clock.instant += timedelta(hours=23, minutes=59)
    assert may() == (False, True)
    clock.instant += timedelta(minutes=2)
    assert may() == (True, True)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR])
def test_nor_is_there_another_way_to_it_for_that_day(client, work_on, clock, role):
    wren = make_member(work_on, role=role)
    confirmed(work_on, wren)
    choose_password(client, work_on, wren)
    # By an account of one's own making, by letting another one in, by the trail and files of it, as the second person, by complaints.
    other_ways = {
        Permission.ACCOUNT_MANAGE,
        Permission.ACCOUNT_RESET,
        Permission.AUDIT_READ,
        Permission.RETENTION_MANAGE,
        Permission.RIGHTS_MANAGE,
    }

    def may():
        with work_on(write=False) as work:
            actor = queries.actor_of(queries.get_account(work, wren), now=work.now)
            return {one for one in other_ways if actor.can(one)}

    assert may() == set()
    clock.instant += timedelta(hours=24, minutes=1)
    assert may() == other_ways & PERMISSIONS[role]
