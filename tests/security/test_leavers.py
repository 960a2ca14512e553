"""Who leaves loses access: agencies are looked through every 90 days, and unused accounts are suspended after asking."""

from datetime import timedelta

import pytest

from factories import pages
from factories.people import account, agency, link
from factories.requests import envelopes
from factories.second_steps import ADDRESS, give_password, make_member
from jags.accounts import queries
from jags.accounts.rules import AccountState, Purpose, Role
from jags.accounts.service import review_access, start_session, suspend_unused, tell_of_due_reviews
from jags.kernel.errors import NotAllowed, Stale
from jags.notifications.rules import MailKind


@pytest.fixture
def wren(work_on):
    """A coordinator who has signed in today."""
    wren = make_member(work_on)
    with work_on() as work:
        start_session(work, queries.get_account(work, wren))
    return wren


def run(work_on, job):
    with work_on() as work:
        return job(work)


def state_of(work_on, account_id):
    with work_on(write=False) as work:
        return queries.get_account(work, account_id).state


def asked(work_on):
    with work_on(write=False) as work:
        return [one["email"] for one in envelopes(work, MailKind.STILL_NEEDED)]


@pytest.mark.parametrize(("role", "days"), [(Role.COORDINATOR, 90), (Role.FACILITATOR, 365)])
def test_an_unused_account_is_asked_and_suspended_without_an_answer(work_on, clock, client, role, days):
    wren = make_member(work_on, role=role)
    with work_on() as work:
        start_session(work, queries.get_account(work, wren))
    clock.instant += timedelta(days=days - 1)
    assert run(work_on, suspend_unused) == 0
    clock.instant += timedelta(days=1)
    assert [run(work_on, suspend_unused) for _ in range(2)] == [1, 0]
    assert asked(work_on) == [ADDRESS]
    clock.instant += timedelta(days=13)
    assert run(work_on, suspend_unused) == 0
    clock.instant += timedelta(days=1)
    assert run(work_on, suspend_unused) == 1
    assert state_of(work_on, wren) is AccountState.SUSPENDED
    # The answer is that of a wrong password.
    assert give_password(client).status_code == 200


def test_signing_in_is_an_answer(work_on, clock, wren):
    clock.instant += timedelta(days=90)
    run(work_on, suspend_unused)
    with work_on() as work:
        start_session(work, queries.get_account(work, wren))
    clock.instant += timedelta(days=15)
    assert run(work_on, suspend_unused) == 0
    assert state_of(work_on, wren) is AccountState.ACTIVE


@pytest.mark.parametrize(
    ("answer", "state"), [("yes", AccountState.ACTIVE), ("no", AccountState.SUSPENDED), ("", None)]
)
def test_the_link_of_the_question_takes_one_choice(work_on, clock, wren, client, answer, state):
    clock.instant += timedelta(days=90)
    run(work_on, suspend_unused)
    with work_on() as work:
        _row, secret = link(work, Purpose.STILL_NEEDED, wren)
    page = pages.follow(client, secret)
    answered = pages.submit(client, page, **({"needed": answer} if answer else {}))
    if not answer:
        assert pages.errors(answered) == ["Select whether you still need your account."]
    assert state_of(work_on, wren) is (state or AccountState.ACTIVE)
    assert client.get(page).status_code == (200 if not answer else 410)


def test_the_last_administrator_is_never_suspended(work_on, clock):
    only = make_member(work_on, role=Role.ADMINISTRATOR)
    clock.instant += timedelta(days=400)
    run(work_on, suspend_unused)
    clock.instant += timedelta(days=30)
    run(work_on, suspend_unused)
    assert state_of(work_on, only) is AccountState.ACTIVE


def test_a_review_is_due_after_90_days_and_told_to_administrators_once_a_week(work_on, clock):
    with work_on() as work:
        police = agency(work)
        account(work, Role.FACILITATOR, agency=police)
        lead = account(work, Role.ADMINISTRATOR, email="lead@example.org")
        police_id, lead_actor = police.id, queries.actor_of(lead)
    clock.instant += timedelta(days=89)
    assert run(work_on, tell_of_due_reviews) == 0
    clock.instant += timedelta(days=1)
    assert [run(work_on, tell_of_due_reviews) for _ in range(2)] == [1, 0]
    clock.instant += timedelta(days=7)
    assert run(work_on, tell_of_due_reviews) == 1
    with work_on(write=False) as work:
        mails = envelopes(work, MailKind.ACCESS_REVIEW)
        assert {one["email"] for one in mails} == {"lead@example.org"}
        ids = frozenset(one.id for one in queries.accounts_to_review(work, police_id))
    with work_on(lead_actor) as work:
        review_access(work, police_id, keep=ids, end=frozenset())
        due = {one.agency_id: one.due_on - work.today for one in queries.reviews(work)}
    assert due[police_id] == timedelta(days=90)


def test_a_review_of_accounts_that_have_changed_meanwhile_is_refused(work_on):
    with work_on() as work:
        police = agency(work)
        first = account(work, Role.FACILITATOR, agency=police).id
        account(work, Role.FACILITATOR, agency=police)
        lead = queries.actor_of(account(work, Role.ADMINISTRATOR))
        reader = queries.actor_of(account(work, Role.EVALUATION_READER))
        police_id = police.id
    with pytest.raises(Stale), work_on(lead) as work:
        review_access(work, police_id, keep=frozenset({first}), end=frozenset())
    with pytest.raises(NotAllowed), work_on(reader) as work:
        review_access(work, police_id, keep=frozenset({first}), end=frozenset())
