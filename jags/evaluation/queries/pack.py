"""Read what an evidence pack shows besides figures: timelines of a sample, and what changed."""

import uuid
from collections import defaultdict

from sqlalchemy import select

from jags.evaluation.model import Report
from jags.evaluation.queries.days import instants_of
from jags.evaluation.queries.gathering import gather
from jags.evaluation.rules.counting import Period
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.pack import Changed, Pack, Step, Timeline, drawn
from jags.evaluation.rules.reports import ReportState
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request, RequestMove
from jags.requests.rules import RECEIVED, Source, Verb
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState
from jags.settings.model import Setting
from jags.settings.queries import partnership

# What is told of a request's way; its other moves say nothing of how long somebody waited.
_TOLD = {
    Verb.ASK: "The requester was asked something",
    Verb.ANSWER: "The requester answered",
    Verb.ACCEPT: "Accepted",
    Verb.SIGNPOST: "Another route was found",
    Verb.WITHDRAW: "Withdrawn by the requester",
    Verb.CLOSE_WITHOUT_ANSWER: "Closed, because the requester did not answer",
    Verb.CANCEL: "Cancelled by the Business Unit",
    Verb.REOPEN: "Taken up again",
    Verb.OFFER_PAIR: "Offered to two facilitators",
    Verb.RELEASE_PAIR: "Facilitators were released",
    Verb.STEP_BACK: "A facilitator stepped back",
    Verb.AGREE_FACILITATORS: "Two facilitators agreed",
    Verb.SCHEDULE: "A date was arranged",
    Verb.POSTPONE: "The date was postponed",
    Verb.DID_NOT_TAKE_PLACE: "It did not take place",
    Verb.CLOSE: "Closed",
}
_HELD = "Held"


def pack(work: Work, period: Period, seed: int) -> Pack:
    """Return the evidence pack of a period, with the timelines of a sample that is drawn with a seed."""
    ids = work.session.scalars(
        select(Request.id).where(
            Request.state.in_(sorted(RECEIVED)),
            Request.received_on.between(period.from_on, period.to_on),
            # Of what was imported nobody knows what lay between.
            Request.source != Source.IMPORT,
        )
    ).all()
    return Pack(
        gather(work, Asked(period)),
        partnership(work).procedure,
        len(ids),
        seed,
        _timelines(work, drawn(ids, seed)),
        _changes(work, period),
    )


def _timelines(work: Work, ids: list[uuid.UUID]) -> tuple[Timeline, ...]:
    """Return the timelines of requests, by three queries, in their order."""
    received = {
        request_id: on
        for request_id, on in work.session.execute(
            select(Request.id, Request.received_on).where(Request.id.in_(ids))
        )
        if on is not None
    }
    happened: dict[uuid.UUID, list[Step]] = defaultdict(list)
    for request_id, verb, at in work.session.execute(
        select(RequestMove.request_id, RequestMove.verb, RequestMove.at)
        .where(RequestMove.request_id.in_(ids), RequestMove.verb.in_(sorted(_TOLD)))
        .order_by(RequestMove.request_id, RequestMove.number)
    ):
        happened[request_id].append(Step((london_date(at) - received[request_id]).days, _TOLD[verb]))
    for request_id, starts_at in work.session.execute(
        select(JagsSession.request_id, JagsSession.starts_at)
        .where(JagsSession.request_id.in_(ids), JagsSession.state == SessionState.HELD)
        .order_by(JagsSession.request_id, JagsSession.starts_at)
    ):
        day = (london_date(starts_at) - received[request_id]).days
        steps = happened[request_id]
        place = next((n for n, step in enumerate(steps) if step.day > day), len(steps))
        steps.insert(place, Step(day, _HELD))
    return tuple(Timeline((Step(0, "Received"), *happened[request_id])) for request_id in ids)


def _changes(work: Work, period: Period) -> tuple[Changed, ...]:
    """Return what changed of the way of working: settings, and reports that were released; by two queries."""
    first, before = instants_of(period)
    settings = work.session.execute(
        select(Setting.key, Setting.changed_at).where(
            Setting.changed_at >= first, Setting.changed_at < before
        )
    )
    changes = [
        Changed(
            london_date(at), f"The setting “{key.replace('_', ' ')}” was changed, the last time on this day"
        )
        for key, at in settings
    ]
    reports = work.session.execute(
        select(Report.reference, Report.released_on).where(
            Report.state == ReportState.RELEASED, Report.released_on.between(period.from_on, period.to_on)
        )
    )
    changes += [Changed(on, f"The report {reference} was released") for reference, on in reports if on]
    return tuple(sorted(changes, key=lambda one: (one.on, one.what)))
