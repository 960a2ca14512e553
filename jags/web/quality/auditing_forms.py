"""The forms of a multi-agency audit."""

import uuid
from typing import Any

from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from jags.quality.rules.auditing import (
    SAMPLE_MOST,
    AskedOf,
    Grade,
    PanelView,
    PlanArea,
    PlanGroup,
    PlanState,
    Purposes,
    Return,
)
from jags.quality.service.auditing import Sample
from jags.web.fields import AnyOf, DayField, OneOf, WholeNumberField, area, line, must_be_address, worded
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING, PEOPLE
from jags.web.scheduling.forms import ids_of

_SIZE = f"Enter a whole number of sessions from 1 to {SAMPLE_MOST}."
_GRADE = "Your grade (optional)"


class SampleForm(JagsForm):
    """The period, and what the audit asks."""

    question = area(
        "What does this audit ask?",
        "the question",
        needed="Write what this audit asks.",
        hint="For instance whether children’s and adults’ services both had a voice.",
    )
    held_from = DayField(
        "Sessions held from",
        description="For example, 1 4 2026",
        validators=[InputRequired("Enter the first day.")],
    )
    held_to = DayField("To", validators=[InputRequired("Enter the last day.")])

    @property
    def sample(self) -> Sample:
        """Return what was entered."""
        if self.held_from.data is None or self.held_to.data is None:
            raise TypeError
        return Sample(self.held_from.data, self.held_to.data, Purposes(self.question.data or "", self.why))

    @property
    def why(self) -> str:
        """Return why these sessions; a random sample needs no reason."""
        return ""


class DrawForm(SampleForm):
    """A random sample."""

    size = WholeNumberField("How many sessions?", message=_SIZE, validators=[InputRequired(_SIZE)])


class ChooseForm(SampleForm):
    """Chosen sessions, with the reason."""

    why_these = area("Why these sessions?", "the reason", needed="Write why these sessions are chosen.")
    chosen = AnyOf("Which sessions?")

    @property
    def why(self) -> str:
        """Return the reason."""
        return self.why_these.data or ""

    @property
    def ids(self) -> list[uuid.UUID]:
        """Return the sessions that were ticked; raises `Invalid`."""
        return ids_of(self.chosen.data or [], field="chosen")


class AskForm(JagsForm):
    """Which agency is asked, and who answers for it."""

    agency = OneOf("Which agency?", validators=[InputRequired("Select the agency.")])
    name = line("Who answers for it?", "the name", needed="Enter who answers for it.", fine=PEOPLE)
    email = line(
        "Their work e-mail address (optional)",
        "the e-mail address",
        hint="They get a link by which they write. Leave it empty if you ring them and write down what they tell.",
        fine=ANYTHING,
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what is no address."""
        if field.data:
            must_be_address(field)

    @property
    def asked_of(self) -> AskedOf:
        """Return who is asked."""
        return AskedOf(self.name.data or "", self.email.data or "")


class ReturnForm(JagsForm):
    """What an agency returns."""

    worked = area("What worked in this JAGS, as your agency sees it?", "this")
    changed = area("What does your agency do differently since, if anything?", "this")
    learning = area("What is there to learn about how agencies work together?", "this")
    grade = OneOf(_GRADE, choices=worded(Grade))

    @property
    def given(self) -> Return:
        """Return what was written."""
        return Return(
            self.worked.data or "", self.changed.data or "", self.learning.data or "", self.grade.data or ""
        )


class PanelForm(JagsForm):
    """What the panel says together."""

    worked = area("What worked, as the panel sees it together?", "this")
    learning = area("What is there to learn?", "this")
    grade = OneOf(_GRADE, choices=worded(Grade))

    @property
    def view(self) -> PanelView:
        """Return what was written."""
        return PanelView(self.worked.data or "", self.learning.data or "", self.grade.data or "")


class RecommendationForm(JagsForm):
    """A recommendation, in the shape of the partnership's plan."""

    text = area("What do you recommend?", "the recommendation", needed="Write the recommendation.")
    group = OneOf("For whom?", choices=worded(PlanGroup), validators=[InputRequired("Select for whom.")])
    area = OneOf("Which area?", choices=worded(PlanArea), validators=[InputRequired("Select the area.")])


class PlanForm(JagsForm):
    """Where the partnership's plan keeps a recommendation, and how it stands there."""

    reference = line("Its reference in the Composite Action Plan", "the reference", most=50, fine=ANYTHING)
    state = OneOf(
        "How does it stand there?",
        choices=worded(PlanState),
        validators=[InputRequired("Select how it stands.")],
    )

    def validate_reference(self, field: Any) -> None:
        """Ask for the reference of what is in the plan."""
        in_plan = self.state.data in {PlanState.ACCEPTED, PlanState.UNDER_WAY, PlanState.DONE}
        if in_plan and not field.data:
            raise ValidationError("Enter its reference, so that it can be found in the plan.")
