"""Forms of the rules and of erasing one request early."""

from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms.validators import InputRequired, NumberRange

from jags.retention.rules import KINDS, MONTHS_MOST, OWNER_MOST, Action, Rule, Trigger
from jags.web.fields import OneOf, WholeNumberField, line, offered
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING
from jags.web.shared_forms import reason_field

TRIGGER_WORDS: dict[Trigger, str] = {
    Trigger.ENDED: "The day on which the request was closed or ended otherwise",
    Trigger.RECEIVED: "The day on which the request was received",
    Trigger.LEFT: "The day on which they left the pool",
    Trigger.OPENED: "The day on which the answers were opened",
    Trigger.CLOSED: "The day on which it was closed",
    Trigger.WRITTEN: "The day on which the message was written",
    Trigger.LAST_USED: "The last use, or the day on which the link expired",
}
ACTION_WORDS: dict[Action, str] = {
    Action.ERASE: "Erase, once two people have agreed",
    Action.REVIEW: "List it for somebody to look at; nothing is erased",
}


class RuleForm(JagsForm):
    """How long one kind of record is kept."""

    trigger = OneOf(
        "What does the period count from?", widget=GovRadioInput(), validators=[InputRequired("Select one.")]
    )
    months = WholeNumberField(
        "How many months?",
        message="Enter a whole number of months.",
        validators=[
            InputRequired("Enter a number of months."),
            NumberRange(1, MONTHS_MOST, message=f"Enter a number of months from 1 to {MONTHS_MOST}."),
        ],
    )
    action = OneOf(
        "What happens then?", widget=GovRadioInput(), validators=[InputRequired("Select what happens.")]
    )
    owner = line(
        "Who answers for this rule?",
        "who answers for it",
        needed="Enter who answers for this rule.",
        hint="A position, such as Business Unit lead. No name.",
        most=OWNER_MOST,
    )

    def offer(self, rule: Rule) -> None:
        """Offer what the kind of record has."""
        self.trigger.choices = offered((one, TRIGGER_WORDS[one]) for one in KINDS[rule.kind].triggers)
        self.action.choices = offered((one, ACTION_WORDS[one]) for one in Action)

    def rule(self, now: Rule) -> Rule:
        """Return the rule that was entered."""
        return Rule(
            now.kind,
            Trigger(self.trigger.data),
            self.months.data or 0,
            Action(self.action.data),
            self.owner.data or "",
            self.shown_version,
        )


class OneRequestForm(JagsForm):
    """One request that is to be erased before its time."""

    reference = line(
        "Reference of the request",
        "the reference",
        needed="Enter the reference, such as JAGS-2026-0042.",
        hint="Such as JAGS-2026-0042",
        fine=ANYTHING,
    )
    reason = reason_field()
