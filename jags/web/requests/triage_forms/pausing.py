"""The forms of a pause: why, the two notes, lifting it, and lifting legal hold."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import DataRequired, InputRequired

from jags.requests.rules import PauseReason
from jags.web.fields import OneOf, area, offered, worded
from jags.web.forms import JagsForm
from jags.web.shared_forms import reason_field


class PauseForm(JagsForm):
    """Why everything is paused; nothing else stands between a coordinator and the pause."""

    reason = OneOf(
        "Why?", choices=worded(PauseReason), validators=[DataRequired("Select why everything is paused.")]
    )


class PauseNotesForm(JagsForm):
    """One note to the requester and one to the facilitators, as far as there is somebody to write to."""

    to_requester = area(
        "Note to the requester (optional)",
        "the note",
        hint="Change it as you see fit, or clear it and ring them.",
    )
    to_facilitators = area(
        "Note to the facilitators (optional)",
        "the note",
        hint="Change it as you see fit, or clear it and ring them.",
    )

    def __init__(self, *args: Any, requester: bool, facilitators: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        if not requester:
            del self.to_requester
        if not facilitators:
            del self.to_facilitators


class LiftForm(JagsForm):
    """A person's decision that mail may leave again, and what becomes of the mail that was held back."""

    held_back = OneOf(
        "What about the e-mails that were held back?",
        choices=offered([("send", "Send what is still true"), ("drop", "Do not send them")]),
        validators=[InputRequired("Select whether the e-mails that were held back are sent.")],
    )
    sure = BooleanField(
        "Yes, mail about this request may leave again",
        validators=[DataRequired("Tick the box to lift the pause.")],
    )

    def __init__(self, *args: Any, held_back: bool, **values: Any) -> None:
        super().__init__(*args, **values)
        if not held_back:
            del self.held_back


class LegalHoldForm(JagsForm):
    """Why nothing has to be kept for the law any more."""

    reason = reason_field()
