"""The time in which a wish for a new link is answered: for a reference and address that belong together, and for ones that do not.

Run from the top folder as `PYTHONPATH=.:tests python -m benchmarks.new_link`, or as part of `make bench`.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.alike import medians, row, run
from benchmarks.made_up import fill
from benchmarks.store import Store
from benchmarks.table import Row
from benchmarks.web_server import WebServer
from jags.extensions import db
from jags.requests.model import Request

REQUESTS = 400


def measure(server: WebServer, store: Store) -> list[Row]:
    """Post pairs that belong together, pairs that do not, and references that do not exist, one after the other."""
    known = _references(store)
    together = [(one, f"requester{number}@example.org") for number, one in enumerate(known)]
    apart = [(one, f"requester{number + 1}@example.org") for number, one in enumerate(known)]
    nobodys = [
        (f"JAGS-2099-{number:04}", f"somebody{number}@example.org") for number in range(1, len(known) + 1)
    ]
    posts = [
        [{"reference": one, "email": email} for one, email in pairs] for pairs in (together, apart, nobodys)
    ]
    fits, mixed, unknown = medians(
        server, "/new-link", posts, is_answered=lambda text: 'name="reference"' not in text
    )
    return [
        row(f"new link, {what} against a pair that fits", store.kind, there=fits, other=other)
        for what, other in (("another's address", mixed), ("an unknown reference", unknown))
    ]


def _references(store: Store) -> list[str]:
    with store.app.app_context(), Session(db.engine) as session:
        found = session.scalars(select(Request.reference).order_by(Request.received_at, Request.id))
        return [reference for reference in found if reference]


def main() -> None:
    """Measure both kinds of database and print the lines."""
    run(measure, lambda store: fill(store.app, requests=REQUESTS))


if __name__ == "__main__":
    main()
