"""The Business Unit at its pages of requests."""

import re
import uuid

from factories.pages import sign_in, token, version
from factories.people import account
from jags.accounts.model import Account
from jags.accounts.rules import Role


def references(text: str) -> list[str]:
    return re.findall(r'href="/requests/[0-9a-f-]{36}">([^<]+)<', text)


def me(client, work_on, role=Role.COORDINATOR, **details) -> uuid.UUID:
    account_id = sign_in(client, work_on, role, **details)
    with work_on(write=False) as work:
        return work.session.get_one(Account, account_id).person_id


def colleague(work_on, name: str) -> uuid.UUID:
    with work_on() as work:
        return account(work, Role.COORDINATOR, name=name).person_id


def send(client, path, **fields):
    page = client.get(path)
    return client.post(
        path, data={"csrf_token": token(page), "version": version(page), **fields}, follow_redirects=True
    )
