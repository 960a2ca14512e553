"""Begin a round: its key pair, its pots, and all its tickets at once."""

import secrets
from datetime import date, datetime, timedelta

from jags.feedback.model import FormVersion, Pot, Round, Ticket
from jags.feedback.queries import TICKET_KEY, find_form_version
from jags.feedback.rules import POT_SIZE, Door, FormKey
from jags.feedback.rules.forms import STANDARD, items_to_text
from jags.feedback.rules.tickets import mint, mint_slip
from jags.kernel.box import new_pair, seal_for_jobs
from jags.kernel.time import start_of_day
from jags.kernel.work import Work
from jags.scheduling.model import JagsSession


def begin_round(
    work: Work,
    session: JagsSession,
    *,
    form: FormKey,
    number: int,
    last: date,
    door: Door = Door.LINKS,
    spares: int = 0,
) -> tuple[Round, list[str]]:
    """Begin a round for so many people that closes at the end of a London date; return it with the texts of its tickets.

    The spare ones are the last of the list. They are minted now, with all others, so that no row tells which they are.

    Only their hashes are stored: what is not handed on now is lost.
    """
    private_key, public_key = new_pair()
    found = Round(
        form=form,
        session_id=session.id,
        form_version_id=_form_version(work, form).id,
        door=door,
        invited=number,
        closes_at=closing_moment(last),
        paused_seconds=session.request.paused_seconds,
        public_key=public_key,
    )
    found.private_key_sealed = seal_for_jobs(work, key_info(found), private_key)
    work.session.add(found)
    work.session.flush()
    tickets = _mint_tickets(work, found, number + spares)
    work.record("feedback_round:opened", found.id, session=str(session.id), invited=number)
    return found, tickets


def closing_moment(last: date) -> datetime:
    """Return the moment at which a round closes whose last day is a London date: the end of that day."""
    return start_of_day(last + timedelta(days=1))


def key_info(found: Round) -> str:
    """Return what binds a round's sealed private key to it."""
    return f"round-key|{found.id}"


def _mint_tickets(work: Work, found: Round, number: int) -> list[str]:
    """Mint all tickets of a round, each for a pot drawn at random; store their hashes in the order of the hashes."""
    pots = [Pot(round_id=found.id) for _ in range(-(-number // POT_SIZE))]
    work.session.add_all(pots)
    work.session.flush()
    places = [pots[n % len(pots)].id for n in range(number)]
    secrets.SystemRandom().shuffle(places)
    key = work.vault.system_key(TICKET_KEY)
    mint_one = mint if found.door is Door.LINKS else mint_slip
    minted = [(mint_one(key, pot_id), pot_id) for pot_id in places]
    rows = [Ticket(hash=ticket.hash, pot_id=pot_id) for ticket, pot_id in minted]
    rows.sort(key=lambda row: row.hash)
    work.session.add_all(rows)
    work.session.flush()
    return [ticket.text for ticket, _ in minted]


def _form_version(work: Work, form: FormKey) -> FormVersion:
    """Return the form in force; the first round publishes its first version."""
    found = find_form_version(work, form)
    if found is None:
        found = FormVersion(form=form, number=1, items=items_to_text(STANDARD[form]))
        work.session.add(found)
        work.session.flush()
    return found
