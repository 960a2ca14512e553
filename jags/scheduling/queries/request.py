"""Read what the page of a request shows of its date, and when one could be."""

from dataclasses import dataclass
from datetime import date, timedelta

from jags.accounts.queries import names_of
from jags.allocation.queries import agreed_facilitators
from jags.facilitators.queries import free_time
from jags.facilitators.rules import HALF_DAYS, slot_day
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import State, is_working_day
from jags.scheduling.model import JagsSession
from jags.scheduling.queries.sessions import place_of, with_people
from jags.scheduling.rules import Place, SessionState
from jags.settings.queries import partnership


@dataclass(frozen=True)
class Panel:
    """What the page of a request shows of its date: preparation, the session that is arranged, earlier dates."""

    request: Request
    session: JagsSession | None
    place: Place
    facilitators: tuple[str, ...]
    people: int
    earlier: tuple[JagsSession, ...]
    started: bool

    @property
    def may_note_preparation(self) -> bool:
        """Tell whether the day of the preparing conversation can be noted now."""
        return self.request.state in {State.FACILITATORS_AGREED, State.SCHEDULED}

    @property
    def may_set_date(self) -> bool:
        """Tell whether a date can be set, or a kept one confirmed, now."""
        return self.request.state is State.FACILITATORS_AGREED and not self.request.paused

    @property
    def kept(self) -> bool:
        """Tell whether a date is kept through a change of facilitator, and not confirmed yet."""
        return (
            self.session is not None
            and self.session.state is SessionState.SCHEDULED
            and self.request.state is not State.SCHEDULED
        )


@dataclass(frozen=True)
class CommonTime:
    """Half-days that suit a pair: each a date, and whether it is the morning; and who has to be asked instead."""

    half_days: tuple[tuple[date, bool], ...]
    ask: tuple[str, ...]
    # False when nobody has recorded when they are free.
    compared: bool


# How far a page that sets a date looks ahead, and how many half-days it names.
_LOOKED_AHEAD = timedelta(weeks=8)
_HALF_DAYS_SHOWN = 12


def panel(work: Work, request: Request) -> Panel:
    """Return what the page of a request shows of its date."""
    rows = work.session.execute(with_people().where(JagsSession.request_id == request.id))
    expected: dict[JagsSession, int] = {held: int(people) for held, people in rows.unique()}
    found = list(expected)
    session = next((s for s in found if s.state is SessionState.SCHEDULED), None)
    session = session or next((s for s in reversed(found) if s.state is SessionState.HELD), None)
    names = names_of(work, [f.person_id for f in session.facilitators]) if session else {}
    return Panel(
        request=request,
        session=session,
        place=place_of(work, session) if session else Place(),
        facilitators=tuple(names[f.person_id] for f in session.facilitators) if session else (),
        people=expected[session] if session else 0,
        earlier=tuple(s for s in found if s is not session),
        started=session is not None and session.starts_at <= work.now,
    )


def common_half_days(work: Work, request: Request) -> CommonTime:
    """Return when both agreed facilitators are free for preparation, session and debrief, from tomorrow on.

    Who has recorded no availability is named instead: only the others' half-days are compared.
    """
    settings = partnership(work)
    pair = agreed_facilitators(work, request.id)
    first_day, last_day = work.today + timedelta(days=1), work.today + _LOOKED_AHEAD
    length = settings.preparation_minutes + settings.session_minutes + settings.debrief_minutes
    time = free_time(
        work, pair, first_day=first_day, last_day=last_day, minutes=length, is_working_day=is_working_day
    )
    recorded = [free.slots for free in time.values() if free.recorded]
    shared = sorted(frozenset.intersection(*recorded)) if recorded else []
    names = names_of(work, pair)
    return CommonTime(
        tuple((slot_day(first_day, n), n % len(HALF_DAYS) == 0) for n in shared[:_HALF_DAYS_SHOWN]),
        tuple(names[person_id] for person_id in pair if not time[person_id].recorded),
        compared=bool(recorded),
    )
