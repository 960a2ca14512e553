"""Whether an answer takes as long for what is there as for what is not: the same posts in turn, by their medians, on both databases."""

from collections.abc import Callable, Iterable, Mapping
from statistics import median

from benchmarks.load import in_turn
from benchmarks.store import Store, stores
from benchmarks.table import Row, show
from benchmarks.visitor import Visitor, form_body
from benchmarks.web_server import APPLICATION, WebServer

HEALTH = "/healthz"
# Who measures more than this apart in the median of so many posts has found out something.
MOST_APART = 0.05
KINDS = ("SQLite", "PostgreSQL")


def medians(
    server: WebServer,
    path: str,
    sent: Iterable[Iterable[Mapping[str, str]]],
    *,
    is_answered: Callable[[str], bool],
) -> list[float]:
    """Return the median time of each series of forms, in milliseconds, sent to a page in turn.

    Raises RuntimeError when an answer is not the one that is measured.
    """
    visitor = Visitor(server.url)
    page = visitor.get(path)
    series = [[form_body(page, fields) for fields in forms] for forms in sent]

    def posts(bodies: list[str]) -> Callable[[], None]:
        left = iter(bodies)
        return lambda: _post(visitor, path, next(left), is_answered)

    times = min(map(len, series)) - 1
    return [median(one) for one in in_turn([posts(bodies) for bodies in series], times=times)]


def row(what: str, kind: str, *, there: float, other: float) -> Row:
    """Return the line that says how far apart two medians are."""
    ratio = other / there
    return Row(
        f"{what}, {kind}",
        f"{other:.2f} against {there:.2f} ms",
        f"{ratio:.2f} × as long",
        f"1 ± {MOST_APART}",
        abs(ratio - 1) <= MOST_APART,
    )


def run(
    measure: Callable[[WebServer, Store], list[Row]], prepare: Callable[[Store], None] | None = None
) -> None:
    """Measure on both kinds of database, each prepared first, and print the lines."""
    rows = []
    with stores() as made:
        for kind in KINDS:
            store = made.migrated(kind)
            if prepare is not None:
                prepare(store)
            with WebServer(APPLICATION, first_path=HEALTH, settings=store.settings) as server:
                rows += measure(server, store)
    show(rows)


def _post(visitor: Visitor, path: str, body: str, is_answered: Callable[[str], bool]) -> None:
    answer = visitor.post(path, body)
    if answer.status != 200 or not is_answered(answer.text):
        raise RuntimeError(f"{path} was not answered as it is to be measured ({answer.status}).")
