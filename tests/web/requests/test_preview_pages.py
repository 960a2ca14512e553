"""What a step would tell people is shown before it goes; nothing is used up by looking, and what was typed is kept."""

import html
import re

import pytest
from sqlalchemy import func, select

from factories.pages import errors, heading, seen, sign_in, token, version
from factories.pages import take_step as step
from factories.pool import accepted_request, facilitator, offer_to
from factories.requests import accepted, envelopes, in_triage, sent, waiting
from factories.sessions import agree, arrange, deliver
from jags.accounts.model import Link
from jags.accounts.rules import Role
from jags.audit.model import AuditHead
from jags.audit.rules import Stream
from jags.jobs.runner import Runner
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import ReferenceCounter, Request, RequestMove
from jags.requests.queries import get_request
from jags.requests.rules import PauseReason, RequesterContact, State
from jags.requests.service import pause_request
from jags.web.requests.steps import STEPS

WORDS = "It is “<b>ours</b>” & theirs\nSecond line"


def letters(page) -> list[str]:
    """Return the texts of the e-mails that a page shows."""
    found = re.findall(r'class="jags-letter__text">(.*?)</div>', page.text, re.DOTALL)
    return [html.unescape(text).strip() for text in found]


def readers(page) -> list[str]:
    """Return whom the e-mails that a page shows are for."""
    found = re.findall(r'id="letter-\d+">(.*?)</h2>', page.text, re.DOTALL)
    return [" ".join(html.unescape(text).split()) for text in found]


def everybody(page) -> list[tuple[str, list[str]]]:
    """Return for each e-mail that a page shows the role of its readers and their names, in the order of the alphabet."""
    found = []
    for letter in re.findall(r"<article.*?</article>", page.text, re.DOTALL):
        words = " ".join(html.unescape(re.sub("<[^>]+>", " ", letter)).split())
        role, first = re.match(r"(To .*?): (.*?) Subject:", words).groups()
        others = re.search(r"The same, with their own name, goes to (.*?)\.", words)
        found.append(
            (role, sorted([first, *(others[1].replace(" and ", ", ").split(", ") if others else [])]))
        )
    return found


def prepared(client, work_on, make=in_triage):
    sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    with work_on() as work:
        request_id = make(work).id
    return request_id, f"/requests/{request_id}"


def look(client, path, name, /, **fields):
    """Send a step's form once; return the page, and what to send again."""
    page = client.get(f"{path}/{name}")
    data = {"csrf_token": token(page), "version": version(page), **fields}
    return client.post(f"{path}/{name}", data=data), data


def everything_kept(work_on):
    """Return how much is stored of all that a step writes."""
    with work_on() as work:
        count = lambda table: work.session.scalar(select(func.count()).select_from(table))  # noqa: E731 - One line.
        # Who has looked at a page is kept too, in a chain of its own.
        rows = list(work.session.scalars(select(AuditHead.seq).where(AuditHead.stream == Stream.ACTS)))
        rows += [count(table) for table in (OutboxMessage, RequestMove, Link)]
        numbers = work.session.execute(select(ReferenceCounter.year, ReferenceCounter.last)).all()
        states = work.session.execute(
            select(Request.reference, Request.state, Request.version, Request.followed_up_at).order_by(
                Request.reference
            )
        ).all()
        return rows, numbers, states


FIELDS = {
    "accept": (in_triage, {"reason": "It fits"}),
    "ask": (in_triage, {"question": "Who else is involved?"}),
    "signpost": (in_triage, {"reason": "x", "route": "tacs", "contact_given": "Sam"}),
    "duplicate": (in_triage, {"reason": "x", "of_reference": "JAGS-2026-0001"}),
    "withdraw": (accepted, {"reason": "x"}),
    "cancel": (accepted, {"reason": "x"}),
    "close-without-answer": (waiting, {"reason": "x"}),
    "confirm-by-telephone": (sent, {"spoke": "y"}),
}


