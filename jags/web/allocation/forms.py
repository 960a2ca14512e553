"""The forms for choosing two facilitators, for reasons, and for declaring independence."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from jags.allocation.choice import Choice
from jags.allocation.rules import (
    CURRENT_DECLARATION,
    DECLARATIONS,
    IndependenceAnswer,
    PossibleConnection,
    answer_in_words,
)
from jags.kernel.errors import Invalid
from jags.web.fields import offered
from jags.web.forms import JagsForm, long_text
from jags.web.guard import PEOPLE
from jags.web.shared_forms import ReasonAboutColleaguesForm

BY_HAND = "by_hand"


class ChooseForm(JagsForm):
    """One of the pairs that were found, or two people by hand with the reason for an exception."""

    pair = RadioField(  # type: ignore[call-arg] # The stubs are of an older version.
        "Whom do we ask?",
        validators=[InputRequired("Select a pair, or two people by hand.")],
        invalid_choice_message="The best pairs have changed meanwhile. Look at them again and select one.",
    )
    first = SelectField("First person", widget=GovSelect(), validate_choice=False)
    second = SelectField("Second person", widget=GovSelect(), validate_choice=False)
    reason = TextAreaField(
        "Reason for an agreed exception",
        description="Needed only if a rule has to be set aside, for example two people of one agency. Kept for us.",
        widget=GovTextArea(),
        validators=long_text("the reason", fine=PEOPLE),
    )

    # The people who can be selected, by their values in the form.
    pool: Mapping[str, UUID] = MappingProxyType({})

    def offer(self, choice: Choice) -> None:
        """Put the pairs and people of a choice up for selection."""
        ids = [f"{pair.first.person_id} {pair.second.person_id}" for pair in choice.pairs]
        self.pair.choices = offered((value, value) for value in [*ids, BY_HAND])
        people = sorted((s.person for s in choice.everybody), key=lambda one: one.name.casefold())
        self.pool = {str(one.person_id): one.person_id for one in people}
        named = [(str(p.person_id), f"{p.name}, {p.agency}" if p.agency else p.name) for p in people]
        self.first.choices = self.second.choices = offered([("", "Select a person"), *named])

    def attach(self, error: Invalid) -> None:
        """Show what is wrong with the people where they were selected."""
        where = "first" if self.pair.data == BY_HAND else "pair"
        super().attach(Invalid(str(error), field=where) if error.field == "people" else error)

    @property
    def people(self) -> list[UUID]:
        """Return whom the form names: two people, or fewer where nobody was selected."""
        by_hand = self.pair.data == BY_HAND
        named = [self.first.data, self.second.data] if by_hand else (self.pair.data or "").split()
        return [self.pool[value] for value in named if value in self.pool]


def shown_doubts(doubts: Iterable[PossibleConnection]) -> str:
    """Return what tells these doubts from any others, as a form carries it."""
    return " ".join(f"{one.doubt}:{one.about}" for one in doubts)


class DoubtForm(ReasonAboutColleaguesForm):
    """Why what may be a connection does not matter, with the doubts that the page showed."""

    shown = HiddenField()

    def check(self, doubts: Iterable[PossibleConnection]) -> None:
        """Raise `Invalid` when the doubts are not those that were shown, and show those of now."""
        now = shown_doubts(doubts)
        if self.shown.data != now:
            self.shown.data = now
            raise Invalid("What may be a connection has changed meanwhile. Look at it again, then clear it.")


class DeclarationForm(JagsForm):
    """One answer to each independence statement, none chosen beforehand."""

    @property
    def statements(self) -> list[Any]:
        """Return the fields of the statements, in their order."""
        return [self[_name(statement.key)] for statement in DECLARATIONS[CURRENT_DECLARATION]]

    @property
    def answers(self) -> Mapping[str, IndependenceAnswer]:
        """Return the answers by the key of the statement."""
        return {
            statement.key: IndependenceAnswer(self[_name(statement.key)].data)
            for statement in DECLARATIONS[CURRENT_DECLARATION]
        }


@cache
def declaration_form() -> type[DeclarationForm]:
    """Return the form of the declaration that is in use."""
    choices = offered((answer.value, answer_in_words(answer)) for answer in IndependenceAnswer)
    fields = {
        _name(statement.key): RadioField(
            statement.text,
            widget=GovRadioInput(),
            choices=choices,
            validators=[
                InputRequired(f"Select an answer about: {statement.text.partition(':')[0].lower()}.")
            ],
        )
        for statement in DECLARATIONS[CURRENT_DECLARATION]
    }
    return type("CurrentDeclarationForm", (DeclarationForm,), fields)


def _name(key: str) -> str:
    return f"about_{key}"
