"""The forms of a session's date, its participants and its record; what is typed in them is checked for shape here."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, ValidationError

from jags.accounts.queries import find_agency
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.service import SomebodyInvolved
from jags.scheduling.queries import PersonLine
from jags.scheduling.rules import (
    AgencyRow,
    ApologyReason,
    Appointment,
    Attendance,
    KeptToApproach,
    Place,
    SessionFormat,
)
from jags.venues.queries import VenueLine
from jags.web.fields import ClockField, DayField, OneOf, Rows, WholeNumberField, area, offered, worded
from jags.web.forms import JagsForm, long_text, short_text
from jags.web.guard import ANYTHING, PEOPLE, PLACES
from jags.web.shared_forms import PersonForm

REQUESTER = "requester"
NOT_PART = "not_part"


def ids_of(values: Iterable[str], *, field: str) -> list[uuid.UUID]:
    """Return the ids of ticked boxes; raises `Invalid` for what is not from the page."""
    try:
        return [uuid.UUID(value) for value in values]
    except ValueError as error:
        raise Invalid("Select people from this list.", field=field) from error


_WHY = (
    (ApologyReason.NO_CAPACITY, "I have no time then"),
    (ApologyReason.INVITED_LATE, "I was invited too late"),
    (ApologyReason.CHANGED_WORKER, "I do not work with them any more"),
    (ApologyReason.DECLINED, "I would rather not take part"),
)
_NO_VENUE = offered([("", "None of these")])
_MINUTES = "Enter the length in minutes, as a whole number."


class TickedPeopleForm(JagsForm):
    """Who is meant: ticks from the network."""

    member_ids = SelectMultipleField("Who is invited?", widget=GovCheckboxesInput(), validate_choice=False)

    def offer(self, people: Iterable[PersonLine], *, requester: PersonLine | None) -> None:
        """Offer the people of the network, and the requester when not among them."""
        lines = [(str(p.id), _in_words(p)) for p in people]
        if requester is not None:
            lines.insert(0, (REQUESTER, f"{_in_words(requester)} – asked for this JAGS"))
        self.member_ids.choices = offered(lines)

    @property
    def wants_requester(self) -> bool:
        """Tell whether the requester was ticked."""
        return REQUESTER in (self.member_ids.data or [])

    @property
    def ticked(self) -> list[uuid.UUID]:
        """Return who was ticked; raises `Invalid`."""
        values = [v for v in self.member_ids.data or [] if v != REQUESTER]
        return ids_of(values, field="member_ids")


class PeopleForm(TickedPeopleForm):
    """Who is invited: ticks from the network, and people to add."""

    more = Rows(FormField(PersonForm), min_entries=2, max_entries=12)

    @property
    def added(self) -> list[SomebodyInvolved]:
        """Return who was typed."""
        return [person for row in self.more if (person := row.form.person()) is not None]


class WhenWhereForm(JagsForm):
    """Date, time, length and place."""

    day = DayField(
        "Date", description="For example, 27 3 2027", validators=[InputRequired("Enter the date.")]
    )
    start_time = ClockField(
        "Start time",
        description="London time, for example 14:30 or 2:30pm",
        validators=[InputRequired("Enter the start time."), *short_text("the time", fine=ANYTHING)],
    )
    minutes = WholeNumberField(
        "Length in minutes", message=_MINUTES, validators=[InputRequired("Enter the length in minutes.")]
    )
    format = RadioField(
        "How do people meet?",
        widget=GovRadioInput(),
        choices=worded(SessionFormat),
        validate_choice=False,
    )
    venue_id = SelectField(
        "Place",
        description="For meeting in person. A place of this list is booked once at a time.",
        widget=GovSelect(),
        choices=_NO_VENUE,
        validate_choice=False,
    )
    venue = StringField(
        "Venue",
        description="For meeting in person, where it is no place of the list: the building, the room and the postcode",
        widget=GovTextInput(),
        validators=short_text("the venue", fine=PLACES),
    )
    online_link = StringField(
        "Address of the online meeting",
        description="Begins with https://. Only participants and facilitators see it.",
        widget=GovTextInput(),
        validators=short_text("the address", fine=ANYTHING),
    )
    arrangements = TextAreaField(
        "Anything to know about getting there (optional)",
        description="Parking, access, whom to ask for. Nothing about the child or the family.",
        widget=GovTextArea(),
        validators=long_text("the arrangements", fine=PLACES),
    )

    second_hour = RadioField(
        "The clocks go back in that hour. Which one do you mean?",
        widget=GovRadioInput(),
        choices=offered([("first", "The first, in summer time"), ("second", "The second, in winter time")]),
        validate_choice=False,
    )
    unusual_day_ok = BooleanField("Yes, on a weekend or bank holiday", widget=GovCheckboxInput())

    def validate_start_time(self, field: ClockField) -> None:
        """Refuse what is not a time of day."""
        if field.clock is None:
            raise ValidationError("Enter a time like 14:30 or 2:30pm.")

    def validate_format(self, field: RadioField) -> None:
        """Ask for one of the formats."""
        if field.data not in set(SessionFormat):
            raise ValidationError("Select how people meet.")

    def offer_venues(self, lines: Iterable[VenueLine]) -> None:
        """Offer the known places."""
        named = [
            (
                str(line.venue.id),
                f"{line.details.name} ({line.venue.seats} seats)" if line.venue.seats else line.details.name,
            )
            for line in lines
        ]
        self.venue_id.choices = [*_NO_VENUE, *offered(named)]

    def validate_venue_id(self, field: SelectField) -> None:
        """Refuse a place that is not offered."""
        if field.data and field.data not in {choice[0] for choice in field.iter_choices()}:
            raise ValidationError("Select a place of the list.")

    @property
    def appointment(self) -> Appointment:
        """Return what was entered, as the service takes it."""
        return Appointment(
            wall_start=datetime.combine(self.day.data or date.min, self.start_time.clock or time()),
            minutes=self.minutes.data or 0,
            format=SessionFormat(self.format.data),
            place=Place(
                venue=(self.venue.data or "").strip(),
                online_link=(self.online_link.data or "").strip(),
                arrangements=(self.arrangements.data or "").strip(),
            ),
            venue_id=uuid.UUID(self.venue_id.data) if self.venue_id.data else None,
            second_hour={"first": False, "second": True}.get(self.second_hour.data or ""),
            unusual_day_ok=bool(self.unusual_day_ok.data),
        )


class SetDateForm(WhenWhereForm, PeopleForm):
    """Everything that an invitation needs."""


class CannotComeForm(JagsForm):
    """Why somebody cannot come, and who comes instead; no reason is chosen before, so that nothing is sent by opening it."""

    reason = OneOf(
        "Why can’t you come?", widget=GovRadioInput(), choices=offered((r.value, words) for r, words in _WHY)
    )
    instead = FormField(PersonForm)

    def validate_reason(self, field: OneOf) -> None:
        """Ask for a choice."""
        if not field.data:
            raise ValidationError("Select why.")


class AboutMeForm(JagsForm):
    """What a participant says of themselves: whether their name is shown, and what they need."""

    show_name = OneOf(
        "May others see your name before the day?",
        widget=GovRadioInput(),
        choices=offered([("yes", "Yes"), ("no", "No, please do not show my name before the day")]),
    )
    needs = area(
        "Is there anything you need so that you can take part? (optional)",
        "what you need",
        hint="For example a hearing loop, a break, or a place near the door. Only those who arrange the room see it.",
    )


class SwapForm(JagsForm):
    """With which session another one changes places."""

    other = OneOf("Which session does it change places with?", widget=GovRadioInput())

    def validate_other(self, field: OneOf) -> None:
        """Ask for a choice."""
        if not field.data:
            raise ValidationError("Select a session.")


class PreparationForm(JagsForm):
    """The day on which facilitators and requester prepared."""

    on = DayField(
        "When did the facilitators and the requester prepare?",
        description="The date only; nothing of what was said is kept. For example, 27 3 2027",
        validators=[InputRequired("Enter the date.")],
    )


class CallOffForm(JagsForm):
    """A reason for calling something off, where there is one to give; never about the child."""

    reason = TextAreaField(
        "Reason (optional)",
        description="For the story of this request; nobody is sent it. Nothing about the child or the family.",
        widget=GovTextArea(),
        validators=long_text("the reason"),
    )


class AgencyRowForm(Form):
    """How one agency took part."""

    name = HiddenField(validators=short_text("the name of the agency", fine=PEOPLE))
    attendance = RadioField(
        widget=GovRadioInput(),
        choices=offered(
            [
                (Attendance.PRESENT.value, "Was there"),
                (Attendance.APOLOGIES.value, "Was not there"),
                (NOT_PART, "Is not part of this network"),
            ]
        ),
        validate_choice=False,
    )
    reason = SelectField(
        "Why not?",
        widget=GovSelect(),
        choices=[*offered([("", "Select a reason")]), *worded(ApologyReason)],
        validate_choice=False,
    )

    def validate_attendance(self, field: RadioField) -> None:
        """Ask for a choice."""
        if field.data not in {Attendance.PRESENT, Attendance.APOLOGIES, NOT_PART}:
            raise ValidationError(f"Select whether {self.name.data or 'this agency'} was there.")

    def validate_reason(self, field: SelectField) -> None:
        """Ask for a reason where an agency was not there."""
        if self.attendance.data == Attendance.APOLOGIES and field.data not in set(ApologyReason):
            raise ValidationError(f"Select why {self.name.data or 'this agency'} was not there.")


class RecordForm(JagsForm):
    """What is recorded after a session: agencies, length, who was there, keeping to the approach, general learning."""

    minutes = WholeNumberField(
        "How long did it last, in minutes?",
        message=_MINUTES,
        validators=[InputRequired("Enter how long it lasted, in minutes.")],
    )
    agencies = Rows(FormField(AgencyRowForm), max_entries=60)
    other_agencies = TextAreaField(
        "Any other agency that was there (optional)",
        description="One on each line.",
        widget=GovTextArea(),
        validators=long_text("the list of agencies"),
    )
    present = SelectMultipleField("Who was there?", widget=GovCheckboxesInput(), validate_choice=False)
    kept = RadioField(
        "Did the session keep to the JAGS approach?",
        widget=GovRadioInput(),
        choices=worded(KeptToApproach),
        validate_choice=False,
    )
    learning = TextAreaField(
        "General learning (optional)", widget=GovTextArea(), validators=long_text("the general learning")
    )

    def validate_kept(self, field: RadioField) -> None:
        """Ask for a choice."""
        if field.data not in set(KeptToApproach):
            raise ValidationError("Select whether the session kept to the JAGS approach.")

    def offer(self, people: Iterable[PersonLine]) -> None:
        """Offer the people who are invited."""
        self.present.choices = offered(
            (str(p.id), ", ".join(filter(None, (p.name, p.agency)))) for p in people
        )

    def rows(self, work: Work) -> list[AgencyRow]:
        """Return how each agency took part; a name that is no known spelling is kept as typed."""
        found = [
            _agency_row(work, row.form.name.data or "", row.form.attendance.data, row.form.reason.data)
            for row in self.agencies
            if row.form.attendance.data != NOT_PART
        ]
        typed = [text.strip() for text in (self.other_agencies.data or "").splitlines() if text.strip()]
        return [*found, *(_agency_row(work, name, Attendance.PRESENT, "") for name in typed)]


def _agency_row(work: Work, name: str, attendance: str, reason: str) -> AgencyRow:
    agency = find_agency(work, name)
    return AgencyRow(
        agency_id=agency.id if agency else None,
        agency_typed="" if agency else name[:200],
        attendance=Attendance(attendance),
        reason=ApologyReason(reason) if attendance == Attendance.APOLOGIES else None,
    )


def _in_words(person: PersonLine) -> str:
    about = ", ".join(part for part in (person.role, person.agency) if part)
    reach = "" if person.email else " – no e-mail address"
    return f"{person.name} ({about}){reach}" if about else f"{person.name}{reach}"
