"""Read which requests seem to be about the same work, and which were linked as that."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, false, or_, select
from sqlalchemy.orm import joinedload, selectinload

from jags.accounts.rules import spelling
from jags.kernel.sealing import KEY, DataKey
from jags.kernel.work import Work
from jags.requests.model import InvolvedAgency, NotSameWork, Request, RequestChoice
from jags.requests.queries.network import agency_name
from jags.requests.queries.one import contact_of, detail_of, visible_to
from jags.requests.rules import ENDED_OTHERWISE, UNDECIDED, AgeBand, Likeness, Question, State
from jags.settings.queries import partnership

# Candidates that are weighed, the newest first, and those that are shown.
_WEIGHED, _SHOWN = 100, 5
_ENDED = ENDED_OTHERWISE | {State.CLOSED, State.HELD}


@dataclass(frozen=True)
class Alike:
    """A request that is like another, with what they share and who asked."""

    request: Request
    likeness: Likeness
    requester: str


@dataclass(frozen=True)
class SameWork:
    """What is known of other requests about the same work.

    `chain` are those that were linked, this one among them, received first first; empty where there is no other.
    `place` is this request's place in it, from 1. `alike` are others that seem to be, most alike first; nothing is linked
    by itself. `another_forum`: whether the partnership asks, at this place of the chain, if another forum would help.
    """

    chain: tuple[Request, ...]
    place: int
    alike: tuple[Alike, ...]

    another_forum: bool


NO_OTHER = SameWork(chain=(), place=0, alike=(), another_forum=False)


@dataclass(frozen=True)
class OwnEarlier:
    """An earlier request of the same requester with the same reference of their own: all that they are shown of it."""

    request_id: uuid.UUID
    received_on: date


def same_work(work: Work, request: Request) -> SameWork:
    """Return the requests that were linked with one and, until it is decided on, those that seem to be about the same work.

    The most alike come first. Who is recused from one does not see it. Ended ones count for the days that the setting
    `alike_days` says.

    It takes no query for a request that is decided on and linked with none, and as many for one other as for a hundred.
    """
    alone = request.previous_request_id is None and request.is_linked_to is False
    if alone and request.state not in UNDECIDED:
        return NO_OTHER
    first_id = request.previous_request_id or request.id
    linked = or_(Request.id == first_id, Request.previous_request_id == first_id)
    rows = work.session.execute(
        select(Request, *KEY)
        .join(DataKey, DataKey.id == Request.key_id)
        .where(
            or_(linked, and_(or_(false(), *_alike(work, request)), ~_told_apart(request))),
            Request.state != State.DRAFT,
            Request.id != request.id,
            visible_to(work.actor),
        )
        .options(
            joinedload(Request.agency),
            joinedload(Request.choices),
            selectinload(Request.involved).joinedload(InvolvedAgency.agency),
        )
        .order_by(case((linked, 0), else_=1), Request.received_at.desc(), Request.id)
        .limit(_WEIGHED)
    )
    found = []
    for row in rows.unique():
        work.vault.remember(row)
        found.append(row[0])
    others = [one for one in found if first_id in {one.id, one.previous_request_id}]
    chain = _chain(request, others)
    weighed = [(one, _likeness(work, request, one)) for one in found if one not in others]
    alike = sorted(
        ((one, likeness) for one, likeness in weighed if likeness.alike),
        key=lambda pair: pair[1].points,
        reverse=True,
    )
    place = chain.index(request) + 1 if chain else 0
    return SameWork(
        chain,
        place,
        tuple(Alike(one, likeness, contact_of(work, one).name) for one, likeness in alike[:_SHOWN]),
        another_forum=place >= partnership(work).repeats_before_another_forum,
    )


def own_earlier(work: Work, request: Request) -> OwnEarlier | None:
    """Return the requester's own earlier request with the same reference of theirs; None where it is linked or there is none.

    It is for the page that only the reader of the address opens: the address of the request has asked itself, and the
    earlier one was confirmed, so that nobody learns by it that another address has asked before.
    """
    reference = _reference(work, request)
    if reference is None or request.requester_email_index is None or request.previous_request_id is not None:
        return None
    rows = work.session.scalars(
        select(Request)
        .where(
            Request.requester_email_index == request.requester_email_index,
            or_(Request.own_reference_index == reference, Request.own_reference_index.is_(None)),
            Request.confirmed_at.is_not(None),
            Request.requester_to_confirm_since.is_(None),
            Request.received_at < request.received_at,
            Request.state.not_in([State.DRAFT, State.DUPLICATE, State.UNCONFIRMED]),
        )
        .order_by(Request.received_at, Request.id)
        .limit(_WEIGHED)
    ).all()
    for one in rows:
        if one.received_on is not None and _reference(work, one) == reference:
            return OwnEarlier(one.id, one.received_on)
    return None


def _alike(work: Work, request: Request) -> Iterable[ColumnElement[bool]]:
    """Return what makes another request worth weighing; nothing for one that is decided on."""
    if request.state not in UNDECIDED:
        return
    reference = _reference(work, request)
    if reference is not None:
        yield Request.own_reference_index == reference
    if request.requester_email_index is not None:
        yield Request.requester_email_index == request.requester_email_index
    bands = sorted(request.age_bands)
    known = [one.agency_id for one in request.involved if one.agency_id is not None]
    shared: list[ColumnElement[bool]] = []
    if request.agency_id is not None:
        shared.append(Request.agency_id == request.agency_id)
    if known:
        shared.append(
            exists().where(InvolvedAgency.request_id == Request.id, InvolvedAgency.agency_id.in_(known))
        )
    if not (bands and shared):
        return
    since = work.now - timedelta(days=partnership(work).alike_days)
    yield and_(
        or_(Request.state.not_in(sorted(_ENDED)), Request.received_at >= since),
        exists().where(
            RequestChoice.request_id == Request.id,
            RequestChoice.question == Question.AGE_BAND,
            RequestChoice.choice.in_(bands),
        ),
        or_(*shared),
    )


def _told_apart(request: Request) -> ColumnElement[bool]:
    """Return whether somebody has said of a request that it is not about the same work as this one."""
    one, other = NotSameWork.request_id, NotSameWork.other_id
    return exists().where(
        or_(and_(one == request.id, other == Request.id), and_(one == Request.id, other == request.id))
    )


def _likeness(work: Work, request: Request, other: Request) -> Likeness:
    ages = sorted(request.age_bands & other.age_bands, key=list(AgeBand).index)
    mine, theirs = _agencies(request), _agencies(other)
    email, reference = request.requester_email_index, _reference(work, request)
    same_agency = request.agency_id is not None and request.agency_id == other.agency_id
    same_locality = request.locality is not None and request.locality == other.locality
    return Likeness(
        same_requester=email is not None and email == other.requester_email_index,
        same_reference=reference is not None and reference == _reference(work, other),
        same_agency=agency_name(other) if same_agency else "",
        same_locality=other.locality or "" if same_locality else "",
        ages=tuple(map(_age, ages)),
        agencies=tuple(sorted(theirs[key] for key in mine.keys() & theirs.keys())),
    )


def _agencies(request: Request) -> dict[str, str]:
    return {
        str(row.agency_id or spelling(row.agency_typed)): row.agency.name if row.agency else row.agency_typed
        for row in request.involved
    }


def _age(band: AgeBand) -> str:
    return band.replace("-", " to ")


def _reference(work: Work, request: Request) -> bytes | None:
    """Return the index of the requester's own reference, made anew where an earlier version of the form kept none."""
    if request.own_reference_index is not None:
        return request.own_reference_index
    written = detail_of(work, request).own_reference.strip()
    return work.vault.blind_index("own-reference", written) if written else None


def _chain(request: Request, others: Iterable[Request]) -> tuple[Request, ...]:
    """Return the linked requests in their order; duplicates are one request and do not count."""
    if request.state is State.DUPLICATE:
        return ()
    counted = [one for one in others if one.state is not State.DUPLICATE]
    if not counted:
        return ()
    return tuple(
        sorted([request, *counted], key=lambda one: (one.received_at or one.started_at, str(one.id)))
    )
