"""The application itself, started by its own command as people start it."""

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

PROJECT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 15.0
BETWEEN_TRIES = 0.05


class Application:
    """One running `jags` server on a loopback port, with its own settings.

    The settings of the calling program's environment that begin with JAGS_ are not passed on;
    JAGS_BASE_URL is the server's own address unless `settings` says otherwise.
    """

    def __init__(
        self, settings: Mapping[str, str], *, command: str = "serve", port: int | None = None
    ) -> None:
        self.port = free_port() if port is None else port
        self.url = f"http://localhost:{self.port}"
        self._command = [sys.executable, "-m", "jags.cli", command, "--port", str(self.port)]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("JAGS_")}
        self._environment = {**inherited, "JAGS_BASE_URL": self.url, **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self._log_file: Path | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server and return once /healthz answers 200; raise RuntimeError with its log otherwise."""
        with tempfile.NamedTemporaryFile(prefix="jags-app-", suffix=".log", delete=False) as log:
            self._log_file = Path(log.name)
            self._process = subprocess.Popen(
                bound_to_parent(self._command, signal_name="TERM"),
                cwd=PROJECT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.healthy():
            if self._ended_within(BETWEEN_TRIES) or time.monotonic() > deadline:
                said = self.log
                self.stop()
                raise RuntimeError(f"The application did not start. It said:\n{said}")

    def stop(self) -> int | None:
        """Ask the server to end, wait for it, and return its exit status (None when it never ran)."""
        status = None
        if self._process is not None:
            status = end(self._process, with_signal=signal.SIGTERM, patience=STOP_SECONDS)
            self._process = None
        if self._log_file is not None:
            self._log_file.unlink()
            self._log_file = None
        return status

    def healthy(self) -> bool:
        """Tell whether /healthz answers 200 now."""
        connection = http.client.HTTPConnection("localhost", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    @property
    def log(self) -> str:
        """What the server has written so far."""
        return "" if self._log_file is None else self._log_file.read_text(errors="replace")

    @property
    def pid(self) -> int:
        """The process id of the running server; raises RuntimeError when it is not running."""
        if self._process is None:
            raise RuntimeError("The application is not running; call start() first.")
        return self._process.pid

    def _ended_within(self, seconds: float) -> bool:
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True
