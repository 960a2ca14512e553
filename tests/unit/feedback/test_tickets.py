"""What the text of a ticket proves."""

import re
import uuid

import pytest

from jags.feedback.rules.tickets import mint, mint_slip, read

KEY = bytes(range(32))
POT = uuid.UUID(int=1)


def test_ticket_opens_its_own_pot_only() -> None:
    ticket = read(mint(KEY, POT).text)

    assert ticket is not None
    assert ticket.is_ours(KEY)
    assert ticket.opens(KEY, POT)
    assert not ticket.opens(KEY, uuid.UUID(int=2))
    assert not ticket.is_ours(bytes(32))
    assert not ticket.opens(bytes(32), POT)


def test_ticket_is_64_url_safe_characters_and_never_repeats() -> None:
    texts = {mint(KEY, POT).text for _ in range(200)}

    assert {len(text) for text in texts} == {64}
    assert len(texts) == 200


def test_changed_secret_is_not_ours() -> None:
    text = mint(KEY, POT).text
    changed = read(("A" if text[0] != "A" else "B") + text[1:])

    assert changed is not None
    assert not changed.is_ours(KEY)
    assert not changed.opens(KEY, POT)


@pytest.mark.parametrize(
    "text", ["", "x", "a" * 63, "a" * 65, "a" * 64 + "\n", "ä" * 64, "/" * 64, "a" * 63 + "="]
)
def test_what_cannot_be_a_ticket_is_not_read(text: str) -> None:
    assert read(text) is None


def test_slip_opens_its_own_pot_only_and_is_read_as_people_type_it() -> None:
    slip = mint_slip(KEY, POT)

    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", slip.text)
    assert slip.opens(KEY, POT)
    assert not slip.opens(KEY, uuid.UUID(int=2))
    assert not slip.opens(bytes(32), POT)
    typed = slip.text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read(typed) == read(slip.text) == slip
    assert len({mint_slip(KEY, POT).hash for _ in range(200)}) == 200


def test_changed_letter_of_a_slip_is_another_slip_that_opens_nothing() -> None:
    slip = mint_slip(KEY, POT)
    changed = read(("A" if slip.text[0] != "A" else "B") + slip.text[1:])

    assert changed is not None
    assert changed.hash != slip.hash
    assert not changed.opens(KEY, POT)


@pytest.mark.parametrize("text", ["0" * 15, "0" * 17, "U" * 16, "é" * 16, "----", "0123-4567-89AB-CDE!"])
def test_what_cannot_be_a_slip_is_not_read(text: str) -> None:
    assert read(text) is None
