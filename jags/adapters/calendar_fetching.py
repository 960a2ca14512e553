"""Fetch a calendar over HTTPS from the public internet, and never from inside.

A name is looked up once; every address that it has must lie outside, and the connection goes to one of these very
addresses, so that a name which leads elsewhere a moment later (DNS rebinding) gains nothing. Each redirect is an address
like the first. Certificates are checked against the name.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urljoin, urlsplit

from jags.facilitators.rules.calendar import (
    HTTPS_PORT,
    CalendarNotRead,
    CalendarProblem,
    calendar_address,
    lies_outside,
)
from jags.kernel.errors import Invalid

REDIRECTS_MOST = 3
SECONDS_MOST = 15.0
BYTES_MOST = 10 * 1024 * 1024
_CHUNK = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PROBLEMS: dict[int, CalendarProblem] = {
    HTTPStatus.UNAUTHORIZED: CalendarProblem.NOT_ALLOWED,
    HTTPStatus.FORBIDDEN: CalendarProblem.NOT_ALLOWED,
    HTTPStatus.NOT_FOUND: CalendarProblem.NOT_FOUND,
    HTTPStatus.GONE: CalendarProblem.NOT_FOUND,
}


def look_up(host: str) -> Sequence[str]:
    """Return every address of a name; raises `OSError` when it has none."""
    found = socket.getaddrinfo(host, HTTPS_PORT, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class HttpsFetcher:
    """Fetches one calendar at a time.

    `loopback_port` is for tests alone: it lets the fetcher reach this machine, on that port and on no other.
    """

    def __init__(
        self,
        *,
        look_up: Callable[[str], Sequence[str]] = look_up,
        trusted: ssl.SSLContext | None = None,
        seconds_most: float = SECONDS_MOST,
        bytes_most: int = BYTES_MOST,
        loopback_port: int | None = None,
    ) -> None:
        self._look_up = look_up
        self._trusted = trusted or ssl.create_default_context()
        self._seconds_most = seconds_most
        self._bytes_most = bytes_most
        self._loopback_port = loopback_port

    def fetch(self, address: str) -> bytes:
        """Return what lies at a calendar address; raises `CalendarNotRead`."""
        ends = time.monotonic() + self._seconds_most
        for _ in range(REDIRECTS_MOST + 1):
            try:
                # What a server redirects to is no better than what a person types.
                address = calendar_address(address)
            except Invalid:
                raise CalendarNotRead(CalendarProblem.INSIDE) from None
            found = self._get(address, ends)
            if isinstance(found, bytes):
                return found
            try:
                address = urljoin(address, found)
            except ValueError:
                raise CalendarNotRead(CalendarProblem.NOT_FOUND) from None
        raise CalendarNotRead(CalendarProblem.NOT_FOUND)

    def _get(self, address: str, ends: float) -> bytes | str:
        """Return the content at an address, or where it redirects to."""
        parts = urlsplit(address)
        host, path = parts.hostname or "", parts.path + (f"?{parts.query}" if parts.query else "")
        connection = _PinnedConnection(host, self._outside(host), self._trusted, self._port, ends)
        try:
            connection.request("GET", path, headers={"User-Agent": "JAGS", "Accept": "text/calendar"})
            with connection.getresponse() as response:
                if response.status in _REDIRECTS:
                    return response.headers.get("Location", "")
                if response.status != HTTPStatus.OK:
                    raise CalendarNotRead(_PROBLEMS.get(response.status, CalendarProblem.NO_ANSWER))
                return self._content(response, ends)
        except TimeoutError:
            raise CalendarNotRead(CalendarProblem.TOO_SLOW) from None
        except ssl.SSLCertVerificationError:
            raise CalendarNotRead(CalendarProblem.CERTIFICATE) from None
        except (OSError, http.client.HTTPException):
            raise CalendarNotRead(CalendarProblem.NO_ANSWER) from None
        finally:
            connection.close()

    def _content(self, response: http.client.HTTPResponse, ends: float) -> bytes:
        if (response.length or 0) > self._bytes_most:
            raise CalendarNotRead(CalendarProblem.TOO_LARGE)
        content = bytearray()
        while chunk := response.read1(_CHUNK):
            content += chunk
            if len(content) > self._bytes_most:
                raise CalendarNotRead(CalendarProblem.TOO_LARGE)
            if time.monotonic() > ends:
                raise TimeoutError
        return bytes(content)

    def _outside(self, host: str) -> list[str]:
        """Return the addresses of a name; raises `CalendarNotRead` when one of them leads inside."""
        try:
            found = [ip_address(one) for one in self._look_up(host)]
        except (OSError, ValueError):
            raise CalendarNotRead(CalendarProblem.NO_ANSWER) from None
        if not found or not all(map(self._may_go, found)):
            raise CalendarNotRead(CalendarProblem.INSIDE if found else CalendarProblem.NO_ANSWER)
        return [str(one) for one in found]

    def _may_go(self, address: IPv4Address | IPv6Address) -> bool:
        return lies_outside(address) or (self._loopback_port is not None and address.is_loopback)

    @property
    def _port(self) -> int:
        return HTTPS_PORT if self._loopback_port is None else self._loopback_port


class _PinnedConnection(http.client.HTTPSConnection):
    """A connection that goes to addresses which were checked, and asks the machine there for a name."""

    def __init__(
        self, host: str, addresses: Sequence[str], trusted: ssl.SSLContext, port: int, ends: float
    ) -> None:
        # The port of the Host header is the usual one, wherever the connection goes.
        super().__init__(host, HTTPS_PORT)
        self._addresses = addresses
        self._trusted = trusted
        self._at_port = port
        self._ends = ends

    def connect(self) -> None:
        """Connect to the first address that takes the connection, and check that it is who it says."""
        problem: OSError = TimeoutError()
        for address in self._addresses:
            left = self._ends - time.monotonic()
            if left <= 0:
                raise TimeoutError
            try:
                plain = socket.create_connection((address, self._at_port), timeout=left)
            except OSError as error:
                problem = error
                continue
            self.sock = self._trusted.wrap_socket(plain, server_hostname=self.host)
            return
        raise problem
