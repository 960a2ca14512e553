"""Make the application: one named step after another."""

import os
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config, Mode
from jags.accounts.service import set_password_cost
from jags.adapters.calendars import Calendars, MadeUpCalendars, SeparateCalendars
from jags.adapters.clock import SystemClock, parse_offset
from jags.adapters.keys import KeyDirectory, SingleKey, decode_key, read_key
from jags.adapters.links import BaseUrlLinks
from jags.adapters.mailer import FileMailer, Mailer, SmtpMailer
from jags.adapters.organisations import read_organisations
from jags.adapters.records import OutsideRecords
from jags.audit.service import AuditTrail
from jags.extensions import csrf, db, login, mail
from jags.kernel.database import engine_options, prepare_engine
from jags.kernel.ports import MasterKeys
from jags.kernel.work import Ports
from jags.web.blueprints import BLUEPRINTS
from jags.web.bounds import LARGEST_FORM, bound_posts
from jags.web.drawing import PageEnvironment
from jags.web.errors import register_errors
from jags.web.filters import register_filters
from jags.web.nonce import content_security_policy, register_nonce
from jags.web.page_context import register_page_context
from jags.web.unit_of_work import wrap_views


class _Sessions(SecureCookieSessionInterface):
    """Flask's own sessions, with the signer made once: the key does not change while a process runs."""

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if "jags_signer" not in app.extensions:
            app.extensions["jags_signer"] = super().get_signing_serializer(app)
        signer: URLSafeTimedSerializer | None = app.extensions["jags_signer"]
        return signer


class _Application(Flask):
    """Flask without what every page would pay for and none needs."""

    session_interface = _Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view or hook as it is: none of ours is a coroutine, and Flask asks it of each at every request."""
        return func


def create_app(config: Config) -> Flask:
    """Return the application for a configuration; raises `SetupIncomplete` when a key cannot be read."""
    app = _Application("jags", static_folder="web/static", template_folder="web/templates")
    _configure(app, config)
    # Before anything reads a form.
    bound_posts(app)
    # Before the extensions: the first of them that adds a global makes the environment, and it stays the one that it is.
    _find_templates(app)
    _connect_extensions(app, config)
    set_password_cost(memory_mib=config.password_memory_mib, passes=config.password_passes)
    app.extensions["jags_ports"] = make_ports(config)
    app.extensions["jags_mailer"] = _mailer(app, config)
    app.extensions["jags_calendars"] = _calendars(config)
    app.extensions["jags_organisations"] = read_organisations(
        config.organisations_file, secure=config.mode is Mode.PRODUCTION
    )
    app.extensions["jags_records"] = OutsideRecords(Path(config.records_dir))
    register_filters(app)
    register_page_context(app)
    register_nonce(app)
    register_errors(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    wrap_views(app)
    app.after_request(_secure_headers(app))
    if os.environ.get("FLASK_RUN_FROM_CLI"):
        connect_migrations(app)
    if config.proxy_hops:
        hops = config.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign] # The documented way to put middleware in place.
    return app


def make_ports(config: Config) -> Ports:
    """Return the ports of this process; the jobs key is there only where its environment has it."""
    return Ports(
        clock=SystemClock(parse_offset(config.clock_offset)),
        masters=_master_keys(config),
        trail=AuditTrail(),
        links=BaseUrlLinks(config.base_url),
        jobs_private_key=_jobs_key(config),
    )


def connect_migrations(app: Flask) -> None:
    """Connect Flask-Migrate for a command; it loads Alembic, for which no web worker should wait at its start."""
    from flask_migrate import Migrate  # noqa: PLC0415 - See above.

    Migrate(app, db, directory=str(ROOT / "migrations"), compare_type=True, render_as_batch=False)


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        JAGS=config,
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-jags_form" if config.secure else "jags_form",
        SESSION_COOKIE_SECURE=config.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        TRUSTED_HOSTS=_trusted_hosts(config),
        TEMPLATES_AUTO_RELOAD=False,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        # A form that was left open over lunch still goes; the token is bound to the cookie, not to the hour.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(config.database_url),
        MAIL_SERVER=config.mail_server or "localhost",
        MAIL_PORT=config.mail_port,
        MAIL_USE_TLS=config.mail_tls == "starttls",
        MAIL_USE_SSL=config.mail_tls == "tls",
        MAIL_USERNAME=config.mail_username or None,
        MAIL_PASSWORD=config.mail_password or None,
    )


def _connect_extensions(app: Flask, config: Config) -> None:
    if config.database_url.startswith("sqlite:///"):
        Path(config.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    # Who is signed in is looked up by the pages that say it (`page_context`), not for each.
    login.init_app(app, add_context_processor=False)
    csrf.init_app(app)
    mail.init_app(app)


def _find_templates(app: Flask) -> None:
    app.jinja_environment = PageEnvironment
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("jags.web", "templates"),
            PrefixLoader(
                {
                    "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja"),
                    "govuk_frontend_wtf": PackageLoader("govuk_frontend_wtf"),
                }
            ),
        ]
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _master_keys(config: Config) -> MasterKeys:
    if config.master_key:
        return SingleKey(config.master_key)
    return KeyDirectory(Path(config.master_key_file))


def _jobs_key(config: Config) -> bytes | None:
    if config.jobs_key:
        return decode_key(config.jobs_key, "JAGS_JOBS_KEY")
    return read_key(Path(config.jobs_key_file)) if config.jobs_key_file else None


def _mailer(app: Flask, config: Config) -> Mailer:
    # The demonstration sends nothing: whoever tries it may type a real address.
    return FileMailer(Path(config.outbox_dir)) if config.demo else SmtpMailer(app)


def _calendars(config: Config) -> Calendars:
    # Nothing leaves the machine of whoever tries it.
    return MadeUpCalendars() if config.demo else SeparateCalendars()


def _trusted_hosts(config: Config) -> list[str]:
    host = urlsplit(config.base_url).hostname or ""
    return [host, "127.0.0.1", "localhost"] if not config.secure else [host, "127.0.0.1"]


_SECURE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def _secure_headers(app: Flask):  # type: ignore[no-untyped-def] # noqa: ANN202 - Flask's own kind of hook.
    always = dict(_SECURE_HEADERS)
    if app.config["SESSION_COOKIE_SECURE"]:
        always["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    def add(response: Response) -> Response:
        response.headers.add("Content-Security-Policy", content_security_policy())
        # No page brings one of its own, so there is none to look for.
        response.headers.extend(always)
        # Calendar entries and tables are as private as pages; only what everybody gets may be kept.
        if request.endpoint != "static" or response.status_code >= HTTPStatus.BAD_REQUEST:
            response.headers["Cache-Control"] = "no-store"
        return response

    return add
