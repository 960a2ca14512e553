"""Read who was at the sessions of a period, who was not and why, and which adult services were needed."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Row, Select, select

from jags.accounts.model import Agency
from jags.accounts.rules import AgeRemit
from jags.evaluation.queries.selecting import held_in
from jags.evaluation.rules.counting import Period, Which
from jags.evaluation.rules.networks import AtSession, Network
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NetworkMember, Request, RequestChoice
from jags.requests.rules import Involvement, Question
from jags.scheduling.model import AgencyAttendance, Attendee, JagsSession
from jags.scheduling.rules import ApologyReason, Attendance

_FOR_ADULTS = (AgeRemit.ADULTS, AgeRemit.ALL_AGES)
_Told = TypeVar("_Told")


def networks(work: Work, period: Period, which: Which) -> tuple[Network, ...]:
    """Return the networks of the sessions held in a period, by five queries, in an order that tells nothing of their dates."""

    def of_held(wanted: Select[*tuple[Any, ...]]) -> Iterable[Row[*tuple[Any, ...]]]:
        # What is read of sessions or requests is joined to both already.
        return work.session.execute(wanted.where(held_in(period, which)))

    sessions = of_held(
        select(JagsSession.id, Request.id, Request.transitional_confirmed).join(
            Request, Request.id == JagsSession.request_id
        )
    )
    there = _by_first(
        (session_id, _at_session(*attended))
        for session_id, *attended in of_held(
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
            .order_by(AgencyAttendance.session_id, AgencyAttendance.position)
        )
    )
    needed: dict[uuid.UUID, list[str]] = _by_first(
        of_held(
            select(InvolvedAgency.request_id, Agency.name)
            .join(Request, Request.id == InvolvedAgency.request_id)
            .join(JagsSession, JagsSession.request_id == Request.id)
            .join(Agency, Agency.id == InvolvedAgency.agency_id)
            .where(InvolvedAgency.involvement == Involvement.NEEDED, Agency.age_remit.in_(_FOR_ADULTS))
            .order_by(Agency.name)
        )
    )
    features: dict[uuid.UUID, list[str]] = _by_first(
        of_held(
            select(RequestChoice.request_id, RequestChoice.choice)
            .join(Request, Request.id == RequestChoice.request_id)
            .join(JagsSession, JagsSession.request_id == Request.id)
            .where(RequestChoice.question == Question.TRANSITIONAL_FEATURE)
        )
    )
    invited = _by_first(
        (session_id, (name, remit))
        for session_id, name, remit in of_held(
            select(Attendee.session_id, Agency.name, Agency.age_remit)
            .join(JagsSession, JagsSession.id == Attendee.session_id)
            .join(Request, Request.id == JagsSession.request_id)
            .join(NetworkMember, NetworkMember.id == Attendee.member_id)
            .join(Agency, Agency.id == NetworkMember.agency_id)
            .where(Attendee.waits_since.is_(None))
            .order_by(Agency.name)
        )
    )
    found = [
        (
            work.vault.blind_index("network", str(session_id)),
            Network(
                bool(confirmed),
                tuple(there[session_id]),
                tuple(dict.fromkeys(needed[request_id])),
                frozenset(features[request_id]),
                _invited((name for name, _ in invited[session_id]), there[session_id]),
                _invited(
                    (name for name, remit in invited[session_id] if remit in _FOR_ADULTS),
                    (one for one in there[session_id] if one.for_adults),
                ),
            ),
        )
        for session_id, request_id, confirmed in sessions
    ]
    return tuple(network for _, network in sorted(found, key=lambda one: one[0]))


def _by_first(
    rows: Iterable[Row[uuid.UUID, _Told] | tuple[uuid.UUID, _Told]],
) -> dict[uuid.UUID, list[_Told]]:
    """Return what stands beside each id, in order."""
    found: dict[uuid.UUID, list[_Told]] = defaultdict(list)
    for key, told in rows:
        found[key].append(told)
    return found


def _at_session(
    attendance: Attendance,
    reason: ApologyReason | None,
    typed: str | None,
    name: str | None,
    remit: AgeRemit | None,
) -> AtSession:
    # What was typed is not settled: it may name anything, so it is told without its name.
    told = name or ("An agency that is not settled yet" if typed else "An agency")
    return AtSession(told, remit, attendance, reason)


def _invited(people: Iterable[str], there: Iterable[AtSession]) -> tuple[str, ...]:
    """Return the agencies of which somebody was invited: who was there was, and who sent apologies unless they say no."""
    came = [one.agency for one in there if one.reason is not ApologyReason.NOT_INVITED]
    return tuple(sorted({*people, *came}, key=str.casefold))
