"""A promise of privacy: free text is reviewed before release, never tied to scores, in shuffled order.

Each comment waits for one person, who releases it, changes it with a reason, or holds it back; the audit trail holds no text.
"""

import re

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from conftest import WorkOn
from factories.feedback_rounds import answer, close, open_round
from factories.pages import errors, sign_in, text_of, token, version
from factories.statements import statements
from jags.accounts.rules import Role
from jags.adapters.clock import FixedClock
from jags.audit.model import AuditEvent
from jags.feedback.model import Comment
from jags.feedback.rules import CommentState

PATH = "/feedback-comments"


def written(work_on: WorkOn, clock: FixedClock, *texts: str, **sent: str) -> None:
    """Let people write comments, and open them."""
    _, tickets = open_round(work_on, people=max(5, len(texts)))
    for ticket, text in zip(tickets, [*texts, *[""] * 5], strict=False):
        answer(work_on, [ticket], comment=text, worry="asked", **sent)
    close(work_on, clock)


def only_comment(work_on: WorkOn) -> str:
    with work_on(write=False) as work:
        return f"{PATH}/{work.session.scalars(select(Comment.id)).one()}"


def tags(work_on: WorkOn) -> list[str]:
    with work_on(write=False) as work:
        found = (
            select(AuditEvent.tag)
            .where(AuditEvent.tag.startswith("feedback_comment"))
            .order_by(AuditEvent.seq)
        )
        return list(work.session.scalars(found))


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    page = client.get(path)
    return client.post(path, data={"csrf_token": token(page), "version": version(page), **fields})


def test_comment_is_released_as_it_stands_and_read_without_order(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    written(work_on, clock, "The <silence> helped.", may_quote="yes")
    sign_in(client, work_on, Role.COORDINATOR)
    path = only_comment(work_on)
    assert "Waiting for review (1)" in text_of(client.get(PATH))
    assert "1 comment waits for review" in text_of(client.get("/home"))
    assert "The &lt;silence&gt; helped." not in client.get(f"{PATH}/released").get_data(as_text=True)

    assert send(client, path, text="The <silence> helped.").status_code == 303

    released = client.get(f"{PATH}/released")
    assert "The &lt;silence&gt; helped." in released.get_data(as_text=True)
    assert "May be quoted" in text_of(released)
    assert "changed in review" not in text_of(released)
    assert "No comment waits." in text_of(client.get(PATH))
    assert tags(work_on) == ["feedback_comment:released"]
    # Somebody who had it open too is told, and changes nothing.
    late = client.post(
        path, data={"csrf_token": token(client.get(f"{path}/withhold")), "version": "1", "text": "Other"}
    )
    assert late.status_code == 409
    assert "Other" not in text_of(client.get(f"{PATH}/released"))


def test_what_is_changed_needs_a_reason_and_replaces_what_was_written(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    written(work_on, clock, "The only paediatrician was late.")
    sign_in(client, work_on, Role.COORDINATOR)
    path = only_comment(work_on)

    refused = send(client, path, text="Somebody was late.")
    assert errors(refused) == ["Select why you changed what was written."]
    assert "Somebody was late.</textarea>" in refused.get_data(as_text=True)
    assert errors(send(client, path, text=" ")) == [
        "Leave something to read, or do not release this comment."
    ]
    born = send(client, path, text="Born 12/03/2008, late.", why="other")
    assert errors(born)[0].startswith("This looks like a date of birth")

    assert (
        send(client, path, text="Somebody was late.", why="points_to_somebody", rung="y").status_code == 303
    )

    released = text_of(client.get(f"{PATH}/released"))
    assert "Somebody was late. Not to be quoted · changed in review" in released
    assert "paediatrician" not in released
    assert tags(work_on) == ["feedback_comment:released", "feedback_comment:worry_passed_on"]


def test_what_is_held_back_is_deleted_with_a_reason(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    written(work_on, clock, "He said that she hurts him.")
    sign_in(client, work_on, Role.COORDINATOR)
    path = only_comment(work_on)
    assert errors(send(client, f"{path}/withhold")) == ["Select why it is not released."]

    assert send(client, f"{path}/withhold", why="about_the_family").status_code == 303

    with work_on(write=False) as work:
        row = work.session.scalars(select(Comment)).one()
        assert (row.state, row.text_sealed) == (CommentState.WITHHELD, None)
    assert "hurts him" not in text_of(client.get(path)) + text_of(client.get(f"{PATH}/released"))
    assert tags(work_on) == ["feedback_comment:withheld"]


def test_nothing_written_lies_in_the_audit_trail(
    work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    written(work_on, clock, "Unmistakable words")
    sign_in(client, work_on, Role.COORDINATOR)
    send(client, only_comment(work_on), text="Other unmistakable words", why="hurtful")

    with work_on(write=False) as work:
        rows = work.session.execute(select(AuditEvent.__table__)).all()
    assert rows
    assert not re.search("nmistakable", repr(rows))


def test_lists_ask_the_database_as_often_for_thirty_comments_as_for_one(
    app: Flask, work_on: WorkOn, client: FlaskClient, clock: FixedClock
) -> None:
    written(work_on, clock, *[f"Comment {n}" for n in range(30)])
    sign_in(client, work_on, Role.COORDINATOR)
    with statements(app) as many:
        assert text_of(client.get(PATH)).count("Comment ") >= 30
    with work_on() as work:
        for row in work.session.scalars(select(Comment)).all()[1:]:
            work.session.delete(row)
    with statements(app) as one:
        client.get(PATH)
    assert len(one) == len(many) <= 8
