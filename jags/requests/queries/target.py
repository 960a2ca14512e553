"""Read by when the Business Unit aims to have dealt with a request, and how many working days are left."""

from dataclasses import dataclass
from datetime import date

from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State, due_on, triage_clock, working_days_left
from jags.settings.queries import partnership


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
    """Return the local target that runs for a request now; None where none does. Reads its moves."""
    if request.received_on is None:
        return None
    began, waited = None, 0
    if request.state is State.IN_TRIAGE:
        began, waited = triage_clock((move.verb, london_date(move.at)) for move in request.moves)
    due = due_on(
        request.state,
        received_on=request.received_on,
        changed_on=began or london_date(request.state_changed_at),
        targets=partnership(work),
        waited=waited,
    )
    return None if due is None else Target(due, working_days_left(work.today, due))
