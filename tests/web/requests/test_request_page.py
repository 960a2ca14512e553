"""The page of one request: whose move it is, whom to ring, legal work, the pause, and notes that nobody else sees."""

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from factories.pages import errors, follow, sign_in, token
from factories.pages import take_step as step
from factories.people import account, link
from factories.requests import in_triage, sent, waiting
from factories.sessions import agree, arrange
from jags.accounts.model import Account
from jags.accounts.rules import Purpose, Role
from jags.accounts.service import start_session
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.notifications.service import claim_next
from jags.requests.model import NetworkMember
from jags.requests.queries import get_request, legal_card
from jags.requests.rules import LeadKnows, PauseReason, State
from jags.requests.service import (
    add_note,
    lift_pause,
    nudge_requesters,
    pause_request,
)

CANARY = "CANARY between coordinators"


def prepared(client, work_on, make=in_triage):
    sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    with work_on() as work:
        request_id = make(work).id
    return request_id, f"/requests/{request_id}"


def plain(page) -> str:
    """Return what a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC)


def test_the_page_says_whose_move_it_is_and_by_when(client, work_on, clock) -> None:
    _, path = prepared(client, work_on)
    text = plain(client.get(path))
    assert "Whose move: Ours Decide on this request. By 1 December 2026: 5 working days left" in text
    assert "Ask the lead to help" not in text
    clock.instant = at("2026-12-03")
    sign_in(client, work_on, Role.COORDINATOR)
    text = plain(client.get(path))
    assert "By 1 December 2026: 2 working days late" in text
    assert "Ask the lead to help" in text


def test_the_page_says_what_becomes_of_a_requester_who_is_silent(client, work_on, clock) -> None:
    _, path = prepared(client, work_on, waiting)
    _, unconfirmed = prepared(client, work_on, sent)
    # Who has not confirmed is rung by the target alone.
    assert "One reminder goes by itself on 1 December 2026." in plain(client.get(unconfirmed))
    assert "ring them from" not in plain(client.get(unconfirmed))
    text = plain(client.get(path))
    assert "Whose move: The requester’s Answer our question." in text
    assert (
        "One reminder goes by itself on 1 December 2026. Without an answer, ring them from 8 December 2026."
        in text
    )
    clock.instant = at("2026-12-01")
    with work_on() as work:
        nudge_requesters(work)
    sign_in(client, work_on, Role.COORDINATOR)
    text = plain(client.get(path))
    assert "A reminder went on 1 December 2026." in text
    assert "Nobody is written to twice" not in text
    clock.instant = at("2026-12-08")
    sign_in(client, work_on, Role.COORDINATOR, name="Kit Moss")
    text = plain(client.get(path))
    assert "Ring the requester We have not heard from them. Nobody is written to twice." in text
    assert "Asha Bell 01632 960 010" in text
    answer = step(client, path, "rung", on=["8", "12", "2026"], note="She will answer tomorrow.")
    text = plain(answer)
    assert "We heard from them on 8 December 2026." in text
    assert "Rang the requester on 8 December 2026. She will answer tomorrow." in text
    assert "Nobody is written to twice" not in text
    assert client.get(f"{path}/rung").location == path


def test_sooner_asks_for_a_call_today_until_somebody_has_rung(client, work_on) -> None:
    _, path = prepared(client, work_on)
    answer = step(client, path, "priority", priority="sooner", reason="Turns 18 on Friday")
    assert "Sooner: ring the requester today Nobody has rung them yet." in plain(answer)
    answer = step(client, path, "rung", on=["24", "11", "2026"])
    assert "ring the requester today" not in plain(answer)
    assert "We heard from them on 24 November 2026." in plain(answer)


def test_a_call_of_a_day_to_come_or_of_none_is_refused_at_its_field(client, work_on) -> None:
    _, path = prepared(client, work_on, waiting)
    answer = step(client, path, "rung", on=["25", "11", "2026"], note="Kept text")
    assert errors(answer) == ["Enter a date that is not in the future."]
    assert "Kept text" in answer.text
    answer = step(client, path, "rung", on=["31", "2", "2026"], note="Kept text")
    assert errors(answer) == ["Enter a real date, such as 27 3 2027."]
    assert 'value="31"' in answer.text
    assert "Kept text" in answer.text
    assert errors(step(client, path, "rung", on=["", "", ""])) == ["Enter the day on which you rang."]


def test_accepting_asks_about_the_lead_professional_where_they_may_not_know(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    with work_on() as work:
        get_request(work, request_id).lead_knows = LeadKnows.IT_IS_ME
    assert "lead_spoken_on" not in client.get(path).text
    with work_on() as work:
        get_request(work, request_id).lead_knows = LeadKnows.HELP_ME
    assert "I have spoken to the lead professional on" in client.get(path).text
    answer = step(client, path, "accept", reason="It fits")
    assert errors(answer) == [
        "Enter the day on which you spoke to the lead professional, or say below why you accept all the same."
    ]
    answer = step(client, path, "accept", reason="It fits", lead_anyway="On leave until Monday")
    assert "The lead professional may not know yet: On leave until Monday" in answer.text
    with work_on() as work:
        assert get_request(work, request_id).state is State.ACCEPTED


def test_accepting_reminds_of_a_lead_professional_who_knows_and_keeps_when_they_were_spoken_to(
    client, work_on
) -> None:
    request_id, path = prepared(client, work_on)
    with work_on() as work:
        get_request(work, request_id).lead_knows = LeadKnows.YES
    page = plain(client.get(path))
    assert (
        "I have spoken to the lead professional on (optional) Somebody else than the requester leads" in page
    )
    assert "lead_anyway" not in client.get(path).text
    answer = step(client, path, "accept", reason="It fits", lead_spoken_on=["25", "11", "2026"])
    assert errors(answer) == ["Enter a date that is not in the future."]
    answer = step(client, path, "accept", reason="It fits", lead_spoken_on=["24", "11", "2026"])
    assert "Spoke to the lead professional on 24 November 2026." in answer.text


def test_live_legal_work_shows_its_card_and_asks_before_acceptance(client, work_on) -> None:
    request_id, path = prepared(client, work_on)
    assert "Court, police or review work Nobody has said" not in plain(client.get(path))
    answer = step(client, path, "legal-live", live="unsure")
    assert "Court, police or review work Nobody has said to go ahead It may be live." in plain(answer)
    assert errors(step(client, path, "accept", reason="x")) == [
        "Court, police or review work is live and nobody has said to go ahead. Say why you accept all the same."
    ]
    said = {"kind": "officer_in_case", "outcome": "go_ahead", "spoken_on": ["23", "11", "2026"]}
    assert errors(step(client, path, "legal-check", **said)) == ["Enter whom you spoke to."]
    never = {**said, "spoke_to": "DC Marsh", "spoken_on": ["31", "2", "2026"]}
    assert errors(step(client, path, "legal-check", **never)) == ["Enter a real date, such as 27 3 2027."]
    answer = step(client, path, "legal-check", spoke_to="DC Marsh", note="Not before the hearing", **said)
    text = plain(answer)
    assert "Go ahead , officer in the case: DC Marsh, 23 November 2026 Not before the hearing" in text
    with work_on() as work:
        assert legal_card(work, get_request(work, request_id)).go_ahead
    step(client, path, "accept", reason="x")
    with work_on() as work:
        assert get_request(work, request_id).state is State.ACCEPTED


def test_asking_the_lead_shows_the_mail_and_then_that_they_were_asked(client, work_on, clock) -> None:
    _, path = prepared(client, work_on)
    with work_on() as work:
        account(work, Role.ADMINISTRATOR, name="Robin Lead", email="robin@example.org")
    clock.instant = at("2026-12-03")
    sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    answer = step(client, path, "ask-lead")
    assert "The lead was asked to help on 3 December 2026." in plain(answer)
    assert client.get(f"{path}/ask-lead").location == path
    with work_on() as work:
        row = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.LEAD_ASKED)
        ).one()
        row.due_at = work.now - timedelta(days=30)
    with work_on() as work:
        mail = claim_next(work, holder="test", paused=frozenset()).message
        text = mail.get_body(("plain",)).get_content()
        assert mail["Subject"] == "Your help is asked for with JAGS-2026-0001"
        for word in ("Kestrel", "Asha", "Slow down", "stuck"):
            assert word not in text


def test_pausing_takes_one_button_and_leaves_everything_else_to_people(client, work_on) -> None:
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    sign_in(client, work_on, Role.COORDINATOR)
    path = f"/requests/{offered.request_id}"
    answer = step(client, path, "pause", reason="court_or_police")
    text = plain(answer)
    for said in (
        "Everything about this request is paused.",
        "Legal hold has been on since 24 November 2026",
        "Write to the requester and the facilitators",
        "Postpone the session",
        "Lift the pause",
    ):
        assert said in text
    assert f"/sessions/{session_id}/postpone" in answer.text
    assert "Whose move" not in text
    answer = step(client, path, "pause-notes", to_requester="We ring you.", to_facilitators="Thank you.")
    assert "The notes are on their way." in answer.text
    assert "Write to the requester and the facilitators" not in answer.text
    assert client.get(f"{path}/pause-notes").location == path
    assert "Held back by the pause:" in client.get(f"{path}/lift-pause").text
    assert errors(step(client, path, "lift-pause", sure="y")) == [
        "Select whether the e-mails that were held back are sent."
    ]
    answer = step(client, path, "lift-pause", sure="y", held_back="drop")
    assert "Legal hold is on since 24 November 2026." in plain(answer)
    assert errors(step(client, path, "legal-hold")) == ["Enter the reason."]
    answer = step(client, path, "legal-hold", reason="Our legal team says so")
    assert "Legal hold is lifted." in answer.text
    assert "Legal hold is on" not in answer.text


def test_nothing_looks_like_an_invitation_while_everything_is_paused(app, client, work_on) -> None:
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        member = work.session.scalars(
            select(NetworkMember.id).where(NetworkMember.request_id == offered.request_id)
        ).first()
        _, secret = link(work, Purpose.PARTICIPANT, member)
        _, offer_secret = link(work, Purpose.OFFER, offered.offers[0])
    page = follow(client, secret)
    offer = app.test_client()
    offer_page = follow(offer, offer_secret)
    assert "You have accepted this JAGS" in offer.get(offer_page).text
    assert "You are invited to a JAGS" in client.get(page).text
    facilitator = app.test_client()
    with work_on() as work:
        owner = work.session.scalars(select(Account).where(Account.person_id == offered.people[0])).one()
        facilitator.set_cookie("jags_signed_in", start_session(work, owner))
    assert "Have you two spoken yet?" in facilitator.get(f"/my-sessions/{session_id}").text
    with work_on() as work:
        pause_request(work, offered.request_id, reason=PauseReason.DEATH)
    for text in (
        client.get(page).text,
        offer.get(offer_page).text,
        facilitator.get(f"/my-sessions/{session_id}").text,
    ):
        assert "This JAGS is paused" in text
        assert "died" not in text
    assert "You are invited" not in client.get(page).text
    assert "Town Hall" not in client.get(page).text
    assert "Have you two spoken yet?" not in facilitator.get(f"/my-sessions/{session_id}").text
    with work_on() as work:
        lift_pause(work, offered.request_id, version=get_request(work, offered.request_id).version)
    assert "You are invited to a JAGS" in client.get(page).text


def test_notes_are_added_on_the_page_and_stand_newest_first(client, work_on, clock) -> None:
    _, path = prepared(client, work_on)
    step(client, path, "note", note="The first of two")
    clock.instant += timedelta(minutes=1)
    answer = step(client, path, "note", note="The second of two")
    assert answer.text.index("The second of two") < answer.text.index("The first of two")
    assert "Tuesday 24 November 2026, 10:01am, Wren Young" in plain(answer)
    assert errors(step(client, path, "note", note=" ")) == ["Enter the note."]


def test_no_note_is_ever_seen_outside(app, client, work_on) -> None:
    """Walk every page that anybody else has of this request, and read every mail about it."""
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        add_note(work, offered.request_id, text=CANARY)
        coordinator = account(work, Role.COORDINATOR, name="Wren Young")
        cookie = start_session(work, coordinator)
        members = work.session.scalars(
            select(NetworkMember.id).where(NetworkMember.request_id == offered.request_id)
        ).all()
        secrets = [link(work, Purpose.REQUEST_STATUS, offered.request_id)[1]]
        secrets += [link(work, Purpose.PARTICIPANT, member)[1] for member in members]
        secrets += [link(work, Purpose.OFFER, offer)[1] for offer in offered.offers]
    client.set_cookie("jags_signed_in", cookie)
    assert CANARY in client.get(f"/requests/{offered.request_id}").text
    read = []
    for secret in secrets:
        visitor = app.test_client()
        page = visitor.get(follow(visitor, secret))
        assert page.status_code == 200
        read.append(page.text)
    pages = [
        "/",
        "/home",
        "/requests",
        f"/requests/{offered.request_id}",
        "/my-offers",
        *(f"/my-offers/{offer}" for offer in offered.offers),
        "/my-sessions",
        f"/my-sessions/{session_id}",
        f"/sessions/{session_id}",
        f"/sessions/{session_id}/record",
        "/evaluation",
        "/facilitators",
    ]
    visitors = [app.test_client() for role in Role if role is not Role.COORDINATOR]
    for visitor, role in zip(visitors, [r for r in Role if r is not Role.COORDINATOR], strict=True):
        sign_in(visitor, work_on, role)
    with work_on() as work:
        for person in offered.people:
            visitor = app.test_client()
            owner = work.session.scalars(select(Account).where(Account.person_id == person)).one()
            visitor.set_cookie("jags_signed_in", start_session(work, owner))
            visitors.append(visitor)
    for visitor in visitors:
        read += [visitor.get(page).text for page in pages]
    with work_on() as work:
        while (claimed := claim_next(work, holder="test", paused=frozenset())) is not None:
            read.append(claimed.message.as_string())
    assert len(read) > 60
    assert [text for text in read if "CANARY" in text] == []


def test_likely_the_same_work_says_why_and_goes_when_it_is_called_other_work(client, work_on) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        first, second = in_triage(work), in_triage(work)
        path, other = f"/requests/{second.id}", first.reference
        act = f"{path}/other-work/{first.id}"
    page = client.get(path)
    alike = page.text.partition('id="same-work"')[2].partition("</section>")[0]
    assert f">{other}</a>" in alike
    assert "Why it is likely: " in alike
    # What is pressed there stays off paper.
    acts = alike.partition('<div class="jags-acts jags-no-print">')[2]
    for words in ("Link as a repeat", "Mark as a duplicate", "Other work"):
        assert words in acts
        assert alike.count(words) == 1
    # Both forms know already which request is meant.
    for way in re.findall(r'href="([^"]+of=[^"]+)"', acts):
        assert f'value="{other}"' in client.get(way).text
    client.post(act, data={"csrf_token": token(page)})
    assert 'id="same-work"' not in client.get(path).text


def test_what_was_not_given_is_named_in_one_line(client, work_on) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        path = f"/requests/{in_triage(work).id}"
    text = " ".join(client.get(path).text.split())
    asks = text.partition("Who asks</h2>")[2].partition("<h2")[0]
    assert "Asha Bell" in asks
    assert ">Not given: Team.<" in asks
    assert "Not given </dd>" not in asks
