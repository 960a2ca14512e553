"""The work queue, looking for requests, and who looks after them, as pages that work without scripts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories.held_sessions import add_held_session, add_request
from factories.pages import errors, heading, submit, token
from factories.people import agency
from factories.requests import in_triage
from factories.statements import of_the_page, statements
from factories.unit_pages import colleague, me, references
from jags.accounts.model import Account
from jags.accounts.rules import Sector
from jags.audit.model import AuditEvent
from jags.notifications.rules import MailKind, MailState, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import Cover
from jags.requests.rules import AgeBand, Priority, State, YesNoUnsure


def test_filters_lie_in_the_address_are_kept_from_page_to_page_and_cleared_one_by_one(
    client, work_on
) -> None:
    mine = me(client, work_on)
    with work_on() as work:
        for n in range(51):
            add_request(work, reference=f"R{n}", owner_id=mine, locality="East")
        add_request(work, reference="other", locality="East")
    page = client.get("/requests?owner=mine&locality=East&late=&agency=").text
    assert len(references(page)) == 50
    assert 'href="/requests?owner=mine&amp;locality=East&amp;page=2"' in page
    assert 'href="/requests?locality=East">clear' in page
    assert 'href="/requests?owner=mine">clear' in page
    assert 'href="/requests">Clear all' in page
    assert re.search(r'<option value="mine"\s+selected', page)
    last = client.get("/requests?owner=mine&locality=East&page=2").text
    assert len(references(last)) == 1
    assert "other" in references(client.get("/requests?locality=East&page=2").text) + references(
        client.get("/requests?locality=East").text
    )


@pytest.mark.parametrize(
    "query",
    [
        "state=moon&owner=moon&priority=moon&locality=Moon&transitional=moon&paused=moon&late=moon",
        "page=-3",
        "page=moon",
        "owner=" + "9" * 500,
    ],
)
def test_a_filter_that_is_none_of_ours_narrows_nothing(client, work_on, query) -> None:
    me(client, work_on)
    with work_on() as work:
        add_request(work, reference="here")
    page = client.get(f"/requests?{query}")
    assert (heading(page), references(page.text)) == ("Requests", ["here"])
    assert "clear" not in page.text.partition("<main")[2]


def test_the_requester_is_looked_for_by_post_and_stands_in_no_address(client, work_on) -> None:
    me(client, work_on)
    with work_on() as work:
        in_triage(work)
    for typed in ("Asha Bell", "asha@example.org"):
        answer = submit(client, "/requests/find", requester=typed)
        assert answer.request.query_string == b""
        assert references(answer.text) == ["JAGS-2026-0001"]
        assert f'value="{typed}"' in answer.text
    assert "Asha" not in client.get("/requests/find?requester=Asha+Bell&words=Kestrel").text
    assert "Nothing fits" in submit(client, "/requests/find", words="moonlight").text
    assert errors(submit(client, "/requests/find", words="a")) == ["Enter at least 3 letters."]
    assert errors(submit(client, "/requests/find", requester=" ")) == ["Enter a name or an e-mail address."]


def test_without_an_audit_event_there_is_no_page_of_what_was_found(client, app, work_on, monkeypatch) -> None:
    me(client, work_on)
    with work_on() as work:
        in_triage(work)
    assert "JAGS-2026-0001" in submit(client, "/requests/find", words="Kestrel").text

    def fails(*_arguments: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(type(app.extensions["jags_ports"].trail), "seal", fails)
    answer = submit(client, "/requests/find", words="Kestrel")
    assert (answer.status_code, "JAGS-2026-0001" in answer.text) == (500, False)


def test_a_search_is_in_the_trail_before_its_page_is_sent_and_the_words_are_not(client, work_on) -> None:
    me(client, work_on)
    submit(client, "/requests/find", words="Kestrel nest")
    with work_on(write=False) as work:
        events = work.session.scalars(select(AuditEvent).where(AuditEvent.tag == "request:searched")).all()
        assert [event.payload for event in events] == ['{"found":0,"kind":"words","searched":0}']


def test_a_reference_is_found_as_people_type_it(client, work_on) -> None:
    me(client, work_on)
    with work_on() as work:
        path = f"/requests/{in_triage(work).id}"
    for typed in ("jags 2026 0001", "1", "0001"):
        assert client.get("/requests", query_string={"reference": typed}).location == path, typed


def test_home_tells_how_the_service_is_doing(client, work_on) -> None:
    me(client, work_on)
    empty = client.get("/home").text
    assert "Nothing waits for a decision." in empty
    assert "working days to a decision" not in empty
    assert "of 0 people" not in empty
    with work_on() as work:
        for n in range(12):
            add_request(work, reference=f"R{n}", received_at=work.now - timedelta(days=20))
    home = " ".join(client.get("/home").text.split())
    assert "Waiting for a decision (12)" in home
    assert len(references(home)) == 10
    assert "See all 12" in home
    assert "12 looked after by nobody" in home
    assert "12 past the local target" in home


ALL_FILTERS = "/requests?state=open&owner=nobody&priority=sooner&locality=East&agency=ts&transitional=to_be_decided&late=yes"


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/requests", 8),
        (ALL_FILTERS, 8),
        ("/requests?owner=mine", 8),
        ("/home", 17),
        ("/hand-over", 8),
        ("/cover", 8),
        ("POST", 10),
    ],
)
def test_a_page_takes_the_same_few_queries_with_one_request_and_with_thirty(
    client, app, work_on, path, most
) -> None:
    mine = me(client, work_on)
    colleague(work_on, "Robin Vale")

    def plant(number: int) -> None:
        with work_on() as work:
            school = agency(work, f"s{number}", f"School {number}", sector=Sector.EDUCATION, aliases=())
            for state in (State.IN_TRIAGE, State.FACILITATORS_AGREED):
                add_request(
                    work,
                    state=state,
                    reference=f"{state}{number}",
                    received_at=work.now - timedelta(days=90),
                    owner_id=mine if path in {"/hand-over", "/requests?owner=mine"} else None,
                    priority=Priority.SOONER,
                    locality="East",
                    agency_typed="TS",
                    age_bands=frozenset({AgeBand.SIXTEEN_SEVENTEEN}),
                    transitional_view=YesNoUnsure.YES,
                )
            work.session.add_all(
                Cover(
                    person_id=person_id,
                    deputy_id=mine,
                    from_on=work.today + timedelta(days=number),
                    to_on=work.today + timedelta(days=number),
                )
                for person_id in work.session.scalars(
                    select(Account.person_id).where(Account.person_id != mine)
                )
            )
            assert school.id
            if path == "/home":
                session = add_held_session(work, people=2, starts_at=work.now)
                row = queue_mail(
                    work,
                    kind=MailKind.SESSION_INVITATION,
                    cause_ref=str(number),
                    recipient_ref=str(session.facilitators[0].person_id),
                    to=Recipient("A", "a@example.org"),
                    params={},
                    about_ref=str(session.request_id),
                )
                row.state = MailState.FAILED

    def queries() -> tuple[int, int]:
        form = client.get("/requests/find")
        with statements(app) as seen:
            if path == "POST":
                answer = client.post(
                    "/requests/find", data={"csrf_token": token(form), "words": "nothing of it"}
                )
            else:
                answer = client.get(path)
        assert answer.status_code == 200
        asked = [s for s in of_the_page(seen) if s.lstrip().upper().startswith(("SELECT", "WITH"))]
        return len(asked), len(references(answer.text))

    plant(1)
    few, _ = queries()
    for number in range(2, 31):
        plant(number)
    many, shown = queries()
    assert many == few <= most
    if path.startswith("/requests"):
        assert shown == 50
