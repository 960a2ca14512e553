"""A draft, its answers, sending, confirming and forgetting, on both databases."""

import dataclasses
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from factories.people import agency
from factories.requests import (
    ABOUT_THE_CHILD,
    ABOUT_YOU,
    INVOLVED,
    WHY,
    by_link,
    coordinator,
    draft,
    envelopes,
    in_triage,
    sent,
)
from jags.accounts.rules import Purpose
from jags.audit.model import AuditEvent
from jags.kernel.actor import ANONYMOUS
from jags.kernel.errors import Invalid, LinkNotValid, NotAllowed, NotFound
from jags.notifications.rules import MailKind
from jags.requests.model import NetworkMember, Request
from jags.requests.queries import (
    agencies_of,
    contact_of,
    detail_of,
    find_by_reference,
    get_request,
    lead_professional,
    members,
    promised_call,
    unfinished,
)
from jags.requests.rules import AgeBand, Part, Plan, Question, Reason, State
from jags.requests.service import (
    Contacts,
    confirm_by_telephone,
    confirm_request,
    save_answers,
    start_draft,
    submit_request,
)


def test_answers_come_back_as_they_were_given(work_on) -> None:
    with work_on() as work:
        request_id = draft(work).id
    with work_on() as work:
        request = get_request(work, request_id)
        assert contact_of(work, request) == ABOUT_YOU.contact
        assert request.agency_typed == "A School"
        assert request.age_bands == {AgeBand.FOURTEEN_FIFTEEN, AgeBand.SIXTEEN_SEVENTEEN}
        assert request.chosen(Question.PLAN) == {Plan.LOOKED_AFTER}
        assert request.chosen(Question.REASON) == {Reason.STUCK, Reason.DRIFT}
        detail = detail_of(work, request)
        assert (detail.pseudonym, detail.hopes, detail.who_should_not) == ("Kestrel", WHY.hopes, "Robin")
        assert detail.heard_from == "A poster"
        lead = lead_professional(work, request)
        assert lead is not None
        assert lead[1].name == "Lee Ward"
        assert [contact.name for _, contact in members(work, request)] == ["Mo Hart", "Pat Quinn"]


def test_names_and_case_text_are_not_readable_in_the_row(work_on) -> None:
    with work_on() as work:
        request = draft(work)
        columns = b"|".join(
            v if isinstance(v, bytes) else str(v).encode()
            for row in work.session.execute(select(Request.__table__)).all()
            + work.session.execute(select(NetworkMember.__table__)).all()
            for v in row
        )
        assert str(request.id).encode() in columns
        for secret in (
            b"Asha",
            b"asha@example.org",
            b"Kestrel",
            b"Slow down",
            b"Mo Hart",
            b"Robin",
            b"A poster",
        ):
            assert secret not in columns


def test_a_page_that_is_answered_again_replaces_what_it_said(work_on) -> None:
    with work_on() as work:
        request_id = draft(work).id
    with work_on() as work:
        request = get_request(work, request_id)
        kept = dataclasses.replace(ABOUT_THE_CHILD, age_bands=frozenset({AgeBand.UNBORN}), plans=frozenset())
        save_answers(work, request, kept, dataclasses.replace(INVOLVED, agencies=("Police",)), Contacts())
    with work_on() as work:
        request = get_request(work, request_id)
        assert request.age_bands == {AgeBand.UNBORN}
        assert request.chosen(Question.PLAN) == frozenset()
        assert request.chosen(Question.REASON) == {Reason.STUCK, Reason.DRIFT}
        assert agencies_of(work, request) == ("Police",)
        assert members(work, request) == []


def test_agencies_are_matched_by_alias_and_the_unknown_are_kept_as_typed(work_on) -> None:
    with work_on() as work:
        agency(work, "constabulary", "Police", aliases=["the cops"])
        page = dataclasses.replace(INVOLVED, agencies=("The  Cops", "", "Somebody New", "The  Cops"))
        request_id = draft(work, dataclasses.replace(ABOUT_YOU, agency="police"), page).id
    with work_on() as work:
        request = get_request(work, request_id)
        assert request.agency is not None
        assert request.agency.key == "constabulary"
        assert request.agency_typed == ""
        assert agencies_of(work, request) == ("Police", "Somebody New")


def test_an_address_that_is_none_is_refused(work_on) -> None:
    contact = dataclasses.replace(ABOUT_YOU.contact, email="asha@example.org\nBcc: everybody@example.org")
    with work_on() as work:
        request = start_draft(work)
        with pytest.raises(Invalid) as refused:
            save_answers(work, request, dataclasses.replace(ABOUT_YOU, contact=contact))
        assert refused.value.field == "email"


def test_sending_receives_it_once_with_a_reference_and_one_mail(work_on) -> None:
    with work_on() as work:
        request = draft(work)
        submit_request(work, request)
        submit_request(work, request)
        request_id = request.id
    with work_on() as work:
        request = get_request(work, request_id)
        submit_request(work, request)
        assert (request.reference, request.received_on) == ("JAGS-2026-0001", date(2026, 11, 24))
        assert request.state is State.UNCONFIRMED
        assert len(request.moves) == 1
        (mail,) = envelopes(work, MailKind.CONFIRM_REQUEST)
        assert mail["email"] == "asha@example.org"
        assert mail["link_purpose"] == Purpose.CONFIRM_REQUEST
        assert "Kestrel" not in str(mail)


