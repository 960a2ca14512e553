"""A promise of security: script, formulas, line breaks, hidden fields and whatever else in every form, as every role: no 500,
and nothing slow."""

import re
from itertools import cycle

import pytest

from conftest import SOAK
from factories import pages
from factories.crawler import filled, kind_of, mangled, walk
from factories.hostile import HOSTILE, partnership_of
from jags.accounts.model import Account
from jags.accounts.rules import PERMISSIONS, Role
from jags.facilitators.service import add_facilitator
from jags.web.places import start_of

SLOWEST_SECONDS = 5.0
NOBODY = "nobody signed in"
# Whoever ends their own session or takes their own part away is not there to send the next form.
LEFT_OUT = re.compile(r"^/sign-out|/end|/roles$|/look$|/remove$")


@pytest.fixture(params=["sqlite", "postgresql"] if SOAK else ["sqlite"])
def store(request):
    found = request.getfixturevalue(f"{request.param}_store")
    found.renew()
    return found


@pytest.mark.parametrize("visitor", [NOBODY, *Role])
def test_no_form_answers_hostile_values_with_an_error_or_slowly(client, work_on, visitor):
    ids = partnership_of(work_on, "Robin Example")
    start = "/"
    if visitor != NOBODY:
        role = Role(visitor)
        start = start_of(frozenset(PERMISSIONS[role]))
        if role is Role.FACILITATOR:
            pages.come_in(client, work_on, ids["facilitator"])
        else:
            account_id = pages.sign_in(client, work_on, role)
            with work_on() as work:
                add_facilitator(work, person=work.session.get_one(Account, account_id).person)
    values = cycle(HOSTILE)

    def fill(form):
        return [filled(form, next(values)), mangled(form, next(values))]

    walked = walk(client, start, slowest=SLOWEST_SECONDS, fill=fill, leave_out=LEFT_OUT.search)
    assert walked.wrong == []
    # So that the test can fail: it has met pages and forms.
    least = {NOBODY: 5, Role.COORDINATOR: 40, Role.ADMINISTRATOR: 15}.get(visitor, 0)
    assert (len(walked.opened) > least, walked.sent >= least) == (True, True), sorted(
        {kind_of(one) for one in walked.opened}
    )
