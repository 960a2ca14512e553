"""What may be a calendar address, and which machines lie outside."""

from ipaddress import ip_address

import pytest

from jags.facilitators.rules.calendar import calendar_address, host_of, lies_outside
from jags.kernel.errors import Invalid


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (
            "https://calendar.example.org/me.ics?key=a%20b#top",
            "https://calendar.example.org/me.ics?key=a%20b",
        ),
        (" webcal://Calendar.Example.org ", "https://calendar.example.org/"),
        ("https://calendar.example.org:443/me.ics", "https://calendar.example.org/me.ics"),
        (
            "https://outlook.example.org/owa/abc@example.org/c.ics",
            "https://outlook.example.org/owa/abc@example.org/c.ics",
        ),
    ],
)
def test_an_address_is_kept_in_one_form(typed, kept):
    assert calendar_address(typed) == kept
    assert host_of(kept) == kept.split("/")[2]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://calendar.example.org/me.ics", "begins with https://"),
        ("ftp://calendar.example.org/me.ics", "begins with https://"),
        ("calendar.example.org/me.ics", "begins with https://"),
        ("file:///etc/passwd", "begins with https://"),
        ("https://me:secret@calendar.example.org/", "without a user name"),
        ("https://calendar.example.org:8443/", "without a user name, a password or a port"),
        ("https://localhost/me.ics", "on the internet"),
        ("https://127.0.0.1/me.ics", "on the internet"),
        ("https://[::1]/me.ics", "on the internet"),
        ("https://2130706433/me.ics", "on the internet"),
        ("https://0x7f.0x1/me.ics", "on the internet"),
        ("https://intranet/me.ics", "on the internet"),
        ("https://printer.local/me.ics", "on the internet"),
        ("https:///me.ics", "on the internet"),
        ("https://calendar.example.org/my calendar.ics", "Copy the address again"),
        ("https://calendar.example.org/\u202eme", "Copy the address again"),
        ("https://calendar.example.org/\r\nHost: x", "Copy the address again"),
        ("https://[calendar.example.org/", "Copy the address again"),
        ("https://calendar.example.org:port/", "Copy the address again"),
        ("https://calendar.example.org/" + "x" * 2000, "Copy the address again"),
        ("", "Copy the address again"),
    ],
)
def test_other_addresses_are_refused_with_what_to_do(typed, words):
    with pytest.raises(Invalid, match=words) as found:
        calendar_address(typed)
    assert found.value.field == "address"


@pytest.mark.parametrize(
    "inside",
    [
        "0.0.0.1",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_addresses_that_lie_inside(inside):
    assert not lies_outside(ip_address(inside))


@pytest.mark.parametrize(
    "outside", ["8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111"]
)
def test_addresses_that_lie_outside(outside):
    assert lies_outside(ip_address(outside))
