"""Other people's accounts: invite, roles, address, end of access, a printed sheet, the review of an agency; each acts at once."""

import re

import pytest

from factories import pages
from factories.people import account, agency
from factories.requests import envelopes
from factories.second_steps import ADDRESS, make_member, sign_in
from jags.accounts import queries
from jags.accounts.model import AccessReview, SignedInSession
from jags.accounts.rules import AccountState, Role
from jags.audit.model import AuditEvent
from jags.notifications.rules import MailKind


@pytest.fixture
def wren(work_on):
    return make_member(work_on)


@pytest.fixture
def lead(app, work_on):
    """An administrator's browser."""
    browser = app.test_client()
    pages.sign_in(browser, work_on, Role.ADMINISTRATOR, name="Stefan Blake", email="stefan@example.org")
    return browser


def send(browser, path, page="", **fields):
    return browser.post(path, data={"csrf_token": pages.token(browser.get(page or path)), **fields})


def state_of(work_on, account_id):
    with work_on(write=False) as work:
        return queries.get_account(work, account_id).state


def tags(work_on):
    with work_on(write=False) as work:
        return [event.tag for event in work.session.query(AuditEvent).order_by(AuditEvent.seq)]


def told(work_on, kind=MailKind.ACCOUNT_CHANGED):
    with work_on(write=False) as work:
        return sorted((one["email"], one["params"].get("what", "")) for one in envelopes(work, kind))


def test_somebody_is_invited_with_a_role(lead, work_on):
    fields = {"name": "Fern Hill", "email": "fern@example.org", "role": "facilitator"}
    answer = send(lead, "/people/invite", **fields)
    assert answer.status_code == 303
    page = lead.get(answer.location)
    assert "Fern Hill" in pages.heading(page)
    assert told(work_on, MailKind.INVITATION) == [
        ("fern@example.org", ""),
        # The administrator of this test.
        ("stefan@example.org", ""),
    ]


def test_what_is_missing_is_said_and_what_was_typed_stays(lead):
    answer = send(lead, "/people/invite", name="Fern Hill", email="no address", role="facilitator")
    assert pages.errors(answer) == ["Enter an e-mail address in the correct format, like name@example.org."]
    assert 'value="Fern Hill"' in answer.text


def test_a_changed_role_acts_at_the_next_request_and_is_told(client, lead, wren, work_on):
    sign_in(client)
    assert client.get("/requests").status_code == 200
    page = lead.get(f"/people/{wren}/roles")
    data = {"csrf_token": pages.token(page), "version": pages.version(page), "roles": "evaluation_reader"}
    assert lead.post(f"/people/{wren}/roles", data=data).status_code == 303
    assert client.get("/requests").status_code == 403
    assert client.get("/evaluation").status_code == 200
    assert (ADDRESS, "An administrator changed what your account is for.") in told(work_on)
    assert {"account:role_given", "account:role_taken"} <= set(tags(work_on))
    # The page of before is an older one now.
    assert lead.post(f"/people/{wren}/roles", data=data | {"roles": "coordinator"}).status_code == 409


def test_nobody_takes_the_last_administrators_role(lead, work_on, app):
    with work_on(write=False) as work:
        (own,) = queries.accounts_with_role(work, Role.ADMINISTRATOR)
        own_id = own.id
    page = lead.get(f"/people/{own_id}/roles")
    data = {"csrf_token": pages.token(page), "version": pages.version(page), "roles": "coordinator"}
    answer = lead.post(f"/people/{own_id}/roles", data=data)
    assert pages.errors(answer) == ["This is the only administrator. Give somebody else that role first."]


