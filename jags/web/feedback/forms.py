"""The form of a ticket, built from the items that are asked, and the one in which a form is edited."""

from functools import lru_cache
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Optional

from jags.accounts.rules import Sector
from jags.feedback.rules import COMMENT_MOST, CommentWhy, WhatFollowed
from jags.feedback.rules.answers import NO, YES
from jags.feedback.rules.forms import EDITABLE, MORE_MOST, Item, ItemKind, Question
from jags.kernel.errors import Invalid
from jags.web.fields import LongField, OneOf, Rows, tidy, worded
from jags.web.forms import LONG, JagsForm, PlainText, ShowsErrors, long_text
from jags.web.guard import PEOPLE, IdentifierGuard
from jags.web.unit_of_work import current_work


class TicketForm(ShowsErrors):
    """A form without a session: the ticket in it is the forgery defence, and rules are checked by the service."""

    ticket = HiddenField()
    sector = SelectField(
        "In which sector do you work? You can leave this out.",
        choices={"": "I leave it out", **{one.value: one.value.capitalize() for one in Sector}},
        widget=GovSelect(),
        validate_choice=False,
    )


@lru_cache(maxsize=16)
def ticket_form(items: tuple[Item, ...]) -> type[TicketForm]:
    """Return the form of the items that are asked; made once for each set of items."""
    return type("AnswerForm", (TicketForm,), {item.key: _field(item) for item in items})


class WhatFollowedForm(JagsForm):
    """A requester's account of what the young person or family has said or shown since."""

    said = TextAreaField(
        "What, if anything, has the young person or the family said or shown since?",
        widget=GovCharacterCount(),
        validators=long_text("this"),
    )
    to_you = TextAreaField("And to you directly?", widget=GovCharacterCount(), validators=long_text("this"))
    most = LONG

    def written(self) -> WhatFollowed:
        """Return what was written."""
        return WhatFollowed(said=tidy(self.said.data), to_you=tidy(self.to_you.data))


class WithholdForm(JagsForm):
    """Why a comment is changed or held back, and whether a worry in it was passed on."""

    why = OneOf("Why?", choices=worded(CommentWhy), widget=GovRadioInput(), validate_choice=False)
    rung = BooleanField(
        "It made me worried about somebody, and I have rung the Designated Safeguarding Lead today",
        widget=GovCheckboxInput(),
        validators=[Optional()],
    )

    @property
    def chosen(self) -> CommentWhy | None:
        """Return the reason that was chosen, if any."""
        return CommentWhy(self.why.data) if self.why.data in set(CommentWhy) else None


class ReviewForm(WithholdForm):
    """The text of a comment as it is released."""

    text = LongField("What others will read", filters=[tidy], validators=long_text("this"))


class SlipsForm(JagsForm):
    """How many slips are made."""

    number = IntegerField(
        "How many people come?",
        widget=GovTextInput(),
        validators=[InputRequired("Enter how many people come, as a number.")],
    )
    again = BooleanField("Make another sheet", widget=GovCheckboxInput(), validators=[Optional()])


class QuestionForm(Form):
    """One question behind "two more minutes?": its words, the kind of its answer, and its choices."""

    words = StringField(
        "Question",
        filters=[tidy],
        widget=GovTextInput(),
        validators=[PlainText(), IdentifierGuard(PEOPLE)],
    )
    kind = SelectField(
        "Kind of answer",
        choices=[choice for choice in worded(ItemKind) if choice.value in set(EDITABLE)],
        widget=GovSelect(),
    )
    choices = TextAreaField(
        "Choices", filters=[tidy], widget=GovTextArea(), validators=[PlainText(), IdentifierGuard(PEOPLE)]
    )


class FormEditor(JagsForm):
    """The questions behind "two more minutes?", with room for as many as a form takes."""

    questions = Rows(FormField(QuestionForm), min_entries=MORE_MOST, max_entries=MORE_MOST)

    def typed(self) -> list[Question]:
        """Return the questions as they were typed, empty ones too, in their places."""
        return [
            Question(
                ItemKind(row.form.kind.data),
                " ".join(row.form.words.data.split()),
                tuple(" ".join(line.split()) for line in row.form.choices.data.splitlines() if line.strip()),
            )
            for row in self.questions
        ]

    def attach(self, error: Invalid) -> None:
        """Show a broken rule at its question: `words_3` is the words of the third."""
        part, _, place = error.field.partition("_")
        if not place:
            super().attach(error)
            return
        current_work().abandon()
        field = self.questions[int(place) - 1].form[part]
        field.errors = [*field.errors, str(error)]


def question_rows(items: tuple[Item, ...]) -> list[dict[str, str]]:
    """Return what the editor shows of the questions that are asked now."""
    return [
        {"words": item.words, "kind": item.kind.value, "choices": "\n".join(item.choices)}
        for item in items
        if item.more
    ]


def _field(item: Item) -> Any:
    if item.kind is ItemKind.TEXT:
        return TextAreaField(
            item.words,
            widget=GovCharacterCount(),
            description=f"Up to {COMMENT_MOST:,} characters. Please leave out names, and what was said about the child.",
        )
    if item.kind is ItemKind.QUOTE:
        return RadioField(
            item.words,
            choices={YES: "Yes", NO: "No"},
            widget=GovRadioInput(),
            validate_choice=False,
        )
    return StringField(item.words)
