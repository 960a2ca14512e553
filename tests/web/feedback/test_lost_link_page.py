"""Somebody rings because their link is lost: the page on which a coordinator has another sent, and what a full round says."""

from flask.testing import FlaskClient
from sqlalchemy import select

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.held_sessions import envelope_of
from factories.pages import errors, heading, sign_in, submit, text_of
from jags.accounts.rules import Role
from jags.adapters.clock import FixedClock
from jags.feedback.service import replace_lost_links
from jags.notifications.model import OutboxMessage
from jags.notifications.rules import MailKind
from jags.requests.model import NetworkMember
from jags.scheduling.model import JagsSession


def test_a_coordinator_has_another_link_sent_and_cannot_see_whether_it_was_needed(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    session_id, _ = open_round(work_on)
    with work_on() as work:
        request_id = work.session.get_one(JagsSession, session_id).request_id
        member = work.session.scalars(select(NetworkMember.id).order_by(NetworkMember.position)).first()
    sign_in(client, work_on, Role.COORDINATOR)
    page, own = f"/sessions/{session_id}/lost-link", f"/requests/{request_id}"
    assert page in client.get(own).get_data(as_text=True)
    assert "Person 5" in text_of(client.get(page))
    assert errors(submit(client, page)) == ["Select who has lost their link."]
    assert errors(submit(client, page, whom="nobody")) == ["Select one of the answers that are offered."]

    sent = submit(client, page, whom=str(member))

    assert sent.location == own
    with work_on() as work:
        assert replace_lost_links(work) == 1
    said = text_of(client.get(own))
    assert "another link was asked for once." in said
    assert "Person 0" not in said.partition("another link")[2].partition("Nobody can see")[0]
    submit(client, page, whom=str(member))
    assert "All spare links of this session have been used." in text_of(client.get(page))
    assert submit(client, page, page=own, whom=str(member)).status_code == 409
    close(work_on, clock)
    sign_in(client, work_on, Role.COORDINATOR, email="later@example.org")
    assert page not in client.get(own).get_data(as_text=True)
    assert "while feedback that was asked for by e-mail is open" in text_of(client.get(page))


def test_whoever_answers_by_both_links_is_told_and_keeps_what_they_wrote(
    work_on: WorkOn, client: FlaskClient
) -> None:
    session_id, tickets = open_round(work_on, people=5)
    with work_on() as work:
        member = work.session.scalars(select(NetworkMember.id).order_by(NetworkMember.position)).first()
    sign_in(client, work_on, Role.COORDINATOR)
    submit(client, f"/sessions/{session_id}/lost-link", whom=str(member))
    with work_on() as work:
        replace_lost_links(work)
        (row,) = work.session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == MailKind.FEEDBACK_LINK_AGAIN)
        )
        again = envelope_of(work, row)["link"].rpartition("/")[2]
    answer(work_on, tickets)

    typed = {"ticket": again, "safe": "agree", "comment": "Once <more>", "step": "send"}
    refused = client.application.test_client().post("/feedback", data=typed)

    assert (refused.status_code, heading(refused)) == (409, "Your feedback was not taken")
    assert "Once &lt;more&gt;" in refused.get_data(as_text=True)
    assert "Set-Cookie" not in refused.headers
