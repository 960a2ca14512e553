"""The work queue, looking for requests, and who looks after them, as pages that work without scripts."""

import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from factories.held_sessions import add_held_session, add_request
from factories.pages import errors, heading, sign_in, submit, token, version
from factories.people import account, agency
from factories.requests import in_triage
from jags.accounts.model import Account, TakenRequest
from jags.accounts.rules import Role, Sector
from jags.audit.model import AuditEvent
from jags.extensions import db
from jags.notifications.rules import MailKind, MailState, Recipient
from jags.notifications.service import queue_mail
from jags.requests.model import Cover
from jags.requests.rules import AgeBand, PauseReason, Priority, RequesterContact, State, YesNoUnsure
from jags.requests.service import pause_request


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


def test_one_press_takes_a_request_and_another_gives_it(client, work_on) -> None:
    mine, robin = me(client, work_on, name="Wren Young"), colleague(work_on, "Robin Vale")
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}"
    page = client.get(path)
    assert "Nobody yet" in page.text
    answer = client.post(
        f"{path}/owner",
        data={"csrf_token": token(page), "version": version(page), "owner": str(mine)},
        follow_redirects=True,
    )
    assert "You look after this request now." in answer.text
    assert "Robin Vale looks after this request now." in send(client, f"{path}/owner", owner=str(robin)).text
    assert references(client.get("/requests?owner=mine").text) == []
    assert references(client.get(f"/requests?owner={robin}").text) == ["JAGS-2026-0001"]
    assert errors(send(client, f"{path}/owner", owner="")) == ["Select who looks after it."]
    assert errors(send(client, f"{path}/owner", owner=str(uuid.uuid4()))) == [
        "Select one of the answers that are offered."
    ]
    stale = client.post(
        f"{path}/owner", data={"csrf_token": token(page), "version": version(page), "owner": "nobody"}
    )
    assert stale.status_code == 409


def test_what_is_said_of_a_change_of_owner_is_true(client, work_on) -> None:
    mine = me(client, work_on, name="Wren Young")
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}/owner"
    assert "Nothing has changed." in send(client, path, owner="nobody").text
    send(client, path, owner=str(mine))
    # There is no colleague who could be told.
    answer = send(client, path, owner="nobody").text
    assert "Nobody looks after this request now." in answer
    assert "Your colleagues are told" not in answer
    robin, kit = colleague(work_on, "Robin Vale"), colleague(work_on, "Kit Moss")
    with work_on() as work:
        day = work.today
        work.session.add(Cover(person_id=robin, deputy_id=kit, from_on=day, to_on=day))
    answer = send(client, path, owner=str(robin)).text
    assert "Robin Vale looks after this request now. Kit Moss stands in while they are away." in answer
    assert "Your colleagues are told by e-mail that it waits." in send(client, path, owner="nobody").text
    send(client, path, owner=str(mine))
    with work_on() as work:
        pause_request(work, request_id, reason=PauseReason.DEATH)
    answer = send(client, path, owner="nobody").text
    assert "Your colleagues are told when the pause is lifted that it waits." in answer


def test_who_is_involved_passes_it_on_in_one_step_and_a_colleague_brings_them_back(
    client, app, work_on
) -> None:
    mine = me(client, work_on, name="Wren Young")
    other = app.test_client()
    robin = me(other, work_on, name="Robin Vale")
    with work_on() as work:
        request_id = in_triage(work).id
    path = f"/requests/{request_id}"
    assert errors(send(client, f"{path}/involved", reason="x")) == ["Select who looks after it."]
    answer = send(client, f"{path}/involved", owner=str(robin), reason="My cousin")
    assert "JAGS-2026-0001 is with your colleagues, and you do not see it any more." in answer.text
    assert client.get(path).status_code == 404
    assert "Wren Young is involved and does not see it." in other.get(path).text
    assert errors(send(other, f"{path}/involved/{mine}", reason="")) == ["Enter the reason."]
    assert "Wren Young sees this request again." in send(other, f"{path}/involved/{mine}", reason="No").text
    assert client.get(path).status_code == 200
    assert other.get(f"{path}/involved/{mine}").status_code == 404


