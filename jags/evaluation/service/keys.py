"""Make and revoke the keys with which programs read released figures (docs/adr/0026-figures-api.md)."""

import secrets
import uuid
from datetime import timedelta

from jags.evaluation.model import FiguresKey
from jags.evaluation.policy import require_keys
from jags.evaluation.queries.keys import get_key, key_hash
from jags.evaluation.rules.reports import KEY_DAYS, KEY_NAME_MOST
from jags.evaluation.service.writing import person_of
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.work import Work

# What a key begins with, so that whoever finds one knows what it opens.
_BEGINS = "jags_figures_"
_SECRET_BYTES = 32


def make_key(work: Work, name: str, *, days: int) -> tuple[FiguresKey, str]:
    """Make a key that works for so many days, and return it with its secret, which is kept nowhere.

    Raises `Invalid` for a name that is empty or too long, or for days that are not on the list.
    """
    require_keys(work.actor)
    name = name.strip()
    if not name or len(name) > KEY_NAME_MOST:
        raise Invalid(f"Enter what the key is for, in {KEY_NAME_MOST} characters or fewer.", field="name")
    if days not in KEY_DAYS:
        raise Invalid("Select how long the key works.", field="days")
    secret = _BEGINS + secrets.token_urlsafe(_SECRET_BYTES)
    key = FiguresKey(
        name=name,
        key_hash=key_hash(secret),
        made_at=work.now,
        made_by=person_of(work),
        expires_on=work.today + timedelta(days=days),
    )
    work.session.add(key)
    work.session.flush()
    work.record("figures_key:made", key.id, days=days)
    return key, secret


def revoke_key(work: Work, key_id: uuid.UUID, *, version: int) -> FiguresKey:
    """End a key at once, for good."""
    require_keys(work.actor)
    key = get_key(work, key_id)
    key.expect(version)
    if key.revoked_on is not None:
        raise MoveNotPossible("This key is revoked already.")
    key.revoked_on = work.today
    work.record("figures_key:revoked", key.id)
    return key
