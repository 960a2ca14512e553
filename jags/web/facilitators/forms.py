"""The forms of a facilitator's place in the pool, training, and half-days."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovTextInput
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from jags.facilitators.rules import FacilitatorStatus
from jags.facilitators.service import SESSIONS_MOST
from jags.web.fields import DayField, worded
from jags.web.forms import JagsForm, short_text
from jags.web.guard import PLACES

_NUMBER = f"Enter a whole number of sessions from 0 to {SESSIONS_MOST}."


class WholeNumberField(IntegerField):
    """A small number, with a message that says what to do."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a whole number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_NUMBER) from None


class StandingForm(JagsForm):
    """Whether somebody is asked, and how much they can give."""

    status = RadioField(
        "Are they asked at the moment?",
        widget=GovRadioInput(),
        choices=worded(FacilitatorStatus),
        validators=[InputRequired("Select whether they are asked at the moment.")],
    )
    sessions_per_quarter = WholeNumberField(
        "Sessions a quarter",
        description="How many they can give in three months; most can give one or two.",
        validators=[InputRequired(_NUMBER), NumberRange(0, SESSIONS_MOST, message=_NUMBER)],
    )
    transitional_training = BooleanField(
        "Trained for transitional safeguarding", widget=GovCheckboxInput(), validators=[Optional()]
    )


class TrainingForm(JagsForm):
    """A course that somebody has done."""

    course = StringField(
        "Course (optional)", widget=GovTextInput(), validators=short_text("the course", fine=PLACES)
    )
    trained_on = DayField(
        "When was it?", description="For example, 27 3 2026", validators=[InputRequired("Enter the date.")]
    )
    refresher_due_on = DayField(
        "Refresher due (optional)",
        description="Without a date, the training does not lapse.",
        validators=[Optional()],
    )


class AvailabilityForm(JagsForm):
    """The half-days of the coming weeks; each is named by its date and its half."""

    slots = SelectMultipleField(  # type: ignore[call-arg] # The stubs are of an older version.
        "Half-days that you could offer",
        validators=[Optional()],
        invalid_choice_message="Select half-days that are on this page.",
    )
