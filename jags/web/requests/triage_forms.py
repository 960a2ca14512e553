"""The forms of a coordinator's steps with a request."""

from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovSelect
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, ValidationError

from jags.accounts.queries import agencies
from jags.kernel.errors import Invalid
from jags.requests.rules import PauseReason, Priority, TransitionalFeature
from jags.requests.service import SomebodyInvolved
from jags.settings.queries import partnership
from jags.web.fields import AnyOf, LongField, OneOf, area, line, offered, worded
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING, PLACES
from jags.web.shared_forms import PersonForm, reason_field
from jags.web.unit_of_work import current_work

PAUSE_NOTE = (
    "We have paused everything about the JAGS that you asked for. Nobody will write to you about it until we have spoken. "
    "We will ring you."
)


def told_field() -> LongField:
    """Return the field for what is added to the mail to the requester."""
    return area(
        "Add to the e-mail to the requester (optional)",
        "this",
        hint="It leaves us: no names of children, no details of the work.",
    )


class AcceptForm(JagsForm):
    """Accept, with words for the requester."""

    told = told_field()


class AskForm(JagsForm):
    """A question to the requester."""

    question = area(
        "Your question",
        "the question",
        needed="Enter the question.",
        hint="It leaves us by e-mail: no names of children, no details of the work.",
    )


class AnswerTakenForm(JagsForm):
    """An answer that was given by telephone."""

    answer = area("What they answered", "the answer", needed="Enter the answer.")


class SignpostForm(JagsForm):
    """Another route, why, and whom the requester was given."""

    route = OneOf("Which route?", choices=[], validators=[DataRequired("Select the other route.")])
    contact_given = line(
        "Whom can the requester turn to? (optional)",
        "this",
        hint="A service or a colleague, with a telephone number.",
        fine=PLACES,
    )
    reason = reason_field()
    told = told_field()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.route.choices = offered(partnership(current_work()).routes.items())


class DuplicateForm(JagsForm):
    """The other request."""

    of_reference = line(
        "Reference of the other request",
        "the reference",
        needed="Enter the reference of the other request, like JAGS-2026-0042.",
        most=20,
        fine=ANYTHING,
    )
    reason = reason_field()


class EndForm(JagsForm):
    """A reason, and words for the requester."""

    reason = reason_field()
    told = told_field()


class TelephoneForm(JagsForm):
    """A call that confirmed a request."""

    spoke = BooleanField(
        "I have spoken to the requester, and the request is theirs",
        validators=[DataRequired("Tick the box when you have spoken to the requester.")],
    )


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


class PauseForm(JagsForm):
    """Why everything is paused, and one note to the requester."""

    reason = OneOf(
        "Why?", choices=worded(PauseReason), validators=[DataRequired("Select why everything is paused.")]
    )
    note = area(
        "Note to the requester (optional)",
        "the note",
        hint="The only message that leaves. Change it as you see fit, or clear it and ring them.",
    )


class LiftForm(JagsForm):
    """A person's decision that mail may leave again."""

    sure = BooleanField(
        "Yes, mail about this request may leave again",
        validators=[DataRequired("Tick the box to lift the pause.")],
    )
