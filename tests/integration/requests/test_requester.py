"""A request is passed on to another requester, who says first that it is them; and answers after signposting."""

import dataclasses
import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from factories.people import account, agency, link
from factories.requests import (
    accepted,
    by_link,
    coordinator,
    envelopes,
    in_triage,
    sent,
)
from jags.accounts.model import Link, Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import Purpose, Role
from jags.audit.model import AuditEvent
from jags.kernel.errors import Invalid, LinkNotValid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.model import OutboxMessage
from jags.notifications.render import default_wording
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import LinkWish
from jags.requests.queries import contact_of, get_request, passed_on, to_ring
from jags.requests.rules import ChangeWhy, NudgeAnswer, PauseReason, RequesterContact, RingWhy, State, Verb
from jags.requests.service import (
    AboutYou,
    answer_nudge,
    ask_for_link,
    change_requester,
    confirm_requester,
    note_call,
    nudge_requesters,
    pause_request,
    send_asked_links,
)
from jags.scheduling.service import end_request

NEW = AboutYou(
    RequesterContact(
        name="Noor Finch",
        role="Head of year",
        team="Year 11",
        email="noor@example.org",
        phone="01632 960 077",
    ),
    "Police",
)
WITHOUT_ADDRESS = AboutYou(dataclasses.replace(NEW.contact, email=""), "Police")
EVERY_LINK = (Purpose.CONFIRM_REQUEST, Purpose.REQUEST_DRAFT, Purpose.REQUEST_STATUS)


def change(work, request_id, you=NEW, why=ChangeWhy.LEFT):
    """Pass a request on, as whoever the work belongs to."""
    request = get_request(work, request_id)
    return change_requester(work, request_id, you=you, why=why, version=request.version)


def recorded(work, tag: str) -> list[AuditEvent]:
    return list(work.session.scalars(select(AuditEvent).where(AuditEvent.tag == tag)))


def mails_of(work, kind: MailKind) -> list[tuple[str, str, str]]:
    return [(m["name"], m["email"], m["link_purpose"]) for m in envelopes(work, kind)]


@pytest.fixture
def request_id(work_on):
    """A request that is being considered, with a link of each purpose that its requester may hold."""
    with work_on() as work:
        agency(work)
        request = in_triage(work)
        for purpose in EVERY_LINK:
            link(work, purpose, request.id)
        return request.id


def test_the_requester_passes_the_request_on_by_their_own_link(work_on, request_id) -> None:
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        change(work, request_id, why=ChangeWhy.AWAY)
    with work_on() as work:
        request = get_request(work, request_id)
        assert contact_of(work, request) == NEW.contact
        assert request.agency.name == "Police"
        assert request.requester_to_confirm_since == work.now
        assert mails_of(work, MailKind.REQUESTER_NAMED) == [
            ("Noor Finch", "noor@example.org", Purpose.CONFIRM_REQUESTER)
        ]
        # They did it themselves, so nobody tells them.
        assert mails_of(work, MailKind.REQUEST_PASSED_ON) == []
        (told,) = passed_on(work, request)
        assert (told.former, told.by, told.why, told.confirmed_at) == ("Asha Bell", "", ChangeWhy.AWAY, None)
        (event,) = recorded(work, "request:requester_changed")
        assert json.loads(event.payload)["why"] == "away"


def test_every_link_that_the_earlier_requester_had_ends_at_once(work_on, request_id) -> None:
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        change(work, request_id)
    with work_on() as work:
        links = work.session.scalars(select(Link).where(Link.subject_id == request_id)).all()
        assert {one.purpose for one in links} == set(EVERY_LINK)
        assert all(one.revoked_at == work.now for one in links)


def test_mail_that_still_waited_for_the_earlier_requester_is_withdrawn(work_on, request_id) -> None:
    with work_on() as work:
        assert [m["email"] for m in envelopes(work, MailKind.REQUEST_RECEIVED)] == ["asha@example.org"]
        change(work, request_id)
        assert envelopes(work, MailKind.REQUEST_RECEIVED) == []


def test_the_coordinator_passes_it_on_and_the_earlier_requester_is_told(work_on, request_id) -> None:
    with work_on() as work:
        lead = coordinator(work, "Wren Young")
    with work_on(lead) as work:
        change(work, request_id)
    with work_on() as work:
        assert mails_of(work, MailKind.REQUEST_PASSED_ON) == [("Asha Bell", "asha@example.org", "")]
        (told,) = passed_on(work, get_request(work, request_id))
        assert (told.by, told.former) == ("Wren Young", "Asha Bell")


def test_whoever_was_named_wrongly_is_not_told_of_the_next_change(work_on, request_id) -> None:
    with work_on() as work:
        lead = coordinator(work)
    with work_on(lead) as work:
        change(
            work,
            request_id,
            dataclasses.replace(NEW, contact=dataclasses.replace(NEW.contact, email="n@example.org")),
        )
    with work_on(lead) as work:
        change(work, request_id)
    with work_on() as work:
        assert [m["email"] for m in envelopes(work, MailKind.REQUESTER_NAMED)] == ["noor@example.org"]
        assert [m["email"] for m in envelopes(work, MailKind.REQUEST_PASSED_ON)] == ["asha@example.org"]


