"""The forms of a facilitator's place in the pool, training, and half-days."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovTextInput
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from jags.facilitators.rules import CYCLE_MOST, FacilitatorStatus
from jags.facilitators.service import SESSIONS_MOST
from jags.web.fields import DayField, WholeNumberField, area, tidy, worded
from jags.web.forms import JagsForm, OneLine, ShowsErrors, long_text, short_text
from jags.web.guard import ANYTHING, PLACES

ENTER_SESSIONS = f"Enter a whole number of sessions from 0 to {SESSIONS_MOST}."
_CYCLE = f"Enter a whole number of days from 1 to {CYCLE_MOST}."


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
        message=ENTER_SESSIONS,
        description="How many they can give in three months; most can give one or two.",
        validators=[InputRequired(ENTER_SESSIONS), NumberRange(0, SESSIONS_MOST, message=ENTER_SESSIONS)],
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
        description="Without a date, the partnership’s usual interval counts; where there is none, the training does not lapse.",
        validators=[Optional()],
    )


class CycleForm(ShowsErrors):
    """How a pattern repeats; it is sent in the address, so that the days of the cycle can be shown."""

    days = WholeNumberField(
        "Repeats every how many days?",
        message=_CYCLE,
        description="7 for the same every week; for shifts, the length of your rota.",
        validators=[InputRequired(_CYCLE), NumberRange(1, CYCLE_MOST, message=_CYCLE)],
    )
    begins_on = DayField(
        "First day of a cycle",
        name="from",
        description="For example, the first day of your rota.",
        validators=[InputRequired("Enter the first day of a cycle.")],
    )


class PatternForm(JagsForm):
    """The half-days of a cycle, by their numbers."""

    halves = SelectMultipleField(  # type: ignore[call-arg] # The stubs are of an older version.
        "Half-days that you could offer",
        validators=[Optional()],
        invalid_choice_message="Tick half-days that are on this page.",
    )
    term_time_only = BooleanField(
        "In term time only: nothing in the school holidays",
        widget=GovCheckboxInput(),
        validators=[Optional()],
    )


class AvailabilityForm(JagsForm):
    """The half-days of the coming weeks; each is named by its date and its half."""

    slots = SelectMultipleField(  # type: ignore[call-arg] # The stubs are of an older version.
        "Half-days that you could offer",
        validators=[Optional()],
        invalid_choice_message="Select half-days that are on this page.",
    )


class CalendarForm(JagsForm):
    """Where somebody's own calendar lies."""

    address = StringField(
        "Address of your calendar",
        description="It begins with https:// or webcal:// and mostly ends with .ics.",
        widget=GovTextInput(),
        filters=[tidy],
        validators=[
            InputRequired("Enter the address of your calendar."),
            *long_text("the address", fine=ANYTHING),
            OneLine(),
        ],
    )


class ThemesForm(JagsForm):
    """What somebody would rather not facilitate for now."""

    text = area(
        "What would they rather avoid for now?",
        "this",
        hint="As short as it can be, without reasons or names. Empty it when it has passed.",
    )


class LeaveForm(JagsForm):
    """Days on which somebody is away."""

    from_on = DayField(
        "First day away",
        description="For example, 27 3 2027",
        validators=[InputRequired("Enter the first day.")],
    )
    to_on = DayField("Last day away", validators=[InputRequired("Enter the last day.")])
