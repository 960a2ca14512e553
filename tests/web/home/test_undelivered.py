"""E-mails that were given up: shown to the Business Unit, sent again, or noted as rung."""

import re
import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from conftest import WorkOn
from factories.held_sessions import add_request
from factories.pages import sign_in, submit
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState, Recipient
from jags.notifications.service import queue_mail

# Signing in queues mail of its own.
_OURS = select(OutboxMessage.id).where(OutboxMessage.kind == MailKind.REQUEST_ACCEPTED)


@pytest.fixture
def given_up(work_on: WorkOn) -> uuid.UUID:
    """Two e-mails about one request that could not be delivered; return the request."""
    with work_on() as work:
        request = add_request(work, reference="JAGS-2026-0001")
        for cause in ("first", "second"):
            row = queue_mail(
                work,
                kind=MailKind.REQUEST_ACCEPTED,
                cause_ref=cause,
                recipient_ref=f"requester:{request.id}",
                to=Recipient("Rowan Ash", "rowan@example.org"),
                params={"reference": "JAGS-2026-0001"},
                about_ref=str(request.id),
            )
            assert row is not None
            row.state, row.attempts = MailState.FAILED, 7
        request_id: uuid.UUID = request.id
    return request_id


def told(client: FlaskClient, path: str) -> str:
    text = client.get(path).get_data(as_text=True)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def states(work_on: WorkOn) -> list[MailState]:
    with work_on(write=False) as work:
        return sorted(work.session.scalars(_OURS.with_only_columns(OutboxMessage.state)))


@pytest.mark.parametrize("page", ["home", "request"])
@pytest.mark.parametrize(
    ("how", "state", "tag"),
    [("again", MailState.QUEUED, "mail:queued_again"), ("rung", MailState.WITHDRAWN, "mail:withdrawn")],
)
def test_undelivered_mail_is_shown_until_somebody_deals_with_it(
    work_on: WorkOn, client: FlaskClient, given_up: uuid.UUID, page: str, how: str, state: MailState, tag: str
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    path = "/home" if page == "home" else f"/requests/{given_up}"
    before = told(client, path)
    assert "2 e-mails could not be delivered. Please ring them." in before
    assert "to the requester" in before
    assert "rowan@example.org" not in before
    with work_on(write=False) as work:
        message_id = work.session.scalars(_OURS).first()

    answer = submit(client, f"/undelivered/{message_id}", page=path, how=how, on=page)

    assert answer.headers["Location"] == path
    assert "1 e-mail could not be delivered." in told(client, path)
    assert states(work_on) == sorted([MailState.FAILED, state])
    with work_on(write=False) as work:
        assert tag in work.session.scalars(select(AuditEvent.tag)).all()


def test_what_somebody_has_dealt_with_is_not_sent_twice(
    work_on: WorkOn, client: FlaskClient, given_up: uuid.UUID
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on(write=False) as work:
        message_id = work.session.scalars(_OURS).first()
    submit(client, f"/undelivered/{message_id}", page="/home", how="rung")

    answer = submit(client, f"/undelivered/{message_id}", page="/home", how="again")

    assert "Somebody has dealt with this e-mail already." in answer.text
    assert states(work_on) == sorted([MailState.FAILED, MailState.WITHDRAWN])


def test_nobody_else_sends_mail_again(work_on: WorkOn, client: FlaskClient, given_up: uuid.UUID) -> None:
    sign_in(client, work_on, Role.FACILITATOR)
    with work_on(write=False) as work:
        message_id = work.session.scalars(_OURS).first()

    submit(client, f"/undelivered/{message_id}", page="/my-offers", how="again")

    assert states(work_on) == [MailState.FAILED] * 2
