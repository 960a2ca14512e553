"""The tables of people, agencies, accounts, sessions, links and second factors."""

from jags.accounts.model.access import (
    Account,
    AccountRole,
    KnownDevice,
    Link,
    SignedInSession,
    SignInFailure,
)
from jags.accounts.model.factors import (
    AccessReset,
    AccessReview,
    Authenticator,
    CodeSheet,
    OrganisationIdentity,
    Passkey,
    SheetCode,
)
from jags.accounts.model.people import Affiliation, Agency, AgencyAlias, Person, Recusal, TakenRequest

__all__ = [
    "AccessReset",
    "AccessReview",
    "Account",
    "AccountRole",
    "Affiliation",
    "Agency",
    "AgencyAlias",
    "Authenticator",
    "CodeSheet",
    "KnownDevice",
    "Link",
    "OrganisationIdentity",
    "Passkey",
    "Person",
    "Recusal",
    "SheetCode",
    "SignInFailure",
    "SignedInSession",
    "TakenRequest",
]
