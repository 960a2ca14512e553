"""Nobody sees a case in which they are involved, and the lead none but what they have taken over: every page is walked."""

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from factories.held_before import entered
from factories.pages import errors, sign_in, submit, token, version
from factories.pool import TALK, accepted_request, declares, facilitator, involved, offer_to
from factories.sessions import COORDINATOR, WALL, accept_all, schedule
from jags.accounts.model import Account, Recusal
from jags.accounts.rules import Role
from jags.importing.rules.form import NamedAgency
from jags.importing.rules.held import SessionColumn
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind, MailState
from jags.requests.model import Request
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState
from jags.web.requests.steps import STEPS

SCHEDULED, TALKING = "JAGS-2026-0001", "JAGS-2026-0002"


@dataclass(frozen=True)
class Planted:
    """A case with everything that could leak: its ids, and what a page would show of it."""

    ids: dict[str, tuple[uuid.UUID, ...]]
    marks: tuple[str, ...]


def plant(work_on, *, day: int, prefix: str) -> Planted:
    """Plant a request with a session this week, and one whose facilitator wants to talk, each with undelivered mail."""
    with work_on() as work:
        people = {
            "name": f"{prefix} Requester",
            "pseudonym": f"{prefix}wren",
            "agency_name": f"{prefix} Charity",
            "people": tuple(
                involved(f"{prefix} Person {n}", email=f"{prefix}{n}@example.org", of=f"{prefix} Charity")
                for n in range(4)
            ),
        }
        arranged = accepted_request(work, **people)
        talking = accepted_request(work, **people)
        pairs = [
            offer_to(work, one, (facilitator(work, f"{prefix} A{n}"), facilitator(work, f"{prefix} B{n}")))
            for n, one in enumerate((arranged, talking))
        ]
        references = (arranged.reference, talking.reference)
    accept_all(work_on, pairs[0])
    with work_on(pairs[1].actors[0]) as work:
        declares(work, pairs[1].offers[0], TALK)
    with work_on(COORDINATOR) as work:
        schedule(work, pairs[0].request_id, wall_start=WALL.replace(month=11, day=day))
    with work_on() as work:
        requests = tuple(pair.request_id for pair in pairs)
        for row in work.session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.kind.in_([MailKind.CONFIRM_REQUEST, MailKind.SESSION_INVITATION]),
                OutboxMessage.about_ref.in_([str(key) for key in requests]),
            )
        ):
            row.state = MailState.FAILED
        sessions = tuple(
            work.session.scalars(select(JagsSession.id).where(JagsSession.request_id.in_(requests)))
        )
        offers = tuple(offer for pair in pairs for offer in pair.offers)
        persons = tuple(person for pair in pairs for person in pair.people)
    assert sessions
    return Planted(
        {
            "request_id": requests,
            "session_id": sessions,
            "offer_id": offers,
            "person_id": persons,
        },
        (
            *references,
            *(str(key) for key in requests),
            f"{prefix} Requester",
            f"{prefix}wren",
            f"{prefix} Person",
        ),
    )


def paths(app, planted: Planted) -> list[str]:
    """Return the address of every page that can be opened, for each thing of a case and each filter of a list."""
    found = [
        "/requests?state=all",
        "/requests?state=open&owner=mine",
        "/requests?state=open&owner=nobody",
        "/requests?state=open&late=yes",
        *(f"/requests?reference={mark}" for mark in planted.marks[:2]),
    ]
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        choices: list[dict[str, object]] = [{}]
        for name in sorted(rule.arguments):
            values = planted.ids.get(name) or getattr(rule._converters[name], "items", (uuid.uuid4(),))
            choices = [{**known, name: value} for known in choices for value in sorted(values)]
        with app.test_request_context():
            found += [app.url_for(rule.endpoint, **one) for one in choices]
    return found


