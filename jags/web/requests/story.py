"""What the page of a request tells: its story, and how the Business Unit sees it."""

from collections.abc import Iterable
from typing import Any

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import Step, detail_of
from jags.requests.rules import Priority, Question, TransitionalFeature, suggests_transitional
from jags.web.filters import moment
from jags.web.requests.passing_on import Told
from jags.web.wording import words


def story(steps: Iterable[Step]) -> list[Told]:
    """Return the moves of a request as steps of a timeline with when each was, oldest first, with everything that was written."""
    return [
        (
            step.at,
            {
                "title": words(step.verb),
                "when": moment(step.at) + (f", {step.by}" if step.by else ""),
                "text": _text(step),
            },
        )
        for step in steps
    ]


def our_view(work: Work, found: Request) -> list[dict[str, Any]]:
    """Return how the Business Unit sees a request, as rows of a summary."""
    chosen = found.chosen(Question.TRANSITIONAL_FEATURE)
    confirmed = {True: "Yes", False: "No", None: "Not yet decided"}[found.transitional_confirmed]
    detail = detail_of(work, found)
    # Every request is routine at first, which needs no reason.
    unasked = found.priority is Priority.ROUTINE and not detail.priority_reason
    why = [] if unasked else [detail.priority_reason]
    return [
        *([{"key": "In the old tracker", "value": found.tracker_number}] if found.tracker_number else []),
        {"key": "How soon", "value": "Sooner" if found.priority is Priority.SOONER else "Routine"},
        *({"key": "Why so soon, or not", "value": reason} for reason in why),
        {
            "key": "Transitional safeguarding suggested by age",
            "value": "Yes" if suggests_transitional(found.age_bands) else "No",
        },
        {"key": "Requester’s view", "value": words(found.transitional_view)},
        {"key": "Confirmed by us", "value": confirmed},
        {"key": "What features", "value": [words(f) for f in TransitionalFeature if f in chosen]},
        {"key": "Reason", "value": detail.transitional_reason},
        {"key": "Court, criminal or review work live", "value": words(found.legal_live)},
    ]


def _text(step: Step) -> str:
    parts = (
        step.note.reason,
        f"Why we asked: {step.note.internal}" if step.note.internal else "",
        step.note.lead,
        step.note.legal,
        f"Contact given: {step.note.contact_given}." if step.note.contact_given else "",
        f"Told the requester: {step.note.told}" if step.note.told else "",
        step.note.by_telephone,
    )
    return " ".join(part for part in parts if part)