@pytest.mark.parametrize("name", FIELDS)
def test_looking_uses_nothing_up_and_what_is_sent_is_what_was_seen(app, client, work_on, name) -> None:
    make, fields = FIELDS[name]
    with work_on() as work:
        in_triage(work)
    request_id, path = prepared(client, work_on, make)
    before = everything_kept(work_on)
    shown, data = look(client, path, name, **fields)
    assert shown.status_code == 200
    assert heading(shown).startswith("Before it goes: ")
    assert everything_kept(work_on) == before
    (text,) = letters(shown)
    assert readers(shown) == ["To the requester: Asha Bell"]
    assert "(their own link)" in text

    answer = client.post(f"{path}/{name}", data={**data, "go": "send", "seen": seen(shown)})
    assert answer.location == path
    with work_on() as work:
        assert get_request(work, request_id).version > before[2][-1].version
        rows = work.session.scalars(select(OutboxMessage).order_by(OutboxMessage.queued_at)).all()
        assert len(rows) == before[0][1] + 1
    assert delivered(app).count(text) == 1


def delivered(app) -> list[str]:
    """Deliver everything that is due, and return the texts, with the same words in place of every reader's own link."""
    texts = []

    class Mailer:
        def send(self, message, *, return_to):  # noqa: ARG002 - It comes back to nobody here.
            text = message.get_body(("plain",)).get_content().strip().replace("\r\n", "\n")
            texts.append(re.sub(r"http://\S+", "(their own link)", text))

    kept = app.extensions["jags_mailer"]
    app.extensions["jags_mailer"] = Mailer()
    Runner(app).tick()
    app.extensions["jags_mailer"] = kept
    return texts


def test_everybody_else_who_is_told_is_shown_by_role(client, work_on) -> None:
    offered = agree(work_on, people=2)
    deliver(work_on, arrange(work_on, offered))
    sign_in(client, work_on, Role.COORDINATOR)
    shown, _ = look(client, f"/requests/{offered.request_id}", "cancel", reason="The worker left")
    # Who gets the same but for their name is named once, below the letter of the first.
    assert sorted(everybody(shown)) == [
        ("To a facilitator", ["Ash Reed", "Birch Lane"]),
        ("To a participant", ["Person 0", "Person 1"]),
        ("To the requester", ["Asha Bell"]),
    ]
    assert "These 5 e-mails leave" in shown.text
    assert shown.text.count("With an entry that changes their calendar.") == 2


def test_facilitators_with_an_open_offer_are_shown(client, work_on, app) -> None:
    with work_on() as work:
        people = (facilitator(work, "Ash Reed"), facilitator(work, "Birch Lane"))
        request_id = offer_to(work, accepted_request(work), people).request_id
    assert sum("We would like to ask you" in text for text in delivered(app)) == 2
    sign_in(client, work_on, Role.COORDINATOR)
    shown, _ = look(client, f"/requests/{request_id}", "withdraw", reason="x")
    assert ("To a facilitator", ["Ash Reed", "Birch Lane"]) in everybody(shown)


def test_the_requester_of_the_other_request_is_shown_when_they_are_told(client, work_on) -> None:
    with work_on() as work:
        first = in_triage(work)
        first.requester_email_index = work.vault.blind_index("email", "other@example.org")
    _, path = prepared(client, work_on)
    fields = {"reason": "x", "of_reference": "JAGS-2026-0001", "told_other": "Yours goes on."}
    shown, _ = look(client, path, "duplicate", **fields)
    assert len(readers(shown)) == 1
    shown, _ = look(client, path, "duplicate", tell_other="y", **fields)
    assert readers(shown) == [
        "To the requester: Asha Bell",
        "To the requester of JAGS-2026-0001: Asha Bell",
    ]
    assert "Yours goes on." in letters(shown)[1]


