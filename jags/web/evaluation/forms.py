"""The question of a page of figures: which period, which requests."""

from collections.abc import Iterable
from datetime import date

from flask import request
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from jags.evaluation.rules import By, Period, Which, year_from, year_of
from jags.evaluation.rules.document import Edition
from jags.evaluation.rules.gathered import Asked
from jags.evaluation.rules.views import VIEW_TITLES, View
from jags.kernel.errors import Invalid
from jags.web.fields import DayField, offered
from jags.web.forms import ShowsErrors

_NO_VIEW = ""
_ALL = ""


class PeriodForm(ShowsErrors):
    """A period; it is sent in the address, so that a page can be shared."""

    from_on = DayField(
        "First day", name="from", validators=[InputRequired("Enter the first day of the period.")]
    )
    to_on = DayField("Last day", name="to", validators=[InputRequired("Enter the last day of the period.")])

    @property
    def period(self) -> Period:
        """Return the period; raises `Invalid` for reversed dates."""
        if self.from_on.data is None or self.to_on.data is None:
            raise AssertionError("a period is read of a form that is valid")
        return Period(self.from_on.data, self.to_on.data)


class RequestsForm(PeriodForm):
    """A period, and of which requests."""

    transitional = BooleanField(
        "Only where transitional safeguarding is confirmed",
        false_values=("", "0", "false", "no"),
        widget=GovCheckboxInput(),
    )
    locality = SelectField("Locality", default=_ALL, widget=GovSelect())

    def __init__(self, asked: MultiDict[str, str], localities: Iterable[str]) -> None:
        """Read what was asked; `localities` are those that can be chosen."""
        super().__init__(asked)
        self.locality.choices = offered([(_ALL, "All localities"), *((name, name) for name in localities)])

    @property
    def which(self) -> Which:
        """Return of which requests figures are told."""
        return Which(bool(self.transitional.data), self.locality.data or "")


class RecordsForm(RequestsForm):
    """Of which records behind a figure are listed; without `by`, as reports count them."""

    by = SelectField(
        "Which requests", choices=offered([(_ALL, ""), *((one.value, "") for one in By)]), default=_ALL
    )


class FiguresForm(RequestsForm):
    """A period and a choice of requests."""

    by = RadioField(
        "Which requests",
        choices={By.RECEIVED.value: "Received in the period", By.HELD.value: "Held in the period"},
        default=By.RECEIVED.value,
        widget=GovRadioInput(),
    )


class DraftForm(RequestsForm):
    """What a report is to tell, of which requests, and for whom."""

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

    view = SelectField(
        "All of it, or one page",
        choices=offered(
            [(_NO_VIEW, "The whole report"), *((one.value, f"One page {VIEW_TITLES[one]}") for one in View)]
        ),
        default=_NO_VIEW,
        widget=GovSelect(),
    )

    @property
    def asked(self) -> Asked:
        """Return what was asked; raises `Invalid` for reversed dates, or half a period to compare with."""
        return Asked(self.period, self.which.transitional, self._compared_with, self.which.locality)

    @property
    def chosen_edition(self) -> Edition:
        """Return whom the draft is for."""
        return Edition(self.edition.data)

    @property
    def chosen_view(self) -> View | None:
        """Return the group for which one page is wanted; None for the whole report."""
        return View(self.view.data) if self.view.data else None

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
        asked["from"], asked["to"] = year_of(today).from_on.isoformat(), today.isoformat()
    if "edition" not in asked:
        asked["edition"] = Edition.INTERNAL.value
    return asked


def asked_outside(last: Period) -> MultiDict[str, str]:
    """Return the period in the address, and nothing else of it; without one, the last that has ended."""
    asked = MultiDict((name, value) for name in ("from", "to") for value in request.args.getlist(name))
    return asked or MultiDict({"from": last.from_on.isoformat(), "to": last.to_on.isoformat()})


def asked_of(which: Which) -> dict[str, str]:
    """Return what an address asks of some requests; nothing of all."""
    asked = {"transitional": "1"} if which.transitional else {}
    return asked | ({"locality": which.locality} if which.locality else {})


def ready_made(today: date) -> list[tuple[str, dict[str, str]]]:
    """Return the reports that are asked for most, with what the address of their draft asks: accounts of a year beside the last."""
    this = year_of(today)
    last, before = year_from(this.from_on.year - 1), year_from(this.from_on.year - 2)
    return [
        (_year_in_words("The account of the year", last), _asked(last, before)),
        (_year_in_words("This year so far", this), _asked(Period(this.from_on, today), last)),
    ]


def _year_in_words(what: str, year: Period) -> str:
    return f"{what}, {year.from_on.year} to {year.to_on.year}"


def _asked(period: Period, before: Period) -> dict[str, str]:
    return {
        "from": period.from_on.isoformat(),
        "to": period.to_on.isoformat(),
        "compare-from": before.from_on.isoformat(),
        "compare-to": before.to_on.isoformat(),
    }
