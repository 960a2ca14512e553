"""The one mail of a round, as its recipients get it."""

import re

from sqlalchemy import select

from conftest import WorkOn
from factories.feedback_rounds import open_round
from jags.feedback.model import Round
from jags.notifications.service import claim_next
from jags.scheduling.model import JagsSession


def test_mail_carries_a_link_that_works_once_and_nothing_of_the_case(work_on: WorkOn) -> None:
    _, tickets = open_round(work_on, people=1)

    with work_on() as work:
        claimed = claim_next(work, holder="test", paused=())
        assert claimed is not None
        message = claimed.message
        assert work.session.scalars(select(Round.invited)).one() == 1

    text = message.get_body(("plain",)).get_content()
    assert message["To"] == "Person 0 <person0@example.org>"
    assert message["Subject"] == "How was the JAGS on Monday 23 November 2026?"
    assert re.findall(r"https?://\S+", text) == [f"http://localhost/feedback/{tickets[0]}"]
    assert "until the end of Tuesday 8 December 2026" in text
    assert "Nobody reads the answers straight away." in text


def test_paused_mail_stays_in_the_outbox(work_on: WorkOn) -> None:
    session_id, _ = open_round(work_on, people=2)

    with work_on() as work:
        about = str(work.session.get_one(JagsSession, session_id).request_id)
        assert claim_next(work, holder="test", paused=[about]) is None
        assert claim_next(work, holder="test", paused=[]) is not None