def test_a_closed_account_is_out_at_the_next_request_and_opens_again_with_its_second_step(
    client, lead, wren, work_on, clock
):
    sign_in(client)
    assert send(lead, f"/people/{wren}/end-access", f"/people/{wren}").status_code == 303
    assert client.get("/my-account").status_code == 303
    assert state_of(work_on, wren) is AccountState.DISABLED
    # One word for it, wherever it is told.
    for path in (f"/people/{wren}", "/people", "/audit-trail"):
        shown = pages.text_of(lead.get(path))
        assert ("losed" in shown, "isabled" in shown) == (True, False), path
    assert sign_in(client, later=1).status_code == 200
    assert send(lead, f"/people/{wren}/open-again", f"/people/{wren}").status_code == 303
    assert client.get("/my-account").status_code == 303
    assert sign_in(client, later=1).status_code == 303
    assert client.get("/my-account").status_code == 200


def test_a_new_address_is_told_to_both_and_ends_what_was_signed_in(client, lead, wren, work_on):
    sign_in(client)
    assert send(lead, f"/people/{wren}/address", email="wren.young@example.org").status_code == 303
    assert client.get("/my-account").status_code == 303
    assert told(work_on) == [
        ("wren.young@example.org", "The e-mail address of your account was changed to this one."),
        (
            "wren@example.org",
            "The e-mail address of your account was changed. From now on we write to the new one.",
        ),
    ]
    assert sign_in(client).status_code == 200
    assert sign_in(client, email="wren.young@example.org", later=1).status_code == 303


def test_nobody_is_given_the_address_of_somebody_else(lead, wren):
    answer = send(lead, f"/people/{wren}/address", email="stefan@example.org")
    assert pages.errors(answer) == ["Somebody else has this e-mail address. Enter another one."]


def test_a_sheet_made_for_somebody_is_shown_once_and_works(client, lead, wren, work_on):
    page = send(lead, f"/people/{wren}/code-sheet", f"/people/{wren}")
    codes = re.findall(r"<code>([a-z0-9 ]+)</code>", page.text)
    assert len(codes) == 40
    assert codes[0] not in lead.get(f"/people/{wren}").text
    answer = sign_in(client)
    assert answer.status_code == 303
    assert (ADDRESS, "A printed sheet of codes was made for your account by an administrator.") in told(
        work_on
    )


def test_the_second_step_is_asked_again_before_other_peoples_access_changes(lead, wren, clock):
    clock.instant = clock.instant.replace(minute=clock.instant.minute + 11)
    for page in (
        f"/people/{wren}/roles",
        f"/people/{wren}/address",
        "/people/invite",
        "/people/reviews/look",
    ):
        answer = lead.get(page)
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/second-step-again")


def test_an_agency_is_looked_through_account_by_account(lead, work_on):
    with work_on() as work:
        police = agency(work)
        ids = [
            account(work, Role.FACILITATOR, name=name, agency=police).id for name in ("Ash Reed", "Fern Hill")
        ]
        path = f"/people/reviews/look?agency={police.id}"
    kept, ended = ids
    # Nothing is chosen for whoever looks.
    assert pages.errors(send(lead, path)) == [
        f"Select whether the account of {name} is still needed." for name in ("Ash Reed", "Fern Hill")
    ]
    fields = {f"account-{kept}": "keep", f"account-{ended}": "end"}
    assert send(lead, path, **fields).status_code == 303
    assert (state_of(work_on, kept), state_of(work_on, ended)) == (
        AccountState.ACTIVE,
        AccountState.DISABLED,
    )
    with work_on(write=False) as work:
        (review,) = work.session.query(AccessReview)
        assert (review.kept, review.ended) == (1, 1)
        assert work.session.query(SignedInSession).count() == 1
    assert "access:reviewed" in tags(work_on)


def test_a_colleague_of_the_unit_resets_but_manages_nobody(client, wren, work_on):
    pages.sign_in(client, work_on, Role.COORDINATOR, name="Meera Coleman")
    page = client.get(f"/people/{wren}")
    assert "Let them in again" in page.text
    assert "End their access" not in page.text
    assert send(client, f"/people/{wren}/end-access", f"/people/{wren}/let-in-again").status_code == 403
