"""The forms by which a date is found: what is asked, and what somebody answers."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovCheckboxInput, GovRadioInput
from wtforms import BooleanField, Form, FormField, RadioField, SelectMultipleField
from wtforms.validators import InputRequired, Optional, ValidationError

from jags.kernel.errors import Invalid
from jags.kernel.time import day_in_words, time_in_words
from jags.scheduling.model import DateQuestion
from jags.scheduling.rules import OFFERED_VOTES, DatesWanted, QuestionKind, SessionFormat, Slot, Vote
from jags.web.fields import ClockField, DayField, OneOf, Rows, WholeNumberField, line, offered, worded
from jags.web.forms import JagsForm, short_text
from jags.web.guard import ANYTHING, PEOPLE
from jags.web.scheduling.forms import TickedPeopleForm
from jags.web.shared_forms import PersonForm

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
# More dates than any page offers are not from a page of ours.
_KEPT_MOST = 20
_VOTES = {
    QuestionKind.TWO_DATES: {
        Vote.YES: "I can come",
        Vote.NO: "I cannot come",
        Vote.SOMEBODY_ELSE: "Somebody comes instead",
    },
    QuestionKind.POLL: {Vote.YES: "Yes", Vote.IF_NEED_BE: "If need be", Vote.NO: "No"},
}


class TypedDateForm(Form):
    """A date that somebody types; a row that is left empty is none."""

    day = DayField("Date", validators=[Optional()])
    start_time = ClockField(
        "Start time", description="London time", validators=short_text("the time", fine=ANYTHING)
    )

    def validate_start_time(self, field: ClockField) -> None:
        """Ask for what is missing of a row that was begun."""
        if field.clock is None and (field.data or self.day.data):
            raise ValidationError("Enter a time like 14:30 or 2:30pm.")
        if field.clock is not None and self.day.data is None:
            raise ValidationError("Enter the date of this time, too.")

    @property
    def wall_start(self) -> datetime | None:
        """Return the naive London time that was typed, if one was."""
        clock = self.start_time.clock
        return datetime.combine(self.day.data, clock) if self.day.data and clock else None


class AskDatesForm(TickedPeopleForm):
    """Which dates are asked about, whom, and until when."""

    member_ids = SelectMultipleField("Whom do you ask?", widget=GovCheckboxesInput(), validate_choice=False)
    slots = SelectMultipleField("Dates", widget=GovCheckboxesInput(), validate_choice=False)
    typed = Rows(FormField(TypedDateForm), min_entries=2, max_entries=8)
    minutes = WholeNumberField(
        "Length in minutes",
        message="Enter the length in minutes, as a whole number.",
        validators=[InputRequired("Enter the length in minutes.")],
    )
    format = RadioField(
        "How do people meet?", widget=GovRadioInput(), choices=worded(SessionFormat), validate_choice=False
    )
    answer_by = DayField(
        "Last day for an answer",
        description="For example, 27 3 2027. It can be made later.",
        validators=[InputRequired("Enter the last day for an answer.")],
    )
    despite = BooleanField("Yes, I have read what speaks against it, and mean it", widget=GovCheckboxInput())

    def validate_format(self, field: RadioField) -> None:
        """Ask for one of the formats."""
        if field.data not in set(SessionFormat):
            raise ValidationError("Select how people meet.")

    def propose(self, slots: Iterable[Slot]) -> None:
        """Offer dates to be ticked."""
        self.slots.choices = offered((value_of(s.wall_start), in_words(s.wall_start)) for s in slots)

    @property
    def kept_starts(self) -> list[datetime]:
        """Return the dates that were ticked, so that the page offers them again; what is not from the page is left out."""
        found = []
        for value in (self.slots.data or [])[:_KEPT_MOST]:
            with suppress(Invalid):
                found.append(_start_of(value))
        return found

    def wanted(self, kind: QuestionKind) -> DatesWanted:
        """Return what was entered, as the service takes it; raises `Invalid` for what is not from the page."""
        typed = [start for row in self.typed if (start := row.form.wall_start) is not None]
        return DatesWanted(
            kind,
            (*map(_start_of, self.slots.data or []), *typed),
            self.minutes.data or 0,
            SessionFormat(self.format.data),
            self.answer_by.data or date.min,
            despite=bool(self.despite.data),
        )


class AnswerDatesForm(JagsForm):
    """What somebody answers to each date, and who comes instead; nothing is chosen before, so that opening it sends nothing."""

    instead = FormField(PersonForm)

    def name_instead(self, error: Invalid) -> None:
        """Show at the name of who comes instead that it is missing."""
        self.attach(Invalid(str(error)))
        self.form_errors.clear()
        self.instead.form.name.errors = [str(error)]

    @property
    def votes(self) -> dict[UUID, Vote]:
        """Return the vote for each date."""
        return {UUID(f.name.removeprefix("date_")): Vote(f.data) for f in self.of_dates}

    @property
    def of_dates(self) -> list[Any]:
        """Return the questions, one a date."""
        return [field for field in self if field.name.startswith("date_")]


class ToldForm(AnswerDatesForm):
    """What somebody told us by telephone."""

    told_on = DayField(
        "When did they tell us?",
        description="For example, 27 3 2027",
        validators=[InputRequired("Enter the day on which they told us.")],
    )
    told_by = line(
        "Who told us, if it was somebody else? (optional)",
        "the name",
        hint="A colleague, for example.",
        fine=PEOPLE,
    )


def answer_form(question: DateQuestion, base: type[AnswerDatesForm]) -> type[AnswerDatesForm]:
    """Return the form of one question: a choice for each of its dates."""
    words = _VOTES[question.kind]
    choices = offered((vote.value, words[vote]) for vote in OFFERED_VOTES[question.kind])
    fields = {
        f"date_{option.id.hex}": OneOf(
            in_words(option.wall_start, minutes=question.minutes),
            widget=GovRadioInput(),
            choices=choices,
            validators=[
                InputRequired(f"Select an answer for {day_in_words(option.wall_start.date())}."),
            ],
        )
        for option in question.options
    }
    return type("OneAnswerForm", (base,), fields)


def in_words(wall_start: datetime, *, minutes: int = 0) -> str:
    """Return a date as a page offers it: with the end where the length is given."""
    until = f" to {time_in_words(wall_start + timedelta(minutes=minutes))}" if minutes else ""
    return f"{day_in_words(wall_start.date())}, {time_in_words(wall_start)}{until}"


def value_of(wall_start: datetime) -> str:
    """Return a date as a form sends it."""
    return wall_start.isoformat(timespec="minutes")


def _start_of(value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError as error:
        raise Invalid("Select dates from this list.", field="slots") from error
    whole = found == found.replace(second=0, microsecond=0)
    if found.tzinfo is not None or not whole or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Invalid("Select dates from this list.", field="slots")
    return found
