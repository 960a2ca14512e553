"""The forms by which a coordinator decides: accept, ask, signpost, join to another, end, take up again."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import DataRequired, Optional

from jags.settings.queries import partnership
from jags.web.fields import DayField, LongField, OneOf, area, line, offered
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING, PLACES
from jags.web.shared_forms import reason_field
from jags.web.unit_of_work import current_work

_TOLD_ON = "I have told the requester by telephone on"


def told_field() -> LongField:
    """Return the field for what is added to the mail to the requester."""
    return area(
        "Add to the e-mail to the requester (optional)",
        "this",
        hint="It leaves us: no names of children, no details of the work.",
    )


def told_on_field() -> DayField:
    """Return the field for the day on which a requester was told to whom no e-mail of ours goes."""
    return DayField(_TOLD_ON, validators=[Optional()])


class TellingForm(JagsForm):
    """A step of which the requester hears: by e-mail, or where they have no address by telephone."""

    def __init__(self, *args: Any, reachable: bool = True, **values: Any) -> None:
        super().__init__(*args, **values)
        del self["told_on" if reachable else "told"]


class AcceptForm(TellingForm):
    """Accept, with a reason and words for the requester; what was thought of first is asked where it needs thought."""

    lead_spoken_on = DayField(
        "I have spoken to the lead professional on",
        description="They may not know of this request yet. Speak to them before it is accepted.",
        validators=[Optional()],
    )
    lead_anyway = line("Or: accept all the same, because", "this")
    legal_anyway = area(
        "Accept although nobody has said to go ahead, because",
        "this",
        hint="Court, police or review work is live, or may be. Speak to those who know of it first.",
    )
    told_on = told_on_field()
    reason = reason_field()
    told = told_field()

    def __init__(
        self, *args: Any, lead: bool = False, lead_knows: bool = False, legal: bool = False, **values: Any
    ) -> None:
        super().__init__(*args, **values)
        if not lead:
            del self.lead_spoken_on
        elif lead_knows:
            self.lead_spoken_on.label.text += " (optional)"
            self.lead_spoken_on.description = "Somebody else than the requester leads, and knows of this request. Speak to them before it is accepted."
        if not lead or lead_knows:
            del self.lead_anyway
        if not legal:
            del self.legal_anyway


class AskForm(JagsForm):
    """A question to the requester, and why it is asked."""

    question = area(
        "Your question",
        "the question",
        needed="Enter the question.",
        hint="It leaves us by e-mail: no names of children, no details of the work.",
    )
    reason = area("Reason (optional)", "the reason", hint="Kept for us, never shown outside.")

    def __init__(self, *args: Any, reachable: bool = True, **values: Any) -> None:
        super().__init__(*args, **values)
        if not reachable:
            self.question.description = (
                "You ask it by telephone. It stays on the page until you note the answer."
            )


class AnswerTakenForm(JagsForm):
    """An answer that was given by telephone."""

    answer = area("What they answered", "the answer", needed="Enter the answer.")


class SignpostForm(JagsForm):
    """Another route, why, whom the requester was given, and when they were told; either by our e-mail or by telephone."""

    route = OneOf("Which route?", choices=[], validators=[DataRequired("Select the other route.")])
    contact_given = line(
        "Whom can the requester turn to? (optional)",
        "this",
        hint="A service or a colleague, with a telephone number.",
        fine=PLACES,
    )
    told_on = DayField(
        "If you have told them by telephone: on which day?",
        description="Leave it empty when our e-mail tells them.",
        validators=[Optional()],
    )
    reason = reason_field()
    told = told_field()

    def __init__(self, *args: Any, reachable: bool = True, **values: Any) -> None:
        super().__init__(*args, **values)
        if not reachable:
            del self.told
            self.told_on.label.text, self.told_on.description = _TOLD_ON, ""
        self.route.choices = offered(partnership(current_work()).routes.items())


class DuplicateForm(TellingForm):
    """The other request, and who is told."""

    of_reference = line(
        "Reference of the other request",
        "the reference",
        needed="Enter the reference of the other request, like JAGS-2026-0042.",
        most=20,
        fine=ANYTHING,
    )
    told_on = told_on_field()
    reason = reason_field()
    told = told_field()
    tell_other = BooleanField("Tell the requester of the other request too, if it is somebody else")
    told_other = area(
        "Add to the e-mail to the other requester (optional)",
        "this",
        hint="They do not learn from us who asked: no names, no details of the work.",
    )


class EndForm(TellingForm):
    """A reason, and words for the requester or the day on which they were told."""

    told_on = told_on_field()
    reason = reason_field()
    told = told_field()


class TelephoneForm(JagsForm):
    """A call that confirmed a request."""

    spoke = BooleanField(
        "I have spoken to the requester, and the request is theirs",
        validators=[DataRequired("Tick the box when you have spoken to the requester.")],
    )
