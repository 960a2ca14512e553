"""Read what the pages of a session show of calls, concerns and observations."""

from dataclasses import dataclass

from jags.accounts.queries import names_of
from jags.kernel.work import Work
from jags.quality.model import WishedCall
from jags.quality.queries.afterwards import ConcernLine, concerns_of, find_open_call
from jags.scheduling.model import JagsSession


@dataclass(frozen=True)
class AfterSession:
    """What may follow a session, for one of its facilitators."""

    call: WishedCall | None
    caller: str
    concerns: list[ConcernLine]


def after_session(work: Work, session: JagsSession) -> AfterSession | None:
    """Return what may follow a facilitator's own session; None before it has begun."""
    person_id = work.actor.person_id
    if person_id is None or session.starts_at > work.now:
        return None
    call = find_open_call(work, session_id=session.id, person_id=person_id)
    caller = names_of(work, [call.caller_id])[call.caller_id] if call else ""
    return AfterSession(call, caller, concerns_of(work, session))
