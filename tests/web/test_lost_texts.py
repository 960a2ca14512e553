"""What somebody typed is shown again when it cannot be kept: a session that ended, a lost cookie, a file in place of text."""

from datetime import timedelta
from io import BytesIO

from factories import pages
from factories.people import account
from jags.accounts.rules import Role


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
