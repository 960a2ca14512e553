"""Made-up requests in bulk, through the models: sealed under a data key each, with people, choices and moves, as in life."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from flask import Flask
from rich.console import Console
from rich.progress import track
from sqlalchemy import text
from sqlalchemy.orm import Session

from jags.accounts.model import Agency
from jags.accounts.rules import AccountState, AgeRemit, Permission, Role, Sector, spelling
from jags.accounts.service import invite, start_session
from jags.extensions import db
from jags.kernel.actor import system
from jags.kernel.time import london_date
from jags.kernel.work import Work, unit_of_work
from jags.requests.model import InvolvedAgency, NetworkMember, Request, RequestChoice, RequestMove
from jags.requests.rules import (
    NEEDS_DECISION,
    AgeBand,
    CaseDetail,
    NetworkContact,
    Priority,
    Question,
    Reason,
    RequesterContact,
    State,
    Verb,
    YesNoUnsure,
    reference_of,
)

_ACTOR = system("benchmark", permissions=frozenset({Permission.ACCOUNT_MANAGE}))
_SPAN = timedelta(days=365)
_BATCH = 500
_AGENCIES = 24
# The way to each state that waits for the Business Unit.
_WAY = (
    (Verb.SUBMIT, State.DRAFT, State.UNCONFIRMED),
    (Verb.CONFIRM, State.UNCONFIRMED, State.IN_TRIAGE),
    (Verb.ACCEPT, State.IN_TRIAGE, State.ACCEPTED),
    (Verb.OFFER_PAIR, State.ACCEPTED, State.OFFERED),
    (Verb.AGREE_FACILITATORS, State.OFFERED, State.FACILITATORS_AGREED),
)


def fill(app: Flask, *, requests: int) -> None:
    """Add agencies and so many requests, all waiting for the coordinator, received over the last year."""
    with app.app_context(), Session(db.engine) as session:
        random = Random(requests)  # noqa: S311 - Repeatable, no secret.
        agencies = [_agency(n) for n in range(_AGENCIES)]
        ids = [agency.id for agency in agencies]
        with benchmark_work(app, session):
            session.add_all(agencies)
        starts = range(0, requests, _BATCH)
        for start in track(
            starts, f"Making up {requests:,} requests", console=Console(stderr=True), transient=True
        ):
            with benchmark_work(app, session) as work:
                for number in range(start, min(start + _BATCH, requests)):
                    _add_request(work, random, number=number, of=requests, agencies=ids)
            session.expunge_all()
        renew_statistics()


def sign_in_coordinator(app: Flask) -> str:
    """Add a coordinator with an account and return the secret of a session of theirs."""
    with app.app_context(), Session(db.engine) as session, benchmark_work(app, session) as work:
        account = invite(
            work, email="coordinator@example.org", role=Role.COORDINATOR, name="Cora Coordinator"
        )
        account.state = AccountState.ACTIVE
        return start_session(work, account)


def renew_statistics() -> None:
    """Let PostgreSQL count again what it plans by; to be called in an application context."""
    # PostgreSQL does this by itself within minutes of so many new rows; a benchmark does not wait for it.
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def benchmark_work(app: Flask, session: Session):  # type: ignore[no-untyped-def] # noqa: ANN201 - The kernel's own context manager.
    """Begin a unit of work of the benchmark itself."""
    return unit_of_work(session, actor=_ACTOR, ports=app.extensions["jags_ports"])


def _agency(number: int) -> Agency:
    name = f"Made-up Agency {number + 1}"
    return Agency(
        key=f"made-up-{number}",
        name=name,
        spelling=spelling(name),
        agency_type="Made-up",
        sector=list(Sector)[number % len(Sector)],
        age_remit=AgeRemit.ALL_AGES,
    )


def _add_request(work: Work, random: Random, *, number: int, of: int, agencies: Sequence[uuid.UUID]) -> None:
    state = sorted(NEEDS_DECISION)[number % len(NEEDS_DECISION)]
    received_at = work.now - _SPAN * ((of - number) / of)
    email = f"requester{number}@example.org"
    request = Request(
        key_id=work.vault.new_key(),
        reference=reference_of(received_at.year, number + 1),
        state=state,
        state_changed_at=received_at + timedelta(hours=2),
        started_at=received_at,
        received_at=received_at,
        received_on=london_date(received_at),
        requester_email_index=work.vault.blind_index("email", email),
        agency_id=random.choice(agencies),
        locality=random.choice(("Breckland", "Central", "East", "North", "South", "West")),
        transitional_view=random.choice(list(YesNoUnsure)),
        priority=Priority.SOONER if number % 10 == 0 else Priority.ROUTINE,
    )
    contact = RequesterContact(f"Requester {number}", "Social worker", "Team", email, "01632 960 001")
    work.vault.seal(request, "contact", contact)
    work.vault.seal(
        request, "detail", CaseDetail(pseudonym="A. B.", hopes="To see what each of us sees. " * 10)
    )
    request.choices = [
        RequestChoice(question=Question.AGE_BAND, choice=random.choice(list(AgeBand))),
        RequestChoice(question=Question.REASON, choice=random.choice(list(Reason))),
    ]
    request.involved = [
        InvolvedAgency(position=n, agency_id=known) for n, known in enumerate(random.sample(agencies, 2))
    ]
    request.network = [_member(work, request, position=n) for n in range(2)]
    request.moves = _moves(request, received_at)
    work.session.add(request)


def _member(work: Work, request: Request, *, position: int) -> NetworkMember:
    member = NetworkMember(key_id=request.key_id, position=position)
    work.vault.seal(member, "contact", NetworkContact(f"Person {position}", "Nurse", "", "nurse@example.org"))
    return member


def _moves(request: Request, received_at: datetime) -> list[RequestMove]:
    moves: list[RequestMove] = []
    for number, (verb, left, reached) in enumerate(_WAY, start=1):
        moves.append(
            RequestMove(
                key_id=request.key_id,
                number=number,
                verb=verb,
                left=left,
                reached=reached,
                at=received_at + timedelta(minutes=number),
                actor_ref=_ACTOR.ref,
            )
        )
        if reached is request.state:
            break
    return moves
