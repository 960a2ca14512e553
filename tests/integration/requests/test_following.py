"""Who is silent is written to once more, then rung by a person, and never chased twice by machine."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from factories.held_sessions import add_request
from factories.requests import coordinator, envelopes, in_triage, sent, waiting
from factories.statements import statements
from jags.jobs.catalogue import JOBS
from jags.kernel.actor import ANONYMOUS
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import Request
from jags.requests.queries import get_request, notes_of, open_promise, to_ring
from jags.requests.rules import PauseReason, Priority, RingWhy, State
from jags.requests.service import (
    accept_request,
    answer_question,
    lift_pause,
    note_call,
    nudge_requesters,
    pause_request,
    reopen_request,
    set_priority,
    signpost_request,
)
from jags.settings.service import change_setting


def signposted(work, **details):
    request = in_triage(work)
    signpost_request(work, request, route="tacs", reason="It needs a plan", **details)
    work.session.flush()
    return request


SILENT = {
    "signposted": (signposted, MailKind.SIGNPOST_NUDGE, 1),
    "unconfirmed": (sent, MailKind.CONFIRM_REQUEST, 2),
    "waiting": (waiting, MailKind.QUESTION_NUDGE, 1),
}


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(("make", "kind", "mails"), SILENT.values(), ids=SILENT)
def test_who_is_silent_is_written_to_once_and_then_rung(work_on, clock, make, kind, mails) -> None:
    # A Tuesday. Five working days later it is Tuesday again, and after as many more Tuesday once more.
    with work_on() as work:
        request_id, lead = make(work).id, coordinator(work)
    for day, nudged in (("2026-11-30", 0), ("2026-12-01", 1), ("2026-12-02", 0)):
        clock.instant = at(day)
        with work_on() as work:
            assert nudge_requesters(work) == nudged, day
            assert len(envelopes(work, kind)) == (mails if day >= "2026-12-01" else mails - 1)
    for day, rung in (("2026-12-07", []), ("2026-12-08", [RingWhy.NO_ANSWER])):
        clock.instant = at(day)
        with work_on(lead) as work:
            assert [line.why for line in to_ring(work)] == rung, day
    with work_on(lead) as work:
        (line,) = to_ring(work)
        assert (line.request.id, line.requester, line.phone) == (request_id, "Asha Bell", "01632 960 010")
        assert line.since == date(2026, 12, 8)
        note_call(work, request_id, on=work.today, note="It is in hand.", version=line.request.version)
    for later in (1, 60, 400):
        clock.instant = at("2026-12-08") + timedelta(days=later)
        with work_on(lead) as work:
            assert to_ring(work) == []
        with work_on() as work:
            assert nudge_requesters(work) == 0
    with work_on(lead) as work:
        request = get_request(work, request_id)
        assert [note.text for note in notes_of(work, request)] == [
            "Rang the requester on 8 December 2026. It is in hand."
        ]


def test_who_was_told_by_telephone_is_asked_counting_from_that_day(work_on, clock) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    clock.instant = at("2026-11-30")
    with work_on() as work:
        request = get_request(work, request_id)
        signpost_request(work, request, route="tacs", reason="x", told_on=date(2026, 11, 25))
        assert request.told_on == date(2026, 11, 25)
    clock.instant = at("2026-12-02")
    with work_on() as work:
        assert nudge_requesters(work) == 1
        (mail,) = envelopes(work, MailKind.SIGNPOST_NUDGE)
        assert mail["params"]["route"] == "Team Around the Child Supervision (TACS)"
        assert mail["link_purpose"] == "request_status"


@pytest.mark.parametrize("day", [date(2026, 11, 25), date(2026, 11, 23)])
def test_the_day_of_telling_is_between_received_and_today(work_on, day) -> None:
    with work_on() as work:
        request = in_triage(work)
        with pytest.raises(Invalid) as refused:
            signpost_request(work, request, route="tacs", reason="x", told_on=day)
        assert refused.value.field == "told_on"


def test_who_has_no_address_is_told_by_telephone_and_rung_instead_of_nudged(work_on, clock) -> None:
    with work_on() as work:
        lead = coordinator(work)
        request = add_request(work, reference="JAGS-2026-0001")
        with pytest.raises(Invalid) as refused:
            signpost_request(work, request, route="tacs", reason="x")
        assert refused.value.field == "told_on"
        signpost_request(work, request, route="tacs", reason="x", told_on=work.today)
    clock.instant = at("2026-12-01")
    with work_on() as work:
        assert nudge_requesters(work) == 0
    with work_on(lead) as work:
        assert [(line.why, line.since) for line in to_ring(work)] == [(RingWhy.NO_ANSWER, date(2026, 12, 1))]


def test_who_was_told_days_before_it_was_entered_is_rung_counting_from_the_telling(work_on, clock) -> None:
    with work_on() as work:
        lead = coordinator(work)
        request_id = add_request(work, reference="JAGS-2026-0001").id
    clock.instant = at("2026-12-01")
    with work_on() as work:
        signpost_request(
            work, get_request(work, request_id), route="tacs", reason="x", told_on=date(2026, 11, 24)
        )
    with work_on(lead) as work:
        assert [(line.why, line.since) for line in to_ring(work)] == [(RingWhy.NO_ANSWER, date(2026, 12, 1))]


def test_who_sent_in_the_evening_is_written_to_on_the_morning_that_is_due(work_on, clock) -> None:
    clock.instant = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    with work_on() as work:
        sent(work)
        change_setting(work, "nudge_days", 1)
    clock.instant = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    with work_on() as work:
        assert nudge_requesters(work) == 1


def test_the_keys_of_all_who_are_written_to_are_read_at_once(app, work_on, clock) -> None:
    asked = {}
    for number in (1, 3):
        with work_on() as work:
            for _ in range(number):
                waiting(work)
        clock.instant += timedelta(days=7)
        with statements(app) as seen, work_on() as work:
            assert nudge_requesters(work) == number
        asked[number] = sum("FROM data_key" in statement for statement in seen)
    assert asked[3] == asked[1]


def test_the_days_are_a_setting(work_on, clock) -> None:
    with work_on() as work:
        signposted(work)
        change_setting(work, "nudge_days", 2)
    clock.instant = at("2026-11-26")
    with work_on() as work:
        assert nudge_requesters(work) == 1
    clock.instant = at("2026-11-30")
    with work_on() as work:
        assert len(to_ring(work)) == 1


def test_no_nudge_leaves_at_a_weekend_or_in_the_night(work_on, clock) -> None:
    with work_on() as work:
        signposted(work)
    clock.instant = at("2026-12-05")
    with work_on() as work:
        assert nudge_requesters(work) == 0
    clock.instant = datetime(2026, 12, 7, 0, 30, tzinfo=UTC)
    with work_on() as work:
        assert nudge_requesters(work) == 1
        row = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.SIGNPOST_NUDGE)
        ).one()
        assert row.due_at == datetime(2026, 12, 7, 9, 0, tzinfo=UTC)


def test_a_nudge_that_waits_is_withdrawn_when_the_requester_answers(work_on, clock) -> None:
    with work_on() as work:
        request_id = waiting(work).id
    clock.instant = at("2026-12-01")
    with work_on() as work:
        assert nudge_requesters(work) == 1
    with work_on() as work:
        answer_question(work, request_id, answer="Mornings", version=get_request(work, request_id).version)
    with work_on() as work:
        row = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.QUESTION_NUDGE)
        ).one()
        assert row.state is MailState.WITHDRAWN


def test_a_pause_stops_nudges_and_calls_and_its_days_do_not_count(work_on, clock) -> None:
    with work_on() as work:
        request_id = signposted(work).id
    clock.instant = at("2026-11-26")
    with work_on() as work:
        pause_request(work, request_id, reason=PauseReason.COMPLAINT)
    clock.instant = at("2026-12-14")
    with work_on() as work:
        assert nudge_requesters(work) == 0
        lift_pause(work, request_id, version=get_request(work, request_id).version)
    # Eighteen days of pause: told on 24 November counts as 12 December, a Saturday.
    for day, nudged in (("2026-12-17", 0), ("2026-12-18", 1)):
        clock.instant = at(day)
        with work_on() as work:
            assert nudge_requesters(work) == nudged, day
    clock.instant = at("2026-12-31")
    with work_on() as work:
        assert len(to_ring(work)) == 1
        pause_request(work, request_id, reason=PauseReason.DEATH)
        assert to_ring(work) == []


def test_a_request_that_is_taken_up_again_and_signposted_again_is_nudged_anew(work_on, clock) -> None:
    with work_on() as work:
        request_id = signposted(work).id
    clock.instant = at("2026-12-01")
    with work_on() as work:
        assert nudge_requesters(work) == 1
        request = get_request(work, request_id)
        reopen_request(work, request_id, reason="It did not fit", version=request.version)
        assert (request.told_on, request.nudged_at) == (None, None)
        signpost_request(work, request, route="early_help", reason="x")
    clock.instant = at("2026-12-08")
    with work_on() as work:
        assert nudge_requesters(work) == 1


def test_what_was_signposted_before_this_software_is_left_alone(work_on, clock) -> None:
    with work_on() as work:
        contact = work.vault.blind_index("email", "old@example.org")
        add_request(work, state=State.SIGNPOSTED, requester_email_index=contact, route="tacs")
    clock.instant = at("2027-06-01")
    with work_on() as work:
        assert nudge_requesters(work) == 0
        assert to_ring(work) == []


def test_sooner_means_that_the_requester_is_rung_today(work_on, clock) -> None:
    with work_on() as work:
        request_id, lead = in_triage(work).id, coordinator(work)
    with work_on(lead) as work:
        version = get_request(work, request_id).version
        note_call(work, request_id, on=work.today, note="", version=version)
    with work_on(lead) as work:
        version = get_request(work, request_id).version
        set_priority(work, request_id, priority=Priority.SOONER, reason="Turns 18 on Friday", version=version)
    with work_on(lead) as work:
        assert [(line.why, line.since) for line in to_ring(work)] == [(RingWhy.SOONER, date(2026, 11, 24))]
        version = get_request(work, request_id).version
        note_call(work, request_id, on=work.today, note="", version=version)
    with work_on(lead) as work:
        assert to_ring(work) == []


def test_who_was_told_by_when_we_ring_is_rung_by_then_unless_it_was_decided(work_on, clock) -> None:
    # Tuesday 24 November; two working days later it is Thursday.
    clock.instant = at("2026-11-24")
    with work_on() as work:
        request_id, other_id, lead = in_triage(work).id, in_triage(work).id, coordinator(work)
        told = [one for one in envelopes(work, MailKind.REQUEST_RECEIVED) if "26 November" in str(one)]
        assert len(told) == 2
    clock.instant = at("2026-11-25")
    with work_on(lead) as work:
        assert to_ring(work) == []
        assert open_promise(work, get_request(work, request_id)) == date(2026, 11, 26)
    clock.instant = at("2026-11-27")
    with work_on(lead) as work:
        due = [(line.request.id, line.why, line.since) for line in to_ring(work)]
        assert sorted(due) == sorted(
            (one, RingWhy.PROMISED, date(2026, 11, 26)) for one in (request_id, other_id)
        )
        note_call(work, request_id, on=work.today, note="", version=get_request(work, request_id).version)
        other = get_request(work, other_id)
        accept_request(work, other_id, version=other.version, reason="It fits a JAGS")
    with work_on(lead) as work:
        assert to_ring(work) == []


def test_a_call_is_kept_by_coordinators_of_a_day_that_is_over_and_where_somebody_waits(work_on) -> None:
    with work_on() as work:
        request = waiting(work)
        with pytest.raises(Invalid) as refused:
            note_call(work, request.id, on=date(2026, 11, 25), note="", version=request.version)
        assert refused.value.field == "on"
        request_id, version = request.id, request.version
        held = add_request(work, state=State.HELD)
        with pytest.raises(MoveNotPossible):
            note_call(work, held.id, on=work.today, note="", version=held.version)
    with work_on(ANONYMOUS) as work, pytest.raises(NotAllowed):
        note_call(work, request_id, on=work.today, note="", version=version)


def test_what_was_sent_and_never_confirmed_is_never_deleted(work_on, clock) -> None:
    with work_on() as work:
        request_id = sent(work).id
    for months in range(1, 37):
        clock.instant = at("2026-11-24") + timedelta(days=30 * months)
        with work_on() as work:
            for job in JOBS:
                job.run(work)
    with work_on() as work:
        assert work.session.get_one(Request, request_id).state is State.UNCONFIRMED
        assert len(envelopes(work, MailKind.CONFIRM_REQUEST)) == 2
