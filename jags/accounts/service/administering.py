"""Give people accounts and roles, take them away, and keep their address; whoever loses something loses it at once."""

import uuid
from datetime import timedelta

from sqlalchemy.orm.attributes import flag_modified

from jags.accounts import queries
from jags.accounts.model import Account, AccountRole, Person
from jags.accounts.policy import require
from jags.accounts.rules import AccountState, Contact, Permission, Purpose, Role
from jags.accounts.service.links import revoke_links
from jags.accounts.service.people import add_person
from jags.accounts.service.sessions import end_sessions
from jags.accounts.service.telling import tell_of_change, tell_old_address
from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import LinkWanted, queue_mail
from jags.settings.queries import partnership


def invite(work: Work, *, email: str, role: Role, name: str = "") -> Account:
    """Invite somebody to an account with a role; the invitation is single-use and expires.

    For an address that has an account already, the role is added; the invitation goes again only while it is unused.
    """
    require(work.actor, Permission.ACCOUNT_MANAGE)
    address = checked_email(email)
    person = queries.find_person_by_email(work, address) or add_person(
        work, contact=Contact(name=name or address, email=address)
    )
    return invite_person(work, person, role=role)


def invite_person(work: Work, person: Person, *, role: Role) -> Account:
    """Give a known person an account with a role and send the invitation while it has not been used."""
    account = queries.find_account_of(work, person.id)
    if account is None:
        account = Account(person_id=person.id, state=AccountState.INVITED, created_at=work.now)
        account.person = person
        work.session.add(account)
    if role not in {held.role for held in account.roles}:
        account.roles.append(AccountRole(role=role))
    work.session.flush()
    invited = account.state is AccountState.INVITED
    work.record("account:invited" if invited else "account:role_given", account.id, role=role)
    if invited:
        _send_invitation(work, account, role)
    return account


def invite_again(work: Work, account: Account) -> None:
    """Send the invitation again; the links of before no longer work. Raises `Invalid` once it was used."""
    require(work.actor, Permission.ACCOUNT_MANAGE)
    if account.state is not AccountState.INVITED or not account.roles:
        raise Invalid("This account is in use already. It needs no invitation.")
    revoke_links(work, purpose=Purpose.INVITATION, subject_id=account.id)
    role = account.roles[0].role
    work.record("account:invited", account.id, role=role)
    _send_invitation(work, account, role)


def set_roles(work: Work, account: Account, roles: frozenset[Role], *, version: int) -> None:
    """Set the roles of an account; raises `Invalid` where nobody would be left to manage accounts."""
    require(work.actor, Permission.ACCOUNT_MANAGE)
    account.expect(version)
    if not roles:
        raise Invalid("Select at least one role, or end the access of this account.", field="roles")
    before = {held.role for held in account.roles}
    if Role.ADMINISTRATOR in before - roles:
        _keep_an_administrator(work, account)
    account.roles = [held for held in account.roles if held.role in roles]
    account.roles += [AccountRole(role=role) for role in sorted(roles - before)]
    for role in sorted(roles - before):
        work.record("account:role_given", account.id, role=role)
    for role in sorted(before - roles):
        work.record("account:role_taken", account.id, role=role)
    if roles != before:
        # The roles are rows of their own: the version of the account tells an older form of it.
        flag_modified(account, "state")
        tell_of_change(work, account, "An administrator changed what your account is for.")


def disable(work: Work, account: Account) -> None:
    """End the access of an account: at its next request every session is dead, and so is an invitation."""
    require(work.actor, Permission.ACCOUNT_MANAGE)
    if account.state is AccountState.DISABLED:
        return
    if str(account.id) == work.actor.ref:
        raise Invalid("You cannot end your own access. Ask another administrator.")
    if Role.ADMINISTRATOR in {held.role for held in account.roles}:
        _keep_an_administrator(work, account)
    end_access(work, account, state=AccountState.DISABLED)


def end_access(work: Work, account: Account, *, state: AccountState) -> None:
    """Put an account out of use, with its sessions and links."""
    account.state = state
    end_sessions(work, account.id)
    for purpose in (Purpose.INVITATION, Purpose.RESET, Purpose.SIGN_IN, Purpose.STILL_NEEDED):
        revoke_links(work, purpose=purpose, subject_id=account.id)
    work.record("account:suspended" if state is AccountState.SUSPENDED else "account:disabled", account.id)


def enable(work: Work, account: Account) -> None:
    """Give access back; password and factors are those of before, and who never had a password is invited again."""
    require(work.actor, Permission.ACCOUNT_MANAGE)
    if account.state not in {AccountState.DISABLED, AccountState.SUSPENDED}:
        return
    account.state = AccountState.ACTIVE if account.password_hash else AccountState.INVITED
    account.asked_at = None
    # So that it does not count as long unused on the same day.
    account.last_used_at = work.now if account.password_hash else None
    work.record("account:enabled", account.id)
    if account.state is AccountState.INVITED:
        invite_again(work, account)
    else:
        tell_of_change(work, account, "An administrator opened your account again.")


def change_address(work: Work, account: Account, *, email: str) -> None:
    """Change somebody's e-mail address, and tell both; raises `Invalid` when it is somebody else's."""
    require(work.actor, Permission.ACCOUNT_MANAGE)
    address = checked_email(email)
    person = account.person
    known = queries.find_person_by_email(work, address)
    if known is not None:
        if known.id == person.id:
            return
        raise Invalid("Somebody else has this e-mail address. Enter another one.", field="email")
    before = queries.contact_of(work, person)
    work.vault.seal(person, "contact", Contact(name=before.name, email=address, phone=before.phone))
    person.email_index = work.vault.blind_index("email", address)
    work.record("account:address_changed", account.id)
    end_sessions(work, account.id)
    if account.state is AccountState.INVITED:
        # The invitation went to somebody else's mailbox.
        invite_again(work, account)
        return
    tell_old_address(work, account, Recipient(before.name, before.email))
    tell_of_change(work, account, "The e-mail address of your account was changed to this one.")


def _send_invitation(work: Work, account: Account, role: Role) -> None:
    contact = queries.contact_of(work, account.person)
    days = partnership(work).invitation_days
    queue_mail(
        work,
        kind=MailKind.INVITATION,
        cause_ref=f"invitation:{account.id}:{uuid.uuid4()}",
        recipient_ref=str(account.person_id),
        to=Recipient(contact.name, contact.email),
        params={"role": role.replace("_", " "), "days": str(days)},
        link=LinkWanted(Purpose.INVITATION, account.id, timedelta(days=days)),
    )


def _keep_an_administrator(work: Work, account: Account) -> None:
    others = {one.id for one in queries.accounts_with_role(work, Role.ADMINISTRATOR)} - {account.id}
    if not others:
        raise Invalid("This is the only administrator. Give somebody else that role first.", field="roles")
