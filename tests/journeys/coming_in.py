"""Somebody with an account comes in by a link, where a journey is not about signing in."""

import uuid
from datetime import timedelta

from playwright.sync_api import Page

from jags.accounts.model import Account
from jags.accounts.rules import Purpose
from jags.accounts.service import issue_link
from journeys.partnership import Partnership
from journeys.visitors import Visitors


def comes_in(
    visitors: Visitors, partnership: Partnership, account_id: uuid.UUID, *, at_a_desk: bool = False
) -> Page:
    """Open a phone, or a browser at a desk, on which somebody is signed in."""
    with partnership.work_on() as work:
        found = work.session.get_one(Account, account_id)
        expires = work.now + timedelta(days=60)
        _, secret = issue_link(work, purpose=Purpose.SIGN_IN, subject_id=found.id, expires_at=expires)
    page = visitors.at_a_desk() if at_a_desk else visitors.on_a_phone()
    page.goto(f"/link/{secret}")
    page.get_by_role("main").get_by_role("button").first.click()
    return page
