"""The forms of network meetings, training events, who comes, and the documents of the toolbox."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
)
from wtforms import BooleanField, FileField
from wtforms.validators import InputRequired, NumberRange, Optional

from jags.practice.model import Gathering
from jags.practice.queries import InviteeLine, Themes
from jags.practice.rules import (
    DOCUMENT_BYTES_MOST,
    PLACES_MOST,
    About,
    Audience,
    Plan,
    in_pounds,
    pence_of,
    topics_of,
)
from jags.practice.service.toolbox import TITLE_MOST
from jags.scheduling.rules import Place
from jags.web.fields import AnyOf, OneOf, WholeNumberField, area, line, offered, worded
from jags.web.forms import FileForm, JagsForm
from jags.web.guard import ANYTHING, PEOPLE, PLACES
from jags.web.scheduling.forms import WhenWhereForm, ids_of
from jags.web.wording import words

_NUMBER = f"Enter a whole number of places from 1 to {PLACES_MOST}, or leave it empty."


class MeetingForm(WhenWhereForm):
    """When and where facilitators meet."""

    @property
    def plan(self) -> Plan:
        """Return what was entered; raises `Invalid` for a cost that is none."""
        wanted = self.appointment
        return Plan(
            wall_start=wanted.wall_start,
            minutes=wanted.minutes,
            format=wanted.format,
            place=wanted.place,
            venue_id=wanted.venue_id,
            **self.more,
        )

    @property
    def more(self) -> dict[str, Any]:
        """Return what a plan has besides."""
        return {}


class TrainingEventForm(MeetingForm):
    """A training event: what, by whom, when, where, for how many, and what it costs."""

    title = line(
        "What is the training called?", "the title", needed="Enter what the training is called.", fine=PLACES
    )
    provider = line(
        "Who gives it? (optional)", "the provider", hint="An organisation or a trainer.", fine=PEOPLE
    )
    places = WholeNumberField(
        "Places (optional)",
        message=_NUMBER,
        validators=[Optional(), NumberRange(1, PLACES_MOST, message=_NUMBER)],
    )
    cost = line("Cost in pounds (optional)", "the cost", hint="For example, 1250 or 80.50", fine=ANYTHING)
    fund = line("Paid from (optional)", "the fund", hint="The fund or budget", fine=PLACES)
    transitional = BooleanField(
        "Whoever attends is trained for transitional safeguarding",
        widget=GovCheckboxInput(),
        validators=[Optional()],
    )

    @property
    def more(self) -> dict[str, Any]:
        """Return what a training event has besides; raises `Invalid` for a cost that is none."""
        return {
            "about": About(self.title.data or "", self.provider.data or "", self.fund.data or ""),
            "places": self.places.data,
            "cost_pence": pence_of(self.cost.data or ""),
            "transitional": bool(self.transitional.data),
        }


def first_look(gathering: Gathering, about: About, place: Place) -> dict[str, Any]:
    """Return what a form shows of what is planned."""
    return {
        "version": gathering.version,
        "day": gathering.wall_start.date(),
        "start_time": f"{gathering.wall_start:%H:%M}",
        "minutes": gathering.minutes,
        "format": gathering.format,
        "venue": "" if gathering.venue_id else place.venue,
        "venue_id": str(gathering.venue_id or ""),
        "online_link": place.online_link,
        "arrangements": place.arrangements,
        "title": about.title,
        "provider": about.provider,
        "places": gathering.places,
        "cost": "" if gathering.cost_pence is None else in_pounds(gathering.cost_pence),
        "fund": about.fund,
        "transitional": gathering.transitional,
    }


class InviteForm(JagsForm):
    """Whom to invite."""

    people = AnyOf(
        "Whom do you invite?",
        widget=GovCheckboxesInput(),
        validators=[InputRequired("Select whom you invite.")],
    )

    def offer(self, people: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Offer people with what the page says of them."""
        self.people.choices = offered((str(person_id), text) for person_id, text in people)

    @property
    def chosen(self) -> list[uuid.UUID]:
        """Return who was ticked."""
        return ids_of(self.people.data or [], field="people")


class AgendaForm(JagsForm):
    """What a meeting is about."""

    themes = AnyOf(
        "From the sessions of the last twelve months", widget=GovCheckboxesInput(), validators=[Optional()]
    )
    topics = area(
        "Topics",
        "the topics",
        hint="One on each line. Nothing about a child, a family or a single session.",
    )

    def offer(self, found: Themes) -> None:
        """Offer the themes that enough sessions share."""
        self.themes.choices = offered((words(theme.reason), words(theme.reason)) for theme in found.themes)

    @property
    def agenda(self) -> tuple[str, ...]:
        """Return the topics, with the themes that were ticked behind them; raises `Invalid` for too many."""
        return topics_of("\n".join([self.topics.data or "", *(self.themes.data or [])]))


class AttendanceForm(JagsForm):
    """Who was there, and who had sent apologies."""

    attended = AnyOf("Who was there?", widget=GovCheckboxesInput(), validators=[Optional()])
    apologies = AnyOf("Who had sent apologies?", widget=GovCheckboxesInput(), validators=[Optional()])

    def offer(self, people: Sequence[InviteeLine]) -> None:
        """Offer everybody who is invited, in both lists."""
        choices = [(str(one.person_id), ", ".join(filter(None, (one.name, one.agency)))) for one in people]
        self.attended.choices = offered(choices)
        self.apologies.choices = offered(choices)


class AnswerForm(JagsForm):
    """Whether somebody comes."""

    coming = OneOf(
        "Can you come?",
        widget=GovRadioInput(),
        choices=offered([("yes", "Yes, I am coming"), ("no", "No, I cannot come")]),
        validators=[InputRequired("Select whether you can come.")],
    )


FILE_LIMITS = (
    f"PDF, Word, PowerPoint, OpenDocument text, PNG or JPEG, {DOCUMENT_BYTES_MOST // 1024**2} MB at most."
)


class _UploadForm(FileForm):
    """A form that takes a document."""

    file = FileField(
        "File",
        description=FILE_LIMITS,
        widget=GovFileInput(),
        validators=[InputRequired("Choose the file.")],
    )

    @property
    def content(self) -> bytes:
        """Return what is in the file; one byte more than may be kept tells that there is more."""
        content: bytes = self.file.data.read(DOCUMENT_BYTES_MOST + 1)
        return content


def _title() -> Any:
    return line(
        "What is it called?", "the title", needed="Enter what it is called.", most=TITLE_MOST, fine=PLACES
    )


def _audience() -> OneOf:
    return OneOf(
        "Who may see it?",
        widget=GovRadioInput(),
        choices=worded(Audience),
        validators=[InputRequired("Select who may see it.")],
    )


class DocumentForm(_UploadForm):
    """A new document."""

    title = _title()
    audience = _audience()


class EditionForm(_UploadForm):
    """A new version of a document."""


class DocumentChangeForm(JagsForm):
    """What a document is called, and who may see it."""

    title = _title()
    audience = _audience()