def test_the_last_coordinator_who_is_involved_is_told_that_the_lead_takes_it(client, work_on) -> None:
    me(client, work_on)
    with work_on() as work:
        account(work, Role.ADMINISTRATOR, name="Robin Vale")
        path = f"/requests/{in_triage(work).id}"
    asked = client.get(f"{path}/involved").text
    assert "all colleagues see" not in asked
    assert "Nobody for now: it waits for the lead of the Business Unit" in asked
    answer = send(client, f"{path}/involved", owner="nobody", reason="My cousin")
    assert "JAGS-2026-0001 waits for the lead of the Business Unit" in answer.text


def test_a_reference_is_found_as_people_type_it(client, work_on) -> None:
    me(client, work_on)
    with work_on() as work:
        path = f"/requests/{in_triage(work).id}"
    for typed in ("jags 2026 0001", "1", "0001"):
        assert client.get("/requests", query_string={"reference": typed}).location == path, typed


def test_all_work_is_handed_over_from_one_page_with_a_summary_first(client, work_on) -> None:
    mine, robin = me(client, work_on, name="Wren Young"), colleague(work_on, "Robin Vale")
    with work_on() as work:
        for n in range(3):
            added = add_request(
                work,
                reference=f"R{n}",
                owner_id=mine,
                priority=list(Priority)[n == 2],
                agency_typed=f"School {n}",
            )
            work.vault.seal(added, "contact", RequesterContact(name=f"Asha {n}"))
    page = client.get("/hand-over")
    assert "3 open requests, of which 3 need a decision now." in " ".join(page.text.split())
    order = [page.text.index(f">R{n}<") for n in range(3)]
    sooner = [n for n in range(3) if list(Priority)[n == 2] is Priority.SOONER]
    assert min(order) in [order[n] for n in sooner]
    ids = re.findall(r'name="requests"\s+type="checkbox"\s+value="([^"]+)"\s*checked', page.text)
    asked_by = {
        request_id: page.text.partition(f'href="/requests/{request_id}"')[2].partition("</td>")[0]
        for request_id in ids
    }
    assert sorted(re.findall(r">(Asha \d)<|>(School \d)<", " ".join(asked_by.values()))) == [
        *(("", f"School {n}") for n in range(3)),
        *((f"Asha {n}", "") for n in range(3)),
    ]
    shown = re.search(r'name="shown"[^>]*value="(\w+)"', page.text)[1]
    fields = {"csrf_token": token(page), "shown": shown, "requests": ids}
    assert errors(client.post("/hand-over", data=fields)) == ["Select a colleague."]
    assert errors(client.post("/hand-over", data={**fields, "requests": [], "to": str(robin)})) == [
        "Select at least one request."
    ]
    done = client.post("/hand-over", data={**fields, "to": str(robin)}, follow_redirects=True)
    assert "3 requests are with Robin Vale now." in done.text
    assert "No open request is looked after by you." in done.text
    assert client.post("/hand-over", data={**fields, "to": str(robin)}).status_code in {200, 409}
    assert client.get(f"/hand-over?person={robin}").status_code == 403


def test_the_lead_hands_over_for_somebody_who_left_by_reference_alone(client, work_on) -> None:
    me(client, work_on, Role.ADMINISTRATOR)
    assert "No open request is looked after by you." in client.get("/hand-over").text
    robin, ash = colleague(work_on, "Robin Vale"), colleague(work_on, "Ash Reed")
    with work_on() as work:
        in_triage(work).owner_id = robin
    page = client.get(f"/hand-over?person={robin}")
    assert heading(page) == "Hand over Robin Vale’s open work"
    assert "JAGS-2026-0001" in page.text
    assert not re.search("Kestrel|Asha|A School", page.text)
    ids = re.findall(r'name="requests"\s+type="checkbox"\s+value="([^"]+)"', page.text)
    shown = re.search(r'name="shown"[^>]*value="(\w+)"', page.text)[1]
    fields = {"csrf_token": token(page), "shown": shown, "requests": ids, "to": str(ash)}
    done = client.post(f"/hand-over?person={robin}", data=fields, follow_redirects=True)
    assert "1 request is with Ash Reed now." in done.text


