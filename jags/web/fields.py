"""Fields that several forms share: a choice of an enum, a date, a time of day, a length."""

import re
from collections.abc import Iterable
from datetime import time
from enum import StrEnum
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovTextInput
from wtforms import DateField, IntegerField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # The stubs are of an older version.

from jags.web.filters import words

_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?", re.IGNORECASE)


def offered(choices: Iterable[tuple[str, str]]) -> list[Any]:
    """Return values and words as the choices of a field."""
    return [SelectChoice(value, text) for value, text in choices]


def worded(kind: type[StrEnum]) -> list[Any]:
    """Return every value of a choice with its words."""
    return offered((str(value), words(value)) for value in kind)


class DateBoxes(GovDateInput):
    """Day, month and year for a `DateField(format="%d %m %Y")`; keeps what was typed in each box."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        """Return what the GOV.UK macro needs.

        The parent takes exactly three sent values apart; a forged or broken post may carry any number.
        """
        if field.raw_data is not None and len(field.raw_data) != 3:  # noqa: PLR2004 - day, month, year.
            field.raw_data = [*field.raw_data, "", "", ""][:3]
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)
        return params


class DayField(DateField):
    """A date in three boxes, with a message that says what to do."""

    widget = DateBoxes()

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, format="%d %m %Y", **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read day, month and year; an address may carry the whole date at once, as 2026-01-13."""
        if len(valuelist) == 1:
            self.raw_data = valuelist = [part.lstrip("0") for part in reversed(valuelist[0].split("-"))]
        try:
            super().process_formdata(valuelist)
        except ValueError:
            self.data = None
            raise ValueError("Enter a real date, such as 27 3 2027.") from None


class ClockField(StringField):
    """A time of day: 14:30, 2:30pm or 2pm."""

    widget = GovTextInput()

    @property
    def clock(self) -> time | None:
        """Return the time that was typed, or None when it is none."""
        found = _CLOCK.fullmatch((self.data or "").strip())
        if not found:
            return None
        hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
        if (half and not 1 <= hour <= 12) or (not half and not found[2]):  # noqa: PLR2004 - The twelve-hour clock.
            return None
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        try:
            return time(hour, minute)
        except ValueError:
            return None


class MinutesField(IntegerField):
    """A length in minutes."""

    widget = GovTextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a whole number."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Enter the length in minutes, as a whole number.") from None
