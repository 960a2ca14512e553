"""Tables of job runs and leases."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from jags.kernel.base import Base, Identified, enum_type
from jags.operations.rules import Outcome


class Lease(Base):
    """Who may do something that only one process may do."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]


class JobRun(Identified, Base):
    """The last run of a job, one row a job."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(enum_type(Outcome))
    # How many things the run dealt with; never names or texts.
    handled: Mapped[int] = mapped_column(default=0)
