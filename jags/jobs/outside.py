"""Note outside the database what a restored copy must be told."""

from contextlib import suppress
from datetime import datetime

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from jags.adapters.records import OutsideRecords
from jags.audit.service import anchors
from jags.extensions import db
from jags.kernel.actor import ANONYMOUS
from jags.kernel.errors import DomainError, SetupIncomplete
from jags.kernel.log import log
from jags.kernel.time import london_date
from jags.kernel.work import Work, unit_of_work
from jags.retention.queries import count_erasures, erasures, not_applied


def note_outside(work: Work, records: OutsideRecords) -> None:
    """Note what must outlive the database; a file that cannot be written is logged, and the next tick tries again."""
    try:
        note_erasures(work, records)
        note_anchors(work, records)
    except (OSError, DomainError) as error:
        log().error("what must outlive the database could not be noted outside", problem=type(error).__name__)


def note_erasures(work: Work, records: OutsideRecords) -> int:
    """Add to the record outside what it does not have of the erasures in the database; return how many."""
    if not count_erasures(work):
        return 0
    missing = erasures(work, known={note.id for note in records.erasures()})
    records.note_erasures(missing)
    return len(missing)


def note_anchors(work: Work, records: OutsideRecords) -> int:
    """Note once a day how far each chain of the audit trail has come; return how many chains."""
    noted = records.anchors()
    if noted and london_date(datetime.fromisoformat(noted[-1].at)) == work.today:
        return 0
    found = anchors(work)
    records.note_anchors(found)
    return len(found)


def refuse_older_database(app: Flask) -> None:
    """Raise `SetupIncomplete` for a restored copy in which what was erased since is there again.

    A database that is away, or has no tables yet, is let pass: pages say so themselves.
    """
    notes = app.extensions["jags_records"].erasures()
    if not notes:
        return
    with suppress(SQLAlchemyError), app.app_context(), Session(db.engine) as session:
        with unit_of_work(session, actor=ANONYMOUS, ports=app.extensions["jags_ports"], write=False) as work:
            missing = not_applied(work, notes)
        if missing:
            raise SetupIncomplete(
                f"This database is older than the record of erasures: {len(missing)} of them are not in it. "
                "Before anybody opens it, run: jags retention reapply"
            )
