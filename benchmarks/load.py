"""Load from one wrk thread with eight connections, and one request after another, against loopback only.

A machine does other things too: short rounds of bare Flask and of the work take turns, and the best round of each counts,
in which the machine did least else. For bare Flask that is the best of the whole run.
"""

import re
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
# One body after the other, and again from the first.
_POST = """wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
local bodies, n = {{}}, 0
for line in io.lines("{path}") do bodies[#bodies + 1] = line end
request = function()
  n = n + 1
  return wrk.format("POST", nil, nil, bodies[(n - 1) % #bodies + 1])
end
"""


@dataclass(frozen=True)
class Rate:
    """What wrk measured: answers a second, how many in all, and the latency that one in a hundred exceeds."""

    a_second: float
    answers: int
    slowest_percent_ms: float


def load(url: str, *, bodies: Sequence[str] = (), cookies: str = "", seconds: int = SECONDS) -> Rate:
    """Send GETs, or POSTs of filled forms, one after the other, as fast as they are answered.

    Raises `RuntimeError` when an answer was an error: its speed would mean nothing.
    """
    if urlsplit(url).hostname not in {"localhost", "127.0.0.1"}:
        raise ValueError(f"Load goes to this machine only, never to {url}.")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency"]
    if cookies:
        command += ["-H", f"Cookie: {cookies}"]
    with tempfile.TemporaryDirectory(prefix="jags-wrk-") as folder:
        if bodies:
            script, path = Path(folder, "post.lua"), Path(folder, "bodies")
            path.write_text("\n".join(bodies))
            script.write_text(_POST.format(path=path))
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
    """The best round of a work, beside the best of bare Flask in the whole run."""

    mine: Rate
    flask: "Bare"

    @property
    def bare(self) -> Rate:
        """The best round of bare Flask so far."""
        return self.flask.best

    @property
    def ratio(self) -> float:
        """The ratio of the rates."""
        return self.mine.a_second / self.bare.a_second


class Bare:
    """Bare Flask at an address, under load from time to time in a run; its best round counts."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.best = load(url)
        for _ in range(ROUNDS):
            self.again()

    def again(self) -> None:
        """Load it once more."""
        self.best = max(self.best, load(self.url), key=lambda rate: rate.a_second)

    def beside(self, work: Callable[[], Rate], *, rounds: int = ROUNDS) -> Figures:
        """Measure bare Flask and a work in turn, so many times."""
        rates = []
        for _ in range(rounds):
            self.again()
            rates.append(work())
        return Figures(mine=max(rates, key=lambda rate: rate.a_second), flask=self)


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
