"""A partnership whose every text is hostile, made as the services make it; and the texts themselves."""

import uuid
from dataclasses import replace

from factories.pool import accepted_request, involved, offer_to
from factories.pool import facilitator as add_facilitator
from factories.requests import in_triage
from factories.sessions import COORDINATOR, accept_all, schedule
from jags.accounts.model import Person
from jags.accounts.queries import contact_of
from jags.accounts.rules import Contact
from jags.accounts.service import add_person
from jags.evaluation.rules import PromotionEntry
from jags.evaluation.service import add_promotion
from jags.requests.service import add_note
from jags.scheduling.rules import Place
from jags.venues.rules import VenueDetails
from jags.venues.service import add_venue

# It breaks out of an attribute and of a text, tries templates, and calls whatever a page would run.
CANARY = "\"'><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}${7*7}<%=7*7%>"
FORMULA = '=HYPERLINK("http://evil.example","x")'
HOSTILE = (
    CANARY,
    FORMULA,
    "x\r\nBcc: evil@example.org\r\n\r\nx",
    "'; DROP TABLE person; --",
    "\x00\u202e\ufeff𝕏" + "A" * 300,
    "9" * 400,
    "-1",
    "../../etc/passwd",
    "//evil.example/\\evil.example",
    "%s%n{0.__class__}",
)


def partnership_of(work_on, text: str) -> dict[str, uuid.UUID]:
    """Make a request in triage, one with a date, people, a room and a log, all of them called `text`."""
    with work_on() as work:
        add_venue(work, details=VenueDetails(text[:100], text, text))
        add_promotion(work, PromotionEntry(work.today, text, "email", 12))
        add_person(work, contact=Contact(name=text, email="somebody@example.org", phone="01632 960 001"))
        waiting = in_triage(work)
        add_note(work, waiting.id, text=text)
        network = (
            involved(text, email="first@example.org", of=text, role=text),
            involved(f"2 {text}", of=text),
        )
        request = accepted_request(work, people=network, pseudonym=text)
        pair = add_facilitator(work, "Ash Reed"), add_facilitator(work, "Birch Lane")
        offered = offer_to(work, request, pair)
        ids = {"waiting": waiting.id, "dated": request.id, "facilitator": pair[0]}
    accept_all(work_on, offered)
    with work_on() as work:
        for person_id in pair:
            person = work.session.get_one(Person, person_id)
            called = replace(contact_of(work, person), name=f"{text} {person_id.hex[:4]}")
            work.vault.seal(person, "contact", called)
    with work_on(COORDINATOR) as work:
        schedule(work, ids["dated"], place=Place(venue=text, arrangements=text))
    return ids
