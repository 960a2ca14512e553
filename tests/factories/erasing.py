"""Requests of long ago, and lists of what is due taken through two people."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text

from factories.people import account
from factories.requests import in_triage
from factories.sessions import agree, arrange
from jags.accounts.queries import actor_of
from jags.accounts.rules import Role
from jags.kernel.actor import Actor
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import Verb
from jags.requests.service import add_note
from jags.retention.service import approve, carry_out, make_list, put_forward
from jags.scheduling.service import end_request


def ended_request(work: Work, *, years: int = 4) -> Request:
    """Return a request with everything written in it that was withdrawn so many years ago."""
    request = in_triage(work)
    add_note(work, request.id, text="Kestrel’s aunt rang.")
    end_request(
        work, request.id, verb=Verb.CANCEL, version=request.version, reason="The mother of Kestrel rang."
    )
    request.state_changed_at = work.now - timedelta(days=366 * years)
    work.session.flush()
    return request


def two_people(work: Work) -> tuple[Actor, Actor]:
    """Return an administrator and a coordinator."""
    return actor_of(account(work, Role.ADMINISTRATOR)), actor_of(account(work, Role.COORDINATOR))


def take_through(work_on: Callable, first: Actor, second: Actor) -> uuid.UUID:
    """List what is due, put it forward, approve it, and let the job carry it out; return the list's id."""
    with work_on(first) as work:
        made = make_list(work).id
    with work_on(first) as work:
        put_forward(work, made, version=1)
    with work_on(second) as work:
        approve(work, made, version=2)
    with work_on() as work:
        carry_out(work)
    return made


def erased_agreement(work_on: Callable) -> uuid.UUID:
    """Erase a request for which two facilitators had agreed and declared their independence; return its id."""
    offered = agree(work_on)
    arrange(work_on, offered)
    with work_on() as work:
        request = work.session.get_one(Request, offered.request_id)
        end_request(work, request.id, verb=Verb.CANCEL, version=request.version, reason="It has moved on.")
        request.state_changed_at = work.now - timedelta(days=2000)
        first, second = two_people(work)
    take_through(work_on, first, second)
    return offered.request_id


def backup(work: Work) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table."""
    return {
        table.name: [dict(row) for row in work.session.execute(select(table)).mappings()]
        for table in Request.metadata.sorted_tables
    }


def restore(work_on: Callable, kept: dict[str, list[dict[str, Any]]]) -> None:
    """Put every row back as it was, as a restored backup does."""
    with work_on() as work:
        connection = work.session.connection()
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
            let_go = connection.scalar(
                text("SELECT sql FROM sqlite_master WHERE name = 'audit_event_delete'")
            )
            connection.execute(text("DROP TRIGGER audit_event_delete"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in reversed(Request.metadata.sorted_tables):
            connection.execute(table.delete())
        for table in Request.metadata.sorted_tables:
            if kept[table.name]:
                connection.execute(table.insert(), kept[table.name])
        if sqlite:
            connection.execute(text(let_go))
