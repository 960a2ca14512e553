"""ASVS 2.3.5: what leaves in bulk takes two people. One asks for a file of the audit trail, another approves, the first takes it, once.

Why the other exports take one person stands in docs/adr/0028-two-people-for-bulk-exports.md.
"""

import csv
import io
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from factories import pages
from factories.erasing import ended_request
from factories.people import account
from factories.requests import coordinator
from jags.accounts.model import Account, AccountRole, Recusal
from jags.accounts.queries import actor_of, get_account
from jags.accounts.rules import AccountState, Role
from jags.audit.model import AuditEvent
from jags.audit.queries import Looked
from jags.audit.rules import Stream
from jags.audit.service import verify
from jags.kernel.actor import Actor, ActorKind
from jags.kernel.errors import Invalid, MoveNotPossible, NotAllowed, NotFound, Stale
from jags.retention import service
from jags.retention.model import TrailFile
from jags.retention.policy import NeedsTwoPeople
from jags.retention.queries import get_file, state_of
from jags.retention.rules import FilePurpose, FileState

FILES = "/audit-trail/files"


def person(work_on, role=Role.ADMINISTRATOR, name="Wren Young"):
    with work_on() as work:
        return actor_of(account(work, role, name=name))


def comes_in(app, work_on, role=Role.ADMINISTRATOR, name="Wren Young"):
    """Return the browser of somebody of a role who has just signed in."""
    browser = app.test_client()
    pages.sign_in(browser, work_on, role, name=name)
    return browser


def asked(work_on, actor, looked=Looked(), **details):  # noqa: B008 - Frozen.
    with work_on(actor) as work:
        details = {"request_id": None, "purpose": FilePurpose.INSPECTION, **details}
        return service.ask_for_file(work, looked, **details).id


def approved(work_on, first):
    file_id = asked(work_on, first)
    with work_on(person(work_on, Role.COORDINATOR)) as work:
        service.approve_file(work, file_id, version=1)
    return file_id


def send(browser, path, step, **fields):
    """Send a step of a file's page, with the version that the page showed."""
    page = browser.get(path)
    data = {"csrf_token": pages.token(page), "version": pages.version(page), **fields}
    return browser.post(f"{path}/{step}", data=data)


def tags(work_on):
    with work_on(write=False) as work:
        rows = work.session.scalars(
            select(AuditEvent)
            .where(AuditEvent.stream == Stream.ACTS, AuditEvent.tag.startswith("audit:"))
            .order_by(AuditEvent.seq)
        )
        return [(row.tag, json.loads(row.payload)) for row in rows]


def test_a_file_goes_through_two_people_and_is_taken_once(app, work_on):
    with work_on() as work:
        fay = coordinator(work, "Fay Coe")
    with work_on(fay) as work:
        reference = ended_request(work, years=0).reference
    asks = comes_in(app, work_on)
    shown = asks.get(f"/audit-trail?reference={reference}")
    assert "Take these along as a spreadsheet" in pages.text_of(shown)
    new = f"{FILES}/new?reference={reference}"
    assert pages.errors(pages.submit(asks, new)) == ["Select what it is for."]
    answer = pages.submit(asks, new, purpose="inspection")
    path = answer.location
    assert "Tell them" in pages.text_of(asks.get(path))
    # What happens after it was asked for is not in it.
    with work_on(fay) as work:
        work.record("request:legal_hold_lifted", uuid.UUID(_about(work_on)))

    approves = comes_in(app, work_on, Role.COORDINATOR, "Ash Bell")
    home = pages.text_of(approves.get("/home"))
    assert "Somebody asks to take a file of the audit trail along" in home
    page = pages.text_of(approves.get(path))
    for told in (
        reference,
        "An inspection or an audit from outside",
        "Wren Young",
        "You do not see the file yourself",
    ):
        assert told in page
    assert send(approves, path, "approve").status_code == 303
    assert "Somebody asks" not in pages.text_of(approves.get("/home"))

    before = asks.get(path)
    file = send(asks, path, "take")
    rows = list(csv.reader(io.StringIO(file.get_data(as_text=True).lstrip("\ufeff"))))
    assert file.headers["Content-Disposition"].startswith("attachment; filename=")
    assert file.headers["Cache-Control"] == "no-store"
    assert rows[0] == ["Number", "When", "Who", "What", "About", "More"]
    assert {row[4] for row in rows[1:]} == {reference}
    assert "Request legal hold lifted" not in {row[3] for row in rows}
    number = len(rows) - 1
    assert number > 2
    # The same form again gives nothing, and there is none any more.
    data = {"csrf_token": pages.token(before), "version": pages.version(before)}
    assert asks.post(f"{path}/take", data=data).status_code == 409
    assert asks.post(f"{path}/take", data={**data, "version": "3"}).status_code == 409
    assert "<form" not in asks.get(path).text.partition("<main")[2]
    assert "Taken" in pages.text_of(asks.get(path))
    told = {"stream": "acts", "events": number}
    assert tags(work_on) == [
        ("audit:file_asked", {**told, "purpose": "inspection"}),
        ("audit:file_approved", told),
        ("audit:exported", told),
    ]
    with work_on(write=False) as work:
        assert verify(work) == []


