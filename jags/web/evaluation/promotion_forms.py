"""The form of an entry in the promotion log."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms.validators import InputRequired, NumberRange, Optional

from jags.evaluation.model import Promotion
from jags.evaluation.queries.promotion import NOT_IN_LIST
from jags.evaluation.rules import REACH_MOST, PromotionEntry
from jags.web.fields import DayField, OneOf, WholeNumberField, area, line, offered
from jags.web.forms import JagsForm

_REACH = f"Enter a whole number from 0 to {REACH_MOST:,}, or leave it empty."


class PromotionForm(JagsForm):
    """One thing done to make JAGS known."""

    on = DayField(
        "When was it?", description="For example, 27 3 2026", validators=[InputRequired("Enter the date.")]
    )
    audience = line(
        "Who was it for?",
        "who it was for",
        needed="Enter who it was for.",
        hint="A team, a service or a group, such as head teachers. No names of people.",
    )
    channel = OneOf("How?", widget=GovRadioInput(), validators=[InputRequired("Select how.")])
    reach = WholeNumberField(
        "How many did it reach? (optional)",
        message=_REACH,
        description="People, as far as somebody counted. Leave it empty where nobody did.",
        validators=[Optional(), NumberRange(0, REACH_MOST, message=_REACH)],
    )
    note = area("Note (optional)", "the note", hint="Nothing about a child, a family or a request.")

    def offer_channels(self, channels: dict[str, str], promotion: Promotion | None = None) -> None:
        """Offer the channels of the partnership's list, and the one that an entry has."""
        kept = {} if promotion is None else {promotion.channel: NOT_IN_LIST}
        self.channel.choices = offered({**kept, **channels}.items())

    @property
    def entry(self) -> PromotionEntry:
        """Return what was entered."""
        if self.on.data is None:
            raise AssertionError("an entry is read of a form that is valid")
        return PromotionEntry(
            self.on.data,
            self.audience.data or "",
            self.channel.data,
            self.reach.data,
            self.note.data or "",
        )
