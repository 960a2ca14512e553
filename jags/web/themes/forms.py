"""The forms of themes: what a reader finds, and how the code frame is changed."""

from collections.abc import Iterable
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput
from wtforms import BooleanField, FieldList, FormField
from wtforms.form import Form
from wtforms.validators import InputRequired, Optional

from jags.themes.rules.frame import Theme, Wording
from jags.web.fields import AnyOf, OneOf, area, line, offered
from jags.web.forms import JagsForm
from jags.web.wording import words

# So many themes can one become at once.
PARTS_MOST = 4
_ONE_A_LINE = "One a line. A star stands for any ending: transition*"


class ReadingForm(JagsForm):
    """The themes of a text, or that it has none."""

    themes = AnyOf("Which themes do you find in this text?")
    none = BooleanField("None of these themes", widget=GovCheckboxInput(), validators=[Optional()])

    def offer(self, themes: Iterable[Theme]) -> None:
        """Offer the themes in use."""
        self.themes.choices = offered((theme.key, theme.wording.words) for theme in themes)


class WhyForm(JagsForm):
    """Why the code frame is changed."""

    why = line(
        "Why is it changed?",
        "the reason",
        needed="Write why, so that whoever reads the history understands it.",
        hint="Kept with the history of the themes.",
    )


class WordingForm(WhyForm):
    """A theme's wording, with why it is changed."""

    group = line(
        "Group",
        "the group",
        needed="Enter the group that the theme belongs to.",
        hint="One of the groups that there are, or another.",
    )
    words = line("The theme in a few words", "the theme", needed="Enter the theme in a few words.")
    meaning = area("What it means (optional)", "the meaning")
    phrases = area("Phrases that point to it (optional)", "the phrases", hint=_ONE_A_LINE)

    @property
    def wording(self) -> Wording:
        """Return what was written."""
        return Wording(
            self.group.data or "",
            self.words.data or "",
            self.meaning.data or "",
            tuple((self.phrases.data or "").splitlines()),
        )


class MoveForm(WhyForm):
    """Where a theme is moved."""

    state = OneOf("What should become of it?", validators=[InputRequired("Select what should become of it.")])

    def offer(self, theme: Theme) -> None:
        """Offer the states that the theme can be moved to."""
        self.state.choices = offered((state.value, words(state)) for state in theme.ways)


class MergeForm(WordingForm):
    """The themes that become one."""

    keys = AnyOf("Which themes become one?")

    def offer(self, themes: Iterable[Theme]) -> None:
        """Offer the themes in use."""
        self.keys.choices = offered(
            (theme.key, f"{theme.wording.words} ({theme.wording.group})") for theme in themes
        )


class _Part(Form):
    words = line("The theme in a few words (optional)", "the theme")
    meaning = line("What it means (optional)", "the meaning")


class SplitForm(WhyForm):
    """The themes that one becomes."""

    parts = FieldList(FormField(_Part), min_entries=PARTS_MOST, max_entries=PARTS_MOST)

    def wordings(self, theme: Theme) -> list[Wording]:
        """Return the themes that were written, in the group of the one that they come from."""
        return [
            Wording(theme.wording.group, one["words"], one["meaning"] or "")
            for one in self.parts.data
            if one["words"]
        ]

    def attach(self, error: Any) -> None:
        """Put what is wrong with a part at the first of them."""
        if error.field in {"", "why"}:
            super().attach(error)
            return
        first: Any = self.parts[0].form
        first.words.errors = [*first.words.errors, str(error)]


class RemarkForm(JagsForm):
    """What a facilitator says of a draft theme."""

    text = area(
        "What would you like to say about it?",
        "what you write",
        needed="Write what you would like to say about it.",
        hint="Whether the words fit what you see in sessions. Write about the theme, not about a child or a colleague.",
    )
