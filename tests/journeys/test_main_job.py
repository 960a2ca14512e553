"""The main job: a request becomes a held session with feedback, and counts in an evaluation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page

from journeys import asking, finding, hearing, meeting
from journeys.letters import Letters, link_of
from journeys.partnership import Partnership
from journeys.people import (
    ADMINISTRATOR,
    COORDINATOR,
    INVITED,
    NETWORK,
    PRESENT,
    REFLECTIONS,
    REQUESTER,
    VENUE,
    WRITTEN,
)
from journeys.visitors import Visitors

# Days after the beginning: the session, the session as it is moved, its record, and a day by which ten working days
# for feedback have gone by, whatever holidays lie between.
ARRANGED, MOVED, RECORDED, CLOSED = 8, 9, 10, 38


@dataclass
class Walk:
    """What one step of the journey leaves to the next."""

    partnership: Partnership
    letters: Letters
    visitors: Visitors
    begun_on: date
    reference: str = ""
    phone: Page = field(init=False)
    office: Page = field(init=False)
    decliner: finding.Facilitator = field(init=False)
    pair: tuple[finding.Facilitator, finding.Facilitator] = field(init=False)
    desks: list[Page] = field(default_factory=list)

    def day(self, number: int) -> date:
        """Return the London date so many days after the beginning."""
        return self.begun_on + timedelta(days=number)


def test_request_becomes_a_held_session_that_counts(
    partnership: Partnership, letters: Letters, visitors: Visitors, stored: Callable[[], list[bytes]]
) -> None:
    walk = Walk(partnership, letters, visitors, partnership.begins.date())
    business_unit_sets_up(walk)
    partnership.serve()
    practitioner_asks(walk)
    coordinator_accepts(walk)
    declined_offer_brings_the_choice_back(walk)
    pair_declares_and_accepts(walk)
    date_is_set_and_moved(walk)
    partnership.serve(days_on=RECORDED)
    session_is_recorded_and_reflected_on(walk)
    those_present_give_feedback(walk)
    partnership.serve(days_on=CLOSED)
    figures_tell_it(walk)
    assert (
        partnership.command("audit", "verify")
        .splitlines()[-1]
        .startswith("The audit trail is whole. Its last event: ")
    )
    partnership.stop()
    assert visitors.problems == []
    assert '"level": "error"' not in partnership.said
    assert letters.unopened == []
    assert [words for words in WRITTEN if words in letters.everything_said] == []
    copies = stored()
    assert any(walk.reference.encode() in copy for copy in copies)
    assert readable_in(copies, walk) == []


def business_unit_sets_up(walk: Walk) -> None:
    walk.partnership.fill_pool()
    invite = ("accounts", "invite")
    walk.partnership.command(*invite, ADMINISTRATOR, "--role", "administrator", "--name", "Stefan Blake")
    walk.partnership.command(*invite, COORDINATOR, "--role", "coordinator", "--name", "Meera Coleman")


def practitioner_asks(walk: Walk) -> None:
    walk.phone = walk.visitors.on_a_phone()
    asking.fill_the_form(walk.visitors, walk.phone)
    walk.reference = asking.check_and_send(walk.visitors, walk.phone)
    asking.confirm_by_mail(walk.visitors, walk.letters, walk.phone, walk.reference)
    asking.open_the_status(walk.visitors, walk.letters, walk.phone, walk.reference)


def coordinator_accepts(walk: Walk) -> None:
    walk.office = walk.visitors.at_a_desk()
    finding.set_password(walk.visitors, walk.letters, walk.office, COORDINATOR)
    walk.visitors.look_over(walk.office, "What needs you now")
    # The hour at which coordinators are told what waits has gone by, so it comes as soon as there is a coordinator.
    assert "– 1 request waits for a decision" in walk.letters.take(COORDINATOR, "Your work today").text
    walk.office.get_by_role("button", name="Sign out").click()
    finding.sign_in(walk.visitors, walk.office, COORDINATOR)
    asking.consider_and_accept(walk.visitors, walk.office, walk.reference)
    accepted = walk.letters.take(REQUESTER.email, "is accepted")
    assert "Thank you for talking with me today." in accepted.text


def declined_offer_brings_the_choice_back(walk: Walk) -> None:
    finding.see_why_others_are_excluded(walk.visitors, walk.office)
    walk.decliner, free_again = finding.offer_the_best(walk.office)
    walk.visitors.look_over(walk.office, f"{walk.reference} Offered to facilitators")
    finding.decline(walk.visitors, walk.letters, walk.decliner)
    walk.letters.take(free_again.email, "Could you facilitate a JAGS?")
    walk.letters.take(free_again.email, "is not needed from you now")
    walk.office.reload()
    walk.visitors.look_over(walk.office, f"{walk.reference} Accepted: finding facilitators")


def pair_declares_and_accepts(walk: Walk) -> None:
    finding.see_why_others_are_excluded(walk.visitors, walk.office)
    finding.expect_declined(walk.office, walk.decliner)
    walk.pair = finding.offer_the_best(walk.office)
    assert walk.decliner not in walk.pair
    for one in walk.pair:
        walk.desks.append(finding.declare_and_accept(walk.visitors, walk.letters, one, walk.reference))
    for email in (*(one.email for one in walk.pair), REQUESTER.email):
        walk.letters.take(email, "Facilitators are agreed")
    walk.office.reload()
    walk.visitors.look_over(walk.office, f"{walk.reference} Facilitators agreed")
    finding.see_the_record(walk.visitors, walk.office)


def date_is_set_and_moved(walk: Walk) -> None:
    arranged = meeting.Appointment(walk.day(ARRANGED), "2:30pm", 14, 30)
    moved = meeting.Appointment(walk.day(MOVED), "10:15", 10, 15)
    meeting.note_preparation(walk.visitors, walk.office, walk.begun_on)
    meeting.set_the_date(walk.visitors, walk.office, arranged)
    first = calendars(walk, "Invitation", arranged)
    assert len({sent.entry["UID"] for sent in first.values()}) == 1
    participant = first[NETWORK[0].email].link
    meeting.look_at_the_invitation(walk.visitors, participant, arranged)
    meeting.move_the_date(walk.visitors, walk.office, moved)
    second = calendars(walk, "Changed", moved)
    for email, sent in second.items():
        assert sent.entry["UID"] == first[email].entry["UID"]
        assert sent.entry["SEQUENCE"] > first[email].entry["SEQUENCE"]
    meeting.look_at_the_invitation(walk.visitors, participant, moved)
    meeting.say_about_oneself(walk.visitors, participant)
    meeting.look_at_calendars(walk.visitors, walk.office, walk.reference, moved, own=False)
    meeting.look_at_calendars(walk.visitors, walk.desks[0], walk.reference, moved, own=True)
    meeting.make_an_address(walk.visitors, walk.desks[0], walk.reference)
    walk.office.goto("/requests?state=open")
    walk.office.get_by_role("link", name=walk.reference).click()
    arranged_for_them = {
        "happened": "A date was arranged",
        "ahead": "The date is set, and the session takes place then.",
    }
    asking.follow(walk.visitors, walk.phone, walk.reference, **arranged_for_them)


def session_is_recorded_and_reflected_on(walk: Walk) -> None:
    for desk, one in zip(walk.desks, walk.pair, strict=True):
        finding.sign_in(walk.visitors, desk, one.email)
    meeting.record(walk.visitors, walk.desks[0], walk.reference)
    for desk, words in zip(walk.desks, REFLECTIONS, strict=True):
        meeting.reflect(walk.visitors, desk, walk.reference, words)


def those_present_give_feedback(walk: Walk) -> None:
    asked = walk.letters.take_from_each((person.email for person in PRESENT), "How was the JAGS on")
    links = [link_of(mail) for mail in asked.values()]
    hearing.give_feedback_twice(walk.visitors, links[0], 0)
    for place, link in enumerate(links[1:], 1):
        hearing.give_feedback(walk.visitors, link, place)


def figures_tell_it(walk: Walk) -> None:
    finding.sign_in(walk.visitors, walk.office, COORDINATOR)
    hearing.wait_until_closed(walk.visitors, walk.office, walk.reference)
    first, last = walk.begun_on, walk.day(CLOSED)
    figures: dict[str, Any] = walk.partnership.document(
        "report", "figures", "--from", first.isoformat(), "--to", last.isoformat()
    )
    counted = {"received": 1, "proceeded": 1, "held": 1, "not_proceeded": 0, "undecided": 0}
    assert {key: figures[key] for key in counted} == counted
    # The project that was typed in is not settled yet; who was not there does not count as taking part.
    settled = {person.known_agency: 1 for person in PRESENT if person is not NETWORK[-1]}
    assert figures["agencies_taking_part"]["agencies"] == settled
    assert figures["agencies_taking_part"]["unsettled"] == 1
    feedback = figures["feedback"]
    assert (feedback["answers"], feedback["invited"]) == (len(PRESENT), len(PRESENT))
    told = {one["statement"]: one["agreed"] for one in feedback["agreed"].values()}
    assert {words: told[words] for words in hearing.BANDS} == hearing.BANDS
    hearing.show_the_evaluation(walk.visitors, walk.office, first, last)
    hearing.expect_on_page(walk.office, figures)
    asking.follow(walk.visitors, walk.phone, walk.reference, happened="The request was closed")
    walk.letters.take(ADMINISTRATOR, "Your account for JAGS")


def calendars(walk: Walk, subject: str, appointment: meeting.Appointment) -> dict[str, meeting.Sent]:
    """Return what everybody's calendar was sent about one thing."""
    invited, pair = (person.email for person in INVITED), (one.email for one in walk.pair)
    return meeting.entries_in(
        walk.letters, invited, subject, appointment.for_participants
    ) | meeting.entries_in(walk.letters, pair, subject, appointment.for_facilitators)


def readable_in(copies: list[bytes], walk: Walk) -> list[str]:
    """Return what of names, addresses and everything written can be read in copies of the database."""
    secret = [*WRITTEN, VENUE, COORDINATOR]
    for person in (*INVITED, *walk.pair):
        secret += [person.name, person.email]
    return [words for words in secret if any(words.encode() in copy for copy in copies)]