def test_somebody_without_an_address_is_told_by_telephone(work_on, request_id) -> None:
    with work_on() as work:
        lead = coordinator(work)
    with work_on(lead) as work:
        change(work, request_id, WITHOUT_ADDRESS)
    with work_on() as work:
        request = get_request(work, request_id)
        assert (request.requester_email_index, request.requester_to_confirm_since) == (None, None)
        assert envelopes(work, MailKind.REQUESTER_NAMED) == []
        assert len(envelopes(work, MailKind.REQUEST_PASSED_ON)) == 1


def test_by_link_an_address_is_needed_and_nothing_changes_without_it(work_on, request_id) -> None:
    with (
        work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work,
        pytest.raises(Invalid, match="Enter their work e-mail address") as caught,
    ):
        change(work, request_id, WITHOUT_ADDRESS)
    assert caught.value.field == "email"
    with work_on() as work:
        assert contact_of(work, get_request(work, request_id)).name == "Asha Bell"


@pytest.mark.parametrize("missing", ["name", "role", "phone"])
def test_what_we_need_of_a_requester_is_asked_for(work_on, request_id, missing) -> None:
    half = AboutYou(dataclasses.replace(NEW.contact, **{missing: ""}), "Police")
    with work_on() as work, pytest.raises(Invalid) as caught:
        change(work, request_id, half)
    assert caught.value.field == missing


def test_nothing_that_was_written_opens_before_the_new_requester_said_that_it_is_them(
    work_on, request_id
) -> None:
    with work_on() as work:
        change(work, request_id)
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work, pytest.raises(NotFound):
        get_request(work, request_id)
    with work_on(by_link(request_id, Purpose.CONFIRM_REQUESTER)) as work:
        confirm_requester(work, request_id)
        # Twice has one effect.
        confirm_requester(work, request_id)
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        request = get_request(work, request_id)
        (told,) = passed_on(work, request)
        assert told.confirmed_at == work.now
    with work_on() as work:
        assert len(recorded(work, "request:requester_confirmed")) == 1


def test_mail_meanwhile_leads_to_the_question_whether_it_is_them(work_on, request_id) -> None:
    with work_on() as work:
        change(work, request_id)
        end_request(
            work,
            request_id,
            verb=Verb.CANCEL,
            version=get_request(work, request_id).version,
            reason="Not now.",
        )
        (mail,) = envelopes(work, MailKind.REQUEST_CLOSED_OTHERWISE)
        assert (mail["email"], mail["link_purpose"]) == ("noor@example.org", Purpose.CONFIRM_REQUESTER)


def test_a_new_link_goes_to_the_new_requester_and_asks_first(work_on, request_id) -> None:
    with work_on() as work:
        reference = change(work, request_id).reference
        for email in ("asha@example.org", "noor@example.org"):
            ask_for_link(work, reference=reference, email=email)
        assert send_asked_links(work) == 2
        assert mails_of(work, MailKind.STATUS_LINK) == [
            ("Noor Finch", "noor@example.org", Purpose.CONFIRM_REQUESTER)
        ]


def test_a_link_to_one_request_reaches_no_other(work_on, request_id) -> None:
    with work_on() as work:
        other = in_triage(work).id
    for purpose, verb in (
        (
            Purpose.REQUEST_STATUS,
            lambda work: change_requester(work, request_id, you=NEW, why=ChangeWhy.LEFT, version=1),
        ),
        (
            Purpose.REQUEST_STATUS,
            lambda work: answer_nudge(work, request_id, answer=NudgeAnswer.TALK, version=1),
        ),
        (Purpose.CONFIRM_REQUESTER, lambda work: confirm_requester(work, request_id)),
    ):
        with work_on(by_link(other, purpose)) as work, pytest.raises(LinkNotValid):
            verb(work)
    # The link of one purpose does nothing that belongs to another.
    for purpose in (Purpose.CONFIRM_REQUEST, Purpose.CONFIRM_REQUESTER, Purpose.REQUEST_DRAFT):
        with work_on(by_link(request_id, purpose)) as work, pytest.raises(LinkNotValid):
            change_requester(work, request_id, you=NEW, why=ChangeWhy.LEFT, version=1)


def test_who_stood_aside_and_who_may_not_decide_cannot_pass_it_on(work_on, request_id) -> None:
    with work_on() as work:
        recused = account(work, Role.COORDINATOR)
        work.session.add(Recusal(request_id=request_id, person_id=recused.person_id, since=work.now))
        actor, facilitator = actor_of(recused), actor_of(account(work, Role.FACILITATOR))
    for who, error in ((actor, NotFound), (facilitator, NotAllowed)):
        with work_on(who) as work, pytest.raises(error):
            change_requester(work, request_id, you=NEW, why=ChangeWhy.LEFT, version=1)


