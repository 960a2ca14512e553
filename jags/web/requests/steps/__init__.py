"""The steps that a coordinator can take with a request: one table, from which pages and links are made."""

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State
from jags.web.requests.steps.deciding import DECIDING
from jags.web.requests.steps.keeping import KEEPING
from jags.web.requests.steps.pausing import PAUSING
from jags.web.requests.steps.step import Step, reachable

STEPS: dict[str, Step] = {**DECIDING, **KEEPING, **PAUSING}

_FIRST: dict[State, str] = {
    State.UNCONFIRMED: "confirm-by-telephone",
    State.IN_TRIAGE: "accept",
    State.WAITING_FOR_REQUESTER: "answer",
}

__all__ = ["STEPS", "Step", "first_step", "possible", "reachable"]


def possible(work: Work, request: Request) -> dict[str, Step]:
    """Return the steps that can be taken now, in the order of the table."""
    return {name: step for name, step in STEPS.items() if step.possible(work, request)}


def first_step(request: Request) -> str:
    """Return the step that the page puts first; empty where another panel holds it, or while everything is paused."""
    return "" if request.paused else _FIRST.get(request.state, "")
