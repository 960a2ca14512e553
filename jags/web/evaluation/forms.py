"""The question of a page of figures: which period, which requests."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, Form, RadioField
from wtforms.validators import InputRequired

from jags.evaluation.rules import By
from jags.kernel.errors import Invalid
from jags.web.fields import DayField


class PeriodForm(Form):
    """A period and a choice of requests; it is sent in the address, so that a page of figures can be shared."""

    from_on = DayField(
        "First day", name="from", validators=[InputRequired("Enter the first day of the period.")]
    )
    to_on = DayField("Last day", name="to", validators=[InputRequired("Enter the last day of the period.")])
    by = RadioField(
        "Which requests",
        choices={By.RECEIVED.value: "Received in the period", By.HELD.value: "Held in the period"},
        default=By.RECEIVED.value,
        widget=GovRadioInput(),
    )
    transitional = BooleanField(
        "Only where transitional safeguarding is confirmed",
        false_values=("", "0", "false", "no"),
        widget=GovCheckboxInput(),
    )

    def attach(self, error: Invalid) -> None:
        """Show a broken rule at its field, or above the form."""
        field: Any = self._fields.get(error.field)
        if field is None:
            self.form_errors.append(str(error))
        else:
            field.errors = [*field.errors, str(error)]
