"""A pasted list of addresses: each once, with its name, and whatever is none is given back."""

import pytest

from jags.kernel.addresses import PastedAddress, addresses_in


@pytest.mark.parametrize(
    ("text", "found", "left"),
    [
        ("", [], []),
        ("jo@example.org", [("jo@example.org", "")], []),
        (
            "Jo Archer <jo@example.org>; sam@example.org",
            [("jo@example.org", "Jo Archer"), ("sam@example.org", "")],
            [],
        ),
        (
            "jo@example.org, sam@example.org,\r\n kit@example.org ,",
            [(f"{n}@example.org", "") for n in ("jo", "sam", "kit")],
            [],
        ),
        ("Archer, Jo <jo@example.org>", [("jo@example.org", "Archer, Jo")], []),
        ('"Archer, Jo, Dr" <jo@example.org>', [("jo@example.org", "Archer, Jo, Dr")], []),
        ("nobody, jo@example.org", [("jo@example.org", "")], ["nobody"]),
        ("one, two, Jo <jo@example.org>", [("jo@example.org", "two, Jo")], ["one"]),
        ("JO@example.org; jo@example.org", [("JO@example.org", "")], []),
        ("Jo <jo@@example.org>; @; jo@", [], ["Jo <jo@@example.org>", "@", "jo@"]),
        ("<jo@example.org>", [("jo@example.org", "")], []),
    ],
)
def test_every_piece_is_an_address_or_is_given_back(text, found, left) -> None:
    assert addresses_in(text) == ([PastedAddress(address, name) for address, name in found], left)
