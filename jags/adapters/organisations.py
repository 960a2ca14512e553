"""Sign-in of organisations by OpenID Connect: where to send somebody, and who came back, checked (docs/adr/0021-sign-in.md)."""

import json
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from jags.accounts.rules import OutsideIdentity
from jags.kernel.errors import SetupIncomplete

_TIMEOUT_SECONDS = 10
# What an organisation says of itself is asked again after an hour.
_KEPT_SECONDS = 3600
# An agency's word that its sign-in asks for a second factor holds for a year.
_ASSURED = timedelta(days=365)
# Somebody who is asked anew has proved it just now.
_ANEW = timedelta(minutes=5)
_LEEWAY_SECONDS = 60
_ALGORITHMS = ["ES256", "PS256", "RS256"]


class OrganisationRefused(Exception):
    """The organisation did not tell who somebody is, or what it told does not fit; the message is for the log and names nobody."""


@dataclass(frozen=True)
class Organisation:
    """An organisation whose sign-in we take; `proves` are the values of `amr` or `acr` that mean a second factor."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str
    proves: frozenset[str] = frozenset()
    assured_on: date | None = None


class Organisations:
    """The organisations of one partnership."""

    def __init__(self, known: Sequence[Organisation] = ()) -> None:
        self.known = tuple(known)
        self._metadata: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def find(self, key: str) -> Organisation | None:
        """Return an organisation by its key."""
        return next((one for one in self.known if one.key == key), None)

    def begin(
        self, organisation: Organisation, *, return_to: str, anew: bool = False
    ) -> tuple[str, dict[str, str]]:
        """Return where to send somebody, and what their browser keeps until they come back; `anew` asks them again."""
        kept = {"nonce": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48)}
        more = {"max_age": "0", "prompt": "login"} if anew else {}
        url, state = self._client(organisation, return_to).create_authorization_url(
            self._about(organisation)["authorization_endpoint"],
            nonce=kept["nonce"],
            code_verifier=kept["verifier"],
            **more,
        )
        return url, {**kept, "state": state}

    def finish(
        self,
        organisation: Organisation,
        *,
        return_to: str,
        kept: Mapping[str, str],
        code: str,
        state: str,
        now: datetime,
        anew: bool = False,
    ) -> OutsideIdentity:
        """Return who came back; raises `OrganisationRefused` unless everything that was sent fits together."""
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - Few pages need it.
        from joserfc.errors import JoseError  # noqa: PLC0415 - The same.
        from requests import RequestException  # noqa: PLC0415 - The same.

        if not code or not secrets.compare_digest(state.encode(), kept["state"].encode()):
            raise OrganisationRefused("state")
        try:
            token = self._client(organisation, return_to).fetch_token(
                self._about(organisation)["token_endpoint"],
                code=code,
                code_verifier=kept["verifier"],
                timeout=_TIMEOUT_SECONDS,
                allow_redirects=False,
            )
            claims = self._claims(organisation, str(token.get("id_token", "")), kept["nonce"], now)
        except (AuthlibBaseError, JoseError, RequestException, KeyError, TypeError, ValueError) as error:
            raise OrganisationRefused(type(error).__name__) from error
        if anew and not _is_just_now(claims.get("auth_time"), now):
            raise OrganisationRefused("auth_time")
        return OutsideIdentity(
            provider=organisation.key,
            issuer=organisation.issuer,
            subject=str(claims["sub"]),
            proved=_proves(organisation, claims, now),
        )

    def _claims(self, organisation: Organisation, token: str, nonce: str, now: datetime) -> Mapping[str, Any]:
        from joserfc import jwt  # noqa: PLC0415 - Few pages need it.
        from joserfc.jwk import KeySet  # noqa: PLC0415 - The same.

        keys = KeySet.import_key_set(self._get(self._about(organisation)["jwks_uri"]))  # type: ignore[arg-type] # What a server says.
        claims: Mapping[str, Any] = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
        jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": organisation.issuer},
            aud={"essential": True, "value": organisation.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(dict(claims))
        if claims.get("azp", organisation.client_id) != organisation.client_id:
            raise OrganisationRefused("azp")
        return claims

    def _about(self, organisation: Organisation) -> Mapping[str, Any]:
        known = self._metadata.get(organisation.key)
        if known is None or time.monotonic() - known[0] > _KEPT_SECONDS:
            found = self._get(f"{organisation.issuer.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != organisation.issuer:
                raise OrganisationRefused("issuer")
            known = self._metadata[organisation.key] = (time.monotonic(), found)
        return known[1]

    @staticmethod
    def _get(address: str) -> Mapping[str, Any]:
        import requests  # noqa: PLC0415 - Few pages need it.

        try:
            answer = requests.get(address, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
            if answer.status_code != 200:  # noqa: PLR2004 - Anything else tells nothing.
                raise OrganisationRefused(f"status {answer.status_code}")
            found: Mapping[str, Any] = answer.json()
        except requests.RequestException as error:
            raise OrganisationRefused(type(error).__name__) from error
        return found

    @staticmethod
    def _client(organisation: Organisation, return_to: str) -> Any:
        from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415 - Few pages need it.

        return OAuth2Session(
            organisation.client_id,
            organisation.client_secret,
            scope="openid",
            redirect_uri=return_to,
            code_challenge_method="S256",
        )


def read_organisations(file: str, *, secure: bool) -> Organisations:
    """Read the organisations of a file; raises `SetupIncomplete` with a sentence that says what is wrong with it."""
    if not file:
        return Organisations()
    try:
        lines = json.loads(Path(file).read_text(encoding="utf-8"))
        known = [
            Organisation(
                key=line["key"],
                name=line["name"],
                issuer=line["issuer"],
                client_id=line["client_id"],
                client_secret=line["client_secret"],
                proves=frozenset(line.get("proves", ())),
                assured_on=date.fromisoformat(line["assured_on"]) if line.get("assured_on") else None,
            )
            for line in lines
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SetupIncomplete(
            "Set JAGS_ORGANISATIONS_FILE to a JSON list of organisations, as docs/operating.md shows it."
        ) from error
    for one in known:
        if secure and not one.issuer.startswith("https://"):
            raise SetupIncomplete(
                f"The issuer of {one.key} in JAGS_ORGANISATIONS_FILE must begin with https://."
            )
    return Organisations(known)


def _is_just_now(said: object, now: datetime) -> bool:
    return isinstance(said, int) and abs(now.timestamp() - said) <= _ANEW.total_seconds()


def _proves(organisation: Organisation, claims: Mapping[str, Any], now: datetime) -> bool:
    methods = claims.get("amr") or ()
    said = {claims.get("acr"), *(methods if isinstance(methods, list) else ())}
    assured = organisation.assured_on
    return bool(said & organisation.proves) or (
        assured is not None and timedelta(0) <= now.date() - assured <= _ASSURED
    )
