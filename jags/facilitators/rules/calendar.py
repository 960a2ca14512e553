"""What may be a calendar address, which addresses of machines lie inside, and why a calendar was not read; pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import urlsplit, urlunsplit

from jags.facilitators.rules import Span
from jags.kernel.errors import Invalid

# A calendar is read again after so long; sooner where the last reading failed.
READ_EVERY = timedelta(hours=4)
TRY_AGAIN_AFTER = timedelta(hours=1)
# A reader that dies gives its calendar back after this; one reading never takes as long.
READING_LEASE = timedelta(minutes=5)
# So many days ahead busy times are kept, from the day of the reading on.
DAYS_READ = 182
ADDRESS_MOST = 2000
HTTPS_PORT = 443

# Networks from which nobody's public calendar comes: this machine, private, link-local, shared, reserved, multicast.
_INSIDE = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# Of IPv6 only what is handed out to the public; that leaves out loopback, unique local and link-local addresses, and
# IPv4 addresses in another dress (mapped, NAT64). The special ones among the rest: Teredo and others, documentation, 6to4.
_PUBLIC_6 = ip_network("2000::/3")
_SPECIAL_6 = tuple(ip_network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))

_COPY_AGAIN = "Copy the address again from your calendar: it begins with https:// and has no spaces."


class CalendarProblem(StrEnum):
    """Why a calendar was not read."""

    CERTIFICATE = "certificate"
    INSIDE = "inside"
    NOT_A_CALENDAR = "not_a_calendar"
    NOT_ALLOWED = "not_allowed"
    NOT_FOUND = "not_found"
    NO_ANSWER = "no_answer"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"


class CalendarNotRead(Exception):
    """A calendar was not read; it carries the kind of problem, and never a word of the calendar or its address."""

    def __init__(self, problem: CalendarProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class CalendarPlace:
    """Where a calendar lies: whoever has the address can read the calendar, so it is sealed."""

    address: str = ""


@dataclass(frozen=True)
class Reading:
    """What is kept of a calendar: when its owner is busy, and how many entries could not be understood."""

    busy: tuple[Span, ...] = ()
    left_out: int = 0


def calendar_address(text: str) -> str:
    """Return a calendar address as it is stored; raises `Invalid` with what to do.

    Programs write webcal:// for https:// where a calendar is meant. Names that cannot be those of a public server are
    refused here already; where the name leads is checked whenever it is read.
    """
    text = text.strip()
    if not text or len(text) > ADDRESS_MOST or not text.isascii() or not text.isprintable() or " " in text:
        raise Invalid(_COPY_AGAIN, field="address")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise Invalid(_COPY_AGAIN, field="address") from None
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    if scheme not in {"https", "webcal", "webcals"}:
        raise Invalid(
            "Enter an address that begins with https://. Others are not read, because what they carry can be read on the way.",
            field="address",
        )
    if "@" in parts.netloc or port not in {None, HTTPS_PORT}:
        raise Invalid("Enter an address without a user name, a password or a port.", field="address")
    last = host.rpartition(".")[2]
    if "." not in host or not last[:1].isalpha() or last in {"localhost", "local", "internal"}:
        raise Invalid(
            "Enter the address of a calendar on the internet, such as https://calendar.example.org/me.ics.",
            field="address",
        )
    return urlunsplit(("https", host, parts.path or "/", parts.query, ""))


def host_of(address: str) -> str:
    """Return the name of the server of a calendar address: what a page shows of it."""
    return urlsplit(address).hostname or ""


def lies_outside(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address belongs to a machine on the public internet, as far as the address says."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _INSIDE)
    return address in _PUBLIC_6 and not any(address in network for network in _SPECIAL_6)
