"""`next=`: whoever signs in is led on within the site, whatever an address says."""

import pytest

from factories.second_steps import make_member, sign_in
from jags.web.access import safe_next


@pytest.mark.parametrize(
    "target",
    [
        "",
        "home",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "https:/evil.example",
        "//[",
        "http://[::1",
        "javascript:alert(1)",
        "/home\r\nSet-Cookie: x=y",
        "/home\x00",
    ],
)
def test_a_target_that_may_lead_elsewhere_is_not_followed(target):
    assert safe_next(target, start="/start") == "/start"


@pytest.mark.parametrize("target", ["/", "/home", "/requests?state=held&page=2", "/a//b", "/requests#top"])
def test_a_local_target_is_followed(target):
    assert safe_next(target, start="/start") == target


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "/%5Cevil.example", "/%09/evil.example", "https://evil.example"],
)
def test_nobody_is_led_elsewhere_by_signing_in(client, work_on, target):
    make_member(work_on)
    answer = sign_in(client, wanted=target)
    assert (answer.status_code, answer.location) == (303, "/home")


def test_whoever_signs_in_comes_to_the_page_that_they_wanted(client, work_on):
    make_member(work_on)
    answer = sign_in(client, wanted="/requests?state=all")
    assert (answer.status_code, answer.location) == (303, "/requests?state=all")
