"""An administrator asks other questions behind "two more minutes?"; sessions that are asked from then on meet them."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.pages import errors, sign_in, text_of, token, version
from jags.accounts.rules import Role
from jags.adapters.clock import FixedClock
from jags.feedback.model import FormVersion, Tally

PATH = "/feedback-forms/participant"
ASKED = {"words_1": "How likely are you to ask again?", "kind_1": "scale"}


def change(client: FlaskClient, *, shown: str = "", **fields: str) -> TestResponse:
    page = client.get(PATH)
    empty = {"words": "", "kind": "agreement", "choices": ""}
    rows = {f"questions-{n}-{part}": text for n in range(12) for part, text in empty.items()}
    for name, text in (ASKED | fields).items():
        part, _, place = name.partition("_")
        rows[f"questions-{int(place) - 1}-{part}"] = text
    return client.post(PATH, data={"csrf_token": token(page), "version": shown or version(page), **rows})


def test_another_version_is_asked_of_the_next_session_and_counted_apart(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)
    _, before = open_round(work_on)
    assert change(client).status_code == 303
    _, after = open_round(work_on)

    old, new = (client.get(f"/feedback/{tickets[0]}").get_data(as_text=True) for tickets in (before, after))
    key = re.search(
        r'id="(q[0-9a-f]{12})"',
        client.post("/feedback", data={"ticket": after[0], "safe": "agree"}).get_data(as_text=True),
    )
    assert key
    assert "Two more minutes?" not in old + new
    answer(work_on, before, recommend="agree")
    answer(work_on, after, **{key[1]: "7", "recommend": "agree"})
    close(work_on, clock)

    with work_on(write=False) as work:
        numbers = {v.id: v.number for v in work.session.scalars(select(FormVersion))}
        tallies = {
            (numbers[t.form_version_id], t.item, t.option): t.n for t in work.session.scalars(select(Tally))
        }
    # Six answered each version; nobody can answer what their version did not ask.
    assert tallies == {
        (1, "safe", "agree"): 6, (1, "recommend", "agree"): 6, (2, "safe", "agree"): 6, (2, key[1], "7"): 6,
    }  # fmt: skip


def test_the_editor_shows_what_is_asked_and_the_core_cannot_be_touched(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)

    page = client.get(PATH)

    assert 'value="My thinking about this work has shifted."' in page.get_data(as_text=True)
    assert "I felt safe to speak openly. Agreement, from strongly agree to strongly disagree" in text_of(page)
    assert 'value="I felt safe' not in page.get_data(as_text=True)
    assert change(client, words_1="I felt safe to speak openly.").status_code == 200
    assert change(client).status_code == 303
    assert "I felt safe to speak openly. Agreement" in text_of(client.get(PATH))


def test_what_cannot_be_asked_is_said_at_its_field_with_what_was_typed(
    work_on: WorkOn, client: FlaskClient
) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)

    refused = change(client, words_2="Which <one>?", kind_2="choice", choices_2="Only this")

    assert errors(refused) == ["Write 2 to 8 choices, each on a line of its own."]
    assert 'href="#questions-1-choices"' in refused.get_data(as_text=True)
    assert 'value="Which &lt;one&gt;?"' in refused.get_data(as_text=True)
    assert "Only this</textarea>" in refused.get_data(as_text=True)


def test_a_form_changed_in_another_window_is_not_overwritten(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)
    change(client)

    late = change(client, shown="0", words_2="From the other window")

    assert late.status_code == 409
    assert "From the other window" in late.get_data(as_text=True)


def test_the_questions_that_came_with_the_software_come_back(work_on: WorkOn, client: FlaskClient) -> None:
    sign_in(client, work_on, Role.ADMINISTRATOR)
    change(client)
    page = client.get(f"{PATH}/restore")
    data = {"csrf_token": token(page), "version": version(page)}

    assert client.post(f"{PATH}/restore", data=data).status_code == 303

    again = client.get(PATH).get_data(as_text=True)
    assert 'value="My thinking about this work has shifted."' in again
    assert ASKED["words_1"] not in again
    assert client.get("/feedback-forms/nonsense").status_code == 404
    twice = client.get(f"{PATH}/restore")
    refused = client.post(f"{PATH}/restore", data={"csrf_token": token(twice), "version": version(twice)})
    assert errors(refused) == ["Nothing was changed: the form asks this already."]
