"""The intake form under load: a page opened, and its answers committed, on both databases."""

import statistics
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.bare import PATH
from benchmarks.load import Rate, load
from benchmarks.store import Store
from benchmarks.table import Row, as_ratio
from benchmarks.visitor import Visitor, form_body
from benchmarks.web_server import WebServer
from jags.extensions import db
from jags.requests.model import Request

ABOUT_YOU = {
    "name": "Sam Requester",
    "role": "Social worker",
    "agency": "Made-up Agency 1",
    "team": "Team East",
    "email": "sam.requester@example.org",
    "phone": "01632 960 001",
}
ABOUT_THE_CHILD = (
    ("pseudonym", "A. B."),
    ("age_bands", "14-15"),
    ("age_bands", "16-17"),
    ("sibling_group", "no"),
    ("locality", "East"),
    ("responsibility", "ours"),
    ("plans", "child_protection"),
)
GET_GOAL = 0.15
POST_GOALS = {"SQLite": 0.06, "PostgreSQL": 0.05}
SLOWEST_GOAL_MS = 44.0


@dataclass
class Figures:
    """What several rounds gave for one work, each beside bare Flask of the same round."""

    rates: list[Rate] = field(default_factory=list)
    bare: list[Rate] = field(default_factory=list)

    def add(self, rate: Rate, bare: Rate) -> None:
        """Add what one round gave."""
        self.rates.append(rate)
        self.bare.append(bare)

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(
            mine.a_second / bare.a_second for mine, bare in zip(self.rates, self.bare, strict=True)
        )

    @property
    def bare_figure(self) -> str:
        """The rate of bare Flask in words."""
        return f"{statistics.median(rate.a_second for rate in self.bare):,.0f} a second"

    def row(self, work: str, goal: float | None) -> Row:
        """Return the line of a rate."""
        figure = f"{statistics.median(rate.a_second for rate in self.rates):,.0f} a second"
        met = None if goal is None else self.ratio >= goal
        return Row(work, figure, as_ratio(self.ratio), "–" if goal is None else f"≥ {as_ratio(goal)}", met)

    def slowest_row(self, work: str) -> Row:
        """Return the line of the slowest 1 %."""
        mine = statistics.median(rate.slowest_percent_ms for rate in self.rates)
        bare = statistics.median(rate.slowest_percent_ms for rate in self.bare)
        figure, goal = f"{mine:.0f} ms", f"≤ {SLOWEST_GOAL_MS:.0f} ms"
        return Row(
            f"{work}, slowest 1 %",
            figure,
            f"{as_ratio(mine / bare)} × as long",
            goal,
            mine <= SLOWEST_GOAL_MS,
        )


@dataclass(frozen=True)
class Draft:
    """A draft that a visitor has begun: the page under load, its cookies and a filled form."""

    path: str
    cookies: str
    body: str


def begin_draft(server: WebServer) -> Draft:
    """Begin a request as people do, keep the second page once, and return what the load repeats.

    Raises `RuntimeError` when the form was refused: repeating it would measure error messages.
    """
    visitor = Visitor(server.url)
    first = visitor.get("/ask/about-you")
    second = visitor.post(first.path, form_body(first, ABOUT_YOU))
    body = form_body(second, ABOUT_THE_CHILD)
    third = visitor.post(second.path, body)
    if not (second.redirected and third.redirected and third.status == 200 and third.path != second.path):
        raise RuntimeError(f"The form was not kept: {second.path} led to {third.path} ({third.status}).")
    return Draft(second.path, visitor.cookies_for(second.path), body)


def open_page(server: WebServer, draft: Draft) -> Rate:
    """Load the page as it is shown to somebody who comes back to it."""
    return load(server.url + draft.path, cookies=draft.cookies)


def commit_page(server: WebServer, draft: Draft, store: Store) -> Rate:
    """Load the page with posts, and check that the database kept each of them."""
    before = _writes(store)
    rate = load(server.url + draft.path, cookies=draft.cookies, body=draft.body)
    kept = _writes(store) - before
    if kept < rate.answers:
        raise RuntimeError(f"{rate.answers} posts were answered and {kept} were kept.")
    return rate


def bare_page(server: WebServer) -> Rate:
    """Load the constant page of bare Flask."""
    return load(server.url + PATH)


def bare_commit(server: WebServer) -> Rate:
    """Load the page of bare Flask that commits one row."""
    return load(server.url + PATH, body="words=one")


def _writes(store: Store) -> int:
    # Every write of a request raises its version by one.
    with store.app.app_context(), Session(db.engine) as session:
        return session.scalar(select(func.sum(Request.version))) or 0
