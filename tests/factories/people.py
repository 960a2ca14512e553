"""Made-up agencies, people with accounts, and links, made as the services make them."""

import uuid
from datetime import timedelta

from jags.accounts.model import Account, Agency, Link
from jags.accounts.rules import AccountState, AgeRemit, Contact, Purpose, Role, Sector
from jags.accounts.service import add_agency, add_person, invite_person, issue_link
from jags.kernel.work import Work


def agency(work: Work, key: str = "police", name: str = "Police", **details) -> Agency:
    """Add an agency; `details` are those of `add_agency`."""
    values = {"sector": Sector.JUSTICE, "age_remit": AgeRemit.ALL_AGES, **details}
    return add_agency(work, key=key, name=name, **values)


def account(work: Work, role: Role, *, name: str = "Wren Young", email: str = "", **details) -> Account:
    """Add somebody with an active account of a role; it has no password (sign in through `pages.sign_in`)."""
    address = email or f"{role}.{uuid.uuid4().hex[:8]}@example.org"
    person = add_person(work, contact=Contact(name=name, email=address), **details)
    added = invite_person(work, person, role=role)
    added.state = AccountState.ACTIVE
    work.session.flush()
    return added


def link(work: Work, purpose: Purpose, subject_id: uuid.UUID, *, days: int = 7) -> tuple[Link, str]:
    """Issue a link and return it with its secret."""
    return issue_link(
        work, purpose=purpose, subject_id=subject_id, expires_at=work.now + timedelta(days=days)
    )
