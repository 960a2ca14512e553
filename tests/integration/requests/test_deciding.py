"""What is thought of before a request is accepted, who else is told, asking the lead, notes, and legal work."""

from datetime import UTC, date, datetime

import pytest

from factories.held_sessions import add_request
from factories.people import account
from factories.requests import accepted, coordinator, envelopes, in_triage, waiting
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.notifications.rules import MailKind
from jags.requests.queries import get_request, legal_card, notes_of, target_of, timeline
from jags.requests.rules import LeadKnows, LegalKind, LegalOutcome, State, YesNoUnsure
from jags.requests.service import (
    Considered,
    accept_request,
    add_note,
    answer_question,
    ask_lead,
    ask_requester,
    mark_duplicate,
    note_legal_check,
    reopen_request,
    set_legal_live,
    signpost_request,
)


def accept(work, request, **details):
    work.session.flush()
    values = {"version": request.version, "reason": "It fits", **details}
    return accept_request(work, request.id, **values)


def refused_field(work, request, **details) -> str:
    with pytest.raises(Invalid) as refused:
        accept(work, request, **details)
    assert request.state is State.IN_TRIAGE
    return refused.value.field


def test_accepting_needs_a_reason_which_is_kept_and_never_sent(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        assert refused_field(work, request, reason="  ") == "reason"
        accept(work, request, reason="Five agencies, five views")
        assert timeline(work, request)[-1].note.reason == "Five agencies, five views"
        assert "five views" not in str(envelopes(work, MailKind.REQUEST_ACCEPTED))


@pytest.mark.parametrize("knows", [None, LeadKnows.NOT_YET, LeadKnows.HELP_ME])
def test_a_lead_professional_who_may_not_know_is_spoken_to_before_acceptance(work_on, knows) -> None:
    with work_on() as work:
        request = in_triage(work)
        request.lead_knows = knows
        assert refused_field(work, request) == "lead_spoken_on"
        tomorrow = Considered(lead_spoken_on=date(2026, 11, 25))
        assert refused_field(work, request, considered=tomorrow) == "lead_spoken_on"
        accept(work, request, considered=Considered(lead_spoken_on=date(2026, 11, 24)))
        assert request.lead_knows is LeadKnows.YES
        assert timeline(work, request)[-1].note.lead == (
            "Spoke to the lead professional on 24 November 2026."
        )


def test_accepting_although_the_lead_professional_may_not_know_keeps_why(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        request.lead_knows = LeadKnows.NOT_YET
        accept(work, request, considered=Considered(lead_anyway="On leave until Monday"))
        assert request.lead_knows is LeadKnows.NOT_YET
        assert timeline(work, request)[-1].note.lead == (
            "The lead professional may not know yet: On leave until Monday"
        )


@pytest.mark.parametrize("knows", [LeadKnows.YES, LeadKnows.IT_IS_ME, LeadKnows.NOT_APPLICABLE])
def test_where_the_lead_professional_knows_nothing_is_asked(work_on, knows) -> None:
    with work_on() as work:
        request = in_triage(work)
        request.lead_knows = knows
        accept(work, request)
        assert (request.state, timeline(work, request)[-1].note.lead) == (State.ACCEPTED, "")


def say(work, request, kind, outcome, on="2026-11-24"):
    note_legal_check(
        work,
        request.id,
        kind=kind,
        outcome=outcome,
        spoken_on=date.fromisoformat(on),
        spoke_to="DC Marsh",
        note="Not before the hearing",
    )
    work.session.flush()


def test_live_legal_work_needs_a_go_ahead_or_a_reason_before_acceptance(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        assert legal_card(work, request) is None
        set_legal_live(work, request.id, live=YesNoUnsure.UNSURE, version=request.version)
        assert refused_field(work, request) == "legal_anyway"
        say(work, request, LegalKind.OFFICER_IN_CASE, LegalOutcome.WAIT, "2026-11-23")
        say(work, request, LegalKind.LEGAL, LegalOutcome.GO_AHEAD)
        # One says go ahead, and the latest word of another is to wait.
        assert refused_field(work, request) == "legal_anyway"
        say(work, request, LegalKind.OFFICER_IN_CASE, LegalOutcome.GO_AHEAD)
        card = legal_card(work, request)
        assert card.go_ahead
        assert [line.said.spoke_to for line in card.lines] == ["DC Marsh"] * 3
        accept(work, request)
        assert timeline(work, request)[-1].note.legal == ""


def test_accepting_without_a_go_ahead_keeps_why(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        set_legal_live(work, request.id, live=YesNoUnsure.YES, version=request.version)
        accept(work, request, considered=Considered(legal_anyway="The hearing was last week"))
        assert timeline(work, request)[-1].note.legal == (
            "Nobody has said to go ahead with live court, police or review work: The hearing was last week"
        )


@pytest.mark.parametrize(
    ("details", "field"),
    [({"spoken_on": date(2026, 11, 25)}, "spoken_on"), ({"spoke_to": " "}, "spoke_to")],
)
def test_a_conversation_has_a_name_and_a_day_that_is_over(work_on, details, field) -> None:
    with work_on() as work:
        request = in_triage(work)
        values = {"spoken_on": work.today, "spoke_to": "DC Marsh", **details}
        with pytest.raises(Invalid) as refused:
            note_legal_check(work, request.id, kind=LegalKind.LEGAL, outcome=LegalOutcome.WAIT, **values)
        assert refused.value.field == field


def test_why_we_ask_is_for_us_alone(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        ask_requester(
            work,
            request.id,
            question="Who else?",
            reason="Housing seems to be missing",
            version=request.version,
        )
        note = timeline(work, request)[-1].note
        assert (note.reason, note.internal) == ("Who else?", "Housing seems to be missing")
        assert "Housing" not in str(envelopes(work, MailKind.REQUEST_QUESTION))


def test_a_duplicate_can_tell_the_requester_of_the_other_if_that_is_somebody_else(work_on) -> None:
    with work_on() as work:
        first, second, third = in_triage(work), in_triage(work), in_triage(work)
        first.requester_email_index = work.vault.blind_index("email", "other@example.org")
        for request, told_other in ((second, " Yours goes on. "), (third, None)):
            mark_duplicate(
                work,
                request.id,
                of_reference=first.reference,
                reason="The same work",
                told_other=told_other,
                version=request.version,
            )
        (mail,) = envelopes(work, MailKind.REQUEST_JOINED)
        assert mail["params"] == {"reference": first.reference, "told": "Yours goes on."}
        assert mail["link_subject"] == str(first.id)
        assert len(envelopes(work, MailKind.REQUEST_CLOSED_OTHERWISE)) == 2


def test_who_asked_twice_is_not_told_twice_and_a_duplicate_is_joined_to_no_duplicate(work_on) -> None:
    with work_on() as work:
        first, second, third = in_triage(work), in_triage(work), in_triage(work)
        mark_duplicate(
            work, second.id, of_reference=first.reference, reason="x", told_other="", version=second.version
        )
        assert envelopes(work, MailKind.REQUEST_JOINED) == []
        with pytest.raises(Invalid) as refused:
            mark_duplicate(work, third.id, of_reference=second.reference, reason="x", version=third.version)
        assert refused.value.field == "of_reference"


def test_taking_a_request_up_again_tells_the_requester(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        signpost_request(work, request, route="tacs", reason="x")
        work.session.flush()
        reopen_request(
            work, request.id, reason="Our own", told="We ring you on Monday.", version=request.version
        )
        (mail,) = envelopes(work, MailKind.REQUEST_REOPENED)
        assert mail["params"]["told"] == "We ring you on Monday."
        assert "Our own" not in str(mail)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC)


def test_the_lead_is_asked_once_in_a_state_when_a_target_has_passed(work_on, clock) -> None:
    with work_on() as work:
        request_id, lead = in_triage(work).id, coordinator(work, "Wren Young")
        account(work, Role.ADMINISTRATOR, name="Robin Lead", email="robin@example.org")
    # In triage since Tuesday 24 November: five working days end on 1 December.
    clock.instant = at("2026-12-01")
    with work_on(lead) as work:
        request = get_request(work, request_id)
        assert target_of(work, request).due_on == date(2026, 12, 1)
        with pytest.raises(MoveNotPossible):
            ask_lead(work, request_id, version=request.version)
    clock.instant = at("2026-12-02")
    with work_on(lead) as work:
        ask_lead(work, request_id, version=get_request(work, request_id).version)
    with work_on(lead) as work:
        (mail,) = envelopes(work, MailKind.LEAD_ASKED)
        assert (mail["email"], mail["params"]) == (
            "robin@example.org",
            {
                "reference": "JAGS-2026-0001",
                "coordinator": "Wren Young",
                "target": "to decide on the request",
                "due": "Tuesday 1 December 2026",
            },
        )
        request = get_request(work, request_id)
        assert request.lead_asked_at == work.now
        with pytest.raises(MoveNotPossible):
            ask_lead(work, request_id, version=request.version)
        accept(work, request)
    clock.instant = at("2026-12-22")
    with work_on(lead) as work:
        ask_lead(work, request_id, version=get_request(work, request_id).version)
    with work_on(lead) as work:
        assert [m["params"]["target"] for m in envelopes(work, MailKind.LEAD_ASKED)] == [
            "to decide on the request",
            "to agree two facilitators",
        ]


def test_the_clock_of_the_target_stands_still_while_we_wait(work_on, clock) -> None:
    with work_on() as work:
        request_id = waiting(work).id
    clock.instant = at("2026-12-01")
    with work_on() as work:
        request = get_request(work, request_id)
        assert target_of(work, request) is None
        answer_question(work, request_id, answer="Yes", version=request.version)
        # Five working days from 24 November, and the five that we waited.
        assert target_of(work, request).due_on == date(2026, 12, 8)


def test_with_nobody_to_ask_that_is_said(work_on, clock) -> None:
    with work_on() as work:
        request_id = accepted(work).id
    clock.instant = at("2027-02-01")
    with work_on() as work:
        with pytest.raises(Invalid, match="Ring the lead"):
            ask_lead(work, request_id, version=get_request(work, request_id).version)
        assert get_request(work, request_id).lead_asked_at is None


def test_notes_stand_newest_first_with_who_wrote_them_and_two_at_once_are_both_kept(work_on, clock) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
        wren, kit = coordinator(work, "Wren Young"), coordinator(work, "Kit Moss")
    for actor, text, day in ((wren, " First ", "2026-11-24"), (kit, "Second", "2026-11-25")):
        clock.instant = at(day)
        with work_on(actor) as work:
            add_note(work, request_id, text=text)
    with work_on(wren) as work:
        found = notes_of(work, get_request(work, request_id))
        assert [(n.text, n.by) for n in found] == [("Second", "Kit Moss"), ("First", "Wren Young")]
        with pytest.raises(Invalid):
            add_note(work, request_id, text=" ")


def test_nobody_but_coordinators_writes_reads_or_does_any_of_this(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        request_id, version = request.id, request.version
        add_note(work, request_id, text="Ours")
        others = [actor_of(account(work, role)) for role in Role if role is not Role.COORDINATOR]
    acts = (
        lambda w: add_note(w, request_id, text="x"),
        lambda w: ask_lead(w, request_id, version=version),
        lambda w: set_legal_live(w, request_id, live=YesNoUnsure.YES, version=version),
        lambda w: notes_of(w, add_request(w)),
    )
    for actor in others:
        for act in acts:
            with pytest.raises((NotAllowed, NotFound)), work_on(actor) as work:
                act(work)


def test_a_stale_page_sets_nothing(work_on) -> None:
    with work_on() as work:
        request = in_triage(work)
        for act in (
            lambda: set_legal_live(work, request.id, live=YesNoUnsure.YES, version=request.version - 1),
            lambda: ask_lead(work, request.id, version=request.version - 1),
        ):
            with pytest.raises(Stale):
                act()
        assert request.legal_live is None
