"""A real SMTP server that keeps what it receives and misbehaves when told to."""

import asyncio
import contextlib
import enum
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self, cast

from aiosmtpd.smtp import SMTP, Envelope, Session

LINK = re.compile(r"https?://[^\s<>\"]+")
START_SECONDS = 10.0
DRIP_SECONDS = 0.1


class Behaviour(enum.StrEnum):
    """What the server does with the next connection or message."""

    ACCEPT = "accept"
    REFUSE = "refuse"  # The greeting is answered by 421.
    TEMPORARY_FAILURE = "temporary failure"  # Each recipient is answered by 451.
    PERMANENT_FAILURE = "permanent failure"  # Each recipient is answered by 550.
    HANG = "hang"  # The greeting is never answered.
    DRIP = "drip"  # The greeting is answered letter by letter, and never ends.
    DROP_AFTER_DATA = "drop after data"  # The message is kept, but the line is cut before the answer.


@dataclass(frozen=True)
class ReceivedMail:
    """One message as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        """The decoded subject."""
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        """The decoded plain text, empty where there is none."""
        part = self.message.get_body(("plain",))
        return "" if part is None else str(part.get_content())

    @property
    def links(self) -> list[str]:
        """The web addresses of the plain text, in order, without the full stop that ends a sentence."""
        return [link.rstrip(".,;)") for link in LINK.findall(self.text)]


class MailServer:
    """A mail server on a loopback port of its own, in its own thread.

    `behaviour` may be set at any time; it holds from the next command on.
    """

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.behaviour = Behaviour.ACCEPT
        self.port = 0
        # How many connections have said who they are, whatever became of them.
        self.greeted = 0
        self._mails: list[ReceivedMail] = []
        self._arrived = threading.Condition()
        self._listening = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen, and set `port` to the port that the machine picked."""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        if not self._listening.wait(START_SECONDS):
            raise RuntimeError("The mail server did not start.")

    def stop(self) -> None:
        """Stop listening and let hanging connections go."""
        if self._loop is None or self._closing is None or self._thread is None:
            return
        self._loop.call_soon_threadsafe(self._closing.set)
        self._thread.join(START_SECONDS)
        self._loop = self._closing = self._thread = None
        self._listening.clear()

    @property
    def mails(self) -> list[ReceivedMail]:
        """What has been received so far, oldest first."""
        with self._arrived:
            return list(self._mails)

    def clear(self) -> None:
        """Forget what has been received."""
        with self._arrived:
            self._mails.clear()

    def wait_until(
        self, condition: Callable[[list[ReceivedMail]], bool], *, seconds: float = 10.0
    ) -> list[ReceivedMail]:
        """Return all mails once the condition holds for them; raise TimeoutError after the deadline."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: condition(list(self._mails)), seconds):
                seen = "\n".join(f"  {mail.recipients}: {mail.subject}" for mail in self._mails) or "  none"
                raise TimeoutError(f"The mail did not come within {seconds} s. Received:\n{seen}")
            return list(self._mails)

    def wait_for(self, recipient: str, *, subject: str = "", seconds: float = 10.0) -> ReceivedMail:
        """Return the newest mail to this recipient whose subject contains the words; wait for it if need be."""

        def matches(mail: ReceivedMail) -> bool:
            return recipient in mail.recipients and subject in mail.subject

        mails = self.wait_until(lambda mails: any(map(matches, mails)), seconds=seconds)
        return [mail for mail in mails if matches(mail)][-1]

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        handler = _Handler(self, self._closing)
        server = await self._loop.create_server(
            lambda: SMTP(handler, hostname="localhost", enable_SMTPUTF8=True), self.host, 0
        )
        self.port = server.sockets[0].getsockname()[1]
        self._listening.set()
        await self._closing.wait()
        server.close()
        # A task that still talks to a client ends here, so that no warning about it comes later.
        talks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _keep(self, envelope: Envelope) -> None:
        parsed = message_from_bytes(cast("bytes", envelope.content), policy=policy.default)
        with self._arrived:
            self._mails.append(ReceivedMail(envelope.mail_from or "", tuple(envelope.rcpt_tos), parsed))
            self._arrived.notify_all()


class _Handler:
    """What the SMTP protocol asks at each command; the method names are the protocol library's."""

    def __init__(self, owner: MailServer, closing: asyncio.Event) -> None:
        self._owner = owner
        self._closing = closing

    async def handle_HELO(  # noqa: N802 - the library calls it by this name
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str
    ) -> str:
        self._owner.greeted += 1
        if self._owner.behaviour is Behaviour.HANG:
            await self._closing.wait()
        if self._owner.behaviour is Behaviour.DRIP and server.transport is not None:
            await self._drip(server.transport)
        if self._owner.behaviour is Behaviour.REFUSE:
            return "421 Not today"
        session.host_name = hostname
        return "250 localhost"

    async def handle_EHLO(  # noqa: N802 - the library calls it by this name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        answer = await self.handle_HELO(server, session, envelope, hostname)
        return responses if answer.startswith("250") else [answer]

    async def _drip(self, transport: asyncio.WriteTransport) -> None:
        transport.write(b"250-")
        while not self._closing.is_set() and not transport.is_closing():
            transport.write(b"z")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), DRIP_SECONDS)

    async def handle_RCPT(  # noqa: N802 - the library calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self._owner.behaviour is Behaviour.TEMPORARY_FAILURE:
            return "451 4.3.0 Try again later"
        if self._owner.behaviour is Behaviour.PERMANENT_FAILURE:
            return "550 5.1.1 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient accepted"

    async def handle_DATA(  # noqa: N802 - the library calls it by this name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self._owner._keep(envelope)
        if self._owner.behaviour is Behaviour.DROP_AFTER_DATA and server.transport is not None:
            server.transport.close()
        return "250 2.0.0 Message accepted"
