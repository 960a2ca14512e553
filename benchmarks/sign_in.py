"""The time in which a wrong password is answered: for addresses that have an account, and for ones that have none.

Run from the top folder as `PYTHONPATH=.:tests python -m benchmarks.sign_in`, or as part of `make bench`.
"""

from collections.abc import Callable, Iterable
from statistics import median

from sqlalchemy.orm import Session

from benchmarks.load import in_turn
from benchmarks.store import Store, stores
from benchmarks.table import Row, show
from benchmarks.visitor import Visitor, form_body
from benchmarks.web_server import APPLICATION, WebServer
from jags.accounts.rules import Contact, Purpose, Role
from jags.accounts.service import add_person, invite_person, issue_link, set_password
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.work import unit_of_work

PAGE, HEALTH = "/sign-in", "/healthz"
# Fewer than the limits on guesses let through: ten for an account, a hundred for an address.
ACCOUNTS, GUESSES = 5, 9
# Who measures more than this apart in the median of so many guesses has found out something.
MOST_APART = 0.05
KINDS = ("SQLite", "PostgreSQL")


def measure(server: WebServer, store: Store) -> Row:
    """Guess at known and at unknown addresses, one after the other."""
    _add_accounts(store)
    visitor = Visitor(server.url)
    page = visitor.get(PAGE)

    def guesses(name: str) -> Callable[[], None]:
        emails: Iterable[str] = [f"{name}{n % ACCOUNTS}@example.org" for n in range(ACCOUNTS * GUESSES)]
        bodies = iter([form_body(page, {"email": email, "password": "another password"}) for email in emails])
        return lambda: _post(visitor, next(bodies))

    known, unknown = map(
        median, in_turn([guesses("member"), guesses("nobody")], times=ACCOUNTS * GUESSES - 1)
    )
    ratio = unknown / known
    return Row(
        f"wrong password, an unknown address against a known one, {store.kind}",
        f"{unknown:.1f} against {known:.1f} ms",
        f"{ratio:.2f} × as long",
        f"1 ± {MOST_APART}",
        abs(ratio - 1) <= MOST_APART,
    )


def _add_accounts(store: Store) -> None:
    with (
        store.app.app_context(),
        Session(db.engine) as session,
        unit_of_work(session, actor=system("benchmark"), ports=store.app.extensions["jags_ports"]) as work,
    ):
        for number in range(ACCOUNTS):
            contact = Contact(name=f"Member {number}", email=f"member{number}@example.org")
            account = invite_person(work, add_person(work, contact=contact), role=Role.OBSERVER)
            link, _secret = issue_link(
                work, purpose=Purpose.INVITATION, subject_id=account.id, expires_at=None
            )
            set_password(work, link, "violet anchor teapot")


def _post(visitor: Visitor, body: str) -> None:
    answer = visitor.post(PAGE, body)
    if answer.status != 200 or "do not fit together" not in answer.text:
        raise RuntimeError(f"The guess was not answered as a guess ({answer.status}).")


def main() -> None:
    """Measure both kinds of database and print the lines."""
    rows = []
    with stores() as made:
        for kind in KINDS:
            store = made.migrated(kind)
            with WebServer(APPLICATION, first_path=HEALTH, settings=store.settings) as server:
                rows.append(measure(server, store))
    show(rows)


if __name__ == "__main__":
    main()