def _text_of(answer) -> str:
    """Return what an answer says; of a document or a workbook, what its parts say."""
    if not answer.data.startswith(b"PK"):
        return answer.data.decode(errors="replace")
    with ZipFile(BytesIO(answer.data)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def leaks(client, app, planted: Planted) -> dict[str, list[str]]:
    """Open every page and send both searches; return what shows of a case, by address. The typed mark itself is none."""
    said = {}
    for path in paths(app, planted):
        answer = client.get(path)
        shown = _text_of(answer).replace(path, "").replace(path.rpartition("=")[2] or path, "")
        said[path] = shown + (answer.location or "").replace(path, "")
    if client.get("/requests/find").status_code == 200:
        for field, typed in (
            ("requester", planted.marks[4]),
            ("requester", "asha@example.org"),
            ("words", "wren"),
        ):
            answer = submit(client, "/requests/find", **{field: typed})
            said[f"{field}={typed}"] = answer.text.partition("<table")[2]
    return {path: found for path, text in said.items() if (found := [m for m in planted.marks if m in text])}


@pytest.fixture
def planted(work_on) -> Planted:
    return plant(work_on, day=25, prefix="Zq")


def recuse(work_on, account_id, planted: Planted) -> None:
    with work_on() as work:
        person_id = work.session.get_one(Account, account_id).person_id
        for request_id in planted.ids["request_id"]:
            work.session.add(Recusal(person_id=person_id, request_id=request_id, since=work.now))


def test_the_walk_finds_a_case_on_the_pages_of_a_coordinator_who_may_see_it(
    client, app, work_on, planted
) -> None:
    sign_in(client, work_on, Role.COORDINATOR)
    found = leaks(client, app, planted)
    request_id, talking_id = planted.ids["request_id"]
    for path in (
        "/home",
        "/requests",
        "/requests?state=all",
        f"/requests/{request_id}",
        f"/requests/{talking_id}/owner",
        f"/sessions/{planted.ids['session_id'][0]}",
        "requester=Zq Requester",
        "requester=asha@example.org",
        "words=wren",
    ):
        assert path in found


def test_who_is_involved_finds_nothing_of_the_case_on_any_page(client, app, work_on, planted) -> None:
    recuse(work_on, sign_in(client, work_on, Role.COORDINATOR), planted)
    assert leaks(client, app, planted) == {}
    for request_id in planted.ids["request_id"]:
        assert client.get(f"/requests/{request_id}").status_code == 404
        assert client.get(f"/requests/{request_id}/involved").status_code == 404
    assert client.get(f"/sessions/{planted.ids['session_id'][0]}").status_code == 404


def test_who_is_involved_is_counted_nothing_of_the_case(client, app, work_on, planted) -> None:
    other = app.test_client()
    sign_in(other, work_on, Role.COORDINATOR)
    seen = other.get("/home").text
    assert "2 looked after by nobody" in seen
    assert 'href="/requests?state=scheduled"' in seen
    recuse(work_on, sign_in(client, work_on, Role.COORDINATOR), planted)
    home = client.get("/home").text
    assert "Waiting for a decision (0)" in home
    assert "looked after by nobody" not in home
    assert "No session is arranged for this week." in home
    assert "could not be delivered" not in home
    assert re.findall(r'href="/requests\?state=(\w+)"', home) == []
    months = home.partition('<caption class="govuk-visually-hidden">Requests a month')[2].partition(
        "</table>"
    )[0]
    assert set(re.findall(r"--numeric\">(\d+)<", months)) == {"0"}
    assert "All requests (0)" in client.get("/requests?state=all").text


def test_nothing_of_the_case_can_be_sent_by_who_is_involved(client, app, work_on, planted) -> None:
    sign_in_page = token(client.get("/sign-in"))
    recuse(work_on, sign_in(client, work_on, Role.COORDINATOR), planted)
    with work_on(write=False) as work:
        before = {r.id: (r.version, r.state) for r in work.session.scalars(select(Request))}
    tried = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods or "request_id" not in rule.arguments:
            continue
        for request_id in planted.ids["request_id"]:
            values = {name: uuid.uuid4() for name in rule.arguments} | {"request_id": request_id}
            if "slug" in values:
                values["slug"] = "contacts"
            for name in STEPS if "name" in rule.arguments else ("",):
                if name:
                    values["name"] = name
                with app.test_request_context():
                    path = app.url_for(rule.endpoint, **values)
                answer = client.post(
                    path, data={"csrf_token": sign_in_page, "reason": "x", "owner": "nobody"}
                )
                assert (path, answer.status_code in {403, 404}) == (path, True)
                tried += 1
    assert tried > 40
    with work_on(write=False) as work:
        assert {r.id: (r.version, r.state) for r in work.session.scalars(select(Request))} == before


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_back_entry_says_and_changes_nothing_of_a_case_that_nobody_may_see(
    client, app, work_on, planted, role
) -> None:
    held_on = datetime(2026, 3, 17, 10, tzinfo=UTC)
    with work_on() as work:
        live = work.session.get_one(JagsSession, planted.ids["session_id"][0])
        live.state, live.starts_at = SessionState.HELD, held_on
        earlier = entered(work, number="JAGS007", agency=NamedAgency(None, "Zq School")).request
        marks = (*planted.marks, earlier.reference)
        earlier_id = earlier.id
    account_id = sign_in(client, work_on, role)
    hidden_earlier = role is Role.COORDINATOR
    if hidden_earlier:
        recuse(work_on, account_id, planted)
        with work_on() as work:
            person_id = work.session.get_one(Account, account_id).person_id
            work.session.add(Recusal(person_id=person_id, request_id=earlier_id, since=work.now))
    with work_on(write=False) as work:
        before = {r.id: r.version for r in work.session.scalars(select(Request))}
        sessions = {r.id: r.version for r in work.session.scalars(select(JagsSession))}

    day = {"held_on": ["17", "3", "2026"]}
    columns = (SessionColumn.NUMBER, SessionColumn.HELD, SessionColumn.AGENCY, SessionColumn.MINUTES)
    rows = [("JAGS-2026-0001", "1 March 2026", "", "95"), ("", "17 March 2026", "Zq Charity", "95")]
    if hidden_earlier:
        rows += [("JAGS007", "17 March 2026", "", "95"), ("", "17 March 2026", "Zq School", "95")]
    for number, _, agency, _ in rows:
        answer = submit(client, "/sessions/back-entry/new", **day, number=number, agency=agency)
        said = answer.text.replace(number, "") if number else answer.text
        assert errors(answer) == ["Somebody else has to enter this session. Ask a colleague."]
        assert not [m for m in marks if m in said]
    for row in rows:
        sheet = "\n".join(",".join(cells) for cells in (columns, row))
        for go in ("check", "import"):
            answer = client.post(
                "/sessions/back-entry/upload",
                data={
                    "csrf_token": token(client.get("/sessions/back-entry")),
                    "go": go,
                    "file": (BytesIO(sheet.encode()), "a.csv"),
                },
            )
            assert "Rejected: somebody else has to look at this row. Ask a colleague." in answer.text
            said = answer.text.replace(row[0], "") if row[0] else answer.text
            assert not [m for m in marks if m in said]
    with work_on(write=False) as work:
        assert {r.id: r.version for r in work.session.scalars(select(Request))} == before
        assert {r.id: r.version for r in work.session.scalars(select(JagsSession))} == sessions


def test_the_lead_sees_the_one_that_they_have_taken_and_of_the_other_its_reference_alone(
    client, app, work_on, planted
) -> None:
    other = plant(work_on, day=26, prefix="Yx")
    account_id = sign_in(client, work_on, Role.ADMINISTRATOR, name="Lena Lead")
    with work_on(write=False) as work:
        lead_id = work.session.get_one(Account, account_id).person_id
    # No coordinator has an account here, so nobody can act on any of the four.
    shown = leaks(client, app, planted)
    assert set(shown) <= {"/home", *(f"/requests/{key}/take-over" for key in planted.ids["request_id"])}
    assert shown
    assert all(set(seen) <= set(planted.marks[:4]) for seen in shown.values())

    for request_id in planted.ids["request_id"]:
        page = client.get(f"/requests/{request_id}/take-over")
        answer = client.post(
            f"/requests/{request_id}/take-over",
            data={"csrf_token": token(page), "version": version(page), "reason": "Nobody else can"},
        )
        assert answer.location == f"/requests/{request_id}"

    found = leaks(client, app, planted)
    for path in ("/home", "/requests", f"/requests/{planted.ids['request_id'][0]}", "words=wren"):
        assert set(planted.marks[4:]) & set(found[path]), path
    assert f"/sessions/{planted.ids['session_id'][0]}" in found
    still = leaks(client, app, other)
    # The trail names what was done by its opaque number, and nobody.
    assert set(still) <= {
        "/audit-trail",
        "/home",
        *(f"/requests/{key}/take-over" for key in other.ids["request_id"]),
    }
    assert all(set(seen) <= set(other.marks[:4]) for seen in still.values())
    assert client.get(f"/requests/{other.ids['request_id'][0]}").status_code == 404
    assert client.get(f"/sessions/{other.ids['session_id'][0]}").status_code == 404
    with work_on(write=False) as work:
        owners = {r.id: r.owner_id for r in work.session.scalars(select(Request))}
        assert [owners[key] for key in planted.ids["request_id"]] == [lead_id, lead_id]
