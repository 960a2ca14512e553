"""The time in which a wish for a new link is answered: for a reference and address that belong together, and for ones that do not.

Run from the top folder as `PYTHONPATH=.:tests python -m benchmarks.new_link`, or as part of `make bench`.
"""

from collections.abc import Callable, Iterable
from functools import partial
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.load import in_turn
from benchmarks.made_up import fill
from benchmarks.store import Store, stores
from benchmarks.table import Row, show
from benchmarks.visitor import Visitor, form_body
from benchmarks.web_server import APPLICATION, WebServer
from jags.extensions import db
from jags.requests.model import Request

PAGE, HEALTH = "/new-link", "/healthz"
REQUESTS = 400
# Who measures more than this apart in the median of so many posts has found out something.
MOST_APART = 0.05
KINDS = ("SQLite", "PostgreSQL")


def measure(server: WebServer, store: Store) -> list[Row]:
    """Post pairs that belong together, pairs that do not, and references that do not exist, one after the other."""
    known = _references(store)
    visitor = Visitor(server.url)
    page = visitor.get(PAGE)

    def posts(pairs: Iterable[tuple[str, str]]) -> Callable[[], None]:
        bodies = iter([form_body(page, {"reference": one, "email": email}) for one, email in pairs])
        return lambda: _post(visitor, next(bodies))

    together = [(one, f"requester{number}@example.org") for number, one in enumerate(known)]
    apart = [(one, f"requester{number + 1}@example.org") for number, one in enumerate(known)]
    nobodys = [
        (f"JAGS-2099-{number:04}", f"somebody{number}@example.org") for number in range(1, len(known) + 1)
    ]
    fits, mixed, unknown = map(
        median, in_turn([posts(together), posts(apart), posts(nobodys)], times=len(known) - 1)
    )
    row = partial(_row, store.kind, fits)
    return [row("another's address", mixed), row("an unknown reference", unknown)]


def _row(kind: str, fits: float, what: str, other: float) -> Row:
    ratio = other / fits
    return Row(
        f"new link, {what} against a pair that fits, {kind}",
        f"{other:.2f} against {fits:.2f} ms",
        f"{ratio:.2f} × as long",
        f"1 ± {MOST_APART}",
        abs(ratio - 1) <= MOST_APART,
    )


def _references(store: Store) -> list[str]:
    with store.app.app_context(), Session(db.engine) as session:
        found = session.scalars(select(Request.reference).order_by(Request.received_at, Request.id))
        return [reference for reference in found if reference]


def _post(visitor: Visitor, body: str) -> None:
    answer = visitor.post(PAGE, body)
    if answer.status != 200 or 'name="reference"' in answer.text:
        raise RuntimeError(f"The wish for a link was not taken ({answer.status}).")


def main() -> None:
    """Measure both kinds of database and print the lines."""
    rows = []
    with stores() as made:
        for kind in KINDS:
            store = made.migrated(kind)
            fill(store.app, requests=REQUESTS)
            with WebServer(APPLICATION, first_path=HEALTH, settings=store.settings) as server:
                rows += measure(server, store)
    show(rows)


if __name__ == "__main__":
    main()
