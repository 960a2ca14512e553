"""An organisation's sign-in by OpenID Connect, as a process of its own: `python -m servers.provider PORT`; tests say whom it names."""

import base64
import hashlib
import json
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit
from urllib.request import Request, urlopen

from joserfc import jwt
from joserfc.jwk import RSAKey

from servers.processes import bound_to_parent, end, free_port

CLIENT, SECRET = "jags", "a secret of the client"
_PATIENCE = 5
_TESTS = Path(__file__).resolve().parent.parent


class Provider:
    """The process, as a test sees it."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://127.0.0.1:{port}"

    def say(self, **what: Any) -> None:
        """Set what it says from now on: `claims` of the token, `omit` some of them, `foreign_key` to sign by another key."""
        body = json.dumps(what).encode()
        with urlopen(Request(f"{self.issuer}/say", data=body), timeout=_PATIENCE) as answer:  # noqa: S310 - Our own.
            assert answer.status == 200

    def line(self, **more: Any) -> dict[str, Any]:
        """Return its line of JAGS_ORGANISATIONS_FILE."""
        line = {"key": "council", "name": "Example Council", "issuer": self.issuer}
        return {**line, "client_id": CLIENT, "client_secret": SECRET, "proves": ["mfa"], **more}


@contextmanager
def provider() -> Iterator[Provider]:
    """Run the process; it ends with the block."""
    port = free_port()
    command = [sys.executable, "-m", "servers.provider", str(port)]
    with subprocess.Popen(
        bound_to_parent(command, signal_name="KILL"),
        cwd=_TESTS,
        start_new_session=True,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            # It says one line once it listens; when it ends before, the line is empty.
            if process.stdout is None or not process.stdout.readline():
                raise RuntimeError("The organisation's provider did not start.")
            yield Provider(port)
        finally:
            end(process, with_signal=signal.SIGTERM, patience=_PATIENCE)


class _State:
    """What the process holds."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key, self.foreign = (RSAKey.generate_key(2048, {"kid": "one"}) for _ in range(2))
        self.says: dict[str, Any] = {}
        # What each code was given for; a code is good once.
        self.codes: dict[str, dict[str, str]] = {}

    def token(self, asked: dict[str, str]) -> str:
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "subject-1",
            "nonce": asked["nonce"],
            "amr": ["pwd", "mfa"],
            **self.says.get("claims", {}),
        }
        for name in self.says.get("omit", ()):
            claims.pop(name, None)
        key = self.foreign if self.says.get("foreign_key") else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


def _handler(state: _State) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            split = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(split.query).items()}
            if split.path == "/.well-known/openid-configuration":
                names = {"authorization_endpoint": "/in", "token_endpoint": "/token", "jwks_uri": "/keys"}
                self._answer(
                    {"issuer": state.issuer, **{k: state.issuer + path for k, path in names.items()}}
                )
            elif split.path == "/keys":
                self._answer({"keys": [state.key.as_dict(private=False)]})
            elif split.path == "/in" and asked["client_id"] == CLIENT and asked["scope"] == "openid":
                code = secrets.token_urlsafe(16)
                state.codes[code] = asked
                back = urlencode({"code": code, "state": asked["state"]})
                self.send_response(302)
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            else:
                self._answer({}, status=404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path == "/say":
                state.says = json.loads(body)
                self._answer({})
                return
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            asked = state.codes.pop(sent.get("code", ""), None)
            client = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
            if asked is None or unquote(client) != f"{CLIENT}:{SECRET}" or not _fits(asked, sent):
                self._answer({"error": "invalid_grant"}, status=400)
                return
            token = {"access_token": "none", "token_type": "Bearer", "id_token": state.token(asked)}
            self._answer(token)

        def log_message(self, *_args: object) -> None:
            """Keep the output of the tests clean."""

        def _answer(self, what: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _fits(asked: dict[str, str], sent: dict[str, str]) -> bool:
    digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return (asked["code_challenge"], asked["redirect_uri"]) == (challenge, sent.get("redirect_uri"))


if __name__ == "__main__":
    PORT = int(sys.argv[1])
    SERVER = ThreadingHTTPServer(("127.0.0.1", PORT), _handler(_State(f"http://127.0.0.1:{PORT}")))
    sys.stdout.write("listening\n")
    sys.stdout.flush()
    SERVER.serve_forever()
