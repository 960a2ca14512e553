"""The question of a page of figures: which period, which requests."""

from datetime import date

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField
from wtforms.validators import InputRequired, Optional

from jags.evaluation.rules import By, Period
from jags.evaluation.rules.document import Edition
from jags.evaluation.rules.gathered import Asked
from jags.kernel.errors import Invalid
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


class DraftForm(PeriodForm):
    """What a report is to tell, of which requests, and for whom."""

    transitional = BooleanField(
        "Only where transitional safeguarding is confirmed",
        false_values=("", "0", "false", "no"),
        widget=GovCheckboxInput(),
    )
    compare_from = DayField(
        "Compared with: first day (optional)", name="compare-from", validators=[Optional()]
    )
    compare_to = DayField("Compared with: last day", name="compare-to", validators=[Optional()])
    edition = RadioField(
        "For whom",
        choices={
            Edition.INTERNAL.value: "The Business Unit, with every figure",
            Edition.RESTRICTED.value: "Named readers (restricted edition)",
            Edition.PUBLIC.value: "Everybody (public edition)",
        },
        default=Edition.INTERNAL.value,
        widget=GovRadioInput(),
    )

    @property
    def asked(self) -> Asked:
        """Return what was asked; raises `Invalid` for reversed dates, or half a period to compare with."""
        if self.from_on.data is None or self.to_on.data is None:
            raise AssertionError("what was asked is read of a form that is valid")
        return Asked(
            Period(self.from_on.data, self.to_on.data), bool(self.transitional.data), self._compared_with
        )

    @property
    def chosen_edition(self) -> Edition:
        """Return whom the draft is for."""
        return Edition(self.edition.data)

    @property
    def _compared_with(self) -> Period | None:
        first, last = self.compare_from.data, self.compare_to.data
        if first is None and last is None:
            return None
        if first is None:
            raise Invalid("Enter the first day of the period to compare with.", field="compare_from")
        if last is None:
            raise Invalid("Enter the last day of the period to compare with.", field="compare_to")
        if last < first:
            raise Invalid(
                "The last day of the period to compare with is before its first day.", field="compare_to"
            )
        return Period(first, last)


def asked_period(today: date) -> MultiDict[str, str]:
    """Return what the address asks; an address without a period asks for the year since 1 April."""
    asked = MultiDict(request.args)
    if "from" not in asked and "to" not in asked:
        year = today.year if today.month >= _APRIL else today.year - 1
        asked["from"], asked["to"] = date(year, _APRIL, 1).isoformat(), today.isoformat()
    if "edition" not in asked:
        asked["edition"] = Edition.INTERNAL.value
    return asked