def test_cover_is_entered_shown_to_the_deputy_and_ended(client, app, work_on) -> None:
    me(client, work_on, name="Wren Young")
    other = app.test_client()
    robin = me(other, work_on, name="Robin Vale")
    mine = re.findall(r'name="person"\s+type="radio"\s+value="([^"]+)"', client.get("/cover").text)
    assert len(mine) == 1
    dates = {"from_on": ["24", "11", "2026"], "to_on": ["27", "11", "2026"]}
    fields = {"person": mine[0], "deputy": str(robin), **dates}
    wrong = client.post(
        "/cover",
        data={"csrf_token": token(client.get("/cover")), **fields, "to_on": ["31", "11", "2026"]},
    )
    assert errors(wrong) == ["Enter a real date, such as 27 3 2027."]
    assert 'value="31"' in wrong.text
    done = client.post(
        "/cover", data={"csrf_token": token(client.get("/cover")), **fields}, follow_redirects=True
    )
    assert "The cover is entered. It begins and ends by itself." in done.text
    assert "You stand in for Wren Young today." in " ".join(other.get("/home").text.split())
    again = client.post("/cover", data={"csrf_token": token(done), **fields})
    assert len(errors(again)) == 1
    assert "already" in errors(again)[0]
    with work_on(write=False) as work:
        cover_id = work.session.scalars(select(Cover.id)).one()
    ended = other.post(
        f"/cover/{cover_id}/end",
        data={"csrf_token": token(other.get("/cover"))},
        follow_redirects=True,
    )
    assert "The cover has ended." in ended.text
    assert "You stand in for" not in other.get("/home").text


def test_the_lead_takes_over_from_home_and_gives_back(client, work_on) -> None:
    lead = me(client, work_on, Role.ADMINISTRATOR)
    with work_on() as work:
        request_id = in_triage(work).id
    home = client.get("/home").text
    assert "JAGS-2026-0001" in home
    assert "Kestrel" not in home
    assert "Requests</a>" not in home
    path = f"/requests/{request_id}"
    assert client.get(path).status_code == 403
    assert errors(send(client, f"{path}/take-over", reason="")) == ["Enter the reason."]
    page = send(client, f"{path}/take-over", reason="Nobody is there")
    assert "You look after this request now, until you give it back." in page.text
    assert "Kestrel" in page.text
    assert "How the service is doing" not in client.get("/home").text
    done = send(client, f"{path}/give-back", owner="nobody")
    assert "You have given JAGS-2026-0001 back" in done.text
    assert client.get(path).status_code == 403
    with work_on(write=False) as work:
        rows = work.session.scalars(select(TakenRequest)).all()
        assert [(row.person_id, row.ended_at is None) for row in rows] == [(lead, False)]


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
        ("/home", 13),
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
        with app.app_context():
            engine = db.engine
        form = client.get("/requests/find")
        seen: list[str] = []
        note = lambda *arguments: seen.append(arguments[2])  # noqa: E731 - A listener of one line.
        event.listen(engine, "before_cursor_execute", note)
        if path == "POST":
            answer = client.post("/requests/find", data={"csrf_token": token(form), "words": "nothing of it"})
        else:
            answer = client.get(path)
        event.remove(engine, "before_cursor_execute", note)
        assert answer.status_code == 200
        return len([s for s in seen if s.lstrip().upper().startswith(("SELECT", "WITH"))]), len(
            references(answer.text)
        )

    plant(1)
    few, _ = queries()
    for number in range(2, 31):
        plant(number)
    many, shown = queries()
    assert many == few <= most
    if path.startswith("/requests"):
        assert shown == 50
