"""The forms for taking somebody into the pool, and for what is recorded of them."""

from collections.abc import Iterable

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovSelect
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from jags.facilitators.service import SESSIONS_MOST, PersonDetails
from jags.web.facilitators.forms import ENTER_SESSIONS
from jags.web.fields import AnyOf, DayField, WholeNumberField, area, line, must_be_address, offered, telephone
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING, PEOPLE, PLACES


class DetailsForm(JagsForm):
    """Who somebody of the pool is, where they work, and what they need."""

    name = line("Name", "the name", needed="Enter the name.", fine=PEOPLE)
    email = line(
        "Work e-mail address",
        "the e-mail address",
        needed="Enter the e-mail address.",
        hint="Offers go there. An account is offered with the first one.",
        fine=ANYTHING,
    )
    phone = telephone("Telephone number (optional)")
    agency = SelectField(
        "Agency",
        description="Two facilitators of one JAGS come from two agencies.",
        widget=GovSelect(),
        validators=[InputRequired("Select the agency.")],
    )
    team = line("Team (optional)", "the name of the team", fine=PLACES)
    job_title = line("Job (optional)", "the job", fine=PEOPLE)
    manager_email = line(
        "Line manager’s work e-mail address (optional)",
        "the address",
        hint="Kept as a code that can only be compared: so nobody is asked about the work of somebody whom they manage, or who manages them.",
        fine=ANYTHING,
    )
    localities = AnyOf("Localities (optional)", widget=GovCheckboxesInput())
    access_needs = area(
        "Access needs (optional)",
        "the access needs",
        hint="What a room or a call must have for them, as short as it can be. Nothing about health.",
        fine=PEOPLE,
    )

    def offer(self, agencies: Iterable[str], localities: Iterable[str]) -> None:
        """Put agencies and localities up for selection."""
        self.agency.choices = offered([("", "Select an agency"), *((name, name) for name in agencies)])
        self.localities.choices = offered((name, name) for name in localities)

    def validate_manager_email(self, field: StringField) -> None:
        """Refuse what cannot be an address."""
        must_be_address(field)

    def details(self, *, keeps_manager: bool) -> PersonDetails:
        """Return what was entered; where `keeps_manager`, an empty address leaves the manager as recorded."""
        manager = self.manager_email.data or ""
        return PersonDetails(
            name=self.name.data or "",
            phone=self.phone.data or "",
            access_needs=self.access_needs.data or "",
            agency=self.agency.data or "",
            team=self.team.data or "",
            job_title=self.job_title.data or "",
            manager_email=None if keeps_manager and not manager else manager,
            localities=frozenset(self.localities.data or ()),
        )


class ChangeDetailsForm(DetailsForm):
    """The same of somebody who is in the pool; their address is that of their account."""

    email = None  # type: ignore[assignment] # So WTForms leaves out what the form above asks for.
    no_manager = BooleanField(
        "The line manager who is recorded is not theirs any more",
        widget=GovCheckboxInput(),
        validators=[Optional()],
    )


class NewFacilitatorForm(DetailsForm):
    """Somebody who comes into the pool."""

    trained_on = DayField(
        "When were they trained? (optional)",
        description="For example, 27 3 2026. Without a date they are in the pool, and not asked.",
        validators=[Optional()],
    )
    course = line("Course (optional)", "the course", fine=PLACES)
    sessions_per_quarter = WholeNumberField(
        "Sessions a quarter",
        message=ENTER_SESSIONS,
        description="How many they can give in three months; most can give one or two.",
        validators=[InputRequired(ENTER_SESSIONS), NumberRange(0, SESSIONS_MOST, message=ENTER_SESSIONS)],
    )
    transitional_training = BooleanField(
        "Trained for transitional safeguarding", widget=GovCheckboxInput(), validators=[Optional()]
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what cannot be an address."""
        must_be_address(field)
