"""The forms for what a coordinator keeps along the way: views, people, agencies, calls, notes, legal work."""

from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from jags.accounts.queries import agencies
from jags.kernel.errors import Invalid
from jags.requests.rules import LegalKind, LegalOutcome, Priority, TransitionalFeature, YesNoUnsure
from jags.requests.service import SomebodyInvolved
from jags.web.fields import AnyOf, DayField, OneOf, area, line, offered, worded
from jags.web.forms import JagsForm
from jags.web.shared_forms import PersonForm, reason_field
from jags.web.unit_of_work import current_work


class TransitionalForm(JagsForm):
    """The Business Unit's view of transitional safeguarding, with what features and why."""

    confirmed = OneOf(
        "Does transitional safeguarding feature?",
        choices=offered([("yes", "Yes"), ("no", "No")]),
        validators=[DataRequired("Select yes or no.")],
    )
    features = AnyOf(
        "What features?", description="If yes: tick all that apply.", choices=worded(TransitionalFeature)
    )
    reason = reason_field()


class PriorityForm(JagsForm):
    """Routine or sooner, and why."""

    priority = OneOf(
        "How soon?", choices=worded(Priority), validators=[DataRequired("Select routine or sooner.")]
    )
    reason = reason_field()


class AddSomebodyForm(JagsForm, PersonForm):
    """Somebody who has at least a name."""

    def validate_name(self, field: StringField) -> None:
        """Ask for the name, which a row of several people may leave out."""
        if not field.data:
            raise ValidationError("Enter a name.")

    def somebody(self) -> SomebodyInvolved:
        """Return who was typed; raises `Invalid` without a name."""
        person = self.person()
        if person is None:
            raise Invalid("Enter a name.", field="name")
        return person


class AddPersonForm(AddSomebodyForm):
    """Somebody around the child, with or without an address."""

    is_lead = BooleanField("This is the lead professional")


class AddUnsuitableForm(AddSomebodyForm):
    """Somebody who should not facilitate this JAGS."""

    def __init__(self, *args: Any, written: str = "", **values: Any) -> None:
        super().__init__(*args, **values)
        self.name.description = f"The requester wrote: “{written}”." if written else ""
        self.email.description = (
            "With it, nobody of this address is proposed. Without it, whoever has this name is proposed only "
            "once you have looked into it."
        )
        del self.role, self.phone


class SettleAgencyForm(JagsForm):
    """Which agency was meant by a name that is not known."""

    typed = OneOf("Which name?", choices=[], validators=[DataRequired("Select the name that was typed.")])
    agency = SelectField(
        "Which agency is meant?",
        description="Where it is missing, have it added to the list of agencies first.",
        widget=GovSelect(),
        validators=[DataRequired("Select the agency.")],
    )
    always = BooleanField("This name always means this agency: settle it on every request")

    def __init__(self, *args: Any, typed_names: Iterable[str] = (), **values: Any) -> None:
        super().__init__(*args, **values)
        self.typed.choices = offered((name, name) for name in typed_names)
        known = [(str(agency.id), agency.name) for agency in agencies(current_work())]
        self.agency.choices = offered([("", "Select an agency"), *known])


class NoteForm(JagsForm):
    """A note between coordinators."""

    note = area(
        "Note",
        "the note",
        needed="Enter the note.",
        hint="Only coordinators see it. It is no case file: what has to be known to run the JAGS, and no more.",
    )


class CallForm(JagsForm):
    """A call to the requester: when, and what came of it."""

    on = DayField("On which day?", validators=[InputRequired("Enter the day on which you rang.")])
    note = area(
        "What came of it? (optional)",
        "this",
        hint="Kept as a note between coordinators, never shown outside.",
    )


class LegalLiveForm(JagsForm):
    """Whether court, police or review work is live."""

    live = OneOf(
        "Is court, criminal or review work live?",
        choices=worded(YesNoUnsure),
        validators=[DataRequired("Select yes, no or not sure.")],
    )


class LegalCheckForm(JagsForm):
    """A conversation about live work: with whom, when, and go ahead or wait."""

    kind = OneOf(
        "Who was it?",
        choices=worded(LegalKind),
        validators=[DataRequired("Select who it was.")],
    )
    spoke_to = line("Their name and role", "this", needed="Enter whom you spoke to.")
    spoken_on = DayField("On which day?", validators=[InputRequired("Enter the day on which you spoke.")])
    outcome = OneOf(
        "What did they say?",
        choices=worded(LegalOutcome),
        validators=[DataRequired("Select go ahead or wait.")],
    )
    note = area("What to mind (optional)", "this", hint="Kept for us, never shown outside.")
