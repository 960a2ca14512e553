"""Say in words who could take the place of a facilitator who has stepped back, and what that means for everybody else."""

from dataclasses import dataclass

from jags.allocation.assembly import Assembled, assemble, assemble_at
from jags.allocation.choice.people import PersonShown, said, still_to_ask
from jags.allocation.engine.change import Changed, change_pair
from jags.allocation.engine.explanation import ReasonKind, pair_reasons
from jags.allocation.engine.ranking import RankedPair
from jags.allocation.engine.remedy import explain_no_pair
from jags.allocation.engine.wording import no_pair_in_words
from jags.facilitators.rules import Span
from jags.kernel.work import Work
from jags.requests.model import Request


@dataclass(frozen=True)
class ChangeShown:
    """The proposal for a change of facilitator.

    `pair` is empty when nobody fits; `no_pair` says why and what would help. `kept` has accepted; `released` tells that they would not be
    needed. `keeps_date` tells whether the date could stand, and is None without one. `standby` is neither told nor held. `pool` is
    everybody who could be chosen by hand.
    """

    request: Request
    kept: PersonShown | None
    pair: tuple[PersonShown, ...]
    reasons: tuple[str, ...]
    released: bool
    standby: tuple[PersonShown, ...]
    keeps_date: bool | None
    no_pair: tuple[str, ...]
    seed: int
    pool: tuple[PersonShown, ...]

    @property
    def asked(self) -> tuple[PersonShown, ...]:
        """Return who would be asked: the pair without whoever has accepted."""
        return tuple(one for one in self.pair if one != self.kept)


def change_of(work: Work, request: Request, *, time: Span | None, seed: int = 0) -> ChangeShown:
    """Return who could facilitate a request now that somebody has stepped back: the fewest people moved, then the best.

    `time` is what a date that is kept takes of its facilitators. In order: whoever has accepted stays and the date stands; they stay and
    another date is found; the date stands with two others; two others and another date.
    """
    any_day = assemble(work, request)
    at_date = assemble_at(work, request, time) if time else None
    found = [(one, _change(one, seed)) for one in (at_date, any_day) if one is not None]
    # A stable order: the date first, but never at the price of somebody who has accepted.
    able = sorted(
        ((one, changed) for one, changed in found if changed is not None),
        key=lambda pair: pair[1].released,
    )
    kept = _person(any_day, str(any_day.kept)) if any_day.kept else None
    pool = tuple(_person(any_day, key) for key in any_day.members)
    if not able:
        without = explain_no_pair(any_day.problem, str(request.id), seed=seed)
        words = no_pair_in_words(without, any_day.names)
        return ChangeShown(
            request, kept, (), (), kept is not None, (), None if time is None else False, words, seed, pool
        )
    assembled, changed = able[0]
    problem_request = assembled.problem.request(str(request.id))
    return ChangeShown(
        request,
        kept,
        pair=_people(assembled, changed.pair),
        reasons=tuple(
            said(reason, assembled.names)
            for reason in still_to_ask(
                pair_reasons(problem_request, changed.pair), None if changed.released else any_day.kept
            )
            # With a date the only half-day is that of the date.
            if assembled is any_day or reason.kind is not ReasonKind.COMMON_SLOTS
        ),
        released=changed.released,
        standby=_people(assembled, changed.standby),
        keeps_date=None if time is None else assembled is at_date,
        no_pair=(),
        seed=seed,
        pool=pool,
    )


def _change(assembled: Assembled, seed: int) -> Changed | None:
    kept = str(assembled.kept) if assembled.kept else None
    return change_pair(assembled.problem, str(assembled.request.id), kept, seed=seed)


def _people(assembled: Assembled, pair: RankedPair | None) -> tuple[PersonShown, ...]:
    keys = pair.score.pair if pair else ()
    return tuple(sorted((_person(assembled, key) for key in keys), key=lambda one: one.name.casefold()))


def _person(assembled: Assembled, key: str) -> PersonShown:
    member = assembled.members[key]
    return PersonShown(member.person_id, member.name, member.agency)
