"""Who is signed in, as pages and Flask-Login see it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_login import AnonymousUserMixin, UserMixin

from jags.extensions import login


@dataclass(frozen=True)
class SignedIn(UserMixin):
    """An account that is signed in; sessions live on the server, so nothing of this lies in a cookie."""

    account_id: uuid.UUID
    session_id: uuid.UUID
    name: str
    permissions: frozenset[str]
    last_seen_at: datetime
    # The session ends then, however busy it is.
    ends_at: datetime
    # When the second step was last taken.
    proved_at: datetime

    def get_id(self) -> str:
        """Return the account's id."""
        return str(self.account_id)

    def can(self, permission: str) -> bool:
        """Tell whether the account holds a permission."""
        return permission in self.permissions


class NotSignedIn(AnonymousUserMixin):
    """Nobody is signed in."""

    name = ""
    permissions: frozenset[str] = frozenset()

    def can(self, permission: str) -> bool:
        """Hold no permission."""
        return permission in self.permissions


login.anonymous_user = NotSignedIn


@login.request_loader
def _load(_request: object) -> SignedIn | None:
    # The access rule of the view has resolved the cookie already, inside the view's unit of work.
    signed_in: SignedIn | None = g.get("signed_in")
    return signed_in
