"""Take and renew leases, and note how jobs ran."""

from datetime import datetime, timedelta

from sqlalchemy import select

from jags.kernel.work import Work
from jags.operations.model import JobRun, Lease
from jags.operations.rules import LEASE_SECONDS, Outcome


def take_lease(work: Work, name: str, *, holder: str) -> bool:
    """Take or renew a lease; return False while another holder's lease runs."""
    row = work.session.scalar(select(Lease).where(Lease.name == name).with_for_update())
    until = work.now + timedelta(seconds=LEASE_SECONDS)
    if row is None:
        work.session.add(Lease(name=name, holder=holder, until=until))
        work.session.flush()
        return True
    if row.holder != holder and row.until > work.now:
        return False
    row.holder, row.until = holder, until
    return True


def release_lease(work: Work, name: str, *, holder: str) -> None:
    """Give a lease back, so that another process need not wait for its end."""
    row = work.session.get(Lease, name)
    if row is not None and row.holder == holder:
        work.session.delete(row)


def note_run(work: Work, job: str, *, started_at: datetime, outcome: Outcome, handled: int) -> None:
    """Keep how the last run of a job ended."""
    row = work.session.scalar(select(JobRun).where(JobRun.job == job))
    if row is None:
        row = JobRun(job=job)
        work.session.add(row)
    row.started_at, row.ended_at, row.outcome, row.handled = started_at, work.now, outcome, handled
