"""Say in the story of a request that it was passed on to another requester: to them, and to the Business Unit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from jags.requests.queries import PassedOn
from jags.web.filters import moment
from jags.web.wording import words

Told = tuple[datetime, dict[str, Any]]


def in_order(told: Iterable[Told]) -> list[dict[str, Any]]:
    """Return the steps of a story, oldest first."""
    return [step for _, step in sorted(told, key=lambda one: one[0])]


def passed_on_for_us(changes: Iterable[PassedOn]) -> list[Told]:
    """Return what a coordinator reads: from whom it was passed on, by whom, why, and when the new requester answered."""
    told: list[Told] = []
    for change in changes:
        by = change.by or "the requester"
        text = f"{change.former} asked before. {words(change.why)}."
        told.append(
            (
                change.at,
                {
                    "title": "Passed on to another requester",
                    "when": f"{moment(change.at)}, {by}",
                    "text": text,
                },
            )
        )
        if change.confirmed_at is not None:
            answered = {
                "title": "The new requester said that it is them",
                "when": moment(change.confirmed_at),
            }
            told.append((change.confirmed_at, answered))
    return told


def passed_on_for_requester(changes: Iterable[PassedOn]) -> list[Told]:
    """Return what the present requester reads; whoever asked before is not named."""
    told: list[Told] = []
    every = list(changes)
    for change in every:
        to_you = change is every[-1]
        by = "We passed" if change.by else "Your colleague passed"
        title = f"{by} the request on to {'you' if to_you else 'another colleague'}"
        told.append((change.at, {"title": title, "when": moment(change.at)}))
        if change.confirmed_at is not None:
            title = "You said that it is you" if to_you else "They said that it is them"
            told.append((change.confirmed_at, {"title": title, "when": moment(change.confirmed_at)}))
    return told
