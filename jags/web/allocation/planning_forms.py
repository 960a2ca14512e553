"""The forms of planning: which pairs are offered, and which rules a replay changes."""

import uuid
from datetime import date
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from wtforms import BooleanField, SelectMultipleField
from wtforms.validators import InputRequired

from jags.allocation.choice import PlanShown
from jags.allocation.rules.calculation import Question
from jags.web.fields import DayField, WholeNumberField, offered
from jags.web.forms import JagsForm


class OfferPlannedForm(JagsForm):
    """The pairs of a plan that are to be offered; what may be chosen is the plan's to say."""

    rows = SelectMultipleField("Which pairs do we ask?", validate_choice=False)

    def offer(self, shown: PlanShown, *, version: int) -> None:
        """Put the pairs of a plan up for selection: all are ticked until somebody has unticked some."""
        ids = [str(row.request.id) for row in shown.rows if row.waits]
        self.rows.choices = offered((one, one) for one in ids)
        self.version.data = version
        if not self.is_submitted():
            self.rows.data = ids

    @property
    def chosen(self) -> list[uuid.UUID]:
        """Return the requests that were ticked; what is no id from the page is left out."""
        return [uuid.UUID(one) for one in self.rows.data or () if _is_id(one)]


class ReplayForm(JagsForm):
    """A past period, and the rules as they would be."""

    from_on = DayField("First day", validators=[InputRequired("Enter the first day of the period.")])
    to_on = DayField("Last day", validators=[InputRequired("Enter the last day of the period.")])
    weight_of_sooner = WholeNumberField(
        "How much a request counts that is needed sooner",
        description="A request without hurry counts 1.",
        message="Enter a whole number.",
        validators=[InputRequired("Enter a whole number.")],
    )
    more_sessions = WholeNumberField(
        "Sessions a quarter that everybody could give beyond what is recorded",
        description="Below zero for fewer, for example -1.",
        message="Enter a whole number; 0 for as it is.",
        validators=[InputRequired("Enter a whole number; 0 for as it is.")],
    )
    rest_holds = BooleanField("Nothing new is offered soon after a heavy session", widget=GovCheckboxInput())
    one_employer_is_one = BooleanField(
        "Services of one employer count as one agency", widget=GovCheckboxInput()
    )
    training_counts = BooleanField(
        "Training for transitional safeguarding counts where it features", widget=GovCheckboxInput()
    )

    @staticmethod
    def filled(question: Question) -> dict[str, Any]:
        """Return the values that show a question."""
        return {
            **vars(question),
            "from_on": date.fromisoformat(question.from_on),
            "to_on": date.fromisoformat(question.to_on),
        }

    def beside(self, now: Question) -> None:
        """Say beside each rule that is ticked or not how it is today."""
        for field, holds in (
            (self.rest_holds, now.rest_holds),
            (self.one_employer_is_one, now.one_employer_is_one),
            (self.training_counts, now.training_counts),
        ):
            field.label.text += f" (today: {'yes' if holds else 'no'})"

    @property
    def question(self) -> Question:
        """Return what the form asks; both days are there."""
        first, last = self.from_on.data, self.to_on.data
        return Question(
            from_on=first.isoformat() if first else "",
            to_on=last.isoformat() if last else "",
            weight_of_sooner=self.weight_of_sooner.data or 0,
            more_sessions=self.more_sessions.data or 0,
            rest_holds=bool(self.rest_holds.data),
            one_employer_is_one=bool(self.one_employer_is_one.data),
            training_counts=bool(self.training_counts.data),
        )


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
