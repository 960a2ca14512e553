"""Commands that run the web server and the scheduler process."""

import contextlib
import os
import secrets
import signal
import subprocess  # nosec B404 - It starts this software's own two processes.
import sys
import threading
from types import FrameType

import click

from config import Config, ConfigurationError, Mode
from jags.cli.context import application, stop
from jags.kernel.log import log

_JOBS_SETTINGS = ("JAGS_JOBS_KEY", "JAGS_JOBS_KEY_FILE")
_STOP_SECONDS = 20
_THREADS = 4


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Web worker processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Run the web server and the scheduler as one pair: when one ends, the other is stopped."""
    config = _checked_config()
    if config.mode is Mode.DEMO and host not in {"127.0.0.1", "localhost", "::1"}:
        stop("The demonstration has made-up people and easy ways in: it listens on 127.0.0.1 only.")
    sys.exit(run_pair(host=host, port=port, workers=workers))


@click.command()
def worker() -> None:
    """Run the scheduler process alone."""
    _checked_config()
    from jags.jobs.runner import Runner  # noqa: PLC0415 - No other command needs the scheduler.

    runner = Runner(application())
    runner.prepare()
    runner.serve()


def run_pair(*, host: str, port: int, workers: int) -> int:
    """Run gunicorn and the scheduler until one ends or a signal comes; return the exit status.

    The scheduler's key is removed from the environment of the web processes. The status is 0 when a signal ended both,
    else that of the one that died (1 if it says 0).
    """
    web_environment = {k: v for k, v in os.environ.items() if k not in _JOBS_SETTINGS}
    # One token for every worker of this run, where none is configured (demonstration and tests).
    web_environment.setdefault("JAGS_SECRET_KEY", secrets.token_hex(32))
    started: list[subprocess.Popen[bytes]] = []
    stopped_by_signal = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stopped_by_signal.set()
        for process in started:
            # Not Popen.terminate, which would reap the child that the main line waits for.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    scheduler = subprocess.Popen([sys.executable, "-m", "jags.cli", "worker"])  # nosec B603 - Fixed words.
    started.append(scheduler)
    web = subprocess.Popen(  # noqa: S603 # nosec B603 - Fixed words and checked numbers.
        [
            sys.executable,
            "-m",
            "gunicorn",
            f"--bind={host}:{port}",
            f"--workers={workers}",
            # Threads: a browser opens connections ahead of need, and an idle one would block a sync worker.
            "--worker-class=gthread",
            f"--threads={_THREADS}",
            "--graceful-timeout=15",
            "--log-level=warning",
            "--no-control-socket",
            "--umask=63",  # 0o077: what the web writes is for its own user only.
            "wsgi:app",
        ],
        env=web_environment,
    )
    started.append(web)
    if stopped_by_signal.is_set():
        # It came while they were being started, and may have missed one.
        _end(scheduler)
        _end(web)
        return 0
    pair = {"web server": web, "scheduler": scheduler}
    pid, status = os.wait()
    first = next(name for name, process in pair.items() if process.pid == pid)
    pair[first].returncode = os.waitstatus_to_exitcode(status)
    for process in pair.values():
        _end(process)
    if stopped_by_signal.is_set():
        return 0
    log().error("one of the pair ended; the other was stopped", ended=first, status=pair[first].returncode)
    return abs(pair[first].returncode) or 1


def _refuse_older_database() -> None:
    """End the command before it opens a restored copy in which something erased is there again."""
    from jags.extensions import db  # noqa: PLC0415 - Other commands start faster without it.
    from jags.jobs.outside import refuse_older_database  # noqa: PLC0415 - The same.
    from jags.kernel.errors import SetupIncomplete  # noqa: PLC0415 - The same.

    app = application()
    try:
        refuse_older_database(app)
    except SetupIncomplete as error:
        stop(str(error))
    finally:
        # The web server's own processes connect for themselves.
        with app.app_context():
            db.engine.dispose()


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _checked_config() -> Config:
    try:
        config = Config.from_environment()
        config.check_delivery()
    except ConfigurationError as error:
        stop(str(error))
    _refuse_older_database()
    return config
