"""The small forms around a request: sending it, confirming, answering, withdrawing, a new link, equalities."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import DataRequired

from jags.requests.rules import Equality, equality_choices
from jags.settings.queries import partnership
from jags.web.fields import OneOf, area, line, offered
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING
from jags.web.unit_of_work import current_work


class CheckForm(JagsForm):
    """Sending what was checked; it asks nothing."""


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
        most=20,
        fine=ANYTHING,
    )
    email = line(
        "The e-mail address that you gave us",
        "the e-mail address",
        needed="Enter your e-mail address.",
        fine=ANYTHING,
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

    def answers(self) -> dict[Equality, str]:
        """Return what was answered, and empty texts for the rest."""
        return {question: self[question.value].data or "" for question in Equality}
