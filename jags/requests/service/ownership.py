"""Say who looks after a request: take it, give it to a colleague, hand all open work over."""

import hashlib
import uuid
from collections.abc import Collection, Sequence

from jags.accounts.model import Person
from jags.accounts.policy import require
from jags.accounts.queries import contact_of, get_person, recusals_of
from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid, NotAllowed, Stale
from jags.kernel.work import Work
from jags.notifications.rules import MailKind, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import Request
from jags.requests.policy import request_for
from jags.requests.queries import open_work, team, who_can_act, who_hears_of
from jags.requests.service.moves import note_owner, once

MINE_PATH = "/requests?state=open&owner=mine"
NOBODYS_PATH = "/requests?state=open&owner=nobody"


def set_owner(work: Work, request_id: uuid.UUID, *, owner_id: uuid.UUID | None, version: int) -> Request:
    """Let a colleague, the actor or nobody look after a request from now on; a colleague is told by mail.

    Raises `Invalid` for somebody who cannot act on it, and `Stale`.
    """
    request = request_for(work, request_id, Permission.REQUEST_TRIAGE)
    request.expect(version)
    give_to(work, request, owner_id)
    return request


def give_to(work: Work, request: Request, owner_id: uuid.UUID | None) -> None:
    """Change who looks after a request, and tell them; the caller has checked whether the actor may."""
    if owner_id == request.owner_id:
        return
    able = {person.id for person in who_can_act(work, request.id)}
    if owner_id is not None and owner_id not in able | {work.actor.person_id}:
        raise Invalid("Select a colleague who can look after this request.", field="owner")
    note_owner(work, request, owner_id)
    if owner_id is None:
        tell_that_it_waits(work, request)
    elif owner_id != work.actor.person_id:
        told = f"The request {request.reference} has been given to you."
        tell_given(work, who_hears_of(work, request), owner_id=owner_id, told=told, about=request)


def tell_given(
    work: Work, people: Sequence[Person], *, owner_id: uuid.UUID, told: str, about: Request | None = None
) -> None:
    """Queue a mail to somebody who was given work, or to their deputy, who reads for whom they stand in."""
    for person in people:
        name = contact_of(work, get_person(work, owner_id)).name
        _tell(
            work,
            person,
            kind=MailKind.WORK_GIVEN,
            told=told
            if person.id == owner_id
            else f"{told[:-1]}: it was meant for {name}, for whom you stand in.",
            path=MINE_PATH,
            about=about,
        )


def tell_that_it_waits(work: Work, request: Request) -> None:
    """Queue a mail to every other coordinator who can act that nobody looks after a request."""
    for person in who_can_act(work, request.id):
        if person.id != work.actor.person_id:
            _tell(
                work,
                person,
                kind=MailKind.WORK_WAITS,
                told=f"Nobody looks after the request {request.reference} at the moment. Please agree who takes it.",
                path=NOBODYS_PATH,
                about=request,
            )


def tell_leads(work: Work, request: Request, people: Sequence[Person]) -> None:
    """Queue a mail to the leads that no coordinator can act on a request."""
    for person in people:
        _tell(
            work,
            person,
            kind=MailKind.WORK_WAITS,
            told=f"No coordinator can act on the request {request.reference}. You can take it over from your first page.",
            path="/home",
            about=request,
        )


def work_shown(requests: Sequence[Request]) -> str:
    """Return the mark of what a page showed of somebody's work, so that a form can tell whether it has changed since."""
    seen = "|".join(f"{request.id}:{request.version}" for request in requests)
    return hashlib.sha256(seen.encode()).hexdigest()


def may_hand_over(work: Work, person_id: uuid.UUID) -> None:
    """Raise `NotAllowed` unless it is the actor's own work, or the lead of the Business Unit acts for a coordinator."""
    if work.actor.person_id == person_id and work.actor.can(Permission.REQUEST_TRIAGE):
        return
    require(work.actor, Permission.REQUEST_TAKE)
    if person_id not in team(work).ids:
        raise NotAllowed("Only the work of a coordinator can be handed over.")


def hand_over(
    work: Work,
    *,
    from_id: uuid.UUID,
    to_id: uuid.UUID | None,
    request_ids: Collection[uuid.UUID],
    shown: str,
) -> tuple[int, int]:
    """Let a colleague look after somebody's open requests from now on; return how many went and how many stayed.

    Of `request_ids`, those stay in whose case the colleague is involved. Raises `Invalid` without a colleague or without a
    request, `NotAllowed`, and `Stale` when the work is not what was `shown` (`work_shown`).
    """
    may_hand_over(work, from_id)
    if to_id is None or to_id == from_id or to_id not in team(work).ids:
        raise Invalid("Select a colleague.", field="to")
    requests = open_work(work, from_id)
    if work_shown(requests) != shown:
        raise Stale
    chosen = [request for request in requests if request.id in request_ids]
    if not chosen:
        raise Invalid("Select at least one request.", field="requests")
    not_theirs = set(work.session.scalars(recusals_of(to_id)))
    goes = [request for request in chosen if request.id not in not_theirs]
    for request in goes:
        note_owner(work, request, to_id)
    if goes:
        work.record("work:handed_over", from_id, to=str(to_id), requests=len(goes))
        many = f"{len(goes)} requests have" if len(goes) > 1 else "One request has"
        deputy_id = team(work).deputies.get(to_id, to_id)
        people = [person for person in team(work).people if person.id == deputy_id]
        tell_given(work, people, owner_id=to_id, told=f"{many} been handed over to you.")
    return len(goes), len(chosen) - len(goes)


def _tell(work: Work, person: Person, *, kind: MailKind, told: str, path: str, about: Request | None) -> None:
    contact = contact_of(work, person)
    if not contact.email:
        return
    queue_mail(
        work,
        kind=kind,
        cause_ref=f"work:{about.id if about else person.id}:{once()}",
        recipient_ref=str(person.id),
        to=Recipient(contact.name, contact.email),
        params={"told": told},
        about_ref=str(about.id) if about else "",
        link=work.ports.links.page(path),
    )
