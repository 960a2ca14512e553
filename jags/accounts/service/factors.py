"""Second factors: authenticator apps, printed sheets of codes, and what an organisation's own sign-in proves.

What was changed is told by e-mail, and ends every other session. Passkeys: `jags.accounts.service.passkeys`.
"""

import hmac
import secrets
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from jags.accounts import queries
from jags.accounts.model import (
    Account,
    Authenticator,
    CodeSheet,
    OrganisationIdentity,
    Passkey,
    SheetCode,
    SignedInSession,
)
from jags.accounts.policy import require
from jags.accounts.rules import (
    CODE_SECONDS,
    SHEET_CODE_LENGTH,
    SHEET_CODES,
    SHEET_LETTERS,
    AuthenticatorSecret,
    Factor,
    OutsideIdentity,
    Permission,
)
from jags.accounts.service.guessing import begin_attempt, forget_attempt, second_step_places
from jags.accounts.service.sessions import Visit, end_sessions, known_device
from jags.accounts.service.telling import tell_of_change
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work

_WORDS = {
    Factor.AUTHENTICATOR: "authenticator app",
    Factor.CODE_SHEET: "printed sheet of codes",
    Factor.ORGANISATION: "sign-in of your organisation",
    Factor.PASSKEY: "passkey",
}
_Own = Authenticator | CodeSheet | OrganisationIdentity | Passkey
_TABLES: Mapping[Factor, type[_Own]] = {
    Factor.AUTHENTICATOR: Authenticator,
    Factor.CODE_SHEET: CodeSheet,
    Factor.ORGANISATION: OrganisationIdentity,
    Factor.PASSKEY: Passkey,
}


def begin_authenticator(work: Work, account: Account) -> None:
    """Make a secret for an authenticator app; it is good for nothing before its first code."""
    import pyotp  # noqa: PLC0415 - Few pages need it.

    work.session.execute(
        delete(Authenticator).where(
            Authenticator.account_id == account.id, Authenticator.confirmed_at.is_(None)
        )
    )
    row = Authenticator(
        key_id=account.person.key_id, account_id=account.id, added_at=work.now, confirmed_at=None, last_step=0
    )
    work.vault.seal(row, "secret", AuthenticatorSecret(pyotp.random_base32()))
    work.session.add(row)


def confirm_authenticator(work: Work, row: SignedInSession, code: str) -> bool:
    """Take the first code of a new authenticator app, which then replaces the one before; False when it does not fit."""
    account = row.account
    waiting = queries.waiting_authenticator(work, account.id)
    if waiting is None or not _takes(work, waiting, code):
        return False
    waiting.confirmed_at = work.now
    work.session.execute(
        delete(Authenticator).where(Authenticator.account_id == account.id, Authenticator.id != waiting.id)
    )
    note_added(work, row, Factor.AUTHENTICATOR)
    return True


def make_sheet(work: Work, account: Account) -> tuple[CodeSheet, list[str]]:
    """Make a sheet of codes; return it with the codes, which are shown once. It is good for nothing before its first code."""
    work.session.execute(
        delete(SheetCode).where(
            SheetCode.sheet_id.in_(
                select(CodeSheet.id).where(
                    CodeSheet.account_id == account.id, CodeSheet.confirmed_at.is_(None)
                )
            )
        )
    )
    work.session.execute(
        delete(CodeSheet).where(CodeSheet.account_id == account.id, CodeSheet.confirmed_at.is_(None))
    )
    codes = [
        "".join(secrets.choice(SHEET_LETTERS) for _ in range(SHEET_CODE_LENGTH)) for _ in range(SHEET_CODES)
    ]
    sheet = CodeSheet(account_id=account.id, made_at=work.now, confirmed_at=None)
    sheet.codes = [
        SheetCode(number=number, code_hash=_code_hash(work, sheet, number, code))
        for number, code in enumerate(codes, start=1)
    ]
    work.session.add(sheet)
    work.session.flush()
    return sheet, codes


def confirm_sheet(work: Work, row: SignedInSession, code: str) -> bool:
    """Take the first code of a new sheet, which then replaces the one before; False when it does not fit."""
    waiting = queries.waiting_sheet(work, row.account_id)
    if waiting is None or not _spends(work, waiting, code):
        return False
    _put_in_force(work, waiting)
    note_added(work, row, Factor.CODE_SHEET)
    return True


def make_sheet_for(work: Work, account: Account) -> list[str]:
    """Make a sheet for somebody, to be given in person or sent by post; return its codes, which are shown once."""
    require(work.actor, Permission.ACCOUNT_MANAGE)
    sheet, codes = make_sheet(work, account)
    _put_in_force(work, sheet)
    work.record("account:factor_added", account.id, factor=Factor.CODE_SHEET)
    end_sessions(work, account.id)
    tell_of_change(
        work, account, f"A {_WORDS[Factor.CODE_SHEET]} was made for your account by an administrator."
    )
    return codes


