"""Requests as people write them, taken as far as a test wants; and the mail that is waiting for them."""

import json
import uuid

from sqlalchemy import select

from factories.people import account
from jags.accounts.queries import actor_of
from jags.accounts.rules import Purpose, Role
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.work import Work
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import Request
from jags.requests.rules import (
    AgeBand,
    DateMatters,
    LeadKnows,
    NetworkContact,
    Plan,
    Reason,
    RequesterContact,
    Responsibility,
    YesNoUnsure,
)
from jags.requests.service import (
    AboutTheChild,
    AboutYou,
    Arrangements,
    Contacts,
    IntoAdulthood,
    LastThings,
    SomebodyInvolved,
    WhoIsInvolved,
    WhyAndHopes,
    accept_request,
    ask_requester,
    confirm_by_telephone,
    save_answers,
    start_draft,
    submit_request,
)

ABOUT_YOU = AboutYou(
    RequesterContact(
        name="Asha Bell",
        role="Teacher",
        email="asha@example.org",
        phone="01632 960 010",
        best_time="mornings",
    ),
    "A School",
)
ABOUT_THE_CHILD = AboutTheChild(
    "Kestrel",
    frozenset({AgeBand.FOURTEEN_FIFTEEN, AgeBand.SIXTEEN_SEVENTEEN}),
    sibling_group=False,
    locality="East",
    responsibility=Responsibility.OURS,
    plans=frozenset({Plan.LOOKED_AFTER}),
)
WHY = WhyAndHopes(frozenset({Reason.STUCK, Reason.DRIFT}), "Slow down and think together.")
INVOLVED = WhoIsInvolved(
    agencies=("Police", "An Unknown Charity"),
    lead=SomebodyInvolved(
        NetworkContact(name="Lee Ward", role="Social worker", email="lee@example.org"), "Police"
    ),
    lead_knows=LeadKnows.YES,
)
ADULTHOOD = IntoAdulthood(YesNoUnsure.UNSURE)
LAST = LastThings(frozenset({DateMatters.NO}), heard_of="flyer", heard_from="A poster")
CONTACTS = Contacts(
    people=(
        SomebodyInvolved(NetworkContact(name="Mo Hart", role="Nurse", email="mo@example.org"), "A School"),
        SomebodyInvolved(NetworkContact(name="Pat Quinn", phone="01632 960 011"), "An Unknown Charity"),
    ),
)
ARRANGEMENTS = Arrangements(who_should_not="Robin")
ALL = (ABOUT_YOU, ABOUT_THE_CHILD, WHY, INVOLVED, ADULTHOOD, LAST, CONTACTS, ARRANGEMENTS)


def draft(work: Work, *pages) -> Request:
    """Begin a draft with some pages; with all when none is named."""
    request = start_draft(work)
    save_answers(work, request, *(pages or ALL))
    work.session.flush()
    return request


def sent(work: Work) -> Request:
    """Return a request that was sent and is not confirmed."""
    request = draft(work)
    submit_request(work, request)
    work.session.flush()
    return request


def in_triage(work: Work) -> Request:
    """Return a confirmed request."""
    request = sent(work)
    confirm_by_telephone(work, request.id, version=request.version)
    work.session.flush()
    return request


def waiting(work: Work, question: str = "When do you work?") -> Request:
    """Return a request whose requester was asked something."""
    request = in_triage(work)
    ask_requester(work, request.id, question=question, version=request.version)
    work.session.flush()
    return request


def accepted(work: Work) -> Request:
    """Return an accepted request."""
    request = in_triage(work)
    accept_request(work, request.id, version=request.version, reason="It fits a JAGS")
    work.session.flush()
    return request


def only(work: Work) -> Request:
    """Return the one request that there is."""
    return work.session.scalars(select(Request)).one()


def coordinator(work: Work, name: str = "Wren Young") -> Actor:
    """Return a coordinator with an account."""
    return actor_of(account(work, Role.COORDINATOR, name=name))


def by_link(request_id: uuid.UUID, purpose: Purpose) -> Actor:
    """Return somebody who came by a link to a request."""
    return Actor(ActorKind.LINK, "link:test", purpose=purpose, subject_id=request_id)


def envelopes(work: Work, kind: MailKind, about: uuid.UUID | None = None) -> list[dict]:
    """Return what is sealed in the mails of a kind that have not been sent or withdrawn."""
    rows = work.session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.kind == kind, OutboxMessage.state == MailState.QUEUED)
        .order_by(OutboxMessage.queued_at, OutboxMessage.id)
    )
    return [
        json.loads(
            work.vault.open_bytes("outbox", f"outbox_message|envelope_sealed|{row.id}", row.envelope_sealed)
        )
        for row in rows
        if about is None or row.about_ref == str(about)
    ]
