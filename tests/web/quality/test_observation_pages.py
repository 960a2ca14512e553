"""An observation from page to page: planned, agreed, told to who takes part, written, and read by the two."""

from datetime import UTC, datetime

from factories.pages import SIGNED_IN_COOKIE, come_in, errors, follow, sign_in, submit, text_of, version
from factories.people import account, agency, link
from factories.sessions import agree, arrange
from jags.accounts.model import Account
from jags.accounts.rules import Purpose, Role
from jags.accounts.service import start_session
from jags.requests.rules import NetworkContact
from jags.scheduling.model import JagsSession

AFTER = datetime(2026, 12, 9, 10, 0, tzinfo=UTC)


def test_an_observation_goes_its_way_from_page_to_page(client, work_on, clock):
    offered = agree(work_on)
    session_id = arrange(work_on, offered)
    with work_on() as work:
        of = agency(work, "hospital", "Hospital")
        added = account(work, Role.OBSERVER, name="Olive Marsh", agency=of)
        observer_id, observer_person = added.id, added.person_id
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, added))
        member_id = work.session.get_one(JagsSession, session_id).attendees[0].member_id
        _, secret = link(work, Purpose.PARTICIPANT, member_id)
    assert "You observe nothing at the moment." in text_of(client.get("/my-observations"))

    sign_in(client, work_on, Role.COORDINATOR)
    planned = f"/sessions/{session_id}/observation"
    assert errors(submit(client, planned)) == ["Select who observes."]
    submit(client, planned, observer=str(observer_person))
    assert "Waits for Ash Reed and Birch Lane" in text_of(client.get(planned))

    own = f"/my-sessions/{session_id}"
    for person in offered.people:
        come_in(client, work_on, person)
        page = client.get(own)
        assert "Olive Marsh (Hospital) would like to observe" in text_of(page)
        path = page.get_data(as_text=True).split("/observation/")[1].split('"')[0]
        submit(client, f"{own}/observation/{path}", page=own, agreed="yes")
    sign_in(client, work_on, Role.COORDINATOR, email="unit@example.org")
    with work_on() as work:
        member = work.session.get_one(JagsSession, session_id).attendees[1].member
        work.vault.seal(member, "contact", NetworkContact(name="Person 1", phone="01632 960123"))
        telephone = f"{planned}/{path}/told/{member.id}"
    assert "Person 1 01632 960123 I have told them (Person 1)" in text_of(client.get(planned))
    submit(client, telephone, page=planned)
    assert "Person 1 01632 960123 24 November 2026" in text_of(client.get(planned))
    participant = client.application.test_client()
    shown = text_of(participant.get(follow(participant, secret)))
    assert "Somebody observes the facilitators" in shown

    clock.instant = AFTER
    with work_on() as work:
        client.set_cookie(SIGNED_IN_COOKIE, start_session(work, work.session.get_one(Account, observer_id)))
    write = f"/my-observations/{path}"
    page = client.get(write)
    sent = {"version": version(page), "element_opening": "seen", "element_close": "no_chance"}
    assert errors(submit(client, write, go="share", **sent)) == ["Write what worked: it comes first."]
    submit(client, write, go="share", worked="They <waited>.", **sent)
    assert "You shared this with the two facilitators on 9 December 2026" in text_of(client.get(write))

    come_in(client, work_on, offered.people[0])
    read = client.get(f"{own}/observed")
    assert "They &lt;waited&gt;." in read.get_data(as_text=True)
    assert "Close: people left with care No chance to see" in text_of(read)
    assert f"{own}/observed" in client.get("/my-practice").get_data(as_text=True)
    sign_in(client, work_on, Role.COORDINATOR, email="ada@example.org")
    assert client.get(f"{own}/observed").status_code == 403
    assert "They &lt;waited&gt;" not in client.get(f"/sessions/{session_id}").get_data(as_text=True)
