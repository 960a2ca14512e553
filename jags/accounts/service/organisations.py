"""Sign in somebody of whom an organisation says who they are."""

from jags.accounts import queries
from jags.accounts.rules import AccountState, Factor, OutsideIdentity
from jags.accounts.service.sessions import SignIn, Visit, begin_session, complete_sign_in
from jags.kernel.work import Work


def sign_in_by_organisation(work: Work, identity: OutsideIdentity, visit: Visit) -> SignIn | None:
    """Sign in the account of an organisation's person; None when there is none in use.

    Where the organisation has not proved a second factor, the session opens the second step only.
    """
    known = queries.find_by_identity(work, identity)
    account = queries.get_account(work, known.account_id) if known is not None else None
    if account is None or account.state is not AccountState.ACTIVE:
        return None
    begun = begin_session(work, account, visit)
    if not identity.proved:
        return SignIn(begun)
    row = queries.find_begun_session(work, begun)
    return complete_sign_in(work, row, Factor.ORGANISATION, visit) if row is not None else None
