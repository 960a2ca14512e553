"""The small forms around a request: sending it, confirming, answering, withdrawing, a new link, equalities."""

from typing import Any

from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, ValidationError

from jags.requests.rules import Equality, equality_choices, reference_from
from jags.settings.queries import partnership
from jags.web.fields import OneOf, area, line, offered
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING
from jags.web.unit_of_work import current_work


class CheckForm(JagsForm):
    """Sending what was checked; it asks nothing."""


class MailedCheckForm(CheckForm):
    """The same for whoever came back by a link of an e-mail: one tick, so that a program which sends what it finds sends nothing."""

    read = BooleanField(
        "I have read these answers, and want to send them",
        validators=[DataRequired("Tick the box to send your request.")],
    )


class ConfirmForm(JagsForm):
    """One tick that is not set, so that a program which opens the page, or sends it as found, confirms nothing."""

    mine = BooleanField(
        "Yes, I asked for this JAGS, and this is my e-mail address",
        validators=[DataRequired("Tick the box to confirm that you asked for this JAGS.")],
    )


class AnswerForm(JagsForm):
    """The requester's answer to a question."""

    answer = area("Your answer", "your answer", needed="Enter your answer.", hint="Initials only, please.")


class WithdrawForm(JagsForm):
    """Withdrawing a request, which is asked for once more."""

    sure = BooleanField("Yes, withdraw this request", validators=[DataRequired("Tick the box to withdraw.")])
    reason = line("Would you tell us why? (optional)", "the reason")


class NewLinkForm(JagsForm):
    """Reference and address, for a new link by e-mail."""

    reference = line(
        "Reference",
        "the reference",
        needed="Enter the reference, like JAGS-2026-0042.",
        most=40,
        fine=ANYTHING,
    )
    email = line(
        "The e-mail address that you gave us",
        "the e-mail address",
        needed="Enter your e-mail address.",
        fine=ANYTHING,
    )

    def validate_reference(self, field: StringField) -> None:
        """Refuse what no reference of ours looks like; whether we know it is not said here."""
        if field.data and not reference_from(field.data):
            raise ValidationError(
                "Enter the reference as it stands in our e-mails: JAGS, the year, the number, like JAGS-2026-0042."
            )


class EqualitiesForm(JagsForm):
    """Optional questions, whose answers are counted by year and not kept with the request."""

    ethnic_group = OneOf("Which broad ethnic group is the child or young person from?", choices=[])
    sex_or_gender = OneOf("What is their sex or gender?", choices=[])
    disability = OneOf("Do they have a disability, or special educational needs?", choices=[])
    care_experienced = OneOf("Are they, or were they, in care?", choices=[])

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        for question, words in equality_choices(partnership(current_work())).items():
            field: Any = self[question.value]
            field.choices = offered(words.items())

    def validate(self, *args: Any, **values: Any) -> bool:
        """Refuse a form in which nothing was chosen: the questions stay open, and are optional."""
        valid = super().validate(*args, **values)
        if valid and not any(self.answers().values()):
            self.ethnic_group.errors = [
                "Nothing was chosen. Answer at least one of the four, or go back: they are optional."
            ]
            return False
        return valid

    def answers(self) -> dict[Equality, str]:
        """Return what was answered, and empty texts for the rest."""
        return {question: self[question.value].data or "" for question in Equality}
