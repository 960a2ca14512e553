"""Keep a facilitator's development log, which is theirs alone."""

import uuid
from datetime import date

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.facilitators.queries import get_facilitator
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work
from jags.quality.model import DevelopmentEntry
from jags.quality.queries.own import get_entry
from jags.quality.rules.own import LogEntry


def add_entry(work: Work, *, on: date, text: str) -> DevelopmentEntry:
    """Write into the actor's own log; raises `Invalid` without a text, and `NotFound` for who is not in the pool."""
    require(work.actor, Permission.OFFER_ANSWER)
    if work.actor.person_id is None:
        raise NotFound("You are not in the pool of facilitators.")
    facilitator = get_facilitator(work, work.actor.person_id)
    entry = DevelopmentEntry(key_id=facilitator.person.key_id, person_id=facilitator.person_id, on=on)
    work.session.add(entry)
    _write(work, entry, text)
    work.record("development:written", entry.id)
    return entry


def change_entry(work: Work, entry_id: uuid.UUID, *, on: date, text: str, version: int) -> None:
    """Change an entry of the actor's own log; raises `NotFound`, `Stale` and `Invalid`."""
    entry = get_entry(work, entry_id)
    entry.expect(version)
    entry.on = on
    _write(work, entry, text)
    work.record("development:written", entry.id)


def delete_entry(work: Work, entry_id: uuid.UUID) -> None:
    """Delete an entry of the actor's own log; raises `NotFound`."""
    entry = get_entry(work, entry_id)
    work.session.delete(entry)
    work.record("development:deleted", entry.id)


def _write(work: Work, entry: DevelopmentEntry, text: str) -> None:
    if not text.strip():
        raise Invalid("Write what you would like to remember.", field="text")
    work.vault.seal(entry, "entry", LogEntry(text.strip()))
