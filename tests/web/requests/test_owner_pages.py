"""Who looks after a request, as pages that work without scripts: taken, given, passed on, handed over, covered."""

import re
import uuid

from sqlalchemy import select

from factories.held_sessions import add_request
from factories.pages import errors, heading, token, version
from factories.people import account
from factories.requests import in_triage
from factories.unit_pages import colleague, me, references, send
from jags.accounts.model import TakenRequest
from jags.accounts.rules import Role
from jags.requests.model import Cover
from jags.requests.rules import PauseReason, Priority, RequesterContact
from jags.requests.service import pause_request


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
