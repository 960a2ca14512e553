"""What stands around the form: the flyer on one sheet, and the page about privacy."""

import re


def test_the_flyer_draws_the_address_of_the_start_page_as_a_code(client) -> None:
    page = client.get("/flyer").text
    assert "A code for your phone’s camera that leads to http://localhost" in page
    squares = re.findall(r"M(\d+) (\d+)h1v1h-1z", page)
    # The three corners of a QR code of version 2 (25 squares a side), by the standard.
    assert {("0", "0"), ("24", "0"), ("0", "24"), ("6", "6")} <= set(squares)
    assert ("24", "24") not in squares or ("23", "23") not in squares


def test_the_privacy_page_says_for_how_long_a_draft_is_kept(client) -> None:
    assert "deleted after 14 days" in client.get("/privacy").text


def test_pages_around_the_form_lead_back_to_the_start(client) -> None:
    for path in ("/flyer", "/privacy"):
        assert '<a href="/" class="govuk-back-link">Back</a>' in client.get(path).text, path
    assert 'href="/">Go to the start page</a>' in client.get("/no-such-page").text
