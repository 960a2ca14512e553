"""The form of a ticket, built from the items that are asked, and the form of a reflection."""

from functools import lru_cache
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount, GovRadioInput
from wtforms import HiddenField, RadioField, StringField, TextAreaField

from jags.feedback.rules import COMMENT_MOST, Item, ItemKind, Reflection
from jags.feedback.rules.answers import NO, YES
from jags.web.forms import LONG, JagsForm, ShowsErrors, long_text
from jags.web.guard import PLACES


class TicketForm(ShowsErrors):
    """A form without a session: the ticket in it is the forgery defence, and rules are checked by the service."""

    ticket = HiddenField()


class ReflectionForm(JagsForm):
    """What a facilitator writes for themselves after a session."""

    helped = TextAreaField("What helped?", widget=GovCharacterCount(), validators=long_text("this"))
    hindered = TextAreaField("What got in the way?", widget=GovCharacterCount(), validators=long_text("this"))
    authority = TextAreaField(
        "Did anybody hold authority over others in the room, and how was that held?",
        widget=GovCharacterCount(),
        validators=long_text("this"),
    )
    agencies_missing = TextAreaField(
        "Which agencies were missing?", widget=GovCharacterCount(), validators=long_text("this", fine=PLACES)
    )
    learning = TextAreaField(
        "What would you do again, or differently?", widget=GovCharacterCount(), validators=long_text("this")
    )
    most = LONG

    def written(self) -> Reflection:
        """Return what was written."""
        return Reflection(
            helped=self.helped.data or "",
            hindered=self.hindered.data or "",
            authority=self.authority.data or "",
            agencies_missing=self.agencies_missing.data or "",
            learning=self.learning.data or "",
        )


@lru_cache(maxsize=16)
def ticket_form(items: tuple[Item, ...]) -> type[TicketForm]:
    """Return the form of the items that are asked; made once for each set of items."""
    return type("AnswerForm", (TicketForm,), {item.key: _field(item) for item in items})


def _field(item: Item) -> Any:
    if item.kind is ItemKind.TEXT:
        return TextAreaField(
            item.words,
            widget=GovCharacterCount(),
            description=f"Up to {COMMENT_MOST:,} characters. Please leave out names, and what was said about the child.",
        )
    if item.kind is ItemKind.CHOICE:
        return RadioField(
            item.words,
            choices={YES: "Yes", NO: "No"},
            widget=GovRadioInput(),
            validate_choice=False,
        )
    return StringField(item.words)
