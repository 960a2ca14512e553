"""The pages of the request form: their fields, limits and messages, and the answers that they give."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField, StringField
from wtforms.validators import DataRequired, ValidationError

from jags.requests.rules import (
    AgeBand,
    DateMatters,
    LeadKnows,
    Plan,
    Reason,
    RequesterContact,
    Responsibility,
    YesNoUnsure,
)
from jags.requests.service import (
    AboutTheChild,
    AboutYou,
    LastThings,
    Shown,
    SomebodyInvolved,
    WhoIsInvolved,
    WhyAndHopes,
)
from jags.settings.queries import partnership
from jags.web.fields import AnyOf, OneOf, area, line, must_be_address, offered, tidy, worded
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING, PEOPLE, PLACES
from jags.web.shared_forms import PersonForm
from jags.web.unit_of_work import current_work

ELSEWHERE = "elsewhere"
MOST_AGENCIES = 30
MOST_PEOPLE = 30


class DraftForm(JagsForm):
    """A page of a draft: beside the version of its part it carries a mark of its own, new each time that it is shown."""

    page = HiddenField(filters=[tidy])

    @property
    def shown(self) -> Shown:
        """Return what the page was shown."""
        return Shown(self.shown_version, self.page.data or "")


class AboutYouForm(DraftForm):
    """Who asks."""

    name = line("Your name", "your name", needed="Enter your name.", fine=PEOPLE)
    role = line(
        "Your role", "your role", needed="Enter your role, for instance family support worker.", fine=PEOPLE
    )
    agency = line(
        "Your agency",
        "the name of your agency",
        needed="Enter the name of your agency.",
        hint="The organisation that you work for: this school, this charity, this service.",
        fine=PLACES,
    )
    team = line("Your team (optional)", "the name of your team", fine=PLACES)
    email = line(
        "Your work e-mail address",
        "the e-mail address",
        needed="Enter your work e-mail address.",
        hint="We send you a link to confirm your request.",
        fine=ANYTHING,
    )
    phone = line(
        "Telephone number",
        "the telephone number",
        needed="Enter a telephone number, so that we can ring you.",
        most=40,
        fine=ANYTHING,
    )
    best_time = line(
        "Best time to ring you (optional)", "this", hint="For instance mornings, or after 3pm.", fine=PEOPLE
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what cannot be an address."""
        must_be_address(field)

    def validate_phone(self, field: StringField) -> None:
        """Refuse what cannot be rung."""
        if sum(c.isdigit() for c in field.data or "") < 6:  # noqa: PLR2004 - The shortest numbers with an area code.
            raise ValidationError("Enter a telephone number, like 01632 960 001.")

    def answers(self) -> AboutYou:
        """Return what was answered."""
        contact = RequesterContact(
            name=self.name.data or "",
            role=self.role.data or "",
            team=self.team.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            best_time=self.best_time.data or "",
        )
        return AboutYou(contact, self.agency.data or "")