def test_references_count_on_and_begin_again_with_the_year_in_london(work_on, clock) -> None:
    with work_on() as work:
        assert [sent(work).reference for _ in range(3)] == [f"JAGS-2026-000{n}" for n in (1, 2, 3)]
    clock.instant = clock.instant.replace(month=12, day=31, hour=23, minute=59)
    with work_on() as work:
        assert sent(work).reference == "JAGS-2026-0004"
    clock.instant += timedelta(minutes=2)
    with work_on() as work:
        assert sent(work).reference == "JAGS-2027-0001"


def test_what_lacks_something_cannot_be_sent(work_on) -> None:
    with work_on() as work:
        request = draft(work, ABOUT_YOU, WHY)
        assert unfinished(work, request) == (
            Part.CHILD,
            Part.PEOPLE,
            Part.ADULTHOOD,
            Part.LAST,
        )
        with pytest.raises(Invalid):
            submit_request(work, request)
        assert request.state is State.DRAFT
        assert request.reference is None


def test_a_draft_belongs_to_whoever_holds_its_link_even_in_the_instant_it_was_begun(work_on) -> None:
    with work_on() as work:
        mine, other = draft(work).id, draft(work).id
        lead = coordinator(work)
    with work_on(by_link(mine, Purpose.REQUEST_DRAFT)) as work:
        save_answers(work, get_request(work, mine), WHY)
        with pytest.raises(NotFound):
            get_request(work, other)
        with pytest.raises(LinkNotValid):
            save_answers(work, work.session.get_one(Request, other), WHY)
    with work_on(ANONYMOUS) as work, pytest.raises(LinkNotValid):
        save_answers(work, work.session.get_one(Request, mine), WHY)
    with work_on(lead) as work, pytest.raises(NotFound):
        get_request(work, mine)


def test_nothing_is_written_after_it_was_sent(work_on) -> None:
    with work_on() as work:
        request_id = sent(work).id
    with work_on(by_link(request_id, Purpose.REQUEST_DRAFT)) as work, pytest.raises(NotAllowed):
        save_answers(work, get_request(work, request_id), ABOUT_YOU)


def test_confirming_takes_it_into_triage_once_and_says_who_rings_by_when(work_on) -> None:
    with work_on() as work:
        request_id = sent(work).id
    for _ in range(2):
        with work_on(by_link(request_id, Purpose.CONFIRM_REQUEST)) as work:
            assert confirm_request(work, request_id).state is State.IN_TRIAGE
    with work_on() as work:
        request = get_request(work, request_id)
        assert [m.reached for m in request.moves] == [State.UNCONFIRMED, State.IN_TRIAGE]
        (mail,) = envelopes(work, MailKind.REQUEST_RECEIVED)
        assert mail["params"]["ring_by"] == "Thursday 26 November 2026"
        assert mail["link_purpose"] == Purpose.REQUEST_STATUS


@pytest.mark.parametrize(
    ("names", "caller"), [((), "Somebody"), (("Wren Young",), "Wren Young"), (("Wren", "Kit"), "Somebody")]
)
def test_the_mail_names_who_rings_where_only_one_can(work_on, names, caller) -> None:
    with work_on() as work:
        request_id = sent(work).id
        for name in names:
            coordinator(work, name)
    with work_on(by_link(request_id, Purpose.CONFIRM_REQUEST)) as work:
        confirm_request(work, request_id)
    with work_on() as work:
        (mail,) = envelopes(work, MailKind.REQUEST_RECEIVED)
        assert mail["params"]["caller"] == caller


def test_who_confirms_late_is_told_the_same_day_in_the_mail_and_afterwards(work_on, clock) -> None:
    with work_on() as work:
        request_id = sent(work).id
    clock.instant += timedelta(days=1)
    with work_on(by_link(request_id, Purpose.CONFIRM_REQUEST)) as work:
        confirm_request(work, request_id)
    clock.instant += timedelta(days=1)
    with work_on() as work:
        (mail,) = envelopes(work, MailKind.REQUEST_RECEIVED)
        assert mail["params"]["ring_by"] == "Thursday 26 November 2026"
        assert promised_call(work, get_request(work, request_id)) == date(2026, 11, 26)


def test_confirming_needs_the_link_of_the_confirmation_mail(work_on) -> None:
    with work_on() as work:
        request_id, other = sent(work).id, sent(work).id
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work, pytest.raises(LinkNotValid):
        confirm_request(work, request_id)
    with work_on(by_link(other, Purpose.CONFIRM_REQUEST)) as work, pytest.raises(LinkNotValid):
        confirm_request(work, request_id)
    with work_on() as work:
        assert get_request(work, request_id).state is State.UNCONFIRMED


def test_a_confirmation_by_telephone_takes_back_the_mail_that_asked(work_on) -> None:
    with work_on() as work:
        request_id = sent(work).id
        lead = coordinator(work)
    with work_on(lead) as work:
        request = get_request(work, request_id)
        confirm_by_telephone(work, request_id, version=request.version)
    with work_on() as work:
        assert get_request(work, request_id).state is State.IN_TRIAGE
        assert envelopes(work, MailKind.CONFIRM_REQUEST) == []
        assert len(envelopes(work, MailKind.REQUEST_RECEIVED)) == 1


def test_references_are_found_whatever_their_case(work_on) -> None:
    with work_on() as work:
        request = sent(work)
        assert find_by_reference(work, " jags-2026-0001 ") is request
        assert find_by_reference(work, "JAGS-2026-0002") is None


def test_each_move_leaves_one_audit_event(work_on) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    with work_on() as work:
        tags = work.session.scalars(
            select(AuditEvent.tag).where(AuditEvent.subject_ref == str(request_id)).order_by(AuditEvent.seq)
        ).all()
        assert [t for t in tags if t.startswith("request:")] == [
            "request:draft_started",
            "request:moved",
            "request:moved",
        ]