def test_change_brings_the_form_back_with_everything_that_was_typed(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    fields = {
        "reason": WORDS,
        "told": "We wish you well.",
        "route": "early_help",
        "contact_given": "Sam",
        "told_on": ["24", "11", "2026"],
    }
    shown, _ = look(client, path, "signpost", **fields)
    hidden = re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)"', shown.text)
    carried = [(name, html.unescape(value)) for name, value in hidden]
    assert [value for name, value in carried if name == "told_on"] == ["24", "11", "2026"]
    again = client.post(f"{path}/signpost", data=_as_form(carried, go="change"))
    assert heading(again) == "Signpost to another route"
    assert errors(again) == []
    assert WORDS in html.unescape(again.text)
    assert re.search(r'value="early_help" checked', again.text)
    assert re.findall(r'name="told_on"[^>]*?value="(\d+)"', again.text) == ["24", "11", "2026"]
    shown = client.post(f"{path}/signpost", data=_as_form(carried))
    answer = client.post(f"{path}/signpost", data=_as_form(carried, go="send", seen=seen(shown)))
    assert answer.location == path
    with work_on() as work:
        assert get_request(work, request_id).state is State.SIGNPOSTED


def _as_form(pairs, **more):
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return {**data, **more}


def test_somebody_elses_step_in_between_is_a_conflict_and_the_text_is_kept(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    shown, data = look(client, path, "ask", question="Who knows of it?", reason="Nobody says")
    step(client, path, "priority", priority="sooner", reason="x")
    answer = client.post(f"{path}/ask", data={**data, "go": "send", "seen": seen(shown)})
    assert answer.status_code == 409
    assert "Who knows of it?" in answer.text
    assert "Nobody says" in answer.text
    assert seen(shown) not in answer.text
    with work_on() as work:
        assert get_request(work, request_id).state is State.IN_TRIAGE
        assert envelopes(work, MailKind.REQUEST_QUESTION) == []


def test_what_would_be_sent_now_is_shown_again_when_it_is_something_else(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    shown, data = look(client, path, "accept", reason="x")
    forged = {**data, "told": "Never seen.", "go": "send", "seen": seen(shown)}
    again = client.post(f"{path}/accept", data=forged)
    assert "Something has changed since you looked" in again.text
    assert "Never seen." in letters(again)[0]
    assert client.post(f"{path}/accept", data={**data, "go": "send"}).status_code == 200
    with work_on() as work:
        assert get_request(work, request_id).state is State.IN_TRIAGE
    client.post(f"{path}/accept", data={**forged, "seen": seen(again)})
    with work_on() as work:
        assert get_request(work, request_id).state is State.ACCEPTED


def test_with_nobody_to_write_to_there_is_nothing_to_look_at_and_the_page_says_to_ring(
    client, work_on
) -> None:
    request_id, path = prepared(client, work_on, accepted)
    with work_on() as work:
        request = get_request(work, request_id)
        request.contact_sealed, request.requester_email_index = None, None
    answer, _ = look(client, path, "cancel", reason="x")
    assert answer.location == path
    assert "Tell the requester by telephone" in client.get(path).text
    with work_on() as work:
        assert get_request(work, request_id).state is State.CANCELLED


def test_an_address_that_cannot_be_used_is_said_and_does_not_stand_in_the_way(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    with work_on() as work:
        request = get_request(work, request_id)
        contact = RequesterContact(name="Asha Bell", email="not an address")
        work.vault.seal(request, "contact", contact)
    shown, data = look(client, path, "accept", reason="x")
    assert "This e-mail cannot be written" in shown.text
    client.post(f"{path}/accept", data={**data, "go": "send", "seen": seen(shown)})
    with work_on() as work:
        assert get_request(work, request_id).state is State.ACCEPTED


def test_while_paused_the_page_says_what_waits(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    with work_on() as work:
        pause_request(work, request_id, reason=PauseReason.COMPLAINT)
    waits, _ = look(client, path, "withdraw", reason="x")
    assert "this waits until somebody lifts the pause" in waits.text
    assert "is kept when you press “Withdraw”, and leaves when somebody lifts the pause" in " ".join(
        waits.text.split()
    )
    assert "Send and withdraw" not in waits.text
    goes, _ = look(client, path, "pause-notes", to_requester="We ring you.")
    assert "this waits" not in goes.text
    assert "We ring you." in letters(goes)[0]


WRITES = ("accept", "ask", "signpost", "duplicate")


def test_while_paused_nothing_is_offered_or_taken_that_writes_to_people(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    opened = {name: look(client, path, name, **FIELDS[name][1])[1] for name in WRITES}
    with work_on() as work:
        pause_request(work, request_id, reason=PauseReason.DEATH)
        version = get_request(work, request_id).version
    page = client.get(path).text
    assert "come back when the pause is lifted" in page
    for name in WRITES:
        assert f'href="{path}/{name}"' not in page, name
        assert client.get(f"{path}/{name}").location == path, name
        # Also not by a page that was opened before the pause.
        late = client.post(f"{path}/{name}", data={**opened[name], "version": version, "go": "send"})
        assert late.status_code == 409, name
        assert "Lift the pause first." in late.text, name
    assert f'href="{path}/cancel"' in page
    with work_on() as work:
        assert get_request(work, request_id).state is State.IN_TRIAGE


def test_while_paused_no_facilitators_are_asked(client, work_on) -> None:
    _, path = prepared(client, work_on, accepted)
    step(client, path, "pause", reason="death")
    assert "See who could do it" not in client.get(path).text
    assert client.get(f"{path}/facilitators").location == path


def test_who_has_no_address_is_told_by_telephone_and_no_mail_is_spoken_of(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    with work_on() as work:
        request = get_request(work, request_id)
        request.requester_email_index = None
        work.vault.seal(request, "contact", RequesterContact(name="Asha Bell", phone="01632 960 010"))
    assert "e-mail:" not in client.get(f"{path}/ask").text
    page = client.get(f"{path}/accept")
    assert re.search(r'<button type="submit"[^>]*>Accept</button>', page.text)
    assert "by e-mail" not in page.text
    assert "Add to the e-mail" not in page.text
    assert errors(step(client, path, "accept", reason="It fits")) == [
        "We have no e-mail address of the requester. Ring them, then enter the day on which you told them."
    ]
    told = step(client, path, "accept", reason="It fits", told_on=["24", "11", "2026"])
    assert heading(told).startswith("JAGS-")
    assert "The request is accepted." in told.text
    assert "the requester is told" not in told.text
    assert "Told the requester by telephone on 24 November 2026." in told.text


def test_only_steps_that_say_so_write_to_anybody(client, work_on) -> None:
    quiet = {
        "answer": (waiting, {"answer": "Mornings"}),
        "rung": (waiting, {"on": ["24", "11", "2026"]}),
        "priority": (in_triage, {"priority": "sooner", "reason": "x"}),
        "transitional": (in_triage, {"confirmed": "no", "reason": "x"}),
        "legal-live": (in_triage, {"live": "yes"}),
        "note": (in_triage, {"note": "x"}),
        "add-person": (in_triage, {"name": "Kit Moss"}),
        "add-unsuitable": (in_triage, {"name": "Kit Moss"}),
    }
    # The rest needs another request than these, and is tested where it is at home.
    elsewhere = {"pause", "lift-pause", "legal-hold", "agency", "legal-check"}
    assert {name for name, one in STEPS.items() if not one.send} == set(quiet) | elsewhere
    sign_in(client, work_on, Role.COORDINATOR)
    for name, (make, fields) in quiet.items():
        with work_on() as work:
            request_id = make(work).id
        before = everything_kept(work_on)[0][1]
        answer = step(client, f"/requests/{request_id}", name, **fields)
        assert STEPS[name].done in answer.text, name
        assert everything_kept(work_on)[0][1] == before, name
