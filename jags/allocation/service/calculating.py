"""Ask for what takes longer than a page may, take it up in the jobs process, and keep what came out."""

import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.allocation.model import Calculation
from jags.allocation.queries import find_calculation
from jags.allocation.rules.calculation import (
    GIVEN_UP_AFTER,
    Answer,
    CalculationKind,
    CalculationState,
    Question,
)
from jags.kernel.errors import NotFound
from jags.kernel.work import Work

_UNDER_WAY = frozenset({CalculationState.WAITING, CalculationState.RUNNING})
NO_QUESTION = Question()


def ask_for(
    work: Work, kind: CalculationKind, *, question: Question = NO_QUESTION, seed: int = 0
) -> Calculation:
    """Ask the jobs process to work something out, in place of what it worked out before.

    What is under way already is not asked for twice, unless it was given up. Raises `NotAllowed`.
    """
    require(work.actor, Permission.PAIR_OFFER)
    found = find_calculation(work, kind)
    if found is None:
        found = Calculation(kind=kind, key_id=work.vault.new_key())
        work.session.add(found)
    elif found.state in _UNDER_WAY and found.asked_at > work.now - timedelta(seconds=GIVEN_UP_AFTER):
        return found
    found.state, found.seed, found.asked_at = CalculationState.WAITING, seed, work.now
    found.started_at = found.ended_at = found.answer_sealed = None
    work.vault.seal(found, "question", question)
    work.session.flush()
    work.record("calculation:asked", found.id, kind=kind, seed=seed)
    return found


@dataclass(frozen=True)
class ClaimedCalculation:
    """A calculation that one process has taken up; it is theirs until it is asked for anew or taken up by another."""

    id: uuid.UUID
    version: int


def claim_calculation(work: Work) -> ClaimedCalculation | None:
    """Take up what waits longest, or what somebody took up and has not ended for ten minutes; None when nothing does."""
    given_up = (Calculation.state == CalculationState.RUNNING) & (
        Calculation.started_at < work.now - timedelta(seconds=GIVEN_UP_AFTER)
    )
    found = work.session.scalar(
        select(Calculation)
        .where(or_(Calculation.state == CalculationState.WAITING, given_up))
        .order_by(Calculation.asked_at, Calculation.id)
        .limit(1)
    )
    if found is None:
        return None
    found.state, found.started_at = CalculationState.RUNNING, work.now
    work.session.flush()
    return ClaimedCalculation(found.id, found.version)


def get_calculation(work: Work, calculation_id: uuid.UUID) -> Calculation:
    """Return a calculation; raises `NotFound`."""
    found = work.session.get(Calculation, calculation_id)
    if found is None:
        raise NotFound("There is no such calculation.")
    return found


def keep_answer(work: Work, claimed: ClaimedCalculation, answer: dict[str, Any]) -> None:
    """Keep what came out of a calculation, unless it was asked for again, or taken up by another process, meanwhile."""
    found = _still_theirs(work, claimed)
    if found is None:
        return
    work.vault.seal(found, "answer", Answer(json.dumps(answer, separators=(",", ":"))))
    found.state, found.ended_at = CalculationState.DONE, work.now
    work.record(
        "calculation:done",
        found.id,
        kind=found.kind,
        proven=answer["proven"],
        requests=answer["requests"],
        allocated=answer["allocated"],
    )


def note_failed(work: Work, claimed: ClaimedCalculation) -> None:
    """Keep that a calculation did not come to an end, so that the page says so and it can be asked for again."""
    found = _still_theirs(work, claimed)
    if found is not None:
        found.state, found.ended_at = CalculationState.FAILED, work.now
        work.record("calculation:failed", found.id, kind=found.kind)


def _still_theirs(work: Work, claimed: ClaimedCalculation) -> Calculation | None:
    """Return a calculation that is still worked out by who took it up; an older answer never takes the place of a newer one."""
    found = get_calculation(work, claimed.id)
    return found if found.state is CalculationState.RUNNING and found.version == claimed.version else None
