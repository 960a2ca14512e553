"""What somebody typed is shown again when it cannot be kept: a session that ended, a lost cookie, a file in place of text."""

from datetime import timedelta
from io import BytesIO

from factories import pages
from factories.asking import begin
from factories.people import account
from factories.requests import in_triage, only
from jags.accounts.model import Account, Recusal
from jags.accounts.rules import Role
from jags.requests.queries import detail_of


def test_a_form_sent_after_the_session_ended_shows_what_was_typed(client, work_on, clock):
    pages.sign_in(client, work_on, Role.COORDINATOR)
    token = pages.token(client.get("/sign-in"))
    clock.instant += timedelta(minutes=31)

    answer = client.post(
        "/sign-out", data={"csrf_token": token, "question": "Who rings the school on 01632 960123?"}
    )

    assert answer.status_code == 401
    assert pages.heading(answer) == "You have been signed out"
    assert "Who rings the school on 01632 960123?" in answer.get_data(as_text=True)


def test_a_form_without_its_cookie_shows_what_was_typed(client):
    answer = client.post("/sign-in", data={"email": "wren@example.org", "note": "12345"})

    assert answer.status_code == 400
    assert "wren@example.org" in answer.get_data(as_text=True)
    assert "12345" in answer.get_data(as_text=True)


def test_a_page_of_a_draft_whose_link_was_lost_shows_what_was_typed(client, work_on):
    page = begin(client)
    token = pages.token(client.get(f"{page}/why"))
    client.delete_cookie("jags_link", path=page)

    answer = client.post(
        f"{page}/why", data={"csrf_token": token, "reasons": "stuck", "hopes": "Slow down together"}
    )

    assert answer.status_code == 410
    assert "What you sent just now has not been saved." in answer.text
    assert "Slow down together" in answer.text
    # Whoever has no link is told nothing that stands in the draft.
    assert "asha@example.org" not in answer.text
    with work_on() as work:
        assert detail_of(work, only(work)).hopes == ""
    assert "has not been saved" not in client.get(f"{page}/why").text


def test_a_note_about_a_request_that_is_out_of_sight_meanwhile_is_shown_again(client, work_on):
    account_id = pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}"
    token = pages.token(client.get(f"{path}/note"))
    with work_on() as work:
        person_id = work.session.get_one(Account, account_id).person_id
        work.session.add(Recusal(person_id=person_id, request_id=request_id, since=work.now))

    answer = client.post(f"{path}/note", data={"csrf_token": token, "note": "Ring the school on Monday"})

    assert answer.status_code == 404
    assert "Ring the school on Monday" in answer.text
    assert "Kestrel" not in answer.text


def test_a_file_in_place_of_a_text_is_asked_for_again(client):
    token = pages.token(client.get("/sign-in"))

    answer = client.post(
        "/sign-in",
        data={"csrf_token": token, "email": (BytesIO(b"x"), "x.txt"), "password": "words enough here"},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 200
    assert "Enter your e-mail address." in answer.get_data(as_text=True)


def test_a_line_break_in_one_line_is_refused(client, work_on):
    with work_on() as work:
        account(work, Role.COORDINATOR)
    token = pages.token(client.get("/sign-in"))

    answer = client.post(
        "/sign-in",
        data={"csrf_token": token, "email": "a@example.org\r\nBcc: b@example.org", "password": "words"},
    )

    assert "Write this on one line" in answer.get_data(as_text=True)


def test_no_more_than_fifty_fields_are_shown_again(client):
    answer = client.post("/sign-in", data={f"note-{n}x": f"said {n}." for n in range(60)})

    assert answer.status_code == 400
    shown = [n for n in range(60) if f"said {n}." in answer.text]
    assert shown == list(range(50))
