"""What a coordinator decides, what the requester is told, and what nobody may do, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import false, select

from factories.people import account
from factories.requests import (
    accepted,
    by_link,
    coordinator,
    draft,
    envelopes,
    in_triage,
    sent,
    waiting,
)
from jags.accounts.model import Recusal
from jags.accounts.queries import actor_of
from jags.accounts.rules import Purpose, Role
from jags.kernel.errors import Invalid, LinkNotValid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.render import default_wording
from jags.notifications.rules import MailKind
from jags.notifications.rules.wording import placeholders
from jags.requests.model import Request
from jags.requests.queries import (
    detail_of,
    get_request,
    members,
    open_question,
    overview,
    timeline,
    work_queue,
)
from jags.requests.rules import (
    MoveNote,
    NetworkContact,
    PauseReason,
    Priority,
    Question,
    State,
    TransitionalFeature,
    Verb,
)
from jags.requests.service import (
    SomebodyInvolved,
    accept_request,
    add_member,
    answer_question,
    ask_for_link,
    ask_lead,
    ask_requester,
    close_without_answer,
    confirm_by_telephone,
    confirm_transitional,
    end_with_mail,
    mark_duplicate,
    note_preparation,
    nudge_requesters,
    pause_request,
    reopen_request,
    send_asked_links,
    send_return_link,
    set_priority,
    signpost_request,
)


def test_accepting_tells_the_requester_in_the_coordinators_words(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        request_id, version, lead = request.id, request.version, coordinator(work)
    with work_on(lead) as work:
        accept_request(work, request_id, version=version, reason="It fits", told="I will ring you on Monday.")
    with work_on() as work:
        assert get_request(work, request_id).state is State.ACCEPTED
        (mail,) = envelopes(work, MailKind.REQUEST_ACCEPTED)
        assert mail["params"]["told"] == "I will ring you on Monday."


def test_a_question_waits_for_the_requester_and_their_answer_brings_it_back(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        request_id, version, lead = request.id, request.version, coordinator(work)
    with work_on(lead) as work:
        ask_requester(work, request_id, question=" Who else is involved? ", version=version)
    with work_on(by_link(request_id, Purpose.REQUEST_STATUS)) as work:
        request = get_request(work, request_id)
        assert request.state is State.WAITING_FOR_REQUESTER
        assert open_question(work, request) == "Who else is involved?"
        answer_question(work, request_id, answer="The school nurse", version=request.version)
    with work_on() as work:
        request = get_request(work, request_id)
        assert request.state is State.IN_TRIAGE
        assert open_question(work, request) == ""
        assert timeline(work, request)[-1].note == MoveNote(reason="The school nurse")
        (mail,) = envelopes(work, MailKind.REQUEST_QUESTION)
        assert mail["params"]["question"] == "Who else is involved?"


def test_only_the_own_status_link_answers(work_on) -> None:
    with work_on() as work:
        request, other = waiting(work), waiting(work)
        request_id, other_id, version = request.id, other.id, request.version
    for actor in (
        by_link(other_id, Purpose.REQUEST_STATUS),
        by_link(request_id, Purpose.CONFIRM_REQUEST),
        by_link(request_id, Purpose.REQUEST_DRAFT),
    ):
        with work_on(actor) as work, pytest.raises(LinkNotValid):
            answer_question(work, request_id, answer="No", version=version)


def test_signposting_keeps_route_reason_and_contact_and_tells_the_route_in_words(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        signpost_request(
            work,
            request,
            route="tacs",
            reason="It needs a plan",
            contact_given="Sam on 01632 960 012",
            told="Good luck.",
        )
        request_id = request.id
    with work_on() as work:
        request = get_request(work, request_id)
        assert (request.state, request.route) == (State.SIGNPOSTED, "tacs")
        note = timeline(work, request)[-1].note
        assert note == MoveNote("It needs a plan", "Good luck.", "Sam on 01632 960 012")
        (mail,) = envelopes(work, MailKind.REQUEST_SIGNPOSTED)
        assert mail["params"]["route"] == "Team Around the Child Supervision (TACS)"
        assert mail["params"]["contact"] == "You can turn to Sam on 01632 960 012."
        assert "It needs a plan" not in str(mail)


@pytest.mark.parametrize(("route", "reason", "field"), [("nowhere", "x", "route"), ("tacs", " ", "reason")])
def test_signposting_needs_a_route_of_the_list_and_a_reason(work_on, route, reason, field) -> None:
    with work_on() as work:
        request = in_triage(work)
        with pytest.raises(Invalid) as refused:
            signpost_request(work, request, route=route, reason=reason)
        assert refused.value.field == field
        assert request.state is State.IN_TRIAGE


def test_a_duplicate_is_linked_to_the_other_and_not_counted_as_waiting(work_on) -> None:
    with work_on() as work:
        first, second = in_triage(work), in_triage(work)
        mark_duplicate(
            work, second.id, of_reference=first.reference, reason="The same", version=second.version
        )
        ids = first.id, second.id
    with work_on() as work:
        second = get_request(work, ids[1])
        assert (second.state, second.previous_request_id) == (State.DUPLICATE, ids[0])
        assert [line.request.id for line in work_queue(work).lines] == [ids[0]]
        (mail,) = envelopes(work, MailKind.REQUEST_CLOSED_OTHERWISE)
        assert "another request" in mail["params"]["happened"]


@pytest.mark.parametrize("reference", ["JAGS-2026-0001", "JAGS-2026-0099", ""])
def test_a_request_is_a_duplicate_of_another_only(work_on, reference) -> None:
    with work_on() as work:
        request = in_triage(work)
        with pytest.raises(Invalid) as refused:
            mark_duplicate(work, request.id, of_reference=reference, reason="x", version=request.version)
        assert refused.value.field == "of_reference"


def test_a_duplicate_that_is_taken_up_again_stands_alone(work_on) -> None:
    with work_on() as work:
        first, second = in_triage(work), in_triage(work)
        mark_duplicate(work, second.id, of_reference=first.reference, reason="x", version=second.version)
        work.session.flush()
        reopen_request(work, second.id, reason="Not the same", version=second.version)
        assert second.previous_request_id is None


def test_what_ended_otherwise_can_be_taken_up_again(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        signpost_request(work, request, route="tacs", reason="x")
        work.session.flush()
        reopen_request(work, request.id, reason="It did not fit", version=request.version)
        assert (request.state, request.route) == (State.IN_TRIAGE, None)
        assert [s.verb for s in timeline(work, request)][-2:] == [Verb.SIGNPOST, Verb.REOPEN]


def test_closing_without_an_answer_needs_a_question_that_waits(work_on) -> None:
    with work_on() as work:
        request = waiting(work)
        close_without_answer(work, request.id, reason="Rang three times", version=request.version)
        assert request.state is State.WITHDRAWN
        other = in_triage(work)
        with pytest.raises(MoveNotPossible):
            close_without_answer(work, other.id, reason="x", version=other.version)


def test_a_stale_form_changes_nothing(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        request_id, shown, lead = request.id, request.version, coordinator(work)
    with work_on(lead) as work:
        set_priority(work, request_id, priority=Priority.SOONER, reason="x", version=shown)
    with work_on(lead) as work, pytest.raises(Stale):
        accept_request(work, request_id, version=shown, reason="x")
    with work_on() as work:
        request = get_request(work, request_id)
        assert (request.state, request.priority) == (State.IN_TRIAGE, Priority.SOONER)


def test_confirming_transitional_safeguarding_keeps_features_and_reason_apart_from_the_requesters_view(
    work_on,
) -> None:
    with work_on() as work:
        request = in_triage(work)
        request_id, view = request.id, request.transitional_view
        features = {TransitionalFeature.CARE_LEAVER, TransitionalFeature.ACCOMMODATION}
        confirm_transitional(
            work,
            request_id,
            confirmed=True,
            features=features,
            reason="Leaves care in May",
            version=request.version,
        )
    with work_on() as work:
        request = get_request(work, request_id)
        assert (request.transitional_confirmed, request.transitional_view) == (True, view)
        assert request.chosen(Question.TRANSITIONAL_FEATURE) == features
        assert detail_of(work, request).transitional_reason == "Leaves care in May"
        assert detail_of(work, request).pseudonym == "Kestrel"
        confirm_transitional(
            work,
            request_id,
            confirmed=False,
            features=features,
            reason="Not after all",
            version=request.version,
        )
        assert request.transitional_confirmed is False
        assert request.chosen(Question.TRANSITIONAL_FEATURE) == frozenset()


@pytest.mark.parametrize(
    ("features", "reason", "field"),
    [((), "x", "features"), ((TransitionalFeature.SEND,), "", "reason")],
)
def test_confirming_needs_features_and_a_reason(work_on, features, reason, field) -> None:
    with work_on() as work:
        request = in_triage(work)
        with pytest.raises(Invalid) as refused:
            confirm_transitional(
                work, request.id, confirmed=True, features=features, reason=reason, version=request.version
            )
        assert refused.value.field == field


def test_preparation_is_a_day_between_received_and_today(work_on, clock) -> None:
    with work_on() as work:
        request_id = accepted(work).id
    clock.instant += timedelta(days=5)
    with work_on() as work:
        version = get_request(work, request_id).version
        for day in (date(2026, 11, 23), date(2026, 11, 30)):
            with pytest.raises(Invalid):
                note_preparation(work, request_id, on=day, version=version)
        note_preparation(work, request_id, on=date(2026, 11, 29), version=version)
        assert get_request(work, request_id).prepared_on == date(2026, 11, 29)


def test_somebody_without_an_address_can_be_added_to_the_network(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        person = SomebodyInvolved(NetworkContact(name="Kit Moss", phone="01632 960 013"), "Housing")
        add_member(work, request.id, person=person, version=request.version)
        work.session.flush()
        assert [c.name for _, c in members(work, request)] == ["Mo Hart", "Pat Quinn", "Kit Moss"]
        assert members(work, request)[-1][0].agency_typed == "Housing"


def test_nobody_but_the_business_unit_decides(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        request_id, version = request.id, request.version
        others = [actor_of(account(work, role)) for role in Role if role is not Role.COORDINATOR]
    for actor in [*others, by_link(request_id, Purpose.REQUEST_STATUS)]:
        with work_on(actor) as work:
            for act in (
                lambda w: accept_request(w, request_id, version=version, reason="x"),
                lambda w: confirm_by_telephone(w, request_id, version=version),
                lambda w: pause_request(w, request_id, reason=PauseReason.OTHER),
                lambda w: set_priority(w, request_id, priority=Priority.SOONER, reason="x", version=version),
            ):
                with pytest.raises(NotAllowed):
                    act(work)
    with work_on() as work:
        request = get_request(work, request_id)
        assert (request.state, request.paused, request.version) == (State.IN_TRIAGE, False, version)


def test_who_is_recused_neither_sees_nor_acts(work_on) -> None:
    with work_on() as work:
        request, other = in_triage(work), in_triage(work)
        request_id, version, other_id = request.id, request.version, other.id
        lead = coordinator(work)
        work.session.add(Recusal(person_id=lead.person_id, request_id=request_id, since=work.now))
    with work_on(lead) as work:
        assert [line.request.id for line in work_queue(work).lines] == [other_id]
        assert overview(work, also=select(Request.id).where(false())).by_state[State.IN_TRIAGE] == 1
        with pytest.raises(NotFound):
            get_request(work, request_id)
        with pytest.raises(NotFound):
            accept_request(work, request_id, version=version, reason="x")


def test_every_mail_has_what_its_template_asks_for_and_names_nobody_but_its_reader(work_on, clock) -> None:
    always = {"recipient_name", "partnership", "business_unit", "phone", "website", "link"}
    with work_on() as work:
        account(work, Role.ADMINISTRATOR, name="Robin Lead")
        accepted(work), waiting(work), sent(work)
        send_return_link(work, draft(work))
        ask_for_link(work, reference=in_triage(work).reference, email="asha@example.org")
        send_asked_links(work)
        end_with_mail(work, in_triage(work), Verb.CANCEL, note=MoveNote(reason="x"))
        again, late = in_triage(work), in_triage(work).id
        for request in (again, in_triage(work)):
            signpost_request(work, request, route="tacs", reason="x")
        work.session.flush()
        reopen_request(work, again.id, reason="x", version=again.version)
        first, second = in_triage(work), in_triage(work)
        first.requester_email_index = work.vault.blind_index("email", "other@example.org")
        mark_duplicate(
            work,
            second.id,
            of_reference=first.reference,
            reason="x",
            told_other="",
            version=second.version,
        )
    clock.instant += timedelta(days=14)
    with work_on() as work:
        assert nudge_requesters(work) == 3
        ask_lead(work, late, version=get_request(work, late).version)
        pause_request(work, late, reason=PauseReason.OTHER)
        seen = {
            MailKind.CONFIRM_REQUEST,
            MailKind.LEAD_ASKED,
            MailKind.LEAD_TOLD_OF_PAUSE,
            MailKind.QUESTION_NUDGE,
            MailKind.REQUEST_ACCEPTED,
            MailKind.REQUEST_CLOSED_OTHERWISE,
            MailKind.REQUEST_JOINED,
            MailKind.REQUEST_QUESTION,
            MailKind.REQUEST_RECEIVED,
            MailKind.REQUEST_REOPENED,
            MailKind.REQUEST_SIGNPOSTED,
            MailKind.RETURN_LINK,
            MailKind.SIGNPOST_NUDGE,
            MailKind.STATUS_LINK,
        }
        for kind in seen:
            mail = envelopes(work, kind)[0]
            assert placeholders(default_wording(kind).subject + default_wording(kind).body) <= always | set(
                mail["params"]
            ), kind
            for name in ("Kestrel", "Mo Hart", "Lee Ward", "Slow down and think"):
                assert name not in str(mail), kind
