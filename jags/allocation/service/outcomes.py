"""What follows when an offer ends or both have accepted: the partner, the request, and who is told."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from jags.accounts.model import Person
from jags.accounts.queries import contact_of, get_person
from jags.accounts.rules import Purpose
from jags.allocation.assembly import assemble
from jags.allocation.choice import rank
from jags.allocation.model import Offer, OfferedPair
from jags.allocation.rules import UNANSWERED_OFFERS, OfferState, PairState
from jags.allocation.service.recording import record_independence
from jags.kernel.errors import MoveNotPossible
from jags.kernel.time import day_in_words, london_date, start_of_day
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState, Recipient
from jags.notifications.service import LinkWanted, queue_mail, withdraw_mail
from jags.requests.model import Request
from jags.requests.rules import MoveNote, State, Verb, is_working_day
from jags.requests.service import move_request, tell_requester
from jags.settings.queries import partnership


class OfferNotOpen(MoveNotPossible):
    """This offer is not open any more, so there is nothing left for you to do."""


def lock_request(work: Work, request_id: uuid.UUID) -> Request:
    """Return a request as the database has it now, held until the end of this unit of work.

    Whoever answers, offers or withdraws for one request does so one after the other.
    """
    found = lock_requests(work, [request_id])
    if not found:
        raise MoveNotPossible
    return found[0]


def lock_requests(work: Work, request_ids: Collection[uuid.UUID]) -> Sequence[Request]:
    """Return requests as the database has them now, held as `lock_request` holds one: in one order, so that nobody waits for each other."""
    return work.session.scalars(
        select(Request)
        .where(Request.id.in_(request_ids))
        .order_by(Request.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def last_moment_to_answer(day: date) -> datetime:
    """Return the end of the first working day on or after a London date, in UTC."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return start_of_day(day + timedelta(days=1)) - timedelta(microseconds=1)


def end_offer(work: Work, offer: Offer, state: OfferState, *, tell: bool, reason: str = "") -> None:
    """End an offer that its person did not end, and tell them kindly unless they hear otherwise or never knew."""
    planned = offer.state is OfferState.PLANNED
    offer.move(state)
    unsent = withdraw_mail(work, cause_prefix=_cause(offer), kind=MailKind.OFFER)
    # Whoever has declared knows of it, even if they saw it before its mail left.
    never_knew = (planned or unsent) and offer.declared_at is None
    withdraw_mail(work, cause_prefix=_cause(offer), kind=MailKind.OFFER_CLEARED)
    lapsed = state is OfferState.LAPSED
    work.record(
        "offer:lapsed" if lapsed else "offer:withdrawn", offer.id, reason=reason, pair=str(offer.pair_id)
    )
    if tell and not never_knew:
        _mail(work, offer, MailKind.OFFER_WITHDRAWN, cause="ended")


def break_pair(work: Work, request: Request, ended: Offer, *, reason: str = "") -> None:
    """Deal with the partner of an offer that has just ended, and bring the request back to the choice.

    A partner who has not answered is told that they are not needed now. One who has accepted is kept if a valid partner
    for them exists, otherwise released.
    """
    partner = ended.partner
    if partner.state in UNANSWERED_OFFERS:
        end_offer(work, partner, OfferState.LAPSED, tell=True)
    if request.state is State.OFFERED:
        move_request(work, request, Verb.RELEASE_PAIR, note=MoveNote(reason=reason))
    work.session.flush()
    if partner.state is OfferState.ACCEPTED and not _has_partner(work, request):
        end_offer(work, partner, OfferState.WITHDRAWN, tell=True)


def ask_partner(work: Work, offer: Offer) -> None:
    """Ask the other person of a pair, where they are asked one after the other and one has just accepted."""
    partner = offer.partner
    if partner.state is OfferState.PLANNED:
        partner.move(OfferState.OFFERED)
        partner.pair.lapses_at = last_day_to_answer(work)
        work.record("offer:made", partner.id, pair=str(partner.pair_id), request=str(partner.pair.request_id))
        mail_offer(work, partner)


