"""The nonce of a page: only what our own layout loads runs as a script, not whatever else lies on this server."""

import secrets

from flask import Flask, g

_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def register_nonce(app: Flask) -> None:
    """Let every template ask for the nonce of its page."""
    app.add_template_global(script_nonce)


def script_nonce() -> str:
    """Return the nonce of the page that is being made: new for each page, the same all over it."""
    if "script_nonce" not in g:
        g.script_nonce = secrets.token_urlsafe(16)
    nonce: str = g.script_nonce
    return nonce


def content_security_policy() -> str:
    """Return the policy of an answer; what is no page of ours runs no script at all."""
    nonce = g.get("script_nonce")
    return _POLICY.format(scripts=f"'nonce-{nonce}'" if nonce else "'none'")
