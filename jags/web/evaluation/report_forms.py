"""The forms of a report: its words, its readers, and what a reviewer or the scrutineer says."""

import uuid
from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovRadioInput
from wtforms.validators import InputRequired

from jags.evaluation.queries.quoting import Quotable
from jags.evaluation.rules.reports import KEY_DAYS, KEY_NAME_MOST, WRITTEN, Words
from jags.web.fields import AnyOf, OneOf, area, line, offered
from jags.web.forms import JagsForm
from jags.web.scheduling.forms import ids_of

_DATE_PARTS = 3


class WordsForm(JagsForm):
    """What is written beside the figures of each section, and recommendations."""

    purpose = area("What this report is about", "what you wrote", hint="Why it was written, and for whom.")
    how_much = area("How much", "what you wrote", hint="What the numbers say, and what explains them.")
    who = area("Who", "what you wrote", hint="Who was there, and who was missing. Agencies, never people.")
    effort = area("What it took", "what you wrote", hint="Training, meetings, promotion, cost and time.")
    how_well = area("How well", "what you wrote")
    what_difference = area("What difference", "what you wrote", hint="Accounts, not proof.")
    themes = area(
        "Themes and principles",
        "what you wrote",
        hint="What is there to learn, and what do the themes say together?",
    )
    quotes = AnyOf("Comments to quote", widget=GovCheckboxesInput())
    accounts = AnyOf("Accounts from requesters to quote", widget=GovCheckboxesInput())
    gaps = area("What we do not know", "what you wrote")
    recommendations = area(
        "Recommendations",
        "the recommendations",
        hint="One a line: what | who | by when. For example: Invite adult services every time | Business Unit | 2027-03-31",
    )

    @classmethod
    def of(cls, words: Words, version: int) -> "WordsForm":
        """Return the form with what was written so far."""
        lines = "\n".join(" | ".join(part for part in one if part) for one in words.recommendations)
        parts = {key.replace("-", "_"): text for key, text in words.parts.items()}
        return cls(
            data={
                **parts,
                "recommendations": lines,
                "quotes": list(words.quotes),
                "accounts": list(words.accounts),
                "version": version,
            }
        )

    def of_one_locality(self) -> None:
        """Take out what belongs to no locality: a report of one has no section for it."""
        for name in ("how_well", "what_difference", "themes", "quotes", "accounts"):
            del self[name]

    def offer(self, quotes: Iterable[Quotable], accounts: Iterable[Quotable]) -> None:
        """Offer what may be quoted."""
        self.quotes.choices = offered((one.id, one.text) for one in quotes)
        self.accounts.choices = offered((one.id, one.text) for one in accounts)

    @property
    def words(self) -> Words:
        """Return what was written."""
        return Words(
            {key: self._said(key.replace("-", "_")) or "" for key in WRITTEN},
            tuple(_split(one) for one in (self.recommendations.data or "").splitlines() if one.strip()),
            tuple(self._said("quotes") or ()),
            tuple(self._said("accounts") or ()),
        )

    def _said(self, name: str) -> Any:
        return self[name].data if name in self else None


def _split(text: str) -> tuple[str, str, str]:
    parts = [part.strip() for part in text.split("|")]
    what, who, due = (parts + [""] * _DATE_PARTS)[:_DATE_PARTS]
    # More than three parts are no recommendation that can be read; the service says how to write one.
    return ("", "", "") if len(parts) > _DATE_PARTS else (what, who, due)


class ReadersForm(JagsForm):
    """Who may read the restricted edition."""

    readers = AnyOf("Who reads the restricted edition?", widget=GovCheckboxesInput())

    def offer(self, people: Iterable[tuple[uuid.UUID, str]]) -> None:
        """Offer the people who have an account of a reader."""
        self.readers.choices = offered((str(person_id), name) for person_id, name in people)

    @property
    def ids(self) -> list[uuid.UUID]:
        """Return who was ticked."""
        return ids_of(self.readers.data or (), field="readers")


class SayForm(JagsForm):
    """One text: what should change, why a report is withdrawn, a statement, a question or a reply."""

    text = area("Your words", "what you wrote")


class KeyForm(JagsForm):
    """What a key to released figures is for, and how long it works."""

    name = line(
        "What is the key for?",
        "what the key is for",
        needed="Enter what the key is for.",
        most=KEY_NAME_MOST,
        hint="The programme and the team that use it, such as the dashboard of the adult board. No names of people.",
    )
    days = OneOf(
        "How long does it work?",
        choices=offered((str(days), f"{days} days") for days in KEY_DAYS),
        widget=GovRadioInput(),
        validators=[InputRequired("Select how long the key works.")],
    )
