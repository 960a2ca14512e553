"""Links by mail to a draft and to a request: to whom they go, how often, and for how long."""

import dataclasses
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from factories.people import link
from factories.requests import (
    ABOUT_YOU,
    by_link,
    draft,
    envelopes,
    in_triage,
    sent,
)
from jags.accounts.model import Link
from jags.accounts.queries import actor_of_link
from jags.accounts.rules import Purpose
from jags.accounts.service import issue_link
from jags.kernel.sealing import DataKey
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import (
    get_request,
)
from jags.requests.rules import State
from jags.requests.service import (
    ask_for_link,
    delete_old_drafts,
    save_answers,
    send_asked_links,
    send_return_link,
    submit_request,
)
from jags.requests.service.intake import UNCONFIRMED_MAILS


def test_a_new_link_goes_only_to_the_address_of_the_request(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        ask_for_link(work, reference=request.reference, email="somebody.else@example.org")
        ask_for_link(work, reference="JAGS-2026-9999", email="asha@example.org")
        assert send_asked_links(work) == 2
        assert envelopes(work, MailKind.STATUS_LINK) == []
        ask_for_link(work, reference=f" {request.reference.lower()} ", email="ASHA@example.org")
        assert send_asked_links(work) == 1
        assert send_asked_links(work) == 0
        (mail,) = envelopes(work, MailKind.STATUS_LINK)
        assert (mail["email"], mail["link_subject"]) == ("asha@example.org", str(request.id))


def test_one_link_waits_or_was_sent_just_now_however_often_it_is_asked_for(work_on, clock) -> None:
    with work_on() as work:
        request = in_triage(work)
        reference, request_id = request.reference, request.id

    def asks() -> int:
        with work_on() as work:
            for _ in range(3):
                ask_for_link(work, reference=reference, email="asha@example.org")
                send_asked_links(work)
        with work_on() as work:
            mail = work.session.scalars(
                select(OutboxMessage).where(OutboxMessage.kind == MailKind.STATUS_LINK)
            ).all()
            assert {m.about_ref for m in mail} == {str(request_id)}
            return len(mail)

    assert asks() == 1
    clock.instant += timedelta(hours=1)
    assert asks() == 1
    with work_on() as work:
        mail = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.STATUS_LINK)
        ).one()
        mail.state, mail.queued_at = MailState.SENT, work.now
    clock.instant += timedelta(minutes=9)
    assert asks() == 1
    clock.instant += timedelta(minutes=1)
    assert asks() == 2


def test_a_link_back_is_sent_once_to_an_address_and_again_to_a_corrected_one(work_on) -> None:
    with work_on() as work:
        request = draft(work)
        send_return_link(work, request)
        send_return_link(work, request)
        contact = dataclasses.replace(ABOUT_YOU.contact, email="asha.bell@example.org")
        save_answers(work, request, dataclasses.replace(ABOUT_YOU, contact=contact))
        send_return_link(work, request)
        assert [m["email"] for m in envelopes(work, MailKind.RETURN_LINK)] == ["asha.bell@example.org"]


def test_a_link_that_was_mailed_to_a_mistyped_address_opens_nothing_once_it_is_corrected(
    work_on, clock
) -> None:
    with work_on() as work:
        request_id = draft(work).id
        first, _ = link(work, Purpose.REQUEST_DRAFT, request_id)
        first_id = first.id
    clock.instant += timedelta(minutes=5)
    with work_on() as work:
        mailed, in_use = (link(work, Purpose.REQUEST_DRAFT, request_id)[0] for _ in range(2))
        ids, actor = (mailed.id, in_use.id), actor_of_link(in_use)
    with work_on(actor) as work:
        request = get_request(work, request_id)
        save_answers(work, request, ABOUT_YOU)
        assert work.session.get_one(Link, ids[0]).revoked_at is None
        contact = dataclasses.replace(ABOUT_YOU.contact, email="asha.bell@example.org")
        save_answers(work, request, dataclasses.replace(ABOUT_YOU, contact=contact))
    with work_on(write=False) as work:
        assert [work.session.get_one(Link, one).revoked_at is None for one in (first_id, *ids)] == [
            True,
            False,
            True,
        ]


def test_drafts_without_number_send_a_stranger_few_mails(work_on, clock) -> None:
    def ask():
        with work_on() as work:
            request = draft(work)
            send_return_link(work, request)
            request = draft(work)
            submit_request(work, request)
            return sum(len(envelopes(work, k)) for k in (MailKind.RETURN_LINK, MailKind.CONFIRM_REQUEST))

    assert [ask() for _ in range(5)] == [2, 4, UNCONFIRMED_MAILS, UNCONFIRMED_MAILS, UNCONFIRMED_MAILS]
    with work_on() as work:
        mails = [m for k in (MailKind.RETURN_LINK, MailKind.CONFIRM_REQUEST) for m in envelopes(work, k)]
        assert {m["name"] for m in mails} == {""}
    clock.instant += timedelta(hours=1)
    assert ask() == UNCONFIRMED_MAILS + 2


def test_the_day_of_the_link_back_is_londons(work_on, clock) -> None:
    clock.instant = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    with work_on() as work:
        send_return_link(work, draft(work))
        (mail,) = envelopes(work, MailKind.RETURN_LINK)
        assert mail["params"]["until"] == "Thursday 16 July 2026"


def test_old_drafts_are_forgotten_with_their_key_and_links(work_on, clock) -> None:
    with work_on() as work:
        old = draft(work)
        send_return_link(work, old)
        link, _ = issue_link(work, purpose=Purpose.REQUEST_DRAFT, subject_id=old.id, expires_at=None)
        old_id, key_id, link_id, received = old.id, old.key_id, link.id, sent(work).id
    clock.instant += timedelta(days=10)
    with work_on() as work:
        younger = draft(work).id
    clock.instant += timedelta(days=4, seconds=1)
    with work_on() as work:
        assert delete_old_drafts(work) == 1
        assert delete_old_drafts(work) == 0
    with work_on() as work:
        assert work.session.get(Request, old_id) is None
        assert work.session.get(DataKey, key_id) is None
        assert work.session.scalar(select(func.count()).where(NetworkMember.request_id == old_id)) == 0
        assert envelopes(work, MailKind.RETURN_LINK) == []
        assert work.session.get_one(Link, link_id).revoked_at is not None
        assert get_request(work, younger).state is State.DRAFT
        assert get_request(work, received).state is State.UNCONFIRMED


def test_the_link_back_lasts_as_long_as_the_draft(work_on, clock) -> None:
    with work_on() as work:
        request_id = draft(work).id
    clock.instant += timedelta(days=3)
    with work_on(by_link(request_id, Purpose.REQUEST_DRAFT)) as work:
        send_return_link(work, get_request(work, request_id))
        (mail,) = envelopes(work, MailKind.RETURN_LINK)
        assert mail["link_seconds"] == timedelta(days=11).total_seconds()
        assert mail["params"]["until"] == "Tuesday 8 December 2026"