def last_day_to_answer(work: Work) -> datetime:
    """Return the instant until which an offer that is made now stays open."""
    return last_moment_to_answer(work.today + timedelta(days=partnership(work).offer_open_days))


def agree_if_both_accepted(work: Work, request: Request, pair: OfferedPair) -> None:
    """Agree the facilitators once both have accepted, and tell both and the requester."""
    if pair.state is not PairState.AGREED:
        return
    move = move_request(work, request, Verb.AGREE_FACILITATORS)
    record_independence(work, request, pair)
    for offer in pair.offers:
        colleague = get_person(work, offer.partner.person_id)
        _mail(
            work,
            offer,
            MailKind.FACILITATORS_AGREED,
            cause="agreed",
            params={
                "reference": request.reference or "",
                "news": f"You and {_named(work, colleague)} have both agreed to facilitate this JAGS. Thank you.",
                "next_step": "Please speak to each other soon, and then to the requester, to prepare. We arrange the date with you, unless you have it already.",
            },
            link=work.ports.links.page("/my-offers"),
        )
    tell_requester(
        work,
        request,
        kind=MailKind.FACILITATORS_AGREED,
        cause=move,
        params={
            "news": "Two facilitators, independent of the work and of you, have agreed to hold your JAGS.",
            "next_step": "They will be in touch with you to prepare, and we arrange a date that suits the network, unless there is one already.",
        },
    )


def offer_mail_left(work: Work, offer: Offer) -> bool:
    """Tell whether the offer has been sent, or is being sent now."""
    row = work.session.scalar(
        select(OutboxMessage.id)
        .where(
            OutboxMessage.cause_ref.startswith(_cause(offer), autoescape=True),
            OutboxMessage.kind == MailKind.OFFER,
            OutboxMessage.state.in_([MailState.SENT, MailState.CLAIMED]),
        )
        .limit(1)
    )
    return row is not None


def mail_offer(work: Work, offer: Offer) -> None:
    """Send the offer with the link to its first look, once for each day by which it asks for an answer.

    What asks for an answer by another day and has not left is withdrawn.
    """
    settings = partnership(work)
    withdraw_mail(work, cause_prefix=_cause(offer), kind=MailKind.OFFER)
    _mail(
        work,
        offer,
        MailKind.OFFER,
        cause=f"until:{offer.pair.lapses_at.isoformat()}",
        not_after=offer.pair.lapses_at,
        params={"reply_by": day_in_words(london_date(offer.pair.lapses_at))},
        link=LinkWanted(Purpose.OFFER, offer.id, timedelta(days=settings.link_days)),
    )


def mail_cleared(work: Work, offer: Offer) -> None:
    """Tell somebody that the connection that they declared is fine, with a link to their offer."""
    _mail(
        work,
        offer,
        MailKind.OFFER_CLEARED,
        cause="cleared",
        not_after=offer.pair.lapses_at,
        params={"reply_by": day_in_words(london_date(offer.pair.lapses_at))},
        link=LinkWanted(Purpose.OFFER, offer.id, timedelta(days=partnership(work).link_days)),
    )


def _has_partner(work: Work, request: Request) -> bool:
    assembled = assemble(work, request)
    return assembled.kept is not None and bool(rank(assembled, limit=1).pairs)


def _mail(
    work: Work,
    offer: Offer,
    kind: MailKind,
    *,
    cause: str,
    params: dict[str, str] | None = None,
    link: LinkWanted | str | None = None,
    not_after: datetime | None = None,
) -> None:
    contact = contact_of(work, get_person(work, offer.person_id))
    queue_mail(
        work,
        kind=kind,
        cause_ref=f"{_cause(offer)}{cause}",
        recipient_ref=str(offer.person_id),
        to=Recipient(contact.name, contact.email),
        params=params or {},
        about_ref=str(offer.pair.request_id),
        link=link,
        not_after=not_after,
    )


def _cause(offer: Offer) -> str:
    return f"offer:{offer.id}:"


def _named(work: Work, person: Person) -> str:
    name = contact_of(work, person).name
    return f"{name} ({person.agency.name})" if person.agency else name
