"""When a requester who is silent is written to once more, and when somebody rings (docs/glossary.md, "nudge")."""

from datetime import date
from enum import StrEnum

from jags.requests.rules.states import State
from jags.requests.rules.working_days import working_day_after
from jags.settings.rules import Partnership

# Where we wait to hear from the requester: one nudge leaves, then somebody rings. Nobody is chased twice by machine.
FOLLOWED_UP = frozenset({State.SIGNPOSTED, State.UNCONFIRMED, State.WAITING_FOR_REQUESTER})
# Where "sooner" means that the requester is rung today; later the facilitators have taken over.
RUNG_WHEN_SOONER = frozenset({State.UNCONFIRMED, State.IN_TRIAGE})


class RingWhy(StrEnum):
    """Why somebody is to be rung."""

    NO_ANSWER = "no_answer"
    # They were signposted, and told us that they would like to talk.
    WISHES_TO_TALK = "wishes_to_talk"
    SOONER = "sooner"
    # They were told by when we ring, and that day has come.
    PROMISED = "promised"


def nudge_on(since: date, *, targets: Partnership) -> date:
    """Return the London date on which the one nudge leaves to somebody who has been silent since a date."""
    return working_day_after(since, targets.nudge_days)


def ring_on(since: date, *, nudged_on: date | None, reachable: bool, targets: Partnership) -> date:
    """Return the London date from which somebody rings who has been silent since a date.

    That is as many working days after the nudge as there were before it. Who has no address gets no nudge, and is rung
    on the day on which it would have left.
    """
    if not reachable:
        return nudge_on(since, targets=targets)
    return working_day_after(nudged_on or nudge_on(since, targets=targets), targets.nudge_days)
