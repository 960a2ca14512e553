"""Members with a password and a second step, and what they do with it: an authenticator app, and the pages of signing in."""

import base64
from datetime import timedelta

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from factories import pages
from factories.people import link
from jags.accounts.model import Account, Authenticator
from jags.accounts.rules import AuthenticatorSecret, Contact, Purpose, Role
from jags.accounts.service import add_person, invite_person, set_password

PASSWORD = "violet anchor teapot"
ADDRESS = "wren@example.org"
# Any secret does: it is the account's own from now on.
SECRET = base64.b32encode(b"a secret of twenty b").decode()


def make_member(work_on, *, email=ADDRESS, role=Role.COORDINATOR, name="Wren Young", factor=True):
    """Add somebody with a password and, unless said otherwise, an authenticator app; return the account's id."""
    with work_on() as work:
        person = add_person(work, contact=Contact(name=name, email=email))
        added = invite_person(work, person, role=role)
        invitation, _secret = link(work, Purpose.INVITATION, added.id)
        account = set_password(work, invitation, PASSWORD)
        if factor:
            give_app(work, account)
        return account.id


def give_app(work, account: Account) -> None:
    """Give an account an authenticator app that has shown its first code."""
    row = Authenticator(
        key_id=account.person.key_id,
        account_id=account.id,
        added_at=work.now,
        confirmed_at=work.now,
        last_step=0,
    )
    work.vault.seal(row, "secret", AuthenticatorSecret(SECRET))
    work.session.add(row)


def code_at(instant, secret: str = SECRET) -> str:
    """Return what the app shows at an instant."""
    return pyotp.TOTP(secret).at(instant)


def give_password(
    client: FlaskClient, *, email=ADDRESS, password=PASSWORD, wanted="", **options
) -> TestResponse:
    """Send the page of sign-in."""
    path = f"/sign-in?next={wanted}" if wanted else "/sign-in"
    page = client.get("/sign-in", **options)
    return client.post(
        path, data={"csrf_token": pages.token(page), "email": email, "password": password}, **options
    )


def give_code(
    client: FlaskClient, code: str, *, step="/second-step/authenticator", **options
) -> TestResponse:
    """Send the page of the second step."""
    page = client.get(step, **options)
    return client.post(step, data={"csrf_token": pages.token(page), "code": code}, **options)


def sign_in(
    client: FlaskClient, *, email=ADDRESS, password=PASSWORD, wanted="", later=0, **options
) -> TestResponse:
    """Sign in with password and app, by its code of so many half minutes later; return the last answer."""
    answer = give_password(client, email=email, password=password, wanted=wanted, **options)
    if answer.status_code != 303:
        return answer
    chosen = client.get(answer.location, **options).location
    now = client.application.extensions["jags_ports"].clock.now()
    return give_code(client, code_at(now + timedelta(seconds=30 * later)), step=chosen, **options)
