"""Forms about other people's accounts."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovRadioInput,
    GovTextInput,
)
from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired

from jags.accounts.rules import Role
from jags.web.fields import OneOf, offered, worded
from jags.web.forms import JagsForm, short_text
from jags.web.guard import ANYTHING, PEOPLE

_EMAIL = [DataRequired("Enter an e-mail address."), *short_text("the e-mail address", fine=ANYTHING)]


class InviteForm(JagsForm):
    """Who is invited, and what for."""

    name = StringField(
        "Name",
        widget=GovTextInput(),
        validators=[DataRequired("Enter their name."), *short_text("the name", fine=PEOPLE)],
    )
    email = StringField("E-mail address", widget=GovTextInput(), validators=_EMAIL)
    role = OneOf(
        "What is the account for?",
        choices=worded(Role),
        widget=GovRadioInput(),
        validators=[InputRequired("Select what the account is for.")],
    )


class RolesForm(JagsForm):
    """What an account is for."""

    roles = SelectMultipleField("What is the account for?", choices=worded(Role), widget=GovCheckboxesInput())


class AddressForm(JagsForm):
    """A new address."""

    email = StringField("New e-mail address", widget=GovTextInput(), validators=_EMAIL)


class CalledBackForm(JagsForm):
    """One's word that one has called back."""

    called_back = BooleanField(
        "I have called them back on a number that we had before they rang, and I am sure who they are",
        widget=GovCheckboxInput(),
        validators=[
            InputRequired("Call them back first, on a number that we already have, and tick the box.")
        ],
    )


class StillNeededForm(JagsForm):
    """Whether an account that lies unused is still needed."""

    needed = OneOf(
        "Do you still need your account?",
        choices=offered((("yes", "Yes, keep it"), ("no", "No, suspend it"))),
        widget=GovRadioInput(),
        validators=[InputRequired("Select whether you still need your account.")],
    )


class _Review(JagsForm):
    """What becomes of each account; its fields are named by the accounts' ids."""

    def chosen(self, answer: str) -> frozenset[UUID]:
        """Return the accounts with an answer."""
        return frozenset(
            UUID(name.removeprefix("account-"))
            for name, field in self._fields.items()
            if name.startswith("account-") and field.data == answer
        )


def review_form(people: Iterable[tuple[UUID, str]]) -> _Review:
    """Return the form of a review, with one question for each account."""
    fields: dict[str, Any] = {
        f"account-{account_id}": OneOf(
            name,
            choices=offered((("keep", "Still needed"), ("end", "End it"))),
            widget=GovRadioInput(),
            validators=[InputRequired(f"Select whether the account of {name} is still needed.")],
        )
        for account_id, name in people
    }
    return type("ReviewForm", (_Review,), fields)()  # type: ignore[no-any-return] # A form that is put together.
