"""The time in which a wrong password is answered: for addresses that have an account, and for ones that have none.

Run from the top folder as `PYTHONPATH=.:tests python -m benchmarks.sign_in`, or as part of `make bench`.
"""

from sqlalchemy.orm import Session

from benchmarks.alike import medians, row, run
from benchmarks.store import Store
from benchmarks.table import Row
from benchmarks.web_server import WebServer
from jags.accounts.rules import Contact, Purpose, Role
from jags.accounts.service import add_person, invite_person, issue_link, set_password
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.work import unit_of_work

# Fewer than the limits on guesses let through: ten for an account, a hundred for an address.
ACCOUNTS, GUESSES = 5, 9


def measure(server: WebServer, store: Store) -> list[Row]:
    """Guess at known and at unknown addresses, one after the other; the accounts are added first."""
    _add_accounts(store)
    guesses = [
        [
            {"email": f"{name}{n % ACCOUNTS}@example.org", "password": "another password"}
            for n in range(ACCOUNTS * GUESSES)
        ]
        for name in ("member", "nobody")
    ]
    known, unknown = medians(
        server, "/sign-in", guesses, is_answered=lambda text: "do not fit together" in text
    )
    what = "wrong password, an unknown address against a known one"
    return [row(what, store.kind, there=known, other=unknown)]


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


def main() -> None:
    """Measure both kinds of database and print the lines."""
    run(measure)


if __name__ == "__main__":
    main()
