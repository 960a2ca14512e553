"""Read what people prove besides their password, where they are signed in, and what needs a look at accounts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from jags.accounts.model import (
    AccessReset,
    Authenticator,
    CodeSheet,
    KnownDevice,
    OrganisationIdentity,
    Passkey,
    SheetCode,
    SignedInSession,
)
from jags.accounts.rules import (
    RESET_OPEN,
    SESSION_IDLE,
    SESSION_LONGEST,
    AuthenticatorSecret,
    Factor,
    OutsideIdentity,
)
from jags.kernel.work import Work


@dataclass(frozen=True)
class Factors:
    """The second factors of an account that are in force."""

    passkeys: Sequence[Passkey]
    authenticator: Authenticator | None
    sheet: CodeSheet | None
    organisations: Sequence[OrganisationIdentity]

    @property
    def count(self) -> int:
        """Return how many there are."""
        single = sum(one is not None for one in (self.authenticator, self.sheet))
        return len(self.passkeys) + len(self.organisations) + single

    @property
    def kinds(self) -> list[Factor]:
        """Return which kinds there are, the quickest first."""
        there = {
            Factor.PASSKEY: bool(self.passkeys),
            Factor.AUTHENTICATOR: self.authenticator is not None,
            Factor.CODE_SHEET: self.sheet is not None,
            Factor.ORGANISATION: bool(self.organisations),
        }
        return [kind for kind, is_there in there.items() if is_there]

    @property
    def codes_left(self) -> int:
        """Return how many codes the sheet has left."""
        return sum(code.used_at is None for code in self.sheet.codes) if self.sheet else 0


def factors_of(work: Work, account_id: uuid.UUID) -> Factors:
    """Return the factors of an account."""
    return Factors(
        passkeys=work.session.scalars(
            select(Passkey).where(Passkey.account_id == account_id).order_by(Passkey.added_at, Passkey.id)
        ).all(),
        authenticator=authenticator_of(work, account_id),
        sheet=sheet_of(work, account_id),
        organisations=work.session.scalars(
            select(OrganisationIdentity)
            .where(OrganisationIdentity.account_id == account_id)
            .order_by(OrganisationIdentity.provider)
        ).all(),
    )


def authenticator_of(work: Work, account_id: uuid.UUID) -> Authenticator | None:
    """Return the authenticator app of an account, once its first code was taken."""
    return work.session.scalar(
        select(Authenticator).where(
            Authenticator.account_id == account_id, Authenticator.confirmed_at.is_not(None)
        )
    )


def waiting_authenticator(work: Work, account_id: uuid.UUID) -> Authenticator | None:
    """Return the authenticator app that waits for its first code."""
    return work.session.scalar(
        select(Authenticator).where(
            Authenticator.account_id == account_id, Authenticator.confirmed_at.is_(None)
        )
    )


def secret_of(work: Work, authenticator: Authenticator) -> str:
    """Return the secret that an authenticator app is given."""
    return work.vault.open(authenticator, "secret", AuthenticatorSecret).secret


def sheet_of(work: Work, account_id: uuid.UUID) -> CodeSheet | None:
    """Return the printed sheet of an account, once its first code was taken."""
    return work.session.scalar(
        select(CodeSheet)
        .where(CodeSheet.account_id == account_id, CodeSheet.confirmed_at.is_not(None))
        .options(selectinload(CodeSheet.codes))
    )


def waiting_sheet(work: Work, account_id: uuid.UUID) -> CodeSheet | None:
    """Return the sheet that waits for its first code."""
    return work.session.scalar(
        select(CodeSheet)
        .where(CodeSheet.account_id == account_id, CodeSheet.confirmed_at.is_(None))
        .options(selectinload(CodeSheet.codes))
    )


def next_code(sheet: CodeSheet) -> SheetCode | None:
    """Return the code that a sheet is asked for: the first that was not used, so that asking again gives no other choice."""
    return next((code for code in sheet.codes if code.used_at is None), None)


def identity_index(work: Work, identity: OutsideIdentity) -> bytes:
    """Return the keyed hash of issuer and subject, which together are one person for good."""
    # Subjects are compared letter by letter, and the index folds case: their bytes in hexadecimal keep it.
    return work.vault.blind_index("organisation", f"{identity.issuer}|{identity.subject.encode().hex()}")


def find_by_identity(work: Work, identity: OutsideIdentity) -> OrganisationIdentity | None:
    """Return whose account an organisation's person is, if any."""
    return work.session.scalar(
        select(OrganisationIdentity).where(
            OrganisationIdentity.identity_index == identity_index(work, identity)
        )
    )


def live_sessions(work: Work, account_id: uuid.UUID) -> Sequence[SignedInSession]:
    """Return where somebody is signed in, latest first."""
    return work.session.scalars(
        select(SignedInSession)
        .where(
            SignedInSession.account_id == account_id,
            SignedInSession.ended_at.is_(None),
            SignedInSession.proved_at.is_not(None),
            SignedInSession.last_seen_at > work.now - SESSION_IDLE,
            SignedInSession.started_at > work.now - SESSION_LONGEST,
        )
        .order_by(SignedInSession.started_at.desc(), SignedInSession.id)
    ).all()


def known_devices(work: Work, account_id: uuid.UUID) -> Sequence[KnownDevice]:
    """Return the browsers from which somebody has signed in, latest first."""
    return work.session.scalars(
        select(KnownDevice)
        .where(KnownDevice.account_id == account_id)
        .order_by(KnownDevice.last_used_at.desc(), KnownDevice.id)
    ).all()


def open_resets(work: Work, account_id: uuid.UUID | None = None) -> Sequence[AccessReset]:
    """Return the resets that wait for a second person, longest waiting first; of one account or of all."""
    waiting = select(AccessReset).where(
        AccessReset.confirmed_at.is_(None),
        AccessReset.ended_at.is_(None),
        AccessReset.called_at >= work.now - RESET_OPEN,
    )
    if account_id is not None:
        waiting = waiting.where(AccessReset.account_id == account_id)
    return work.session.scalars(waiting.order_by(AccessReset.called_at, AccessReset.id)).all()