def _about(work_on):
    with work_on(write=False) as work:
        return str(work.session.scalars(select(TrailFile.request_id)).one())


def test_who_asked_does_not_approve_also_not_by_a_form_of_their_own_making(app, work_on):
    asks = comes_in(app, work_on)
    path = pages.submit(asks, f"{FILES}/new", purpose="incident").location
    page = pages.text_of(asks.get(path))
    assert "What was done, all of it" in page
    assert "Approve: they can take it" not in page
    assert "Somebody asks" not in pages.text_of(asks.get("/home"))
    assert send(asks, path, "approve").status_code == 403
    assert send(asks, path, "take").status_code == 409
    with work_on() as work:
        first = work.session.scalars(select(TrailFile)).one()
        assert first.state is FileState.ASKED
    # Nor does the database know one person as both.
    with pytest.raises(IntegrityError), work_on() as work:
        work.session.execute(update(TrailFile).values(approved_by=TrailFile.asked_by))


def test_no_field_of_a_form_makes_it_approved(app, work_on):
    asks = comes_in(app, work_on)
    extra = {"state": "approved", "approved_by": str(uuid.uuid4()), "until_seq": "999999", "asked_by": "x"}
    path = pages.submit(asks, f"{FILES}/new", purpose="incident", **extra).location
    assert send(asks, path, "take", **extra).status_code == 409
    with work_on(write=False) as work:
        found = work.session.scalars(select(TrailFile)).one()
        assert (found.state, found.approved_by) == (FileState.ASKED, None)
        assert found.until_seq < 999999


def test_nobody_takes_what_is_not_approved_and_nobody_else_what_is(work_on):
    first = person(work_on)
    file_id = asked(work_on, first)
    with pytest.raises(MoveNotPossible), work_on(first) as work:
        service.take_file(work, file_id, version=1)
    with work_on(person(work_on)) as work:
        service.approve_file(work, file_id, version=1)
    for other, refused in ((person(work_on), NotAllowed), (person(work_on, Role.COORDINATOR), NotAllowed)):
        with pytest.raises(refused), work_on(other) as work:
            service.take_file(work, file_id, version=2)
    with pytest.raises(NotFound), work_on(first) as work:
        service.take_file(work, uuid.uuid4(), version=1)
    with work_on(first) as work:
        assert service.take_file(work, file_id, version=2)[1]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATOR, Role.COORDINATOR}))
def test_other_roles_do_nothing_of_it(app, work_on, role):
    path = f"{FILES}/{asked(work_on, person(work_on))}"
    other = comes_in(app, work_on, role)
    for one in (FILES, f"{FILES}/new", path):
        assert other.get(one).status_code == 403
    token = pages.token(other.get("/sign-in"))
    for step in ("approve", "drop", "take"):
        assert other.post(f"{path}/{step}", data={"csrf_token": token, "version": 1}).status_code == 403


def test_a_coordinator_approves_and_neither_asks_nor_takes(app, work_on):
    other = comes_in(app, work_on, Role.COORDINATOR)
    assert other.get(f"{FILES}/new").status_code == 403
    path = f"{FILES}/{asked(work_on, person(work_on))}"
    assert send(other, path, "approve").status_code == 303
    assert send(other, path, "take").status_code == 403


