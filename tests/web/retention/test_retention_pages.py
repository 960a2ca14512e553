"""Rules are changed on a page, and a list of what is due is taken through by two people who sign in."""

from sqlalchemy import select

from factories import pages
from factories.erasing import ended_request
from jags.accounts.model import Account, Recusal
from jags.accounts.rules import Role
from jags.requests.model import Request
from jags.retention.model import RetentionList
from jags.retention.queries import rule_of
from jags.retention.rules import RecordKind
from jags.retention.service import carry_out

WAITS = "A list of records to erase waits for a second person."


def step(client, list_id, name):
    path = f"/retention/lists/{list_id}"
    shown = client.get(path)
    data = {"csrf_token": pages.token(shown), "version": pages.version(shown)}
    return client.post(f"{path}/{name}", data=data, follow_redirects=True)


def test_a_rule_is_changed_and_what_cannot_be_is_said_at_its_field(client, work_on):
    pages.sign_in(client, work_on, Role.ADMINISTRATOR)
    path = "/retention/rules/request"
    wanted = {"trigger": "received", "months": "24", "action": "review", "owner": "Records manager"}
    short = pages.submit(client, path, **{**wanted, "months": "3"})
    assert pages.errors(short) == ["Enter a number of months from 12 to 600."]
    assert 'value="Records manager"' in short.text
    assert pages.submit(client, path, **wanted).status_code == 303
    with work_on(write=False) as work:
        assert (rule_of(work, RecordKind.REQUEST).months, rule_of(work, RecordKind.REQUEST).owner) == (
            24,
            "Records manager",
        )
    assert "24 months" in pages.text_of(client.get("/retention"))
    stale = pages.submit(client, path, **wanted, version="7")
    assert stale.status_code == 409
    assert client.get("/retention/rules/nothing").status_code == 404


def test_two_people_take_a_list_through_and_the_request_says_that_it_was_erased(client, work_on):
    with work_on() as work:
        old = ended_request(work)
        old_id, reference = old.id, old.reference
    pages.sign_in(client, work_on, Role.ADMINISTRATOR, name="Robin Example")
    assert "1 entry is due" in pages.text_of(client.get("/retention"))
    made = pages.submit(client, "/retention/lists", page="/retention")
    list_id = made.location.rpartition("/")[2]
    shown = pages.text_of(client.get(made.location))
    assert reference in shown
    assert "Kestrel" not in shown
    own = step(client, list_id, "put-forward")
    assert "You put it forward, so somebody else approves it" in pages.text_of(own)
    assert step(client, list_id, "approve").status_code == 403
    assert WAITS not in pages.text_of(client.get("/home"))
    pages.sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    home = client.get("/home")
    assert WAITS in pages.text_of(home)
    assert f'href="/retention/lists/{list_id}"' in home.text
    approved = pages.text_of(step(client, list_id, "approve"))
    assert "Looked through by Robin Example" in approved
    assert "Approved by Wren Young" in approved
    assert WAITS not in pages.text_of(client.get("/home"))
    with work_on() as work:
        assert carry_out(work) == 1
    page = client.get(f"/requests/{old_id}")
    assert page.status_code == 200
    assert "What was written about this request was erased on 24 November 2026" in pages.text_of(page)
    assert "Kestrel" not in page.text
    assert client.get("/requests").status_code == 200


def test_whoever_stands_aside_from_a_request_does_not_see_the_list_and_does_not_decide(client, work_on):
    account_id = pages.sign_in(client, work_on, Role.COORDINATOR)
    with work_on() as work:
        old = ended_request(work)
        reference = old.reference
    made = pages.submit(client, "/retention/lists", page="/retention")
    assert reference in client.get(made.location).text
    with work_on() as work:
        person = work.session.get_one(Account, account_id).person_id
        request_id = work.session.scalars(select(Request.id)).one()
        work.session.add(Recusal(person_id=person, request_id=request_id, since=work.now))
    hidden = client.get(made.location)
    assert reference not in hidden.text
    assert "You stand aside from work on this list" in pages.text_of(hidden)
    pages.sign_in(client, work_on, Role.ADMINISTRATOR, name="Robin Example")
    step(client, made.location.rpartition("/")[2], "put-forward")
    wren_id = pages.sign_in(client, work_on, Role.COORDINATOR, name="Wren Young")
    assert WAITS in pages.text_of(client.get("/home"))
    with work_on() as work:
        wren = work.session.get_one(Account, wren_id).person_id
        work.session.add(Recusal(person_id=wren, request_id=request_id, since=work.now))
    assert WAITS not in pages.text_of(client.get("/home"))


def test_a_list_is_dropped_and_nothing_is_erased(client, work_on):
    with work_on() as work:
        reference = ended_request(work, years=0).reference
    pages.sign_in(client, work_on, Role.COORDINATOR)
    unknown = pages.submit(client, "/retention/one-request", reference="JAGS-1999-0001", reason="They ask")
    assert pages.errors(unknown) == ["There is no such request. Enter its reference, such as JAGS-2026-0042."]
    made = pages.submit(client, "/retention/one-request", reference=reference.lower(), reason="They ask")
    assert made.status_code == 303
    second = pages.submit(client, "/retention/one-request", reference=reference, reason="They ask")
    assert second.status_code == 409
    dropped = step(client, made.location.rpartition("/")[2], "drop")
    assert "Nothing was erased" in pages.text_of(dropped)
    with work_on() as work:
        assert carry_out(work) == 0
        assert work.session.scalars(select(RetentionList.state)).all() == ["dropped"]
