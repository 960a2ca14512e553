"""Ports and child processes that do not outlive the program that started them."""

import os
import signal
import socket
import subprocess


def free_port() -> int:
    """Return a loopback TCP port on which nothing listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def bound_to_parent(command: list[str], *, signal_name: str, user: str | None = None) -> list[str]:
    """Return the command so wrapped that the kernel signals it when the starting thread ends.

    A killed test run then leaves no server behind. With `user`, the command runs as that user (root only).
    """
    wrapper = ["setpriv", f"--pdeathsig={signal_name}"]
    if user is not None:
        wrapper += [f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    return [*wrapper, "--", *command]


def end(process: subprocess.Popen[bytes], *, with_signal: signal.Signals, patience: float) -> int:
    """End a process that leads its own group and return its exit status.

    After `patience` seconds the whole group is killed, so that no child of it goes on either.
    """
    process.send_signal(with_signal)
    try:
        return process.wait(patience)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.wait()
