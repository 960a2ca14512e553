"""Read what a report may quote: released comments whose writers allow it, and what requesters told some weeks later."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from jags.evaluation.queries.days import instants_of
from jags.evaluation.queries.selecting import held_in
from jags.evaluation.rules.gathered import Asked, Written
from jags.evaluation.rules.reports import Words
from jags.feedback import queries as feedback
from jags.feedback.model import RequesterAccount
from jags.feedback.rules import FormKey, WhatFollowed
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import visible_to
from jags.scheduling.model import JagsSession


@dataclass(frozen=True)
class Quotable:
    """Something that a report may quote, by the id under which it is chosen."""

    id: str
    text: str


def pools_told(work: Work, asked: Asked) -> frozenset[uuid.UUID]:
    """Return the pools of answers that a report tells of outside the Business Unit: those of whole blocks. None of one locality."""
    if asked.locality:
        return frozenset()
    held_from, held_before = instants_of(asked.period)
    return frozenset(
        pool
        for form in FormKey
        for pool in feedback.pools_outside(
            work,
            held_from=held_from,
            held_before=held_before,
            transitional=asked.transitional,
            form=form,
        )
    )


def quotable_comments(work: Work, asked: Asked) -> list[Quotable]:
    """Return the released comments that a report may quote, in an order that tells nothing.

    Their writers allow it, and they are of the answers that the report tells of.
    """
    return [Quotable(str(one.id), one.text) for one in feedback.quotable(work, pools=pools_told(work, asked))]


def accounts_to_quote(work: Work, asked: Asked) -> list[Quotable]:
    """Return the accounts of requesters whose session a report tells of, of requests that the actor may see; none of one locality."""
    if asked.locality:
        return []
    wanted = visible_to(work.actor) & held_in(asked.period, asked.which)
    held = select(JagsSession.request_id).join(Request, Request.id == JagsSession.request_id).where(wanted)
    rows = work.session.scalars(
        select(RequesterAccount)
        .where(RequesterAccount.request_id.in_(held))
        # An order of random ids, which tells nothing of when they were held.
        .order_by(RequesterAccount.id)
    ).all()
    return _opened(work, rows)


def written_of(work: Work, asked: Asked, words: Words) -> Written:
    """Return what was written in a report with what it quotes, as far as that may still be quoted."""
    quotes = (
        feedback.quotable(work, pools=pools_told(work, asked), only=_ids(words.quotes))
        if words.quotes
        else []
    )
    accounts: list[Quotable] = []
    if words.accounts:
        accounts = _opened(
            work,
            work.session.scalars(
                select(RequesterAccount)
                .where(RequesterAccount.request_id.in_(_ids(words.accounts)))
                .order_by(RequesterAccount.id)
            ).all(),
        )
    return Written(
        words.parts,
        words.recommendations,
        quotes=tuple(one.text for one in quotes),
        accounts=tuple(one.text for one in accounts),
    )


def _opened(work: Work, rows: Collection[RequesterAccount]) -> list[Quotable]:
    work.vault.prefetch(rows)
    found = []
    for row in rows:
        told = work.vault.open(row, "account", WhatFollowed)
        if text := "\n".join(filter(None, (told.said.strip(), told.to_you.strip()))):
            found.append(Quotable(str(row.request_id), text))
    return found


def _ids(texts: Collection[str]) -> list[uuid.UUID]:
    return [uuid.UUID(text) for text in texts]