def test_who_saw_an_older_version_does_not_pass_it_on(work_on, request_id) -> None:
    with work_on() as work, pytest.raises(Stale):
        change_requester(work, request_id, you=NEW, why=ChangeWhy.LEFT, version=1)


def test_an_unconfirmed_request_and_one_that_has_ended_are_not_passed_on(work_on) -> None:
    with work_on() as work:
        unconfirmed = sent(work)
        with pytest.raises(MoveNotPossible):
            change(work, unconfirmed.id)
        ended = in_triage(work)
        end_request(work, ended.id, verb=Verb.WITHDRAW, version=ended.version, reason="Not needed.")
        with pytest.raises(MoveNotPossible):
            change(work, ended.id)


def test_nothing_leaves_while_everything_is_paused(work_on, request_id) -> None:
    with work_on() as work:
        pause_request(work, request_id, reason=PauseReason.OTHER)
        change(work, request_id)
        row = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.REQUESTER_NAMED)
        ).one()
        assert (row.state, row.sent_when_paused) == (MailState.QUEUED, False)


@pytest.mark.parametrize("kind", [MailKind.REQUESTER_NAMED, MailKind.REQUEST_PASSED_ON])
def test_mail_about_the_change_says_nothing_of_the_work(work_on, request_id, kind) -> None:
    with work_on() as work:
        lead = coordinator(work)
    with work_on(lead) as work:
        change(work, request_id)
    with work_on() as work:
        (mail,) = envelopes(work, kind)
        assert set(mail["params"]) == {"reference"}
        written = str(mail) + str(default_wording(kind))
        for canary in ("Kestrel", "Slow down", "A School", "Lee Ward"):
            assert canary not in written


def signposted(work):
    request = in_triage(work)
    end_request(
        work,
        request.id,
        verb=Verb.SIGNPOST,
        version=request.version,
        route="tacs",
        reason="Tasks are needed.",
    )
    work.session.flush()
    return request


@pytest.mark.parametrize(
    ("answer", "followed_up", "wishes"),
    [(NudgeAnswer.IN_TOUCH, True, False), (NudgeAnswer.TALK, False, True)],
)
def test_the_answer_after_signposting_ends_the_chase_or_asks_for_a_call(
    work_on, answer, followed_up, wishes
) -> None:
    with work_on() as work:
        request_id = signposted(work).id
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        answer_nudge(work, request_id, answer=answer, version=get_request(work, request_id).version)
    with work_on() as work:
        request = get_request(work, request_id)
        assert (request.followed_up_at is not None, request.talk_wished_at is not None) == (
            followed_up,
            wishes,
        )
        assert request.state is State.SIGNPOSTED
        (event,) = recorded(work, "request:nudge_answered")
        assert json.loads(event.payload) == {"answer": answer.value}


def test_a_wish_to_talk_ends_with_the_state_in_which_it_was_said(work_on) -> None:
    with work_on() as work:
        request = signposted(work)
        request.talk_wished_at = work.now
        request.move(Verb.REOPEN, at=work.now)
        assert request.talk_wished_at is None


def test_nobody_answers_where_nothing_was_suggested(work_on) -> None:
    with work_on() as work:
        request_id = accepted(work).id
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work, pytest.raises(MoveNotPossible):
        answer_nudge(work, request_id, answer=NudgeAnswer.TALK, version=get_request(work, request_id).version)


def test_a_wish_for_a_link_is_kept_without_the_address(work_on) -> None:
    with work_on() as work:
        ask_for_link(work, reference="jags-2026-0001 ", email="asha@example.org")
        ask_for_link(work, reference="JAGS-2026-0001", email="ASHA@example.org")
        (wish,) = work.session.scalars(select(LinkWish)).all()
        assert wish.reference == "JAGS-2026-0001"
        assert wish.email_index == work.vault.blind_index("email", "asha@example.org")
        assert send_asked_links(work) == 1
        assert work.session.scalars(select(LinkWish)).all() == []


def test_who_would_like_to_talk_is_rung_and_not_written_to(work_on, clock) -> None:
    with work_on() as work:
        request_id = signposted(work).id
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        answer_nudge(
            work,
            request_id,
            answer=NudgeAnswer.TALK,
            version=get_request(work, request_id).version,
        )
    clock.instant += timedelta(days=14)
    with work_on() as work:
        assert nudge_requesters(work) == 0
        (one,) = to_ring(work)
        assert (one.request.id, one.why, one.since) == (
            request_id,
            RingWhy.WISHES_TO_TALK,
            date(2026, 11, 24),
        )
        note_call(work, request_id, on=work.today, note="", version=one.request.version)
        assert to_ring(work) == []


def test_who_has_been_in_touch_is_neither_rung_nor_written_to(work_on, clock) -> None:
    with work_on() as work:
        request_id = signposted(work).id
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        version = get_request(work, request_id).version
        answer_nudge(work, request_id, answer=NudgeAnswer.IN_TOUCH, version=version)
    clock.instant += timedelta(days=14)
    with work_on() as work:
        assert (nudge_requesters(work), to_ring(work)) == (0, [])
