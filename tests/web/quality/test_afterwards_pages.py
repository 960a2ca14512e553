"""The pages after a session: a reflection that saves itself, asking to be rung, and a concern without its content."""

from datetime import UTC, datetime

import pytest

from factories.pages import come_in, errors, sign_in, submit, text_of, token
from factories.sessions import agree, arrange
from jags.accounts.rules import Role

AFTER = datetime(2026, 12, 9, 10, 0, tzinfo=UTC)


@pytest.fixture
def over(client, work_on, clock):
    """Hold a session; its first facilitator is signed in. Return the session's id and the facilitator's."""
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    clock.instant = AFTER
    sign_in(client, work_on, Role.COORDINATOR, name="Wren Young", email="wren@example.org")
    come_in(client, work_on, offered.people[0])
    return session_id, offered.people[0]


def test_a_reflection_saves_itself_and_says_at_each_question_who_can_open_it(client, work_on, over):
    path = f"/sessions/{over[0]}/reflection"
    page = client.get(path)
    mark = "0d2dd1a2-6a53-4f0c-8f4c-2f2f4d3a4f10"
    sent = {"csrf_token": token(page), "version": "0", "page": f"{mark}:1", "helped": "The pauses"}

    saved = client.post(
        f"{path}/autosave", data={**sent, "element_opening": "seen", "system": "PO1 3AX is where"}
    )

    said = saved.get_json()["said"]
    assert said.startswith("Saved at 10am, but not yet: What could agencies learn")
    shown = text_of(client.get(path))
    assert "The pauses" in shown
    assert "PO1 3AX" not in shown
    for circle in ("Only you here.", "You and your co-facilitator.", "without your name.", "Themes only:"):
        assert circle in shown
    client.post(f"{path}/autosave", data={**sent, "page": f"{mark}:2", "system": "Invite housing earlier"})
    elsewhere = client.post(f"{path}/autosave", data={**sent, "version": "0", "page": ""})
    assert (elsewhere.status_code, "another window" in elsewhere.get_json()["said"]) == (409, True)
    sign_in(client, work_on, Role.COORDINATOR, email="ada@example.org")
    unit = text_of(client.get(f"/sessions/{over[0]}"))
    assert "Invite housing earlier" in unit
    assert "The pauses" not in unit


def test_asking_to_be_rung_names_who_rings_and_the_business_unit_sees_it_until_it_is_done(
    client, work_on, over
):
    own = f"/my-sessions/{over[0]}"
    submit(client, f"{own}/ring-me", page=own)
    assert "Wren Young rings you by the end of Thursday 10 December 2026" in text_of(client.get(own))
    assert client.get("/calls").status_code == 403

    sign_in(client, work_on, Role.COORDINATOR, email="ada@example.org")
    home = client.get("/home")
    assert "Facilitators who would like to be rung" in text_of(home)
    made = home.get_data(as_text=True).split('/made"')[0].rpartition('action="')[2] + "/made"
    answer = submit(client, made, page="/home")
    assert "Nobody waits for a call." in text_of(client.get(answer.location))


def test_a_concern_asks_who_where_and_when_and_nothing_else(client, over):
    own = f"/my-sessions/{over[0]}"
    page = client.get(f"{own}/concern")
    assert "<textarea" not in page.get_data(as_text=True)
    assert errors(submit(client, f"{own}/concern")) == [
        "Select who takes it.",
        "Select where they take it.",
        "Enter the day.",
    ]
    sent = {"who": str(over[1]), "route": "police", "on": ["9", "12", "2026"]}
    submit(client, f"{own}/concern", **sent)
    shown = text_of(client.get(own))
    assert "Ash Reed, Agency agency-of-ash reed takes it: The police, Wednesday 9 December 2026." in shown
    confirm = client.get(own).get_data(as_text=True).split('/confirm"')[0].rpartition('action="')[2]
    submit(client, f"{confirm}/confirm", page=own)
    assert "Confirmed on 9 December 2026." in text_of(client.get(own))
