"""Mail that did not arrive, told by kind and role."""

import uuid

import pytest

from factories.held_sessions import add_facilitator
from factories.requests import (
    coordinator,
    in_triage,
)
from jags.accounts.model import Recusal
from jags.accounts.queries import names_of
from jags.kernel.errors import NotFound
from jags.notifications.rules import MailKind, MailState, Recipient
from jags.notifications.service import queue_mail
from jags.requests.queries import (
    get_request,
    undelivered,
)
from jags.requests.service import (
    note_rung,
    send_mail_again,
)


def test_undelivered_mail_is_told_by_kind_and_role(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        request_id = request.id
        person = add_facilitator(work)
        person_id = person.person_id
        for kind, recipient, about in (
            (MailKind.REQUEST_ACCEPTED, f"requester:{request.id}", str(request.id)),
            (MailKind.SESSION_INVITATION, str(person.person_id), str(request.id)),
            (MailKind.SESSION_INVITATION, str(uuid.uuid4()), str(request.id)),
            (MailKind.FEEDBACK_INVITATION, str(uuid.uuid4()), str(request.id)),
            (MailKind.INVITATION, str(uuid.uuid4()), ""),
        ):
            give_up(work, kind, recipient, about)
        give_up(work, MailKind.OFFER, str(person.person_id), str(in_triage(work).id))

    with work_on() as work:
        found = {(one.kind, one.role) for one in undelivered(work, get_request(work, request_id))}
        named = f"{names_of(work, [person_id])[person_id]} (facilitator)"
        everywhere = undelivered(work)
        assert "a facilitator" in {one.role for one in everywhere}
        without = {one.role for one in everywhere if one.request is None}
    assert found == {
        (MailKind.REQUEST_ACCEPTED, "the requester"),
        (MailKind.SESSION_INVITATION, named),
        (MailKind.SESSION_INVITATION, "a participant"),
        (MailKind.FEEDBACK_INVITATION, "somebody who was there"),
    }
    assert (len(everywhere), without) == (6, {"somebody with an account"})


def test_undelivered_mail_of_a_request_is_not_for_who_is_recused_from_it(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        give_up(work, MailKind.REQUEST_ACCEPTED, f"requester:{request.id}", str(request.id))
        actor = coordinator(work)
        work.session.add(Recusal(person_id=actor.person_id, request_id=request.id, since=work.now))
    with work_on(actor) as work:
        assert undelivered(work) == []
    with work_on() as work:
        message_id = undelivered(work)[0].message_id
    for act in (send_mail_again, note_rung):
        with pytest.raises(NotFound), work_on(actor) as work:
            act(work, message_id)


def give_up(work, kind: MailKind, recipient: str, about: str) -> None:
    row = queue_mail(
        work,
        kind=kind,
        cause_ref="something",
        recipient_ref=recipient,
        to=Recipient("A", "a@example.org"),
        params={},
        about_ref=about,
    )
    row.state = MailState.FAILED
