"""The question of a page of figures: which period, which requests."""

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from jags.evaluation.rules import By
from jags.web.fields import DayField
from jags.web.forms import ShowsErrors


class PeriodForm(ShowsErrors):
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