def test_no_job_no_link_and_not_the_same_person_decides(work_on):
    first = person(work_on)
    file_id = asked(work_on, first)
    with pytest.raises(NeedsTwoPeople), work_on(first) as work:
        service.approve_file(work, file_id, version=1)
    for actor in (None, Actor(ActorKind.LINK, "link:abc")):
        with pytest.raises(NotAllowed), work_on(actor) as work:
            service.approve_file(work, file_id, version=1)
    with pytest.raises(NotAllowed), work_on() as work:
        service.ask_for_file(work, Looked(), request_id=None, purpose=FilePurpose.ENQUIRY)


def test_what_nobody_approves_in_a_week_or_takes_in_a_day_has_lapsed(app, work_on, clock):
    first, second = person(work_on), person(work_on)
    began = clock.instant
    file_id = asked(work_on, first)
    clock.instant = began + timedelta(days=7, seconds=1)
    with pytest.raises(MoveNotPossible), work_on(second) as work:
        service.approve_file(work, file_id, version=1)
    assert "Nobody approved it within a week" in pages.text_of(
        comes_in(app, work_on).get(f"{FILES}/{file_id}")
    )
    clock.instant = began + timedelta(days=7)
    with work_on(second) as work:
        service.approve_file(work, file_id, version=1)
    clock.instant += timedelta(hours=24, seconds=1)
    with pytest.raises(MoveNotPossible), work_on(first) as work:
        service.take_file(work, file_id, version=2)
    with pytest.raises(MoveNotPossible), work_on(second) as work:
        service.drop_file(work, file_id, version=2)
    assert "It was not taken within a day" in pages.text_of(comes_in(app, work_on).get(f"{FILES}/{file_id}"))
    assert "Somebody asks" not in pages.text_of(comes_in(app, work_on).get("/home"))
    clock.instant -= timedelta(seconds=1)
    with work_on(first) as work:
        assert service.take_file(work, file_id, version=2)[0].state is FileState.TAKEN


@pytest.mark.parametrize("of", ["account", "role"])
def test_an_approval_ends_with_the_access_of_whoever_gave_it(work_on, of):
    first, second = person(work_on), person(work_on, Role.COORDINATOR)
    file_id = asked(work_on, first)
    with work_on(second) as work:
        service.approve_file(work, file_id, version=1)
    with work_on() as work:
        found = get_account(work, uuid.UUID(second.ref))
        if of == "account":
            found.state = AccountState.DISABLED
        else:
            work.session.execute(
                update(AccountRole)
                .where(AccountRole.account_id == found.id)
                .values(role=Role.EVALUATION_READER)
            )
    with pytest.raises(MoveNotPossible, match="may not do so any more"), work_on(first) as work:
        service.take_file(work, file_id, version=2)
    with work_on(first) as work:
        service.drop_file(work, file_id, version=2)


@pytest.mark.parametrize("of", ["account", "role"])
def test_who_asked_and_has_no_access_any_more_takes_nothing(app, work_on, of):
    asks = app.test_client()
    account_id = pages.sign_in(asks, work_on, Role.ADMINISTRATOR)
    path = pages.submit(asks, f"{FILES}/new", purpose="complaint").location
    assert send(comes_in(app, work_on, Role.COORDINATOR), path, "approve").status_code == 303
    page = asks.get(path)
    with work_on() as work:
        if of == "account":
            work.session.get_one(Account, account_id).state = AccountState.DISABLED
        else:
            work.session.execute(
                update(AccountRole).where(AccountRole.account_id == account_id).values(role=Role.COORDINATOR)
            )
    data = {"csrf_token": pages.token(page), "version": pages.version(page)}
    assert asks.post(f"{path}/take", data=data).status_code == (401 if of == "account" else 403)


def test_what_was_dropped_is_neither_approved_nor_taken(work_on):
    first, second = person(work_on), person(work_on, Role.COORDINATOR)
    waits, stands = asked(work_on, first), approved(work_on, first)
    with work_on(second) as work:
        service.drop_file(work, waits, version=1)
    with work_on(first) as work:
        service.drop_file(work, stands, version=2)
    for file_id, version in ((waits, 2), (stands, 3)):
        with pytest.raises(MoveNotPossible), work_on(second) as work:
            service.approve_file(work, file_id, version=version)
        with pytest.raises(MoveNotPossible), work_on(first) as work:
            service.take_file(work, file_id, version=version)
    assert [tag for tag, _ in tags(work_on)].count("audit:file_dropped") == 2


