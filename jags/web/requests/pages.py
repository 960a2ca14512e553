"""The one registry of the pages of the request form: their parts, forms, and the values that they are filled with."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.rules import Part
from jags.web.requests import answers
from jags.web.requests.draft_form import DraftForm
from jags.web.requests.first_half import (
    AboutYouForm,
    AdulthoodForm,
    ChildForm,
    GateForm,
    LastForm,
    WhoIsInvolvedForm,
    WhyForm,
)
from jags.web.requests.second_half import ArrangementsForm, ContactsForm, FamilyForm, WorkForm


@dataclass(frozen=True)
class Page:
    """A page of the form: the part that it asks, and how it is filled with what was answered before."""

    part: Part
    form: type[DraftForm]
    shown: Callable[[Work, Request], dict[str, Any]]


FIRST_HALF: dict[str, Page] = {
    "before-you-begin": Page(Part.GATE, GateForm, answers.gate),
    "about-you": Page(Part.REQUESTER, AboutYouForm, answers.about_you),
    "who-it-is-about": Page(Part.CHILD, ChildForm, answers.about_the_child),
    "why": Page(Part.REASONS, WhyForm, answers.why),
    "who-is-involved": Page(Part.PEOPLE, WhoIsInvolvedForm, answers.involved),
    "into-adulthood": Page(Part.ADULTHOOD, AdulthoodForm, answers.adulthood),
    "last-things": Page(Part.LAST, LastForm, answers.last_things),
}
SECOND_HALF: dict[str, Page] = {
    "contacts": Page(Part.CONTACTS, ContactsForm, answers.contacts),
    "family": Page(Part.FAMILY, FamilyForm, answers.family),
    "the-work": Page(Part.WORK, WorkForm, answers.the_work),
    "arrangements": Page(Part.ARRANGEMENTS, ArrangementsForm, answers.arrangements),
}
PAGES = FIRST_HALF | SECOND_HALF
# The numbered pages: what comes before the form is not one of its parts.
NUMBERED = tuple(FIRST_HALF)[1:]


def any_of(slugs: Iterable[str]) -> str:
    """Return the converter of a route that takes one of these pages and nothing else."""
    return f"any({', '.join(repr(slug) for slug in slugs)})"


def next_page(slug: str) -> str:
    """Return the page after one of the first half; empty after its last."""
    order = tuple(FIRST_HALF)
    place = order.index(slug) + 1
    return order[place] if place < len(order) else ""


def page_before(slug: str) -> str:
    """Return the page before one of the first half; empty before its first."""
    order = tuple(FIRST_HALF)
    place = order.index(slug)
    return order[place - 1] if place else ""


def parts_of(
    rows: Mapping[Part, answers.Rows], lacking: Container[Part], address: Callable[[str], str]
) -> list[dict[str, Any]]:
    """Return all answers by page, with links to change them, as "check your answers" shows them; `address` gives a page's own."""
    return [
        {
            "title": answers.TITLES[page.part],
            "rows": [{**row, "change": f"{address(slug)}?from=check"} for row in rows[page.part]],
            "lacking": page.part in lacking,
        }
        for slug, page in PAGES.items()
        if rows[page.part] and (slug in FIRST_HALF or any(row["value"] for row in rows[page.part]))
    ]


def problems_of(lacking: Container[Part], address: Callable[[str], str]) -> list[dict[str, str]]:
    """Return what is still missing before a request can be sent, each with the address of the page that asks it."""
    return [
        {"text": f"Finish “{answers.TITLES[page.part]}”.", "href": f"{address(slug)}?from=check"}
        for slug, page in FIRST_HALF.items()
        if page.part in lacking
    ]


@dataclass(frozen=True)
class Task:
    """One page of the second half, as a line of a task list."""

    title: str
    href: str
    answered: bool


def second_half_tasks(rows: Mapping[Part, answers.Rows], address: Callable[[str], str]) -> list[Task]:
    """Return the pages of the second half with whether anything was answered on each; `address` gives a page's own.

    `rows` are every answer in words (`answers.summary`).
    """
    return [
        Task(answers.TITLES[page.part], address(slug), any(row["value"] for row in rows[page.part]))
        for slug, page in SECOND_HALF.items()
    ]
