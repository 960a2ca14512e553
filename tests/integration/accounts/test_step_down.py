"""Second steps, resets and reviews over a step down to software that knows none of them, and up again."""

from flask_migrate import downgrade, upgrade
from sqlalchemy import func, select

from factories.people import account, agency, link
from factories.second_steps import make_member
from jags.accounts import queries
from jags.accounts.model import (
    AccessReset,
    AccessReview,
    Authenticator,
    CodeSheet,
    KnownDevice,
    Link,
    OrganisationIdentity,
    Passkey,
    SheetCode,
    SignedInSession,
)
from jags.accounts.rules import AccountState, Factor, OutsideIdentity, Purpose, Role
from jags.accounts.service import (
    Visit,
    add_organisation,
    ask_reset,
    begin_session,
    complete_sign_in,
    end_access,
    make_sheet,
    review_access,
)
from jags.app import connect_migrations
from jags.cli.database import MIGRATIONS

NEW = (
    AccessReset,
    AccessReview,
    Authenticator,
    CodeSheet,
    KnownDevice,
    OrganisationIdentity,
    Passkey,
    SheetCode,
)


def fill(work_on):
    """Give each new table a row; return who is signed in, who is suspended, and the secret of the session."""
    wren_id = make_member(work_on)
    with work_on() as work:
        police = agency(work)
        lead = account(work, Role.ADMINISTRATOR)
        ash = account(work, Role.FACILITATOR, name="Ash Reed", agency=police)
        end_access(work, ash, state=AccountState.SUSPENDED)
        account(work, Role.FACILITATOR, name="Fern Hill", agency=police)
        wren = queries.get_account(work, wren_id)
        make_sheet(work, wren)
        begun = queries.find_begun_session(work, begin_session(work, wren, Visit()))
        signed_in = complete_sign_in(work, begun, Factor.AUTHENTICATOR, Visit(browser="Firefox on Linux"))
        row = queries.find_signed_in_session(work, signed_in.session)
        add_organisation(work, row, OutsideIdentity("council", "https://in.example.org", "42", proved=True))
        work.session.add(
            Passkey(
                account_id=wren.id,
                credential_id=b"one",
                public_key=b"two",
                sign_count=0,
                browser="Firefox on Linux",
                added_at=work.now,
                last_used_at=None,
            )
        )
        link(work, Purpose.RESET, wren.id)
        link(work, Purpose.STILL_NEEDED, wren.id)
        link(work, Purpose.INVITATION, wren.id)
        # Somebody in the middle of signing in.
        begin_session(work, wren, Visit())
        lead_actor, found = queries.actor_of(lead), queries.accounts_to_review(work, police.id)
        police_id, ash_id, ids = police.id, ash.id, frozenset(one.id for one in found)
    with work_on(lead_actor) as work:
        ask_reset(work, queries.get_account(work, wren_id))
        review_access(work, police_id, keep=ids, end=frozenset())
    return wren_id, ash_id, signed_in.session


def count(work, table):
    return work.session.scalar(select(func.count()).select_from(table))


def test_accounts_and_sessions_survive_a_step_down_and_second_steps_are_set_up_anew_after_it(app, work_on):
    wren_id, ash_id, secret = fill(work_on)
    with work_on() as work:
        assert all(count(work, table) for table in NEW)
        last = queries.get_account(work, wren_id).last_used_at
    connect_migrations(app)
    with app.app_context():
        downgrade(directory=str(MIGRATIONS), revision="0022-1")
        upgrade(directory=str(MIGRATIONS))
    with work_on() as work:
        assert [count(work, table) for table in NEW] == [0] * len(NEW)
        wren = queries.get_account(work, wren_id)
        assert (wren.state, wren.password_hash is not None) == (AccountState.ACTIVE, True)
        # Taken from the session, so that nobody is asked whether an account in use is still needed.
        assert wren.last_used_at == last
        # Older software knows no suspended accounts: they stay closed.
        assert queries.get_account(work, ash_id).state is AccountState.DISABLED
        # Who was in the middle is not signed in by it; who was signed in takes the second step before going on.
        (session,) = work.session.scalars(select(SignedInSession))
        assert session.secret_hash == queries.secret_hash(secret)
        assert queries.find_signed_in_session(work, secret) is None
        assert {one.purpose for one in work.session.scalars(select(Link))} == {Purpose.INVITATION}
