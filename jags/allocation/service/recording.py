"""Write the independence record of an agreement, and keep what somebody said on the telephone about knowing the family."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from jags.accounts.queries import organisations_of
from jags.allocation.assembly import organisation, people_around, standing_of
from jags.allocation.model import DoubtCleared, IndependenceRecord, Offer, OfferedPair
from jags.allocation.policy import request_to_arrange
from jags.allocation.queries import get_offer
from jags.allocation.rules import (
    CURRENT_DECLARATION,
    DECLARATIONS,
    WAITING_OFFERS,
    GivenReason,
    OfferState,
    answer_in_words,
    doubt_in_words,
    rule_in_words,
)
from jags.allocation.rules.independence import Around
from jags.allocation.rules.record import checks, digest_of, write_record
from jags.facilitators.queries import PoolMember, pool
from jags.kernel.errors import MoveNotPossible
from jags.kernel.time import london_date
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.settings.queries import partnership


def record_independence(work: Work, request: Request, pair: OfferedPair) -> IndependenceRecord:
    """Keep what was checked about the two people of a pair that has just been agreed, sealed, with its digest in the trail."""
    members = pool(work, with_left=True, only=[offer.person_id for offer in pair.offers])
    organisations = organisations_of(work)
    around = people_around(work, request, organisations)
    standing = standing_of(work, request, members, organisations)
    cleared = _cleared(work, request)
    by_person = {member.person_id: member for member in members}
    facts = write_record(
        {
            "agreed_at": work.now.isoformat(),
            "request": {"reference": request.reference or "", "version": request.version},
            "services_of_one_employer_differ": partnership(work).employer_services_are_different,
            "chosen": {"rank": pair.rank, "seed": pair.seed},
            "exceptions": [
                {
                    "rule": rule_in_words(one.rule),
                    "reason": work.vault.open(one, "reason", GivenReason).reason,
                }
                for one in pair.exceptions
            ],
            "facilitators": [
                {
                    **_who(work, by_person[offer.person_id]),
                    "organisation": organisation(by_person[offer.person_id], organisations),
                    "checks": checks(
                        standing[offer.person_id][0],
                        compared=[_place(one) for one in around],
                        without=[_place(one) for one in around if one.person.address is None],
                    ),
                    "doubts": cleared.get(offer.person_id, []),
                    **_declared(offer),
                }
                for offer in pair.offers
            ],
        }
    )
    record = IndependenceRecord(
        key_id=request.key_id, pair_id=pair.id, request_id=request.id, made_at=work.now
    )
    work.vault.seal(record, "facts", facts)
    work.session.add(record)
    work.record("independence:recorded", record.id, pair=str(pair.id), digest=digest_of(facts))
    return record


def note_identity(
    work: Work, request_id: uuid.UUID, offer_id: uuid.UUID, *, known: bool, version: int
) -> Offer:
    """Keep that somebody was asked by telephone whether they know the family; who it is about is never typed.

    Where they do, the offer is ended by their stepping back or declining, which is theirs to do or to be noted. Raises
    `MoveNotPossible` before they have declared or once the offer has ended, `Stale` when it has changed since `version`.
    """
    request = request_to_arrange(work, request_id)
    offer = get_offer(work, offer_id)
    if offer.pair.request_id != request.id or offer.state not in {
        *(WAITING_OFFERS - {OfferState.OFFERED}),
        OfferState.ACCEPTED,
    }:
        raise MoveNotPossible
    offer.expect(version)
    offer.identity_checked_at, offer.identity_known = work.now, known
    work.record("offer:identity_checked", offer.id, pair=str(offer.pair_id), known=known)
    return offer


def _who(work: Work, member: PoolMember) -> dict[str, Any]:
    training = [
        {
            "course": one.course,
            "on": one.trained_on.isoformat(),
            "refresher_due": one.refresher_due_on.isoformat() if one.refresher_due_on else None,
        }
        for one in member.facilitator.training
    ]
    person = member.facilitator.person
    return {
        "person": str(member.person_id),
        "name": member.name,
        "agency": person.agency.name if person.agency else "",
        "team": person.team,
        "status": str(member.facilitator.status),
        "training": training,
        "current": member.current,
        "checked_on": work.today.isoformat(),
    }


def _declared(offer: Offer) -> dict[str, Any]:
    """Return what somebody declared, in the words of the version that they answered."""
    answers = {one.statement: answer_in_words(one.answer) for one in offer.declaration}
    return {
        "declaration_version": offer.declaration_version,
        "declared_at": offer.declared_at.isoformat() if offer.declared_at else None,
        "accepted_at": offer.answered_at.isoformat() if offer.answered_at else None,
        "declaration": [
            {"statement": one.text, "answer": answers[one.key]}
            for one in DECLARATIONS[offer.declaration_version or CURRENT_DECLARATION]
        ],
        "identity": {
            "checked_on": london_date(offer.identity_checked_at).isoformat()
            if offer.identity_checked_at
            else None,
            "known": offer.identity_known,
        },
    }


def _place(one: Around) -> str:
    """Return what somebody is to the request, without their name."""
    return f"{one.place}: {one.person.team}" if one.person.team else str(one.place)


def _cleared(work: Work, request: Request) -> dict[uuid.UUID, list[dict[str, str]]]:
    rows: Sequence[DoubtCleared] = work.session.scalars(
        select(DoubtCleared)
        .where(DoubtCleared.request_id == request.id)
        .order_by(DoubtCleared.cleared_at, DoubtCleared.id)
    ).all()
    found: dict[uuid.UUID, list[dict[str, str]]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(
            {
                "doubt": doubt_in_words(row.doubt),
                "cleared_at": row.cleared_at.isoformat(),
                "reason": work.vault.open(row, "reason", GivenReason).reason,
            }
        )
    return found
