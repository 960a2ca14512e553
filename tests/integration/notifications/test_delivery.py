"""Messages go to a real mail server, and whatever it does ends in a word for the log, soon."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from flask_mail import Mail

from jags.adapters.mailer import TIMEOUT_SECONDS, FileMailer, MailNotAccepted, SmtpMailer
from servers.processes import free_port
from servers.smtp import Behaviour, MailServer

TIMEOUT = 0.3


@pytest.fixture(scope="module")
def server():
    with MailServer() as started:
        yield started


@pytest.fixture
def mail_server(server):
    server.behaviour = Behaviour.ACCEPT
    server.clear()
    return server


def mailer(port, **settings):
    app = Flask("mail")
    app.config.update(MAIL_SERVER="localhost", MAIL_PORT=port, **settings)
    Mail(app)
    return SmtpMailer(app, timeout_seconds=TIMEOUT)


def message(to="ash@example.org"):
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "A date", "jags@example.org", to
    made["Message-ID"] = "<7f0c@example.org>"
    made.set_content("Please open the page.\n")
    return made


def refused(mailer_, message_=None):
    with pytest.raises(MailNotAccepted) as caught:
        mailer_.send(message_ or message(), return_to="back@example.org")
    return caught.value.kind


def test_a_message_arrives_once_as_it_was_made(mail_server):
    mailer(mail_server.port).send(message(), return_to="back@example.org")
    received = mail_server.wait_for("ash@example.org", subject="A date")
    assert received.message["Message-ID"] == "<7f0c@example.org>"
    assert len(mail_server.mails) == 1


@pytest.mark.parametrize(
    ("behaviour", "kind", "kept"),
    [
        (Behaviour.REFUSE, "code 421", 0),
        (Behaviour.TEMPORARY_FAILURE, "recipient refused", 0),
        (Behaviour.PERMANENT_FAILURE, "recipient refused", 0),
        (Behaviour.HANG, "SMTPServerDisconnected", 0),
        (Behaviour.DROP_AFTER_DATA, "SMTPServerDisconnected", 1),
    ],
)
def test_each_failure_is_told_by_a_word_without_the_servers_text(mail_server, behaviour, kind, kept):
    mail_server.behaviour = behaviour
    assert refused(mailer(mail_server.port)) == kind
    assert len(mail_server.mails) == kept


def test_a_hanging_server_is_left_after_the_timeout(mail_server):
    mail_server.behaviour = Behaviour.HANG
    begun = time.monotonic()
    refused(mailer(mail_server.port))
    assert TIMEOUT <= time.monotonic() - begun < 10 * TIMEOUT


@contextmanager
def dripping() -> Iterator[int]:
    """Listen once and greet letter by letter without an end, each letter well within the timeout; yield the port."""
    with socket.create_server(("localhost", 0)) as listening:
        listening.settimeout(5)
        given_up = threading.Event()

        def drip() -> None:
            line, _address = listening.accept()
            with line, contextlib.suppress(OSError):
                # Ends by itself: with an error when the other side is gone, or after 200 letters.
                for letter in b"220 " + b"z" * 196:
                    line.sendall(bytes([letter]))
                    if given_up.wait(TIMEOUT / 6):
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            given_up.set()
            thread.join()


def test_a_server_that_answers_letter_by_letter_is_left_as_well():
    with dripping() as port:
        begun = time.monotonic()
        assert refused(mailer(port)) == "SMTPServerDisconnected"
        assert 3 * TIMEOUT <= time.monotonic() - begun < 20 * TIMEOUT


def test_the_timeout_is_ten_seconds_unless_said_otherwise():
    assert SmtpMailer(Flask("mail")).timeout_seconds == TIMEOUT_SECONDS == 10


def test_nobody_listening_is_told_by_a_word():
    assert refused(mailer(free_port())) == "ConnectionRefusedError"


@contextmanager
def speaking(*answers: str, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Listen once, give one answer a line (the first is the greeting), then hang up; yield the port."""
    with socket.create_server(("localhost", 0)) as listening:
        # A client that never comes must not hold the test.
        listening.settimeout(5)

        def talk() -> None:
            plain, _address = listening.accept()
            with plain:
                try:
                    line = tls.wrap_socket(plain, server_side=True) if tls else plain
                except OSError:
                    return
                with line, line.makefile("rb") as lines:
                    for answer in answers:
                        line.sendall(answer.encode() + b"\r\n")
                        heard = lines.readline()
                        while answer.startswith("354") and heard.strip() != b".":
                            heard = lines.readline()

        thread = threading.Thread(target=talk)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            thread.join()


def test_an_address_that_the_server_cannot_take_is_told_by_a_word():
    with speaking("220 hello", "250 knows no other letters") as port:
        assert refused(mailer(port), message(to="zoë@example.org")) == "SMTPNotSupportedError"


def test_what_the_server_took_is_sent_even_if_it_hangs_up_at_the_goodbye():
    with speaking("220 hello", "250 me", "250 from", "250 to", "354 go on", "250 taken") as port:
        mailer(port).send(message(), return_to="back@example.org")


def test_without_the_encryption_that_was_asked_for_nothing_is_said(mail_server):
    assert refused(mailer(mail_server.port, MAIL_USE_TLS=True)) == "SMTPNotSupportedError"
    assert mail_server.mails == []


def own_certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_server_that_cannot_prove_its_name_gets_nothing(tmp_path):
    with speaking("220 hello", tls=own_certificate(tmp_path)) as port:
        assert refused(mailer(port, MAIL_USE_SSL=True)) == "SSLCertVerificationError"


def test_in_the_demonstration_each_message_is_one_file(tmp_path):
    folder = tmp_path / "outbox"
    for _ in range(2):
        FileMailer(folder).send(message(), return_to="back@example.org")
    assert [path.name for path in folder.iterdir()] == ["7f0c.eml"]
    assert b"Please open the page." in (folder / "7f0c.eml").read_bytes()
