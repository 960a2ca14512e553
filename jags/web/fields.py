"""Fields that several forms share: a text, a choice, an e-mail address, a date, a time of day, a length."""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import time
from enum import StrEnum
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovDateInput, GovTextArea, GovTextInput
from wtforms import (
    DateField,
    FieldList,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # The stubs are of an older version.
from wtforms.validators import DataRequired, Length, ValidationError

from jags.kernel.addresses import checked_email
from jags.kernel.errors import Invalid
from jags.kernel.identifiers import Kind
from jags.kernel.identifiers.reading import plain
from jags.web.forms import long_text, short_text
from jags.web.guard import ANYTHING, NOTHING
from jags.web.wording import words

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_LARGEST_NUMBER = 1_000_000_000
_THOUSANDS = re.compile(r"\d{1,3}([, ]\d{3})+")
NOT_A_NUMBER = "Enter a telephone number, like 01632 960 001."
# Figures and what stands between them, and a word before an extension or another number.
_TELEPHONE = re.compile(
    r"(?:[0-9+() ./,;:#-]|(?<![a-z])(?:ext|extn|extension|x|or|and)(?![a-z]))*", re.IGNORECASE
)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m)?", re.IGNORECASE)


def offered(choices: Iterable[tuple[str, str]]) -> list[Any]:
    """Return values and words as the choices of a field."""
    return [SelectChoice(value, text) for value, text in choices]


def worded(kind: type[StrEnum]) -> list[Any]:
    """Return every value of a choice with its words."""
    return offered((str(value), words(value)) for value in kind)


def tidy(text: str | None) -> str:
    """Return typed text without outer spaces and with plain line ends."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


class OneOf(RadioField):
    """One choice of several; choosing none is for the validators to judge."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take a choice of nothing but white space for none, as the validators do: they would let it pass as chosen."""
        self.raw_data = [value.strip() for value in valuelist]
        super().process_formdata(self.raw_data)

    def pre_validate(self, _form: Any) -> None:
        """Refuse a value that is not offered."""
        if self.data and not any(choice[2] for choice in self.iter_choices()):
            raise ValidationError("Select one of the answers that are offered.")


class AnyOf(SelectMultipleField):
    """Any number of choices; choosing none is for the validators to judge."""

    def pre_validate(self, _form: Any) -> None:
        """Refuse a value that is not offered."""
        if set(self.data or ()) - {choice[0] for choice in self.iter_choices()}:
            raise ValidationError("Select from the answers that are offered.")


class Rows(FieldList):  # type: ignore[type-arg] # It is generic in the stubs only.
    """Rows of the same fields; what is sent under any other number than a page of ours writes is no row."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """Yield the number of each row that was sent; the parent takes whatever is called a digit anywhere."""
        row = re.compile(re.escape(prefix) + r"-([0-9]{1,4})(?![^-])")
        for name in formdata:
            if found := row.match(name):
                yield int(found[1])


class LongField(TextAreaField):
    """A text of several lines."""

    widget = GovTextArea()


def line(
    label: str,
    what: str,
    *,
    needed: str = "",
    hint: str = "",
    most: int = 0,
    fine: Collection[Kind] = NOTHING,
) -> StringField:
    """Return a field of one line; `what` completes "Shorten …", `needed` is what to do when it is empty.

    `fine` says which of the things that the identifier guard knows may stand here: one of the sets in `jags.web.guard`.
    """
    validators: list[Any] = [DataRequired(needed)] if needed else []
    if most:
        validators.append(Length(max=most, message=f"Shorten {what} to {most} characters or fewer."))
    validators += short_text(what, fine=fine)
    return StringField(label, description=hint, filters=[tidy], widget=GovTextInput(), validators=validators)


def area(
    label: str, what: str, *, needed: str = "", hint: str = "", fine: Collection[Kind] = NOTHING
) -> LongField:
    """Return a field of several lines; `fine` is as in `line`."""
    validators: list[Any] = [DataRequired(needed)] if needed else []
    validators += long_text(what, fine=fine)
    return LongField(label, description=hint, filters=[tidy], validators=validators)


def telephone(label: str, *, needed: str = "") -> StringField:
    """Return a field for one or more telephone numbers, with an extension if there is one; it holds nothing else."""
    validators: list[Any] = [DataRequired(needed)] if needed else []
    validators += [
        Length(max=40, message="Shorten the telephone number to 40 characters or fewer."),
        *short_text("the telephone number", fine=ANYTHING),
        _must_be_number,
    ]
    return StringField(label, filters=[tidy], widget=GovTextInput(), validators=validators)


def _must_be_number(_form: Any, field: StringField) -> None:
    if not field.errors and not _TELEPHONE.fullmatch(plain(field.data or "")):
        raise ValidationError(NOT_A_NUMBER)


def must_be_address(field: StringField) -> None:
    """Raise a `ValidationError` when something was typed that is not an e-mail address."""
    try:
        if field.data:
            checked_email(field.data)
    except Invalid as error:
        raise ValidationError(str(error)) from error


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
        if self.data is not None and not _FIRST_YEAR <= self.data.year <= _LAST_YEAR:
            self.data = None
            raise ValueError(f"Enter a year from {_FIRST_YEAR} to {_LAST_YEAR}.")


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


class WholeNumberField(IntegerField):
    """A whole number; `message` says what to do where something else was typed."""

    widget = GovTextInput()

    def __init__(self, label: str, *, message: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self._message = message

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read a whole number; a comma or a space may stand between thousands."""
        plain = [re.sub("[, ]", "", v) if _THOUSANDS.fullmatch(v.strip()) else v for v in valuelist]
        try:
            super().process_formdata(plain)
        except ValueError:
            raise ValueError(self._message) from None
        if self.data is not None and abs(self.data) > _LARGEST_NUMBER:
            # Longer ones fit into no column, and the check of a range cannot compare them.
            self.data = None
            raise ValueError(self._message)
