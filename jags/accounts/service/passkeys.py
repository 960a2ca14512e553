"""Passkeys: what a browser is asked to sign, and whether it did; the library for it loads when first used."""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import select

from jags.accounts import queries
from jags.accounts.model import Passkey, SignedInSession
from jags.accounts.rules import PASSKEYS_MOST, Factor
from jags.accounts.service.factors import note_added
from jags.accounts.service.guessing import begin_attempt, forget_attempt, second_step_places
from jags.accounts.service.sessions import Visit, known_device
from jags.kernel.work import Work
from jags.settings.queries import partnership

if TYPE_CHECKING:
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor


def ask_new_passkey(work: Work, row: SignedInSession) -> dict[str, Any]:
    """Return what a browser needs to make a passkey; what it is to sign is kept with the session, once."""
    import webauthn  # noqa: PLC0415 - See above.
    from webauthn.helpers.structs import (  # noqa: PLC0415 - See above.
        AuthenticatorSelectionCriteria,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    contact = queries.contact_of(work, row.account.person)
    options = webauthn.generate_registration_options(
        rp_id=_site(work),
        rp_name=f"JAGS – {partnership(work).name}",
        user_id=row.account_id.bytes,
        user_name=contact.email,
        user_display_name=contact.name,
        exclude_credentials=_own(work, row),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    row.challenge = options.challenge
    return _for_browser(webauthn.options_to_json(options))


def add_passkey(work: Work, row: SignedInSession, answer: str, *, browser: str) -> bool:
    """Keep a new passkey; False when the browser's answer is not for this session and this site."""
    import webauthn  # noqa: PLC0415 - See above.
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 - See above.

    challenge, row.challenge = row.challenge, None
    own = queries.factors_of(work, row.account_id).passkeys
    if challenge is None or len(own) >= PASSKEYS_MOST:
        return False
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_site(work),
            expected_origin=_origin(work),
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    known = select(Passkey.id).where(Passkey.credential_id == made.credential_id)
    if work.session.scalar(known) is not None:
        return False
    work.session.add(
        Passkey(
            account_id=row.account_id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            browser=browser,
            added_at=work.now,
            last_used_at=None,
        )
    )
    note_added(work, row, Factor.PASSKEY)
    return True


def ask_passkey(work: Work, row: SignedInSession) -> dict[str, Any]:
    """Return what a browser needs to use one of the account's passkeys."""
    import webauthn  # noqa: PLC0415 - See above.
    from webauthn.helpers.structs import UserVerificationRequirement  # noqa: PLC0415 - See above.

    options = webauthn.generate_authentication_options(
        rp_id=_site(work),
        allow_credentials=_own(work, row),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    row.challenge = options.challenge
    return _for_browser(webauthn.options_to_json(options))


def check_passkey(work: Work, row: SignedInSession, answer: str, visit: Visit) -> bool:
    """Tell whether one of the account's passkeys signed what this session asked, at this site; failures count."""
    import webauthn  # noqa: PLC0415 - See above.
    from webauthn.helpers.exceptions import WebAuthnException  # noqa: PLC0415 - See above.

    device = known_device(work, row.account_id, visit.device)
    attempt = begin_attempt(work, second_step_places(work, row.account_id, device=device))
    challenge, row.challenge = row.challenge, None
    if attempt is None or challenge is None:
        return False
    try:
        credential = webauthn.helpers.parse_authentication_credential_json(answer)
        used = _of(work, row, credential.raw_id)
        if used is None:
            return False
        signed = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_site(work),
            expected_origin=_origin(work),
            credential_public_key=used.public_key,
            credential_current_sign_count=used.sign_count,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError):
        return False
    used.sign_count = signed.new_sign_count
    used.last_used_at = work.now
    forget_attempt(work, attempt)
    return True


def _of(work: Work, row: SignedInSession, credential_id: bytes) -> Passkey | None:
    return work.session.scalar(
        select(Passkey).where(Passkey.credential_id == credential_id, Passkey.account_id == row.account_id)
    )


def _own(work: Work, row: SignedInSession) -> "list[PublicKeyCredentialDescriptor]":
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor  # noqa: PLC0415 - See above.

    own = queries.factors_of(work, row.account_id).passkeys
    return [PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in own]


def _for_browser(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return found


def _site(work: Work) -> str:
    return urlsplit(_origin(work)).hostname or ""


def _origin(work: Work) -> str:
    return work.ports.links.page("")
