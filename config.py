"""The configuration: one frozen dataclass, read from the environment; every default is safe in production."""

import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

# What these names lead to never leaves the machine; without a server nothing is sent.
_THIS_MACHINE = {"", "localhost", "127.0.0.1", "::1"}
# Below these a stolen hash is guessed too quickly (OWASP, for argon2id).
LEAST_PASSWORD_MEMORY_MIB, LEAST_PASSWORD_PASSES = 19, 2
ROOT = Path(__file__).resolve().parent


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message is one sentence that says what to set."""


class Mode(StrEnum):
    """What the software runs for."""

    PRODUCTION = "production"
    DEMO = "demo"
    TEST = "test"


@dataclass(frozen=True)
class Config:
    """Everything that the environment decides; docs/operating.md lists it."""

    mode: Mode
    database_url: str
    base_url: str
    secret_key: str
    master_key_file: str
    master_key: str
    jobs_key_file: str
    jobs_key: str
    mail_server: str
    mail_port: int
    mail_tls: str
    mail_username: str
    mail_password: str
    outbox_dir: str
    clock_offset: str
    tick_seconds: float
    proxy_hops: int
    instance_dir: str
    organisations_file: str = ""
    records_dir: str = ""
    # What hashing a password costs, by RFC 9106.
    password_memory_mib: int = 64
    password_passes: int = 3

    @property
    def demo(self) -> bool:
        """Tell whether this is the demonstration with made-up people."""
        return self.mode is Mode.DEMO

    @property
    def secure(self) -> bool:
        """Tell whether pages are served over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Return the host of the base URL, with its port when it names one."""
        return urlsplit(self.base_url).netloc

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Config":
        """Read the configuration; raises `ConfigurationError` for a value that cannot be right."""
        env = os.environ if environ is None else environ
        instance = Path(env.get("JAGS_INSTANCE_DIR", ROOT / "instance"))
        config = cls(
            mode=_mode(env.get("JAGS_MODE", Mode.PRODUCTION)),
            database_url=_database_url(env.get("JAGS_DATABASE_URL", f"sqlite:///{instance / 'jags.db'}")),
            base_url=env.get("JAGS_BASE_URL", "").rstrip("/"),
            secret_key=env.get("JAGS_SECRET_KEY", ""),
            master_key_file=env.get("JAGS_MASTER_KEY_FILE", ""),
            master_key=env.get("JAGS_MASTER_KEY", ""),
            jobs_key_file=env.get("JAGS_JOBS_KEY_FILE", ""),
            jobs_key=env.get("JAGS_JOBS_KEY", ""),
            mail_server=env.get("JAGS_MAIL_SERVER", ""),
            mail_port=_whole(env, "JAGS_MAIL_PORT", 25),
            mail_tls=env.get("JAGS_MAIL_TLS", "starttls"),
            mail_username=env.get("JAGS_MAIL_USERNAME", ""),
            mail_password=env.get("JAGS_MAIL_PASSWORD", ""),
            outbox_dir=env.get("JAGS_OUTBOX_DIR", str(instance / "outbox")),
            clock_offset=env.get("JAGS_CLOCK_OFFSET", ""),
            tick_seconds=_number(env, "JAGS_TICK_SECONDS", 30),
            proxy_hops=_whole(env, "JAGS_PROXY_HOPS", 0),
            instance_dir=str(instance),
            organisations_file=env.get("JAGS_ORGANISATIONS_FILE", ""),
            records_dir=env.get("JAGS_RECORDS_DIR", str(instance / "records")),
            password_memory_mib=_whole(env, "JAGS_PASSWORD_MEMORY_MIB", 64),
            password_passes=_whole(env, "JAGS_PASSWORD_PASSES", 3),
        )
        config.check()
        return config

    def check(self) -> None:
        """Refuse what must not be; raises `ConfigurationError` naming the variable."""
        if self.mode is Mode.PRODUCTION:
            self._check_production()
        elif not self.base_url:
            raise ConfigurationError("Set JAGS_BASE_URL to the address that people use.")
        if not (self.master_key or self.master_key_file):
            raise ConfigurationError(
                "Set JAGS_MASTER_KEY_FILE to a key file or a directory of keys made by: jags keys new DIRECTORY"
            )
        if self.password_memory_mib < LEAST_PASSWORD_MEMORY_MIB:
            raise ConfigurationError(
                f"Set JAGS_PASSWORD_MEMORY_MIB to at least {LEAST_PASSWORD_MEMORY_MIB}: stolen passwords are guessed quickly below it."
            )
        if self.password_passes < LEAST_PASSWORD_PASSES:
            raise ConfigurationError(
                f"Set JAGS_PASSWORD_PASSES to at least {LEAST_PASSWORD_PASSES}: stolen passwords are guessed quickly below it."
            )
        if self.mail_tls not in {"none", "starttls", "tls"}:
            raise ConfigurationError("Set JAGS_MAIL_TLS to none, starttls or tls.")

    def _check_production(self) -> None:
        if self.clock_offset:
            raise ConfigurationError(
                "JAGS_CLOCK_OFFSET moves the clock and is refused in production: unset it."
            )
        if len(self.secret_key) < 32:  # noqa: PLR2004 - The sentence says it.
            raise ConfigurationError(
                "Set JAGS_SECRET_KEY to at least 32 random characters, for example from: openssl rand -hex 32"
            )
        if not self.secure:
            raise ConfigurationError(
                "Set JAGS_BASE_URL to the address that people use, beginning with https://, "
                "for example https://jags.example.org"
            )
        if self.mail_tls == "none" and self.mail_server not in _THIS_MACHINE:
            raise ConfigurationError(
                "Set JAGS_MAIL_TLS to starttls or tls: with none, links leave in the clear, which is for a mail server on this machine only."
            )

    def check_delivery(self) -> None:
        """Refuse to serve or to run jobs without the means to deliver mail and to open feedback."""
        if not (self.jobs_key or self.jobs_key_file):
            raise ConfigurationError(
                "Set JAGS_JOBS_KEY_FILE to the key file of the scheduler process (jags keys new-jobs FILE)."
            )
        if self.mode is not Mode.DEMO and not self.mail_server:
            raise ConfigurationError(
                "Set JAGS_MAIL_SERVER (and JAGS_MAIL_PORT, JAGS_MAIL_TLS) to your mail server."
            )


def _mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError:
        raise ConfigurationError(f"Set JAGS_MODE to one of: {', '.join(Mode)}.") from None


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name, str(default))
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise ConfigurationError(f"Set {name} to a number above 0.")
    return number


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise ConfigurationError(f"Set {name} to a whole number.")
    return int(text)


def _database_url(text: str) -> str:
    for short in ("postgresql://", "postgres://"):
        if text.startswith(short):
            return "postgresql+psycopg://" + text.removeprefix(short)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigurationError("Set JAGS_DATABASE_URL to a sqlite:/// or postgresql:// address.")
    return text
