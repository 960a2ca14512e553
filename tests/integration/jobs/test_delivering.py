"""Mail is delivered at least once, under one id, and not when it is no longer true or its request is paused."""

from datetime import timedelta

import pytest

from factories import requests
from factories.scheduled import queue, states
from jags.adapters.mailer import MailNotAccepted
from jags.jobs import runner as runner_module
from jags.jobs.runner import Runner
from jags.notifications.rules import CLAIM_LEASE, RETRY_AFTER, MailState
from jags.notifications.service import withdraw_mail
from jags.requests.rules import PauseReason
from jags.requests.service import lift_pause, pause_request


def test_a_refused_message_is_tried_again_after_its_pause(scheduler, mailer, work_on, clock):
    queue(work_on, "ash", "birch")

    def refuse(message):
        if "ash" in message["To"]:
            raise MailNotAccepted("code 451")

    mailer.before = refuse
    scheduler.tick()
    assert mailer.addresses == ["birch@example.org"]
    mailer.before = lambda _message: None
    clock.instant += RETRY_AFTER[0] - timedelta(seconds=1)
    scheduler.tick()
    assert mailer.addresses == ["birch@example.org"]
    clock.instant += timedelta(seconds=1)
    scheduler.tick()
    assert mailer.addresses == ["birch@example.org", "ash@example.org"]
    assert states(work_on) == {"ash": MailState.SENT, "birch": MailState.SENT}


def die(*_args, **_options):
    """End as a process does that is killed: no handler of a failed job or message sees it."""
    raise SystemExit


def dies_after(monkeypatch, step):
    """Let the process end when a step of the delivery is done, before anything of it is committed."""
    done = getattr(runner_module, step)

    def do_and_die(*args, **options):
        done(*args, **options)
        die()

    monkeypatch.setattr(runner_module, step, do_and_die)


@pytest.mark.parametrize(
    ("point", "arrivals"),
    [
        ("before the claim", 1),
        ("claimed, not committed", 1),
        ("claimed and committed", 1),
        ("looked at again", 1),
        ("before the server took it", 1),
        ("the server took it", 2),
        ("noted, not committed", 2),
    ],
)
def test_a_sender_killed_anywhere_loses_nothing_and_sends_at_most_once_more_under_the_same_id(
    app, mailer, work_on, clock, point, arrivals
):
    queue(work_on, "ash")
    with pytest.MonkeyPatch.context() as patch:
        match point:
            case "before the claim":
                patch.setattr(runner_module, "claim_next", die)
            case "claimed, not committed":
                dies_after(patch, "claim_next")
            case "claimed and committed":
                patch.setattr(runner_module, "still_wanted", die)
            case "looked at again":
                dies_after(patch, "still_wanted")
            case "before the server took it":
                mailer.before = die
            case "the server took it":
                patch.setattr(runner_module, "note_sent", die)
            case "noted, not committed":
                dies_after(patch, "note_sent")
        with pytest.raises(SystemExit):
            Runner(app).tick()
    mailer.before = lambda _message: None
    clock.instant += CLAIM_LEASE + timedelta(seconds=1)
    Runner(app).tick()
    Runner(app).tick()
    assert mailer.addresses == ["ash@example.org"] * arrivals
    assert len({message_id for _address, message_id in mailer.sent}) == 1
    assert states(work_on) == {"ash": MailState.SENT}


def after_claim(monkeypatch, act):
    """Let something happen in another process right after each claim."""
    claim = runner_module.claim_next

    def claim_and_act(work, **options):
        claimed = claim(work, **options)
        if claimed is not None:
            # The claim is committed first, as it is before anybody else can act on it.
            work.finish()
            act()
        return claimed

    monkeypatch.setattr(runner_module, "claim_next", claim_and_act)


def test_mail_withdrawn_between_claim_and_send_does_not_go(scheduler, mailer, work_on, clock, monkeypatch):
    queue(work_on, "ash")

    def withdraw():
        with work_on() as work:
            withdraw_mail(work, cause_prefix="cause of ash")

    after_claim(monkeypatch, withdraw)
    scheduler.tick()
    clock.instant += timedelta(days=1)
    scheduler.tick()
    assert mailer.sent == []
    assert states(work_on) == {"ash": MailState.WITHDRAWN}


@pytest.fixture
def request_id(work_on, mailer, scheduler):
    """A request in triage whose mail has left."""
    with work_on() as work:
        found = requests.in_triage(work).id
    scheduler.tick()
    mailer.sent.clear()
    return found


def pause(work_on, request_id):
    with work_on() as work:
        pause_request(work, request_id, reason=next(iter(PauseReason)))


def test_mail_about_a_paused_request_waits_until_a_person_lifts_the_pause(
    scheduler, mailer, work_on, clock, request_id
):
    queue(work_on, "ash", about_ref=str(request_id))
    queue(work_on, "birch")
    pause(work_on, request_id)
    scheduler.tick()
    assert mailer.addresses == ["birch@example.org"]
    clock.instant += timedelta(days=30)
    scheduler.tick()
    with work_on() as work:
        version = work.session.get_one(requests.Request, request_id).version
        lift_pause(work, request_id, version=version)
    scheduler.tick()
    assert mailer.addresses == ["birch@example.org", "ash@example.org"]


def test_mail_paused_between_claim_and_send_waits(scheduler, mailer, work_on, request_id, monkeypatch):
    queue(work_on, "ash", about_ref=str(request_id))
    after_claim(monkeypatch, lambda: pause(work_on, request_id))
    scheduler.tick()
    assert mailer.sent == []
    assert states(work_on)["ash"] is MailState.QUEUED
