"""Gunicorn with one sync worker on loopback, the same settings for bare Flask and for the application."""

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from servers.processes import bound_to_parent, end, free_port

PROJECT = Path(__file__).resolve().parents[1]
APPLICATION = "wsgi:app"
BARE = "benchmarks.bare:constant()"
BARE_COMMITTING = "benchmarks.bare:committing()"
START_SECONDS = 60.0
STOP_SECONDS = 15.0
BETWEEN_TRIES = 0.005


class WebServer:
    """One gunicorn with one worker; `seconds_to_answer` is what it took from its start to the first answer."""

    def __init__(self, app: str, *, first_path: str, settings: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.seconds_to_answer = 0.0
        self._first_path = first_path
        self._command = [
            *(sys.executable, "-m", "gunicorn", f"--bind=127.0.0.1:{self.port}", "--workers=1"),
            *("--worker-class=sync", "--log-level=warning", app),
        ]
        # As in operation, what Python has compiled is kept for the next start.
        left_out = ("JAGS_", "PYTHONDONTWRITEBYTECODE")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        self._environment = {**inherited, "JAGS_BASE_URL": self.url, **(settings or {})}
        self._log = Path(tempfile.mkstemp(prefix="jags-bench-", suffix=".log")[1])
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        began = time.perf_counter()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                bound_to_parent(self._command, signal_name="TERM"),
                cwd=PROJECT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        while not self._answers():
            if self._process.poll() is not None or time.perf_counter() - began > START_SECONDS:
                said = self._log.read_text(errors="replace")
                self.__exit__(None, None, None)
                raise RuntimeError(f"{self._command[-1]} did not start. It said:\n{said}")
            time.sleep(BETWEEN_TRIES)
        self.seconds_to_answer = time.perf_counter() - began
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            end(self._process, with_signal=signal.SIGTERM, patience=STOP_SECONDS)
            self._process = None
        self._log.unlink(missing_ok=True)

    @property
    def worker_megabytes(self) -> float:
        """The memory of the worker that is not swapped out (RSS), in MB."""
        pid = self._process.pid if self._process else 0
        worker = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
        lines = Path(f"/proc/{worker}/status").read_text().splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
        return int(kilobytes) / 1024

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=START_SECONDS)
        try:
            connection.request("GET", self._first_path)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
