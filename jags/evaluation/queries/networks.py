"""Read who was at the sessions of a period, who was not and why, and which adult services were needed."""

import uuid
from collections import defaultdict

from sqlalchemy import ColumnElement, select

from jags.accounts.model import Agency
from jags.accounts.rules import AgeRemit
from jags.evaluation.queries.days import instants_of
from jags.evaluation.rules.counting import Period
from jags.evaluation.rules.networks import AtSession, Network
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember, Request, RequestChoice
from jags.requests.rules import RECEIVED, Involvement, Question
from jags.scheduling.model import AgencyAttendance, Attendee, JagsSession
from jags.scheduling.rules import ApologyReason, SessionState

_FOR_ADULTS = (AgeRemit.ADULTS, AgeRemit.ALL_AGES)


def networks(work: Work, period: Period, *, transitional: bool) -> tuple[Network, ...]:
    """Return the networks of the sessions held in a period, by five queries, in an order that tells nothing of their dates."""
    first, before = instants_of(period)
    held: ColumnElement[bool] = (
        Request.state.in_(sorted(RECEIVED))
        & (JagsSession.state == SessionState.HELD)
        & (JagsSession.starts_at >= first)
        & (JagsSession.starts_at < before)
    )
    if transitional:
        held &= Request.transitional_confirmed.is_(True)
    sessions = work.session.execute(
        select(JagsSession.id, Request.id, Request.transitional_confirmed)
        .join(Request, Request.id == JagsSession.request_id)
        .where(held)
    ).all()
    there: dict[uuid.UUID, list[AtSession]] = defaultdict(list)
    for session_id, attendance, reason, typed, name, remit in work.session.execute(
        select(
            AgencyAttendance.session_id,
            AgencyAttendance.attendance,
            AgencyAttendance.apology_reason,
            AgencyAttendance.agency_typed,
            Agency.name,
            Agency.age_remit,
        )
        .join(JagsSession, JagsSession.id == AgencyAttendance.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .outerjoin(Agency, Agency.id == AgencyAttendance.agency_id)
        .where(held)
        .order_by(AgencyAttendance.session_id, AgencyAttendance.position)
    ):
        # What was typed is not settled: it may name anything, so it is told without its name.
        told = name or ("An agency that is not settled yet" if typed else "An agency")
        there[session_id].append(AtSession(told, remit, attendance, reason))
    needed: dict[uuid.UUID, list[str]] = defaultdict(list)
    for request_id, name in work.session.execute(
        select(InvolvedAgency.request_id, Agency.name)
        .join(Request, Request.id == InvolvedAgency.request_id)
        .join(JagsSession, JagsSession.request_id == Request.id)
        .join(Agency, Agency.id == InvolvedAgency.agency_id)
        .where(
            held,
            InvolvedAgency.involvement == Involvement.NEEDED,
            Agency.age_remit.in_(_FOR_ADULTS),
        )
        .order_by(Agency.name)
    ):
        needed[request_id].append(name)
    features: dict[uuid.UUID, set[str]] = defaultdict(set)
    for request_id, choice in work.session.execute(
        select(RequestChoice.request_id, RequestChoice.choice)
        .join(Request, Request.id == RequestChoice.request_id)
        .join(JagsSession, JagsSession.request_id == Request.id)
        .where(held, RequestChoice.question == Question.TRANSITIONAL_FEATURE)
    ):
        features[request_id].add(choice)
    invited: dict[uuid.UUID, list[str]] = defaultdict(list)
    for session_id, name in work.session.execute(
        select(Attendee.session_id, Agency.name)
        .join(JagsSession, JagsSession.id == Attendee.session_id)
        .join(Request, Request.id == JagsSession.request_id)
        .join(NetworkMember, NetworkMember.id == Attendee.member_id)
        .join(Agency, Agency.id == NetworkMember.agency_id)
        .where(held, Agency.age_remit.in_(_FOR_ADULTS), Attendee.waits_since.is_(None))
        .order_by(Agency.name)
    ):
        invited[session_id].append(name)
    found = [
        (
            work.vault.blind_index("network", str(session_id)),
            Network(
                bool(confirmed),
                tuple(there[session_id]),
                tuple(dict.fromkeys(needed[request_id])),
                frozenset(features[request_id]),
                _invited(invited[session_id], there[session_id]),
            ),
        )
        for session_id, request_id, confirmed in sessions
    ]
    return tuple(network for _, network in sorted(found, key=lambda one: one[0]))


def _invited(people: list[str], there: list[AtSession]) -> tuple[str, ...]:
    """Return the adult services of which somebody was invited: who was there was, and who sent apologies unless they say no."""
    came = [one.agency for one in there if one.for_adults and one.reason is not ApologyReason.NOT_INVITED]
    return tuple(sorted({*people, *came}, key=str.casefold))