def add_organisation(work: Work, row: SignedInSession, identity: OutsideIdentity) -> None:
    """Let somebody sign in through their organisation.

    Raises `Invalid` when it has not proved a second factor, or when that person has another account here.
    """
    if not identity.proved:
        raise Invalid("Your organisation did not say that it asked for a second step. Choose another one.")
    index = queries.identity_index(work, identity)
    taken = work.session.scalar(
        select(OrganisationIdentity).where(OrganisationIdentity.identity_index == index)
    )
    if taken is not None:
        if taken.account_id == row.account_id:
            return
        raise Invalid("This person of your organisation has another account here. Ring the Business Unit.")
    work.session.execute(
        delete(OrganisationIdentity).where(
            OrganisationIdentity.account_id == row.account_id,
            OrganisationIdentity.provider == identity.provider,
        )
    )
    work.session.add(
        OrganisationIdentity(
            account_id=row.account_id, provider=identity.provider, identity_index=index, added_at=work.now
        )
    )
    note_added(work, row, Factor.ORGANISATION)


def check_code(work: Work, account_id: uuid.UUID, *, factor: Factor, code: str, visit: Visit) -> bool:
    """Take a code of an authenticator app or of a sheet; no code works twice, and failures count for the account."""
    places = second_step_places(work, account_id, device=known_device(work, account_id, visit.device))
    attempt = begin_attempt(work, places)
    if attempt is None:
        return False
    if factor is Factor.AUTHENTICATOR:
        own = queries.authenticator_of(work, account_id)
        good = own is not None and _takes(work, own, code)
    else:
        sheet = queries.sheet_of(work, account_id)
        good = sheet is not None and _spends(work, sheet, code)
    if good:
        forget_attempt(work, attempt)
    return good


def remove_factor(work: Work, row: SignedInSession, factor: Factor, factor_id: uuid.UUID) -> None:
    """Remove one of one's own factors; raises `Invalid` for the last one, which would leave the password alone."""
    table = _TABLES[factor]
    found = work.session.scalar(
        select(table).where(table.id == factor_id, table.account_id == row.account_id)
    )
    if found is None:
        raise NotFound
    if queries.factors_of(work, row.account_id).count <= 1:
        raise Invalid("This is your only second step. Add another one first.")
    work.session.delete(found)
    work.session.flush()
    work.record("account:factor_removed", row.account_id, factor=factor)
    _tell_and_end(work, row, f"A {_WORDS[factor]} was removed from your account.")


def remove_all_factors(work: Work, account_id: uuid.UUID) -> None:
    """Remove every factor of an account whose password was reset."""
    sheets = select(CodeSheet.id).where(CodeSheet.account_id == account_id)
    work.session.execute(delete(SheetCode).where(SheetCode.sheet_id.in_(sheets)))
    for table in _TABLES.values():
        work.session.execute(delete(table).where(table.account_id == account_id))


def note_added(work: Work, row: SignedInSession, factor: Factor) -> None:
    """Record and tell that a factor was added, and end the other sessions."""
    work.session.flush()
    work.record("account:factor_added", row.account_id, factor=factor)
    _tell_and_end(work, row, f"A {_WORDS[factor]} was added to your account.")


def _tell_and_end(work: Work, row: SignedInSession, what: str) -> None:
    tell_of_change(work, row.account, what)
    end_sessions(work, row.account_id, but=row.id)


def _takes(work: Work, row: Authenticator, code: str) -> bool:
    import pyotp  # noqa: PLC0415 - Few pages need it.

    digits = "".join(code.split())
    app = pyotp.TOTP(work.vault.open(row, "secret", AuthenticatorSecret).secret, interval=CODE_SECONDS)
    now = int(work.now.timestamp()) // CODE_SECONDS
    for step in _steps(now, after=row.last_step):
        if hmac.compare_digest(app.generate_otp(step).encode(), digits.encode()):
            row.last_step = step
            return True
    return False


def _steps(now: int, *, after: int) -> Sequence[int]:
    return [step for step in (now - 1, now, now + 1) if step > after]


def _spends(work: Work, sheet: CodeSheet, code: str) -> bool:
    wanted = queries.next_code(sheet)
    typed = "".join(c for c in code.casefold() if c.isalnum())
    if wanted is None or not hmac.compare_digest(
        wanted.code_hash, _code_hash(work, sheet, wanted.number, typed)
    ):
        return False
    wanted.used_at = work.now
    return True


def _code_hash(work: Work, sheet: CodeSheet, number: int, code: str) -> bytes:
    return work.vault.blind_index("sheet-code", f"{sheet.id}|{number}|{code}")


def _put_in_force(work: Work, sheet: CodeSheet) -> None:
    sheet.confirmed_at = work.now
    before = select(CodeSheet.id).where(CodeSheet.account_id == sheet.account_id, CodeSheet.id != sheet.id)
    work.session.execute(delete(SheetCode).where(SheetCode.sheet_id.in_(before)))
    work.session.execute(
        delete(CodeSheet).where(CodeSheet.account_id == sheet.account_id, CodeSheet.id != sheet.id)
    )
