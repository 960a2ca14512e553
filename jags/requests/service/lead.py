"""Tell the lead of the Business Unit, who is whoever administers: of a pause, and that help is asked for."""

import uuid
from collections.abc import Mapping

from jags.accounts.queries import accounts_with_role, contact_of, names_of
from jags.accounts.rules import Role
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import day_in_words
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import Request
from jags.requests.queries import target_of
from jags.requests.rules import State
from jags.requests.service.checks import triaged
from jags.settings.queries import partnership

# What each local target is about, in words that follow "The target:".
TARGETS: dict[State, str] = {
    State.UNCONFIRMED: "to answer the requester",
    State.IN_TRIAGE: "to decide on the request",
    State.ACCEPTED: "to agree two facilitators",
    State.OFFERED: "to agree two facilitators",
    State.FACILITATORS_AGREED: "to hold the session",
}


def ask_lead(work: Work, request_id: uuid.UUID, *, version: int) -> Request:
    """Ask the lead to help with a local target that has passed: a mail with reference and target, nothing of the work.

    Once in a state. Raises `MoveNotPossible` while no target has passed or when they were asked already, and `Invalid` when
    there is nobody to ask.
    """
    request = triaged(work, request_id, version)
    target = target_of(work, request)
    if target is None or not target.passed:
        raise MoveNotPossible("No local target of this request has passed.")
    if request.lead_asked_at is not None:
        raise MoveNotPossible("The lead has been asked already.")
    asked = tell_lead(
        work,
        request,
        kind=MailKind.LEAD_ASKED,
        cause=f"lead:{request.state_changed_at.isoformat()}",
        params={"target": TARGETS[request.state], "due": day_in_words(target.due_on)},
    )
    if not asked:
        raise Invalid("There is no administrator to write to. Ring the lead of the Business Unit.")
    request.lead_asked_at = work.now
    work.record("request:lead_asked", request.id, state=request.state)
    return request


def tell_lead(
    work: Work,
    request: Request,
    *,
    kind: MailKind,
    cause: str,
    params: Mapping[str, str],
    sent_when_paused: bool = False,
) -> int:
    """Queue a mail to every administrator but the actor, without a link; return to how many.

    It names the reference and the coordinator to ring, and never a child, a reason or the work.
    """
    people = [account.person for account in accounts_with_role(work, Role.ADMINISTRATOR)]
    others = [person for person in people if person.id != work.actor.person_id]
    for person in others:
        contact = contact_of(work, person)
        queue_mail(
            work,
            kind=kind,
            cause_ref=f"request:{request.id}:{cause}",
            recipient_ref=str(person.id),
            to=Recipient(contact.name, contact.email),
            params={
                "reference": request.reference or "",
                "coordinator": _coordinator(work),
                **params,
            },
            about_ref=str(request.id),
            sent_when_paused=sent_when_paused,
        )
    return len(others)


def _coordinator(work: Work) -> str:
    """Return the name of the colleague who acts, or the Business Unit's where it is nobody of flesh and blood."""
    person_id = work.actor.person_id
    name = names_of(work, {person_id}).get(person_id, "") if person_id else ""
    return name or f"The {partnership(work).business_unit}"
