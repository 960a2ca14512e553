"""Read how sessions of a period kept to the approach, pooled from several sides; no session and no person by itself."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
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
    share,
    share_of_answers,
    share_of_seen,
)
from jags.quality.rules.elements import STATEMENTS, Element, LineManagers, Principle, ToolboxUse
from jags.quality.rules.observation import ObservationState
from jags.quality.rules.reflections import Pooled
from jags.requests.model import Request, RequestChoice
from jags.requests.rules import Question
from jags.scheduling.model import JagsSession, SessionRecord
from jags.scheduling.rules import KeptToApproach, SessionState

_THERE = frozenset({LineManagers.HELD_WELL, LineManagers.PARTLY, LineManagers.IN_THE_WAY})


def approach(work: Work, first: date, last: date, *, transitional: bool = False) -> Approach:
    """Return how the sessions of a period of London dates, both inclusive, kept to the approach, by eleven queries.

    `transitional` keeps those for which the Business Unit confirmed that transitional safeguarding features.
    """
    held_from, held_before = start_of_day(first), start_of_day(last + timedelta(days=1))
    held = work.session.execute(
        select(JagsSession.id, JagsSession.request_id, SessionRecord.kept_to_approach)
        .join(Request, Request.id == JagsSession.request_id)
        .outerjoin(SessionRecord, SessionRecord.session_id == JagsSession.id)
        .where(
            JagsSession.state == SessionState.HELD,
            JagsSession.starts_at >= held_from,
            JagsSession.starts_at < held_before,
            Request.transitional_confirmed.is_(True) if transitional else true(),
        )
        .order_by(JagsSession.id)
    ).all()
    ids = [row.id for row in held]
    parts = pooled_parts(work, ids)
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
    seen = _observed(work, ids)
    there = [(key, part.line_managers) for key, part in parts]
    return Approach(
        len(held),
        len(seen),
        tuple(
            ElementLine(
                element,
                _of_participants(element, answers, asked=asked),
                share_of_seen((key, part.elements.get(element.value, "")) for key, part in parts),
                share_of_seen((key, notes.get(element.value, "")) for key, notes in seen),
            )
            for element in Element
        ),
        share([(row.id, row.kept_to_approach or "") for row in held], {KeptToApproach.YES}),
        share(there, _THERE, left_out={LineManagers.NOT_KNOWN}),
        share(there, {LineManagers.HELD_WELL}, left_out={LineManagers.NOT_KNOWN, LineManagers.NOBODY}),
        share(
            [(key, part.toolbox) for key, part in parts], {ToolboxUse.HELPED}, left_out={ToolboxUse.NOT_USED}
        ),
        _principles(parts),
        _facts(work, [row.request_id for row in held]),
    )


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


def _principles(parts: Iterable[tuple[uuid.UUID, Pooled]]) -> tuple[tuple[Principle, Share], ...]:
    """Return in how many of the reflections that named any principle each of them showed."""
    named = [(key, part.principles) for key, part in parts if part.principles]
    return tuple(
        (one, share([(key, "yes" if one in chosen else "no") for key, chosen in named], {"yes"}))
        for one in Principle
    )


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
