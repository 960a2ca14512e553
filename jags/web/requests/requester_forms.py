"""The forms of a change of requester, of the answer to a nudge, and of requests about the same work."""

from wtforms import BooleanField
from wtforms.validators import DataRequired, InputRequired

from jags.requests.rules import ChangeWhy, NudgeAnswer
from jags.web.fields import OneOf, line, offered, telephone, worded
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING, PEOPLE, PLACES
from jags.web.requests.first_half import AboutYouForm


class ChangeByCoordinatorForm(AboutYouForm):
    """Who takes a request over, and why; an e-mail address is welcome, not needed."""

    name = line("Their name", "the name", needed="Enter their name.", fine=PEOPLE)
    role = line(
        "Their role", "the role", needed="Enter their role, for instance family support worker.", fine=PEOPLE
    )
    agency = line("Their agency", "the name of the agency", needed="Enter the name of their agency.")
    team = line("Their team (optional)", "the name of the team", fine=PLACES)
    phone = telephone(
        "Their telephone number", needed="Enter their telephone number, so that we can ring them."
    )
    best_time = line("Best time to ring them (optional)", "this", fine=PEOPLE)
    email = line(
        "Their work e-mail address (if they have one)",
        "the e-mail address",
        hint="Without one, tell them by telephone.",
        fine=ANYTHING,
    )
    why = OneOf(
        "Why does somebody else take over?",
        choices=worded(ChangeWhy),
        validators=[InputRequired("Select why somebody else takes over.")],
    )

    @property
    def reason(self) -> ChangeWhy:
        """Return why somebody else takes over."""
        return ChangeWhy(self.why.data)


class ChangeByRequesterForm(ChangeByCoordinatorForm):
    """The same from the requester, who names somebody whom we can write to."""

    email = line(
        "Their work e-mail address",
        "the e-mail address",
        needed="Enter their work e-mail address.",
        hint="We send them a link. Yours stops working at once.",
        fine=ANYTHING,
    )
    why = OneOf(
        "Why do you pass it on?",
        choices=offered(
            [
                (ChangeWhy.LEFT.value, "I am leaving"),
                (ChangeWhy.AWAY.value, "I am away or unwell"),
                (ChangeWhy.OTHER.value, "Another reason"),
            ]
        ),
        validators=[InputRequired("Select why you pass it on.")],
    )


class ItIsMeForm(JagsForm):
    """One tick that is not set: a link that went to a wrong address, or that a program opened, shows nothing."""

    me = BooleanField(
        "Yes, this is me: I am the person to talk to about this request",
        validators=[DataRequired("Tick the box to say that this is you.")],
    )


class NudgeForm(JagsForm):
    """How it went with the other route."""

    said = OneOf(
        "How did it go?",
        choices=worded(NudgeAnswer),
        validators=[InputRequired("Select how it went.")],
    )


class SameWorkForm(JagsForm):
    """The requester's own tick that two requests are about the same work."""

    same = BooleanField(
        "Yes, it is the same work",
        validators=[
            DataRequired("Tick the box if it is the same work. If it is not, there is nothing to do.")
        ],
    )


class RepeatForm(JagsForm):
    """The reference of the earlier request."""

    of_reference = line(
        "Reference of the earlier request",
        "the reference",
        needed="Enter the reference of the other request, like JAGS-2026-0042.",
        most=20,
        fine=ANYTHING,
    )