def test_a_form_of_before_does_not_approve_what_is_now(work_on):
    file_id = asked(work_on, person(work_on))
    with pytest.raises(Stale), work_on(person(work_on)) as work:
        service.approve_file(work, file_id, version=7)


def test_whoever_stands_aside_from_a_request_finds_no_file_about_it(app, work_on):
    with work_on() as work:
        request_id = ended_request(work, years=0).id
    about = Looked(subject=str(request_id))
    file_id = asked(work_on, person(work_on), about, request_id=request_id)
    aside = app.test_client()
    account_id = pages.sign_in(aside, work_on, Role.COORDINATOR)
    assert aside.get(f"{FILES}/{file_id}").status_code == 200
    with work_on() as work:
        aside_id = get_account(work, account_id).person_id
        work.session.add(Recusal(person_id=aside_id, request_id=request_id, since=work.now))
    assert aside.get(f"{FILES}/{file_id}").status_code == 404
    assert str(file_id) not in aside.get(FILES).text
    assert "Somebody asks" not in pages.text_of(aside.get("/home"))
    token = pages.token(aside.get("/sign-in"))
    for step in ("approve", "drop"):
        answer = aside.post(f"{FILES}/{file_id}/{step}", data={"csrf_token": token, "version": 1})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "narrowed",
    ["reference=JAGS-1999-0001", "from_on=x", "who=nobody", "about=%00", "stream=neither", "to_on=99"],
)
def test_what_cannot_be_read_or_fits_nothing_makes_no_wider_file(app, work_on, narrowed):
    asks = comes_in(app, work_on)
    refused = pages.submit(asks, f"{FILES}/new?{narrowed}", purpose="inspection")
    assert refused.status_code == 200
    assert len(pages.errors(refused)) == 1
    with work_on(write=False) as work:
        assert work.session.scalar(select(func.count()).select_from(TrailFile)) == 0


def test_a_file_holds_so_much_at_most_and_says_so(work_on, monkeypatch):
    first = person(work_on)
    monkeypatch.setattr("jags.retention.service.files.EXPORTED_MOST", 1)
    with pytest.raises(Invalid, match="1 events at most"):
        asked(work_on, first)


@pytest.mark.parametrize("step", ["approve", "take"])
def test_of_many_at_one_moment_one_goes_through(app, work_on, step):
    asks = app.test_client()
    pages.sign_in(asks, work_on, Role.ADMINISTRATOR)
    path = pages.submit(asks, f"{FILES}/new", purpose="inspection").location
    browsers = [comes_in(app, work_on, Role.COORDINATOR) for _ in range(4)]
    if step == "take":
        assert send(browsers[0], path, "approve").status_code == 303
        cookie = asks.get_cookie(pages.SIGNED_IN_COOKIE)
        for browser in browsers:
            browser.set_cookie(pages.SIGNED_IN_COOKIE, cookie.value)
    forms = []
    for browser in browsers:
        page = browser.get(path)
        forms.append({"csrf_token": pages.token(page), "version": pages.version(page)})
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(
            pool.map(
                lambda one: one[0].post(f"{path}/{step}", data=one[1]).status_code,
                zip(browsers, forms, strict=True),
            )
        )
    assert sorted(answers) == [{"approve": 303, "take": 200}[step], 409, 409, 409]
    tag = {"approve": "audit:file_approved", "take": "audit:exported"}[step]
    assert [one for one, _ in tags(work_on)].count(tag) == 1
    with work_on(write=False) as work:
        assert verify(work) == []


def test_pages_ask_the_database_as_often_for_many_as_for_one(app, work_on):
    first = person(work_on)
    path = f"{FILES}/{approved(work_on, first)}"
    browser = comes_in(app, work_on, Role.COORDINATOR)
    one = pages.queries_of(browser, app, FILES)
    for _ in range(4):
        approved(work_on, person(work_on))
    assert pages.queries_of(browser, app, FILES) == one <= 8
    assert pages.queries_of(browser, app, path) <= 8
    with work_on(first, write=False) as work:
        assert state_of(work, get_file(work, uuid.UUID(path.rpartition("/")[2]))) is FileState.APPROVED
