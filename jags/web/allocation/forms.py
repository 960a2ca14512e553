"""The forms for choosing two facilitators, for reasons, and for declaring independence."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from jags.allocation.choice import Choice, PersonShown
from jags.allocation.rules import (
    CURRENT_DECLARATION,
    DECLARATIONS,
    EXCEPTION_RULES,
    IndependenceAnswer,
    PossibleConnection,
    Rule,
    answer_in_words,
)
from jags.kernel.errors import Invalid
from jags.web.fields import offered
from jags.web.forms import JagsForm, long_text
from jags.web.guard import PEOPLE
from jags.web.shared_forms import ReasonAboutColleaguesForm

BY_HAND = "by_hand"
STANDS = "stands"


class TwoPeopleForm(JagsForm):
    """Two people of the pool by hand, with the reason for an exception."""

    first = SelectField("First person", widget=GovSelect(), validate_choice=False)
    second = SelectField("Second person", widget=GovSelect(), validate_choice=False)
    reason = TextAreaField(
        "Reason for an agreed exception",
        description="Needed only if a rule has to be set aside, for example two people of one agency. Kept for us, and counted in reports.",
        widget=GovTextArea(),
        validators=long_text("the reason", fine=PEOPLE),
    )

    # The people who can be selected, by their values in the form.
    pool: Mapping[str, UUID] = MappingProxyType({})

    def put_up(self, people: Iterable[PersonShown]) -> None:
        """Put people up for selection, by their names."""
        by_name = sorted(people, key=lambda one: one.name.casefold())
        self.pool = {str(one.person_id): one.person_id for one in by_name}
        named = [(str(p.person_id), f"{p.name}, {p.agency}" if p.agency else p.name) for p in by_name]
        self.first.choices = self.second.choices = offered([("", "Select a person"), *named])

    def attach(self, error: Invalid) -> None:
        """Show what is wrong with the people where they were selected."""
        super().attach(Invalid(str(error), field="first") if error.field == "people" else error)

    @property
    def people(self) -> list[UUID]:
        """Return whom the form names: two people, or fewer where nobody was selected."""
        return [self.pool[value] for value in (self.first.data, self.second.data) if value in self.pool]

    @property
    def exceptions(self) -> Mapping[Rule, str]:
        """Return the reason for each rule that it may be needed for."""
        return dict.fromkeys(EXCEPTION_RULES, self.reason.data or "")


class ChangeForm(JagsForm):
    """The pair that the page of a change of facilitator showed."""

    pair = HiddenField()


class ChangeByHandForm(TwoPeopleForm):
    """Two others than those of the proposal, and whether the date that is kept is to stand."""

    date = RadioField(
        "What becomes of the date?",
        widget=GovRadioInput(),
        choices=offered([(STANDS, "It stands"), ("another", "Another is found when they have agreed")]),
        validators=[InputRequired("Select what becomes of the date.")],
    )

    @property
    def date_stands(self) -> bool:
        """Tell whether a date that is kept is to stand; there may be none to ask about."""
        return "date" not in self or self["date"].data == STANDS


class ChooseForm(TwoPeopleForm):
    """One of the pairs that were found, or two people by hand with the reason for an exception."""

    pair = RadioField(  # type: ignore[call-arg] # The stubs are of an older version.
        "Whom do we ask?",
        validators=[InputRequired("Select a pair, or two people by hand.")],
        invalid_choice_message="The best pairs have changed meanwhile. Look at them again and select one.",
    )

    def offer(self, choice: Choice) -> None:
        """Put the pairs and people of a choice up for selection."""
        ids = [f"{pair.first.person_id} {pair.second.person_id}" for pair in choice.pairs]
        self.pair.choices = offered((value, value) for value in [*ids, BY_HAND])
        self.put_up(standing.person for standing in choice.everybody)

    def attach(self, error: Invalid) -> None:
        """Show what is wrong with the people where they were selected."""
        where = "pair" if error.field == "people" and self.pair.data != BY_HAND else error.field
        super().attach(Invalid(str(error), field=where))

    @property
    def people(self) -> list[UUID]:
        """Return whom the form names: two people, or fewer where nobody was selected."""
        if self.pair.data == BY_HAND:
            return super().people
        return [self.pool[value] for value in (self.pair.data or "").split() if value in self.pool]


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
