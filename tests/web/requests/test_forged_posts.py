"""What no page of ours sends: rows of any number, choices of white space, marks that are none, lists without end."""

import re

import pytest
from sqlalchemy import text

from factories.pages import errors, submit, token, version
from jags.requests.model import Request
from jags.requests.queries import agencies_of
from jags.requests.rules import Involvement, State
from jags.requests.service import save_answers
from jags.web.forms import LONG
from jags.web.requests import saving, second_half


@pytest.fixture
def begun(client) -> str:
    """Answer the questions before the form, and return the address of the draft."""
    return submit(client, "/ask", danger="no", disagreement="no", tasks="no").location.rpartition("/")[0]


def mark_of(page) -> str:
    return re.search(r'name="page"\s+value="([^"]+)"', page.text)[1]


def test_rows_count_by_plain_numbers_only(client, work_on, begun) -> None:
    page = client.get(f"{begun}/who-is-involved")
    forged = {
        f"agencies-{number}": f"Agency {n}" for n, number in enumerate(("²", "9" * 5_000, "٣", "-1", ""))
    }
    sent = {"csrf_token": token(page), "version": version(page), "page": mark_of(page), "lead_knows": "yes"}
    answer = client.post(f"{begun}/who-is-involved", data={**sent, **forged, "agencies-12": "A School"})
    assert answer.status_code == 303
    with work_on(write=False) as work:
        request = work.session.query(Request).one()
        assert agencies_of(work, request, involvement=Involvement.INVOLVED) == ("A School",)


@pytest.mark.parametrize("nothing", [" ", "\u2028", "\t\n"])
def test_a_choice_of_white_space_is_none(client, begun, nothing) -> None:
    page = client.get(f"{begun}/into-adulthood")
    sent = {"csrf_token": token(page), "version": version(page), "page": mark_of(page)}
    answer = client.post(f"{begun}/into-adulthood", data={**sent, "transitional_view": nothing})
    assert errors(answer) == ["Select whether transitional safeguarding features."]
    kept = client.post(f"{begun}/into-adulthood/autosave", data={**sent, "transitional_view": nothing})
    assert kept.status_code == 200


@pytest.mark.parametrize("mark", ["\x00", "x" * 36, "0" * 35, f"{'a' * 36}:x", "é" * 40_000])
def test_a_mark_that_no_page_of_ours_carries_is_not_kept(client, work_on, begun, mark) -> None:
    page = client.get(f"{begun}/why")
    sent = {"csrf_token": token(page), "version": version(page), "reasons": ["stuck"], "hopes": "To think"}
    assert client.post(f"{begun}/why", data={**sent, "page": mark}).status_code == 303
    with work_on(write=False) as work:
        assert work.session.scalar(text("SELECT page FROM draft_part WHERE part = 'reasons'")) == ""


def test_a_list_without_end_is_not_made_into_rows(client, monkeypatch, begun) -> None:
    read = []
    monkeypatch.setattr(second_half, "addresses_in", lambda pasted: read.append(pasted) or ([], []))
    pasted = ";".join(f"a{n}@example.org" for n in range(LONG // 10))
    answer = submit(client, f"{begun}/contacts", pasted=pasted, add="pasted")
    assert errors(answer) == ["Paste fewer at once: 2,000 characters at most. Then press “Make rows”."]
    assert pasted in answer.text
    assert read == []


def test_a_page_that_keeps_itself_while_it_is_sent_is_told_so_in_words(client, monkeypatch, begun) -> None:
    def sent_meanwhile(work, draft, *answers, shown):
        draft.state = State.UNCONFIRMED
        save_answers(work, draft, *answers, shown=shown)

    page = client.get(f"{begun}/why")
    sent = {"csrf_token": token(page), "version": version(page), "page": mark_of(page)}
    monkeypatch.setattr(saving, "save_answers", sent_meanwhile)
    answer = client.post(f"{begun}/why/autosave", data={**sent, "hopes": "To think"})
    assert (answer.status_code, answer.json) == (
        409,
        {"said": "This page does not save itself any more. Press Continue to go on."},
    )


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("+44 (0)1632 960-001 ext. 12", True),
        ("01632 960 001 or 01632 960 002 x3", True),
        ("K, born 12/03/2012, NR1 1AA", False),
        ("01632 960 001 Jordan Smith", False),
    ],
)
def test_a_telephone_field_holds_telephone_numbers_only(client, begun, typed, taken) -> None:
    you = {"name": "Asha Bell", "role": "Teacher", "agency": "A School", "email": "asha@example.org"}
    answer = submit(client, f"{begun}/about-you", **you, phone=typed)
    assert errors(answer) == ([] if taken else ["Enter a telephone number, like 01632 960 001."])
    assert (answer.status_code == 303) is taken
