"""Send one message: through a mail server by Flask-Mail, or into files in the demonstration.

The only place that speaks SMTP. Flask-Mail gives its connection no timeout, so this one does.
"""

import contextlib
import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from flask import Flask
from flask_mail import Connection, Mail

TIMEOUT_SECONDS = 10
# A server that says one letter after the other keeps every single timeout: the whole talk ends after so many of them.
_TIMEOUTS_A_TALK = 3


class MailNotAccepted(Exception):
    """The mail server did not take the message; `kind` is a word for the log, never the server's text."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Mailer(Protocol):
    """Takes one message to its recipient's server."""

    def send(self, message: EmailMessage, *, return_to: str) -> None:
        """Send a message, whose failure later servers report to `return_to`; raises `MailNotAccepted`."""
        ...


class _Bounded(smtplib.SMTP):
    """A talk with a mail server that is cut off when it takes too long as a whole."""

    _limit: threading.Timer | None = None

    def connect(
        self,
        host: str = "localhost",
        port: int = 0,
        source_address: Any = None,
    ) -> tuple[int, bytes]:
        """Connect and hear the greeting; from here on the time runs."""
        self._limit = threading.Timer(self.timeout * _TIMEOUTS_A_TALK, self._cut)
        self._limit.daemon = True
        self._limit.start()
        try:
            return super().connect(host, port, source_address)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """End the talk."""
        if self._limit is not None:
            self._limit.cancel()
        super().close()

    def _cut(self) -> None:
        # Whoever waits for the server's next letter is told that the line is down.
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same, encrypted from the first letter on."""


class _TimedConnection(Connection):
    """Flask-Mail's connection, with a timeout on every step and on the whole, and a look at the server's certificate."""

    def __init__(self, mail: Mail, *, timeout_seconds: float) -> None:
        super().__init__(mail)
        self._timeout_seconds = timeout_seconds

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take leave; what the server has accepted is sent, whatever becomes of the goodbye."""
        if self.host is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self.host.quit()

    def configure_host(self) -> smtplib.SMTP:
        """Connect, secure and sign in to the configured server."""
        trusted = ssl.create_default_context()
        if self.mail.use_ssl:
            host: smtplib.SMTP = _BoundedTls(
                self.mail.server, self.mail.port, timeout=self._timeout_seconds, context=trusted
            )
        else:
            host = _Bounded(self.mail.server, self.mail.port, timeout=self._timeout_seconds)
        try:
            if self.mail.use_tls:
                host.starttls(context=trusted)
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


@dataclass(frozen=True)
class SmtpMailer:
    """Sends through the mail server of the application's Flask-Mail settings."""

    app: Flask
    timeout_seconds: float = TIMEOUT_SECONDS

    def send(self, message: EmailMessage, *, return_to: str) -> None:
        """Send a message from the envelope address `return_to`; raises `MailNotAccepted` with a word for what went wrong."""
        try:
            with _TimedConnection(
                self.app.extensions["mail"], timeout_seconds=self.timeout_seconds
            ) as connection:
                if connection.host is None:
                    raise MailNotAccepted("suppressed")
                connection.host.send_message(message, from_addr=return_to)
        except smtplib.SMTPRecipientsRefused:
            raise MailNotAccepted("recipient refused") from None
        except smtplib.SMTPResponseException as error:
            raise MailNotAccepted(f"code {error.smtp_code}") from None
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # A ValueError is an address or a header that cannot be put on the wire.
            raise MailNotAccepted(type(error).__name__) from None


@dataclass(frozen=True)
class FileMailer:
    """Writes each message into a folder, one file a message; a repeat replaces its file."""

    folder: Path

    def send(self, message: EmailMessage, *, return_to: str) -> None:  # noqa: ARG002 - Files come back to nobody.
        """Write the message under its Message-ID."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        (self.folder / f"{name}.eml").write_bytes(message.as_bytes())
