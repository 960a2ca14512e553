"""Pause everything: at once nothing leaves but what a person wrote for it, and only a person lifts it."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from factories.people import account
from factories.pool import accepted_request, facilitator, offer_to
from factories.requests import accepted, coordinator, envelopes, in_triage
from factories.sessions import COORDINATOR, agree, arrange, deliver, mail
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.audit.model import AuditEvent
from jags.jobs import runner as runner_module
from jags.jobs.catalogue import JOBS
from jags.jobs.runner import Runner
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, Stale
from jags.notifications.model import OutboxMessage
from jags.notifications.render import default_wording
from jags.notifications.rules import MailKind, MailState, Recipient, allowed_placeholders
from jags.notifications.service import queue_mail
from jags.requests.model import Request
from jags.requests.queries import get_request, held_back, paused_references, told_of_pause
from jags.requests.rules import PauseReason, State
from jags.requests.service import lift_legal_hold, lift_pause, pause_request
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState
from jags.scheduling.service import postpone_session, tell_of_pause

# What leaves although everything is paused: a person's own words, that help is told of it, and that nobody need come.
LEAVES = {
    MailKind.CALLED_OFF,
    MailKind.LEAD_TOLD_OF_PAUSE,
    MailKind.PAUSE_NOTE,
    MailKind.PAUSE_NOTE_FACILITATOR,
}
# About an account and no request.
ABOUT_NOBODY = {
    MailKind.ACCESS_RENEWED,
    MailKind.ACCESS_REVIEW,
    MailKind.ACCOUNT_CHANGED,
    MailKind.AUDIT_ANCHORS,
    MailKind.INVITATION,
    MailKind.NEW_DEVICE,
    MailKind.STILL_NEEDED,
}
JAGS = Path(__file__).parents[3] / "jags"


class FakeMailer:
    """Keeps the subjects of what it is given."""

    def __init__(self):
        self.sent = []

    def send(self, message, *, return_to):  # noqa: ARG002 - It comes back to nobody here.
        self.sent.append((message["To"].addresses[0].addr_spec, str(message["Subject"])))


@pytest.fixture
def mailer(app, monkeypatch):
    fake = FakeMailer()
    monkeypatch.setitem(app.extensions, "jags_mailer", fake)
    return fake


@pytest.fixture
def scheduler(app, mailer):
    return Runner(app)


def pause(work_on, request_id, reason=PauseReason.DEATH, actor=None):
    with work_on(actor) as work:
        pause_request(work, request_id, reason=reason)


def tell(work_on, request_id, actor=COORDINATOR, **notes):
    with work_on(actor) as work:
        version = get_request(work, request_id).version
        values = {"to_requester": "", "to_facilitators": "", "version": version, **notes}
        tell_of_pause(work, request_id, **values)


def test_a_pause_is_at_once_puts_legal_hold_on_and_changes_nothing_else(work_on) -> None:
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    pause(work_on, offered.request_id)
    with work_on() as work:
        request = get_request(work, offered.request_id)
        assert (request.paused_at, request.legal_hold_at) == (work.now, work.now)
        assert request.paused_reason is PauseReason.DEATH
        assert request.state is State.SCHEDULED
        assert work.session.get_one(JagsSession, session_id).state is SessionState.SCHEDULED
        assert paused_references(work) == {str(request.id)}
    # Pausing again keeps the first reason and the first moment.
    pause(work_on, offered.request_id, PauseReason.OTHER)
    with work_on() as work:
        assert get_request(work, offered.request_id).paused_reason is PauseReason.DEATH


def test_the_lead_is_told_of_the_pause_and_of_nothing_else(work_on) -> None:
    with work_on() as work:
        request_id, wren = in_triage(work).id, coordinator(work, "Wren Young")
        account(work, Role.ADMINISTRATOR, name="Robin Lead", email="robin@example.org")
    pause(work_on, request_id, actor=wren)
    with work_on() as work:
        (told,) = envelopes(work, MailKind.LEAD_TOLD_OF_PAUSE)
        assert (told["email"], told["params"]) == (
            "robin@example.org",
            {
                "reference": "JAGS-2026-0001",
                "coordinator": "Wren Young",
                "when": "Tuesday 24 November 2026, 10am",
            },
        )


def test_legal_hold_outlives_the_pause_until_a_person_lifts_it_with_a_reason(work_on, clock) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    pause(work_on, request_id)
    with work_on() as work, pytest.raises(MoveNotPossible):
        lift_legal_hold(work, request_id, reason="x", version=get_request(work, request_id).version)
    began = clock.instant
    clock.instant += timedelta(days=3)
    with work_on() as work:
        lift_pause(work, request_id, version=get_request(work, request_id).version)
    # A second pause keeps the hold of the first.
    pause(work_on, request_id)
    with work_on() as work:
        lift_pause(work, request_id, version=get_request(work, request_id).version)
        assert get_request(work, request_id).legal_hold_at == began
    with work_on() as work, pytest.raises(Invalid):
        lift_legal_hold(work, request_id, reason=" ", version=get_request(work, request_id).version)
    with work_on() as work, pytest.raises(Stale):
        lift_legal_hold(work, request_id, reason="x", version=1)
    with work_on() as work:
        lift_legal_hold(
            work, request_id, reason="SECRET ADVICE", version=get_request(work, request_id).version
        )
    with work_on() as work:
        assert get_request(work, request_id).legal_hold_at is None
        events = work.session.scalars(
            select(AuditEvent).where(AuditEvent.tag == "request:legal_hold_lifted")
        ).all()
        assert [event.subject_ref for event in events] == [str(request_id)]
        assert "SECRET" not in str([event.payload for event in events])


def test_each_person_gets_one_note_in_the_coordinators_words(work_on) -> None:
    offered = agree(work_on)
    arrange(work_on, offered)
    pause(work_on, offered.request_id)
    tell(work_on, offered.request_id, to_requester=" We ring you. ")
    tell(work_on, offered.request_id, to_requester="Again", to_facilitators="Thank you both.")
    with work_on() as work:
        (asked,) = envelopes(work, MailKind.PAUSE_NOTE)
        held = envelopes(work, MailKind.PAUSE_NOTE_FACILITATOR)
        assert asked["params"]["note"] == "We ring you."
        assert sorted(one["name"] for one in held) == ["Ash Reed", "Birch Lane"]
        assert {one["params"]["note"] for one in held} == {"Thank you both."}
        request = get_request(work, offered.request_id)
        assert told_of_pause(work, request) == {
            MailKind.PAUSE_NOTE,
            MailKind.PAUSE_NOTE_FACILITATOR,
        }


def test_a_facilitator_who_was_never_told_of_an_offer_gets_no_note(work_on, scheduler) -> None:
    with work_on() as work:
        request = accepted_request(work)
        people = (facilitator(work, "Ash Reed"), facilitator(work, "Birch Lane"))
        request_id = offer_to(work, request, people).request_id
    pause(work_on, request_id)
    tell(work_on, request_id, to_requester="x", to_facilitators="y")
    with work_on() as work:
        assert envelopes(work, MailKind.PAUSE_NOTE_FACILITATOR) == []
        lift_pause(work, request_id, version=get_request(work, request_id).version)
    scheduler.tick()
    pause(work_on, request_id)
    tell(work_on, request_id, to_facilitators="y")
    with work_on() as work:
        assert len(envelopes(work, MailKind.PAUSE_NOTE_FACILITATOR)) == 2


def test_a_note_needs_a_pause_and_words_and_a_page_that_is_fresh(work_on) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    with pytest.raises(MoveNotPossible):
        tell(work_on, request_id, to_requester="x")
    pause(work_on, request_id)
    with pytest.raises(Invalid):
        tell(work_on, request_id)
    with pytest.raises(Stale):
        tell(work_on, request_id, to_requester="x", version=1)
    with work_on() as work:
        actor = actor_of(account(work, Role.FACILITATOR))
    with pytest.raises(NotAllowed), work_on(actor) as work:
        pause_request(work, request_id, reason=PauseReason.OTHER)


@pytest.mark.parametrize("point", ["queued", "claimed"])
def test_mail_of_every_kind_is_held_back_before_and_after_it_is_claimed(
    app, work_on, scheduler, mailer, monkeypatch, point
) -> None:
    with work_on() as work:
        request_id = in_triage(work).id
    scheduler.tick()
    mailer.sent.clear()
    kinds = sorted(set(MailKind) - LEAVES - ABOUT_NOBODY)
    with work_on() as work:
        for kind in kinds:
            queue_mail(
                work,
                kind=kind,
                cause_ref="some cause",
                recipient_ref=f"requester:{request_id}",
                to=Recipient("Ash", "ash@example.org"),
                params=EVERYTHING,
                about_ref=str(request_id),
                link="https://localhost/x",
            )
    if point == "queued":
        pause(work_on, request_id)
    claim = runner_module.claim_next
    claims = []

    def claim_and_pause(work, **options):
        claimed = claim(work, **{**options, "paused": frozenset()} if point == "claimed" else options)
        if claimed is not None and not claims:
            work.finish()
            pause(work_on, request_id)
        claims.append(claimed)
        return claimed

    monkeypatch.setattr(runner_module, "claim_next", claim_and_pause)
    with app.app_context():
        for _ in kinds:
            scheduler._deliver_next()
    assert len([one for one in claims if one]) == (len(kinds) if point == "claimed" else 0)
    assert mailer.sent == []
    with work_on() as work:
        rows = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.cause_ref == "some cause")
        ).all()
        assert {row.state for row in rows} == {MailState.QUEUED}


EVERYTHING = {
    name: "x" for kind in MailKind for name in allowed_placeholders(default_wording(kind)) if name != "link"
}


def test_only_these_kinds_are_ever_queued_so_that_they_leave_a_pause() -> None:
    """Read every call: what leaves while paused says so, and everything else names the request that it is about."""
    calls = [
        node
        for path in JAGS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"queue_mail", "tell_requester"}
    ]
    named = [{keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords} for call in calls]
    without = sorted(words["kind"] for words in named if "cause_ref" in words and "about_ref" not in words)
    assert without == [
        "MailKind.ACCESS_RENEWED",
        "MailKind.ACCESS_REVIEW",
        # What happened to somebody's account, to them and to an address that was replaced.
        "MailKind.ACCOUNT_CHANGED",
        "MailKind.ACCOUNT_CHANGED",
        "MailKind.AUDIT_ANCHORS",
        "MailKind.DIGEST",
        "MailKind.FORWARDED",
        "MailKind.INVITATION",
        "MailKind.NEW_DEVICE",
        "MailKind.REPORT_RELEASED",
        "MailKind.STILL_NEEDED",
        "MailKind.TRAINING_LAPSING",
        # Invitations to meetings of facilitators and to training, and what becomes of them (jags.practice).
        "kind",
    ]
    assert {words["kind"] for words in named if words.get("sent_when_paused") == "True"} == {
        "MailKind.PAUSE_NOTE",
        "MailKind.PAUSE_NOTE_FACILITATOR",
        # To a facilitator who noted that a concern arose, and to whoever rings a facilitator who asked for it: neither can wait.
        "MailKind.CONCERN_REMINDER",
        "MailKind.CALL_WISHED",
    }


def test_while_paused_no_job_does_anything_about_the_request(work_on, clock) -> None:
    offered = agree(work_on)
    arrange(work_on, offered)
    with work_on() as work:
        waits = offer_to(
            work,
            accepted_request(work),
            (facilitator(work, "Cedar Hill"), facilitator(work, "Elm Wood")),
        ).request_id
        triage = in_triage(work).id
    everything = [offered.request_id, waits, triage]
    for request_id in everything:
        pause(work_on, request_id)
    before = snapshot(work_on)
    for days in (3, 10, 40):
        clock.instant += timedelta(days=days)
        for job in JOBS:
            with work_on() as work:
                # It signs the audit trail, which has gone on since the last day that the test has been on.
                assert job.run(work) == 0 or job.name == "make-checkpoints", job.name
    assert snapshot(work_on) == before


def snapshot(work_on):
    with work_on() as work:
        mails = work.session.execute(select(OutboxMessage.id, OutboxMessage.state)).all()
        states = work.session.execute(select(Request.id, Request.state, Request.version)).all()
        return sorted(mails), sorted(states)


def test_a_session_is_postponed_by_a_person_and_everybody_learns_that_nobody_need_come(
    work_on, scheduler, mailer
) -> None:
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    deliver(work_on, session_id)
    pause(work_on, offered.request_id)
    scheduler.tick()
    mailer.sent.clear()
    with work_on(COORDINATOR) as work:
        session = work.session.get_one(JagsSession, session_id)
        postpone_session(work, session_id, version=session.version)
    with work_on() as work:
        assert {sent.kind for sent in mail(work, session_id)} == {"called_off"}
    scheduler.tick()
    # Two facilitators and four participants.
    assert [subject.partition(":")[0] for _, subject in mailer.sent] == ["Called off"] * 6


def test_what_was_held_back_can_be_dropped_when_the_pause_is_lifted(work_on, scheduler, mailer) -> None:
    with work_on() as work:
        request_id = accepted(work).id
    pause(work_on, request_id)
    with work_on(COORDINATOR) as work:
        request = get_request(work, request_id)
        kinds = {one.kind for one in held_back(work, request)}
        assert kinds == {MailKind.REQUEST_ACCEPTED, MailKind.REQUEST_RECEIVED}
        assert {one.role for one in held_back(work, request)} == {"the requester"}
        lift_pause(work, request_id, version=request.version, send_held_back=False)
    scheduler.tick()
    assert mailer.sent == []
    with work_on() as work:
        assert held_back(work, get_request(work, request_id)) == []


def test_what_was_held_back_goes_when_the_pause_is_lifted_unless_said_otherwise(
    work_on, scheduler, mailer
) -> None:
    with work_on() as work:
        request_id = accepted(work).id
    pause(work_on, request_id)
    scheduler.tick()
    assert mailer.sent == []
    with work_on() as work:
        lift_pause(work, request_id, version=get_request(work, request_id).version)
    scheduler.tick()
    assert sorted(subject for _, subject in mailer.sent) == [
        "We have your request for a JAGS (JAGS-2026-0001)",
        "Your request for a JAGS is accepted (JAGS-2026-0001)",
    ]
