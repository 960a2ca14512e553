"""The list of fifty out of many requests, whole and narrowed: how long it takes, how it grows, and how many queries it asks."""

from collections.abc import Sequence
from operator import truediv
from statistics import median

from benchmarks.bare import PATH as BARE_PATH
from benchmarks.load import Bare, in_turn
from benchmarks.made_up import sign_in_coordinator
from benchmarks.queries import queries_of
from benchmarks.store import Store
from benchmarks.table import Row, as_ratio
from benchmarks.visitor import Visitor
from benchmarks.web_server import WebServer

# What the list is called, and its address; narrowed by what the database has to look at of every request.
LISTS = {"list": "/requests", "list, narrowed,": "/requests?state=open&owner=nobody&late=yes"}
COOKIE = "jags_signed_in"
LINES = 50
MOST_MS = 50.0
MOST_GROWTH = 1.5
MOST_QUERIES = 8


def measure(bare: Bare, few: tuple[WebServer, Store], many: tuple[WebServer, Store]) -> list[Row]:
    """Open the first page of each list as a coordinator, in a small and in a large database and bare Flask in turn."""
    stranger = Visitor(bare.url.removesuffix(BARE_PATH))
    secrets = [sign_in_coordinator(store.app) for _, store in (few, many)]
    rows = []
    for name, path in LISTS.items():
        readers = [
            _reader(server, secret, path) for (server, _), secret in zip((few, many), secrets, strict=True)
        ]
        least, small, large = in_turn(
            [
                lambda: stranger.get(BARE_PATH),
                lambda reader=readers[0], path=path: reader.get(path),
                lambda reader=readers[1], path=path: reader.get(path),
            ]
        )
        queries = [
            queries_of(store.app, secret, path)
            for (_, store), secret in zip((few, many), secrets, strict=True)
        ]
        rows += _rows(f"{name} of 50 of 10,000 requests, {few[1].kind}", least, small, large, queries)
    return rows


def _rows(
    name: str, least: Sequence[float], small: Sequence[float], large: Sequence[float], queries: Sequence[int]
) -> list[Row]:
    milliseconds, times_bare = median(large), median(map(truediv, large, least))
    growth = median(map(truediv, large, small))
    return [
        Row(
            name,
            f"{milliseconds:.1f} ms",
            f"{as_ratio(times_bare)} × as long",
            f"≤ {MOST_MS:.0f} ms",
            milliseconds <= MOST_MS,
        ),
        Row(
            f"{name}: growth from 100",
            f"{growth:.2f} ×",
            "–",
            f"≤ {MOST_GROWTH:.1f}",
            growth <= MOST_GROWTH,
        ),
        Row(
            f"{name}: queries, with 100 and 10,000",
            f"{queries[0]} and {queries[1]}",
            "–",
            f"≤ {MOST_QUERIES}, the same",
            max(queries) <= MOST_QUERIES and queries[0] == queries[1],
        ),
    ]


def _reader(server: WebServer, secret: str, path: str) -> Visitor:
    """Return a coordinator at a list; raises `RuntimeError` unless the page shows fifty requests."""
    visitor = Visitor(server.url).keep_cookie(COOKIE, secret)
    page = visitor.get(path)
    shown = page.text.count('href="/requests/')
    if page.status != 200 or page.path != path or shown < LINES:
        raise RuntimeError(f"The list at {page.path} ({page.status}) shows {shown} requests, not {LINES}.")
    return visitor
