"""Forms of complaints, of a concern about a facilitator, and of looking for what is held about somebody."""

import uuid
from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from jags.rights.rules import ComplaintOutcome
from jags.rights.rules.documents import PART_MOST
from jags.web.fields import DayField, LongField, OneOf, area, line, offered, tidy
from jags.web.forms import JagsForm, PlainText
from jags.web.guard import ANYTHING, PEOPLE, PLACES, IdentifierGuard

NOBODY = ""
OUTCOME_WORDS: dict[ComplaintOutcome, str] = {
    ComplaintOutcome.UPHELD: "Upheld",
    ComplaintOutcome.PARTLY: "Upheld in part",
    ComplaintOutcome.NOT_UPHELD: "Not upheld",
    ComplaintOutcome.WITHDRAWN: "Withdrawn",
    ComplaintOutcome.ELSEWHERE: "Passed on to the agency that it is about",
}
STILL_OPEN = "open"
_OWNER = "Who answers it?"


class ComplaintForm(JagsForm):
    """A complaint as it comes in."""

    received_on = DayField(
        "When did it come?",
        description="For example, 27 3 2026",
        validators=[InputRequired("Enter the date.")],
    )
    who = line("Who complains?", "who complains", needed="Enter who complains.", fine=PEOPLE)
    reach = line(
        "How do we reach them?",
        "how to reach them",
        needed="Enter how to reach them.",
        hint="A telephone number, an address or an e-mail address",
        fine=ANYTHING,
    )
    what = area(
        "What is it about?",
        "what it is about",
        needed="Enter what it is about.",
        hint="In a few sentences. Initials for children and families.",
        fine=PEOPLE,
    )
    reference = line(
        "Reference of a request (optional)",
        "the reference",
        hint="If it is about one. Nothing of that request is erased while the complaint is open.",
        fine=ANYTHING,
    )
    person = SelectField("A facilitator (optional)", widget=GovSelect(), validators=[Optional()])
    owner = SelectField(_OWNER, widget=GovSelect(), validators=[DataRequired("Select who answers it.")])

    def offer(self, owners: Iterable[tuple[uuid.UUID, str]], people: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Offer who may answer, and the pool."""
        self.owner.choices = offered([(NOBODY, "Choose"), *((str(key), name) for key, name in owners)])
        self.person.choices = offered([(NOBODY, "Nobody"), *((str(key), name) for key, name in people)])


class ComplaintAnswerForm(JagsForm):
    """How a complaint is answered."""

    owner = SelectField(_OWNER, widget=GovSelect(), validators=[DataRequired("Select who answers it.")])
    acknowledged_on = DayField(
        "When was it acknowledged? (optional)",
        description="For example, 27 3 2026",
        validators=[Optional()],
    )
    outcome = OneOf("What came of it?", widget=GovRadioInput(), validators=[InputRequired("Select one.")])
    answer = area(
        "What was answered, and what do we do differently?",
        "the answer",
        hint="Needed once something came of it",
        fine=PEOPLE,
    )

    def offer(self, owners: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Offer who may answer, and the outcomes."""
        self.owner.choices = offered((str(key), name) for key, name in owners)
        self.outcome.choices = offered([(STILL_OPEN, "It is still open"), *OUTCOME_WORDS.items()])


class ConcernForm(JagsForm):
    """Why a facilitator is paused."""

    why = area(
        "What is the concern?",
        "the concern",
        needed="Enter what the concern is.",
        hint="Only the Business Unit sees this. A concern that a child or adult is at risk goes by the normal route at once.",
        fine=PEOPLE,
    )


class CloseConcernForm(JagsForm):
    """What happens when a concern is settled."""

    lift = OneOf("Ask them again?", widget=GovRadioInput(), validators=[InputRequired("Select yes or no.")])

    def offer(self) -> None:
        """Offer yes and no."""
        self.lift.choices = offered([("yes", "Yes: they are asked again"), ("no", "No: they stay paused")])


class FindForm(JagsForm):
    """What somebody who asks what we hold about them knows of themselves."""

    reference = line(
        "A reference (optional)",
        "the reference",
        hint="Ours, such as JAGS-2026-0042, or the agency’s own case reference",
        fine=ANYTHING,
    )
    initials = line("Initials or made-up name (optional)", "the initials", most=40, fine=PEOPLE)
    agency = line("An agency that asked or was involved (optional)", "the name of the agency")
    from_on = DayField(
        "Received from (optional)", description="For example, 27 3 2026", validators=[Optional()]
    )
    to_on = DayField(
        "Received until (optional)", description="For example, 27 3 2026", validators=[Optional()]
    )


class PartForm(JagsForm):
    """A part of a document that everybody may read."""

    text = LongField(
        "What we say here",
        filters=[tidy],
        validators=[
            Length(max=PART_MOST, message=f"Shorten this to {PART_MOST:,} characters or fewer."),
            PlainText(),
            IdentifierGuard(PLACES),
        ],
    )
