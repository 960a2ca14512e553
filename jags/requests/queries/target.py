"""Read by when the Business Unit aims to have dealt with a request, and how many working days are left."""

from dataclasses import dataclass
from datetime import date

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries.queue import local_target


@dataclass(frozen=True)
class Target:
    """A local target: its last day, and the working days after today; negative when it has passed."""

    due_on: date
    days_left: int

    @property
    def passed(self) -> bool:
        """Tell whether the day is over."""
        return self.days_left < 0


def target_of(work: Work, request: Request) -> Target | None:
    """Return the local target that runs for a request now; None where none does."""
    due, left = local_target(work, request)
    return None if due is None or left is None else Target(due, left)