class ChildForm(DraftForm):
    """Whom it is about, without anything that names them."""

    pseudonym = line(
        "Initials or a made-up name",
        "this",
        needed="Enter initials or a made-up name.",
        hint="Never a real name, a date of birth, an address or an NHS number.",
        most=40,
    )
    age_bands = AnyOf(
        "How old are the children, young people or young adults?",
        description="Tick all that apply.",
        choices=worded(AgeBand),
        validators=[DataRequired("Select at least one age band.")],
    )
    sibling_group = OneOf(
        "Is it about brothers and sisters?",
        choices=offered([("yes", "Yes, a sibling group"), ("no", "No")]),
        validators=[DataRequired("Select yes if it is about brothers and sisters.")],
    )
    locality = OneOf(
        "Where do they live?",
        choices=[],
        validators=[DataRequired("Select where they live, or the last answer.")],
    )
    responsibility = OneOf(
        "Which authority is responsible?",
        choices=worded(Responsibility),
        validators=[DataRequired("Select which authority is responsible.")],
    )
    plans = AnyOf(
        "Current plan or status (optional)", description="Tick all that apply.", choices=worded(Plan)
    )
    own_reference = line(
        "Your own reference (optional)",
        "your reference",
        hint="A number of your system that means nothing to others.",
        most=60,
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        names = partnership(current_work()).localities
        self.locality.choices = offered(
            [*((n, n) for n in names), (ELSEWHERE, "Somewhere else, or I do not know")]
        )

    def answers(self) -> AboutTheChild:
        """Return what was answered."""
        return AboutTheChild(
            pseudonym=self.pseudonym.data or "",
            age_bands=frozenset(AgeBand(v) for v in self.age_bands.data or ()),
            sibling_group=self.sibling_group.data == "yes",
            locality=None if self.locality.data == ELSEWHERE else self.locality.data,
            responsibility=Responsibility(self.responsibility.data),
            plans=frozenset(Plan(v) for v in self.plans.data or ()),
            own_reference=self.own_reference.data or "",
        )


class WhyForm(DraftForm):
    """Why a JAGS is asked for, and what it should help with."""

    reasons = AnyOf(
        "Why are you asking for a JAGS?",
        description="Tick all that apply.",
        choices=worded(Reason),
        validators=[DataRequired("Select at least one reason.")],
    )
    reason_other = line("If something else, what is it? (optional)", "this")
    hopes = area(
        "What should thinking together help with?",
        "what you hope for",
        needed="Enter what thinking together should help with.",
        hint="A few sentences are enough. Initials only, please: no names, dates of birth or addresses.",
    )

    def answers(self) -> WhyAndHopes:
        """Return what was answered."""
        return WhyAndHopes(
            reasons=frozenset(Reason(v) for v in self.reasons.data or ()),
            hopes=self.hopes.data or "",
            reason_other=self.reason_other.data or "",
        )


class WhoIsInvolvedForm(DraftForm):
    """Agencies and people around the child."""

    agencies = FieldList(
        line("Agency", "the name of the agency", fine=PLACES), min_entries=4, max_entries=MOST_AGENCIES
    )
    lead_knows = OneOf(
        "Does the lead professional know that you are asking?",
        choices=worded(LeadKnows),
        validators=[DataRequired("Select whether the lead professional knows.")],
    )
    lead = FormField(PersonForm)
    people = FieldList(FormField(PersonForm), min_entries=2, max_entries=MOST_PEOPLE)

    def add_row(self, what: str) -> None:
        """Give another empty row, as far as the form goes."""
        rows: FieldList[Any] | None = self.agencies if what == "agency" else None
        if what == "person":
            rows = self.people
        if rows is not None and len(rows) < (rows.max_entries or 0):
            rows.append_entry()

    def answers(self) -> WhoIsInvolved:
        """Return what was answered."""
        people: Iterable[SomebodyInvolved | None] = (row.form.person() for row in self.people)
        return WhoIsInvolved(
            agencies=tuple(row.data for row in self.agencies if row.data),
            lead=self.lead.form.person(),
            lead_knows=LeadKnows(self.lead_knows.data),
            people=tuple(p for p in people if p is not None),
        )


class LastForm(DraftForm):
    """Transitional safeguarding, dates, and what makes contact unsafe."""

    transitional_view = OneOf(
        "Does transitional safeguarding feature?",
        description="Safeguarding a young person on the way into adulthood. It is not only a matter of age.",
        choices=worded(YesNoUnsure),
        validators=[DataRequired("Select whether transitional safeguarding features.")],
    )
    date_matters = OneOf(
        "Does a date matter?",
        description="Never a birthday.",
        choices=worded(DateMatters),
        validators=[DataRequired("Select whether a date matters.")],
    )
    date_note = line("What should we know about dates? (optional)", "this")
    unsafe_contact = area(
        "Does anything make it unsafe to contact you or somebody else? (optional)",
        "this",
        hint="For instance a shared mailbox, or a person who must not hear of it.",
    )
    who_should_not = line(
        "Who should not facilitate? (optional)", "this", hint="You need not say why.", fine=PEOPLE
    )
    heard_from = line("How did you hear of JAGS? (optional)", "this", fine=PEOPLE)

    def answers(self) -> LastThings:
        """Return what was answered."""
        return LastThings(
            transitional_view=YesNoUnsure(self.transitional_view.data),
            date_matters=DateMatters(self.date_matters.data),
            date_note=self.date_note.data or "",
            unsafe_contact=self.unsafe_contact.data or "",
            who_should_not=self.who_should_not.data or "",
            heard_from=self.heard_from.data or "",
        )


class CheckForm(JagsForm):
    """Sending what was checked; it asks nothing."""


class ConfirmForm(JagsForm):
    """One tick that is not set, so that a program which opens the page, or sends it as found, confirms nothing."""

    mine = BooleanField(
        "Yes, I asked for this JAGS, and this is my e-mail address",
        validators=[DataRequired("Tick the box to confirm that you asked for this JAGS.")],
    )


class AnswerForm(JagsForm):
    """The requester's answer to a question."""

    answer = area("Your answer", "your answer", needed="Enter your answer.", hint="Initials only, please.")


class WithdrawForm(JagsForm):
    """Withdrawing a request, which is asked for once more."""

    sure = BooleanField("Yes, withdraw this request", validators=[DataRequired("Tick the box to withdraw.")])
    reason = line("Would you tell us why? (optional)", "the reason")


class NewLinkForm(JagsForm):
    """Reference and address, for a new link by e-mail."""

    reference = line(
        "Reference",
        "the reference",
        needed="Enter the reference, like JAGS-2026-0042.",
        most=20,
        fine=ANYTHING,
    )
    email = line(
        "The e-mail address that you gave us",
        "the e-mail address",
        needed="Enter your e-mail address.",
        fine=ANYTHING,
    )
