"""Read how sessions of a period kept to the approach, pooled from several sides; no session and no person by itself."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import distinct, func, select, true

from jags.allocation.model import AgreedException, OfferedPair
from jags.feedback import queries as feedback
from jags.feedback.model import Round
from jags.feedback.queries import Pooled as PooledFeedback
from jags.feedback.rules import FormKey
from jags.feedback.rules.forms import AGREES, Agreement
from jags.kernel.time import start_of_day
from jags.kernel.work import Work
from jags.quality.model import Observation
from jags.quality.queries.observations import notes_of
from jags.quality.queries.reflections import pooled_parts
from jags.quality.rules.approach import (
    SESSIONS_LEAST,
    Approach,
    ElementLine,
    Fact,
    Share,
    Told,
    share_of_answers,
)
from jags.quality.rules.elements import STATEMENTS, Element, Principle
from jags.quality.rules.observation import ObservationState
from jags.quality.rules.reflections import Pooled
from jags.quality.rules.said import (
    HELD,
    HELD_WELL,
    LINE_MANAGERS,
    NO,
    OBSERVED,
    RECORDED,
    TOOLBOX,
    YES,
    Tallies,
    by_facilitators,
    by_observers,
    of_one_session,
    sessions_in,
    share_in,
    showed,
    together,
)
from jags.requests.model import Request, RequestChoice
from jags.requests.rules import RECEIVED, Question
from jags.scheduling.model import JagsSession, SessionRecord
from jags.scheduling.rules import SessionState

# What was written of so many sessions is open at once, so that many take no more memory than few.
_AT_ONCE = 300


def approach(work: Work, first: date, last: date, *, transitional: bool = False) -> Approach:
    """Return how the sessions of a period of London dates, both inclusive, kept to the approach, by eleven queries.

    `transitional` keeps those for which the Business Unit confirmed that transitional safeguarding features.
    """
    held_from, held_before = start_of_day(first), start_of_day(last + timedelta(days=1))
    held = work.session.execute(
        select(JagsSession.id, JagsSession.request_id)
        .join(Request, Request.id == JagsSession.request_id)
        .where(
            Request.state.in_(sorted(RECEIVED)),
            JagsSession.state == SessionState.HELD,
            JagsSession.starts_at >= held_from,
            JagsSession.starts_at < held_before,
            Request.transitional_confirmed.is_(True) if transitional else true(),
        )
        .order_by(JagsSession.id)
    ).all()
    ids = [row.id for row in held]
    answers = feedback.pooled(
        work,
        held_from=held_from,
        held_before=held_before,
        transitional=transitional,
        # It is talked about with facilitators, so that it is told as to anybody outside the Business Unit.
        outside=True,
    )
    asked = bool(
        work.session.scalar(
            select(func.count()).where(Round.session_id.in_(ids), Round.form == FormKey.PARTICIPANT)
        )
    )
    participants = {element: _of_participants(element, answers, asked=asked) for element in Element}
    return replace(
        approach_of(together(said_of(work, ids).values()), participants),
        facts=_facts(work, [row.request_id for row in held]),
    )


def approach_of(said: Tallies, participants: Mapping[Element, Share]) -> Approach:
    """Return how sessions kept to the approach, by what was said of them and what participants answered; without facts."""
    return Approach(
        sessions_in(said, HELD),
        sessions_in(said, OBSERVED),
        tuple(
            ElementLine(
                element,
                participants[element],
                share_in(said, by_facilitators(element)),
                share_in(said, by_observers(element)),
            )
            for element in Element
        ),
        share_in(said, RECORDED),
        share_in(said, LINE_MANAGERS),
        share_in(said, HELD_WELL),
        share_in(said, TOOLBOX),
        tuple((one, share_in(said, showed(one))) for one in Principle),
        (),
    )


def said_of(work: Work, session_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Tallies]:
    """Return what facilitators and observers said of each of some sessions that were held, by five queries for each few hundred."""
    found: dict[uuid.UUID, Tallies] = {}
    for first in range(0, len(session_ids), _AT_ONCE):
        found |= _said_of(work, session_ids[first : first + _AT_ONCE])
    return found


def _said_of(work: Work, session_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Tallies]:
    answers: dict[uuid.UUID, list[tuple[str, str]]] = {one: [] for one in session_ids}
    for session_id, kept in work.session.execute(
        select(SessionRecord.session_id, SessionRecord.kept_to_approach).where(
            SessionRecord.session_id.in_(session_ids)
        )
    ):
        answers[session_id].append((RECORDED, kept or ""))
    for session_id, part in pooled_parts(work, session_ids):
        answers[session_id] += _of_reflection(part)
    observed: Counter[uuid.UUID] = Counter()
    for session_id, notes in _observed(work, session_ids):
        observed[session_id] += 1
        answers[session_id] += [(by_observers(one), notes.get(one.value, "")) for one in Element]
    return {one: of_one_session(given, observed=observed[one]) for one, given in answers.items()}


def _of_reflection(part: Pooled) -> Iterator[tuple[str, str]]:
    yield from ((by_facilitators(one), part.elements.get(one.value, "")) for one in Element)
    yield from ((key, part.line_managers) for key in (LINE_MANAGERS, HELD_WELL))
    yield TOOLBOX, part.toolbox
    # A reflection that names no principle says nothing of any.
    if part.principles:
        yield from ((showed(one), YES if one in part.principles else NO) for one in Principle)


def _observed(work: Work, session_ids: Sequence[uuid.UUID]) -> list[tuple[uuid.UUID, Mapping[str, str]]]:
    rows = work.session.scalars(
        select(Observation)
        .where(Observation.session_id.in_(session_ids), Observation.state == ObservationState.SHARED)
        .order_by(Observation.id)
    ).all()
    work.vault.prefetch(rows)
    return [(row.session_id, notes_of(work, row).elements) for row in rows]


def _of_participants(element: Element, answers: PooledFeedback, *, asked: bool) -> Share:
    """Return how many of the answers to an element's statements agreed; an element that nobody asks about is not recorded.

    Where people were `asked` and nothing may be shown yet, there is too little to say, which is not the same.
    """
    if element in STATEMENTS and asked and not answers.sessions:
        return Share(Told.TOO_FEW)
    given = [answers.ratings.get(item, {}) for item in STATEMENTS.get(element, ())]
    n = sum(
        number for one in given for option, number in one.items() if option is not Agreement.NOT_APPLICABLE
    )
    agreed = sum(number for one in given for option, number in one.items() if option in AGREES)
    return share_of_answers(sessions=answers.sessions, agreed=agreed, n=n)


def _facts(work: Work, request_ids: Sequence[uuid.UUID]) -> tuple[Fact, ...]:
    went_on = work.session.scalar(
        select(func.count(distinct(RequestChoice.request_id))).where(
            RequestChoice.request_id.in_(request_ids), RequestChoice.question == Question.GATE
        )
    )
    exceptions = work.session.scalar(
        select(func.count(distinct(OfferedPair.request_id)))
        .join(AgreedException, AgreedException.pair_id == OfferedPair.id)
        .where(OfferedPair.request_id.in_(request_ids))
    )
    enough = len(request_ids) >= SESSIONS_LEAST
    return (
        Fact(
            "were asked for although a question before the form pointed elsewhere",
            went_on if enough else None,
        ),
        Fact("had an agreed exception when facilitators were chosen", exceptions if enough else None),
    )
