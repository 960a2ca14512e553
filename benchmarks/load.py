"""Load from one wrk thread with eight connections, and one request after another, against loopback only.

A machine does other things too, so each measurement has bare Flask right before it, and the median of the ratios counts.
"""

import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

CONNECTIONS = 8
SECONDS = 1
ROUNDS = 7
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
_POST = """wrk.method = "POST"
wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
wrk.body = [==[{body}]==]
"""


@dataclass(frozen=True)
class Rate:
    """What wrk measured: answers a second, how many in all, and the latency that one in a hundred exceeds."""

    a_second: float
    answers: int
    slowest_percent_ms: float


def load(url: str, *, body: str = "", cookies: str = "", seconds: int = SECONDS) -> Rate:
    """Send GETs, or POSTs of a form's `body`, as fast as they are answered.

    Raises `RuntimeError` when an answer was an error: its speed would mean nothing.
    """
    if urlsplit(url).hostname not in {"localhost", "127.0.0.1"}:
        raise ValueError(f"Load goes to this machine only, never to {url}.")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    if cookies:
        command += ["-H", f"Cookie: {cookies}"]
    with tempfile.TemporaryDirectory(prefix="jags-wrk-") as folder:
        if body:
            script = Path(folder, "post.lua")
            script.write_text(_POST.format(body=body))
            command += ["-s", str(script)]
        said = subprocess.run([*command, url], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"{url} did not answer every time:\n{said}")
    latency, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)\b", said)[0]
    return Rate(
        a_second=float(re.findall(r"Requests/sec:\s+([\d.]+)", said)[0]),
        answers=int(re.findall(r"(\d+) requests in", said)[0]),
        slowest_percent_ms=float(latency) * _UNITS[unit],
    )


@dataclass(frozen=True)
class Figures:
    """What the rounds of one work gave, each beside bare Flask of the same second."""

    rates: tuple[Rate, ...]
    bare: tuple[Rate, ...]

    @property
    def a_second(self) -> float:
        """The median rate."""
        return statistics.median(rate.a_second for rate in self.rates)

    @property
    def bare_a_second(self) -> float:
        """The median rate of bare Flask."""
        return statistics.median(rate.a_second for rate in self.bare)

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios of rates."""
        return self._median_ratio("a_second")

    @property
    def slowest_percent_ms(self) -> float:
        """The median of the rounds' slowest 1 %."""
        return statistics.median(rate.slowest_percent_ms for rate in self.rates)

    @property
    def slowest_ratio(self) -> float:
        """The median of the rounds' ratios of the slowest 1 %."""
        return self._median_ratio("slowest_percent_ms")

    def _median_ratio(self, name: str) -> float:
        pairs = zip(self.rates, self.bare, strict=True)
        return float(statistics.median(getattr(mine, name) / getattr(bare, name) for mine, bare in pairs))


def in_rounds(work: Callable[[], Rate], *, bare: Callable[[], Rate], rounds: int = ROUNDS) -> Figures:
    """Measure bare Flask and the work in turn, so many times."""
    pairs = [(bare(), work()) for _ in range(rounds)]
    return Figures(rates=tuple(mine for _, mine in pairs), bare=tuple(least for least, _ in pairs))


def in_turn(fetches: Sequence[Callable[[], object]], *, times: int = 100) -> list[list[float]]:
    """Call several things in turn, one call after the other, and return the milliseconds of each one's calls."""
    taken: list[list[float]] = [[] for _ in fetches]
    for number in range(times + 1):
        for fetch, own in zip(fetches, taken, strict=True):
            began = time.perf_counter()
            fetch()
            if number:  # The first call of each also fills what later ones find.
                own.append((time.perf_counter() - began) * 1000)
    return taken
