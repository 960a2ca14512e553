"""Tell whether requests find half-days of their own beside what is promised already and has no date."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from jags.allocation.assembly.waiting import target_day
from jags.allocation.engine.planning.plan import Pair
from jags.allocation.engine.planning.slots import distinct_slots
from jags.allocation.queries import WithoutDate, pairs_without_date
from jags.facilitators.queries import free_time
from jags.facilitators.rules import slot_count
from jags.kernel.work import Work
from jags.requests.rules import is_working_day
from jags.settings.queries import partnership

Suiting = Mapping[str, frozenset[int] | None]
"""By request, the half-days from tomorrow that suit it and its pair; None where nobody has recorded any."""


@dataclass(frozen=True)
class Promised:
    """The pairs of other requests that need a half-day each: what is offered or agreed, and has no date."""

    work: Work
    pairs: tuple[WithoutDate, ...]

    def leaves_room(self, plan: Mapping[str, Pair], suiting: Suiting) -> bool:
        """Tell whether each request of a plan finds a half-day beside the others and what is promised, nobody having two at once.

        Exact. What was agreed without any half-day in common needs none of these; where too much was promised before, that is
        not for these requests to mend.
        """
        others = {str(one.request.id): one.pair for one in self.pairs if str(one.request.id) not in plan}
        if self._plainly(plan, suiting, others):
            return True
        open_ = {one: slots for one in others if (slots := self._half_days[one])}
        beside = {one: others[one] for one in open_}
        if distinct_slots(open_, beside) is None:
            open_, beside = {}, {}
        return distinct_slots({**open_, **suiting}, {**beside, **plan}) is not None

    @staticmethod
    def _plainly(plan: Mapping[str, Pair], suiting: Suiting, others: Mapping[str, Pair]) -> bool:
        """Tell whether each request has more half-days than there are others that could need one of them."""
        everything = {**others, **plan}
        return all(
            slots is None
            or len(slots)
            > sum(one != other and bool(set(plan[one]) & set(everything[other])) for other in everything)
            for one, slots in suiting.items()
        )

    @cached_property
    def _half_days(self) -> dict[str, frozenset[int]]:
        return half_days_of(self.work, self.pairs)


def half_days_promised(work: Work) -> Promised:
    """Return what is promised now: every pair that is offered or agreed and has no date."""
    return Promised(work, tuple(pairs_without_date(work)))


def finds_half_day(work: Work, wanted: WithoutDate, *, accepting: uuid.UUID) -> bool:
    """Tell whether an offered pair finds a half-day beside what is agreed, and what somebody who is about to accept has accepted.

    Offers that they have not accepted bind nobody: of two that need the same half-day, the first that is accepted counts. A pair
    without any half-day in common is found a date by asking.
    """
    bound = tuple(one for one in pairs_without_date(work) if one.agreed or str(accepting) in one.accepted)
    own = half_days_of(work, [wanted])
    return not all(own.values()) or Promised(work, bound).leaves_room(dict.fromkeys(own, wanted.pair), own)


def half_days_of(work: Work, pairs: Sequence[WithoutDate]) -> dict[str, frozenset[int]]:
    """Return by request the half-days that its pair shares until its local target, counted from tomorrow, by three queries."""
    tomorrow, settings = work.today + timedelta(days=1), partnership(work)
    targets = {one.request.id: target_day(work, one.request) for one in pairs}
    free = free_time(
        work,
        sorted({uuid.UUID(person) for one in pairs for person in one.pair}),
        first_day=tomorrow,
        last_day=max(targets.values(), default=tomorrow),
        minutes=settings.preparation_minutes + settings.session_minutes + settings.debrief_minutes,
        is_working_day=is_working_day,
    )
    return {
        str(one.request.id): frozenset(range(slot_count(tomorrow, targets[one.request.id]))).intersection(
            *(free[uuid.UUID(person)].slots for person in one.pair)
        )
        for one in pairs
    }
