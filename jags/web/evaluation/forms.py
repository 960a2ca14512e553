"""The question of a page of figures: which period, which requests."""

from datetime import date

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired

from jags.evaluation.rules import By
from jags.web.fields import DayField
from jags.web.forms import ShowsErrors

_APRIL = 4


class PeriodForm(ShowsErrors):
    """A period; it is sent in the address, so that a page can be shared."""

    from_on = DayField(
        "First day", name="from", validators=[InputRequired("Enter the first day of the period.")]
    )
    to_on = DayField("Last day", name="to", validators=[InputRequired("Enter the last day of the period.")])


class FiguresForm(PeriodForm):
    """A period and a choice of requests."""

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


def asked_period(today: date) -> MultiDict[str, str]:
    """Return what the address asks; an address without a period asks for the year since 1 April."""
    asked = MultiDict(request.args)
    if "from" not in asked and "to" not in asked:
        year = today.year if today.month >= _APRIL else today.year - 1
        asked["from"], asked["to"] = date(year, _APRIL, 1).isoformat(), today.isoformat()
    return asked
