"""Read the keys with which programs read released figures."""

import hashlib
import uuid
from collections.abc import Sequence

from sqlalchemy import select

from jags.evaluation.model import FiguresKey
from jags.kernel.errors import NotFound
from jags.kernel.work import Work


def key_hash(secret: str) -> bytes:
    """Return what is kept of a key: it is drawn at random, so one hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


def figures_keys(work: Work) -> Sequence[FiguresKey]:
    """Return every key, the newest first."""
    return work.session.scalars(select(FiguresKey).order_by(FiguresKey.made_at.desc(), FiguresKey.id)).all()


def get_key(work: Work, key_id: uuid.UUID) -> FiguresKey:
    """Return a key; raises `NotFound`."""
    found = work.session.get(FiguresKey, key_id)
    if found is None:
        raise NotFound("There is no such key.")
    return found


def find_key(work: Work, secret: str) -> FiguresKey | None:
    """Return the key of a secret, whether or not it still works."""
    return work.session.scalar(select(FiguresKey).where(FiguresKey.key_hash == key_hash(secret)))
