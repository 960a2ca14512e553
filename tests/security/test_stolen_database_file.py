"""A promise of security: whoever has a copy of the database file and no key reads no case text, name or contact in it.

That a swapped value does not decrypt stands in tests/integration/kernel/test_sealing.py, rotation under traffic in
tests/integration/custody/test_rotation.py.
"""

from dataclasses import replace

from factories.erasing import ended_request, take_through, two_people
from factories.pool import facilitator, involved
from factories.reading import add_comment, add_learning, add_reflection
from factories.requests import ABOUT_YOU, in_triage
from factories.second_steps import SECRET, make_member
from jags.accounts.queries import contact_of
from jags.accounts.rules import Contact
from jags.accounts.service import add_person
from jags.audit.rules import TAGS
from jags.evaluation.rules import PromotionEntry
from jags.evaluation.service import add_promotion
from jags.requests.rules import PauseReason, Tie
from jags.requests.service import add_note, pause_request
from jags.requests.service.answers import new_member
from jags.rights.rules import ComplaintText
from jags.rights.service import NewComplaint, pause_for_concern, take_complaint
from jags.venues.rules import VenueDetails
from jags.venues.service import add_venue
from servers.stored import copies_of

# Each is written in one place, and stands nowhere else in the project.
SEEDED = (
    "Zephyrine-note",
    "Zephyrine-name",
    "zephyrine-mail@example.org",
    "01632 960 777",
    "Zephyrine-member",
    "zephyrine-member@example.org",
    "Zephyrine-complains",
    "Zephyrine-reach",
    "Zephyrine-wrote",
    "Zephyrine-concern",
    "Zephyrine-comment",
    "Zephyrine-learning",
    "Zephyrine-reflects",
    "Zephyrine-arrangements",
    "Zephyrine-reason",
    "Zephyrine-facilitator",
    # What the intake factory writes.
    "Kestrel",
    ABOUT_YOU.contact.name,
    ABOUT_YOU.contact.email,
    ABOUT_YOU.contact.phone,
    # The secret of an authenticator app.
    SECRET,
)
# Written in a log that is meant to be read by everybody: so that the search can fail.
PLAIN = "Zephyrine-plain"


def seed(work_on):
    """Write each text where people write it."""
    make_member(work_on, name="Zephyrine-name", email="zephyrine-mail@example.org")
    with work_on() as work:
        first, second = two_people(work)
        add_person(work, contact=Contact(name="Robin", email="robin@example.org", phone="01632 960 777"))
        request = in_triage(work)
        add_note(work, request.id, text="Zephyrine-note")
        member = involved("Zephyrine-member", email="zephyrine-member@example.org")
        request.network.append(new_member(work, request, member, tie=Tie.NETWORK, position=9))
        person_id = facilitator(work, "Zephyrine-facilitator")
        add_comment(work, "Zephyrine-comment")
        add_reflection(work, add_learning(work, "Zephyrine-learning"), "Zephyrine-reflects")
        add_venue(work, details=VenueDetails("Hall", "1 High Street", "Zephyrine-arrangements"))
        add_promotion(work, PromotionEntry(work.today, PLAIN, "email", 12))
        work.record("request:legal_hold_lifted", request.id, reason="Zephyrine-reason")
        reference = request.reference
        pause_request(work, request.id, reason=PauseReason.COURT_OR_POLICE)
    with work_on(first) as work:
        text = ComplaintText("Zephyrine-complains", "Zephyrine-reach", "Zephyrine-wrote")
        take_complaint(work, NewComplaint(work.today, text, first.person_id))
        pause_for_concern(work, person_id, why="Zephyrine-concern")
    return reference, first, second


def readable(texts, copies):
    return [text for text in texts if any(text.encode() in copy for copy in copies)]


def test_nothing_that_was_written_is_readable_in_a_copy_and_what_is_plain_is(work_on, store):
    reference, *_ = seed(work_on)
    copies = copies_of(store.url)
    assert readable((PLAIN, reference, "request:legal_hold_lifted"), copies) == [
        PLAIN,
        reference,
        "request:legal_hold_lifted",
    ]
    assert "request:legal_hold_lifted" in TAGS
    assert readable(SEEDED, copies) == []


def test_what_was_erased_or_replaced_leaves_nothing_readable_either(work_on, store):
    with work_on() as work:
        ended_request(work)
        first, second = two_people(work)
        person = add_person(work, contact=Contact(name="Zephyrine-before", email="before@example.org"))
        person_id = person.id
    with work_on() as work:
        person = work.session.get_one(type(person), person_id)
        work.vault.seal(person, "contact", replace(contact_of(work, person), name="Zephyrine-after"))
    take_through(work_on, first, second)
    assert readable(("Kestrel", "Zephyrine-before", "Zephyrine-after"), copies_of(store.url)) == []
