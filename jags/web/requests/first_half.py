"""The pages of the first half of the request form: their fields, limits and messages, and the answers that they give."""

from typing import Any

from wtforms import FormField, StringField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from jags.accounts.queries import adult_services
from jags.requests.rules import (
    AgeBand,
    DateMatters,
    Gate,
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
    BeforeYouAsk,
    IntoAdulthood,
    LastThings,
    WhoIsInvolved,
    WhyAndHopes,
)
from jags.settings.queries import partnership
from jags.web.fields import (
    NOT_A_NUMBER,
    AnyOf,
    OneOf,
    Rows,
    area,
    line,
    must_be_address,
    offered,
    telephone,
    worded,
)
from jags.web.guard import ANYTHING, PEOPLE, PLACES
from jags.web.requests.draft_form import DraftForm
from jags.web.shared_forms import PersonForm
from jags.web.unit_of_work import current_work

ELSEWHERE = "elsewhere"
ELSEWHERE_WORDS = "Somewhere else, or I do not know"
MOST_AGENCIES = 30
_YES_NO = (("yes", "Yes"), ("no", "No"))


def _question(text: str, hint: str, missing: str) -> OneOf:
    return OneOf(text, description=hint, choices=offered(_YES_NO), validators=[InputRequired(missing)])


# What to read first, by question.
_GO_ON = {
    Gate.DANGER: "Read what to do when somebody is in danger",
    Gate.DISAGREEMENT: "Read what helps with a disagreement",
    Gate.TASKS: "Read what helps with tasks and a plan",
}


def _why() -> Any:
    return area("Why a JAGS all the same?", "this", hint="A sentence is enough. Initials only, please.")


class GateForm(DraftForm):
    """Three questions before the form; whoever answers yes reads what is meant for them, and may go on with a reason."""

    danger = _question(
        "Is somebody in danger, or are you worried that a child is being harmed?",
        "Now, or if nothing changes soon.",
        "Select yes if somebody is in danger or a child may be being harmed.",
    )
    danger_why = _why()
    disagreement = _question(
        "Is it mainly a disagreement that has not been resolved?",
        "Between agencies, about what should happen.",
        "Select yes if it is mainly a disagreement.",
    )
    disagreement_why = _why()
    tasks = _question(
        "Is what you need mainly tasks and a plan?",
        "Who does what by when.",
        "Select yes if you mainly need tasks and a plan.",
    )
    tasks_why = _why()

    @property
    def pairs(self) -> list[tuple[Gate, Any, Any]]:
        """Return each question with its answer and with why the person goes on."""
        return [(gate, self[gate.value], self[f"{gate.value}_why"]) for gate in Gate]

    def validate(self, *args: Any, **values: Any) -> bool:
        """Ask for a reason where the answer is yes."""
        valid = super().validate(*args, **values)
        for gate, answer, why in self.pairs:
            if answer.data == "yes" and not why.data:
                why.errors = [f"{_GO_ON[gate]}, then write why you would like a JAGS all the same."]
                valid = False
        return valid

    def answers(self) -> BeforeYouAsk:
        """Return what was answered yes, with the reason for going on."""
        return BeforeYouAsk(
            {gate: why.data or "" for gate, answer, why in self.pairs if answer.data == "yes"}
        )


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
    )
    team = line("Your team (optional)", "the name of your team", fine=PLACES)
    email = line(
        "Your work e-mail address",
        "the e-mail address",
        needed="Enter your work e-mail address.",
        hint="We send you a link to confirm your request.",
        fine=ANYTHING,
    )
    phone = telephone("Telephone number", needed="Enter a telephone number, so that we can ring you.")
    best_time = line(
        "Best time to ring you (optional)", "this", hint="For instance mornings, or after 3pm.", fine=PEOPLE
    )

    def validate_email(self, field: StringField) -> None:
        """Refuse what cannot be an address."""
        must_be_address(field)

    def validate_phone(self, field: StringField) -> None:
        """Refuse what cannot be rung."""
        if not field.errors and sum(c.isdigit() for c in field.data or "") < 6:  # noqa: PLR2004 - The shortest numbers with an area code.
            raise ValidationError(NOT_A_NUMBER)

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


class AboutThemForm(AboutYouForm):
    """Who asks, as a coordinator enters it for somebody on the telephone: an e-mail address is welcome, not needed."""

    email = line(
        "Work e-mail address (if they have one)",
        "the e-mail address",
        hint="Without one we tell them everything by telephone.",
        fine=ANYTHING,
    )


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

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        names = partnership(current_work()).localities
        self.locality.choices = offered([*((n, n) for n in names), (ELSEWHERE, ELSEWHERE_WORDS)])

    def validate_plans(self, field: AnyOf) -> None:
        """Refuse "none" beside another answer: one of the two is a slip."""
        chosen = field.data or []
        if Plan.NONE in chosen and len(chosen) > 1:
            raise ValidationError("Clear “None”, or clear the others: not both can be right.")

    def answers(self) -> AboutTheChild:
        """Return what was answered."""
        return AboutTheChild(
            pseudonym=self.pseudonym.data or "",
            age_bands=frozenset(AgeBand(v) for v in self.age_bands.data or ()),
            sibling_group={"yes": True, "no": False}.get(self.sibling_group.data or ""),
            locality=None if self.locality.data == ELSEWHERE else self.locality.data or None,
            elsewhere=ELSEWHERE_WORDS if self.locality.data == ELSEWHERE else "",
            responsibility=Responsibility(self.responsibility.data) if self.responsibility.data else None,
            plans=frozenset(Plan(v) for v in self.plans.data or ()),
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
            reason_other=(self.reason_other.data or "") if Reason.OTHER in (self.reasons.data or ()) else "",
        )


class WhoIsInvolvedForm(DraftForm):
    """Agencies around the child, and the lead professional."""

    agencies = Rows(line("Agency", "the name of the agency"), min_entries=4, max_entries=MOST_AGENCIES)
    lead_knows = OneOf(
        "Does the lead professional know that you are asking?",
        choices=worded(LeadKnows),
        validators=[DataRequired("Select whether the lead professional knows.")],
    )
    lead = FormField(PersonForm)

    def add_row(self, what: str) -> None:
        """Give another empty row, as far as the form goes."""
        if what == "agency" and len(self.agencies) < MOST_AGENCIES:
            self.agencies.append_entry()

    def answers(self) -> WhoIsInvolved:
        """Return what was answered; there is no lead professional to name where it is the requester, or nobody."""
        knows = LeadKnows(self.lead_knows.data) if self.lead_knows.data else None
        somebody_else = knows not in {LeadKnows.IT_IS_ME, LeadKnows.NOT_APPLICABLE}
        return WhoIsInvolved(
            agencies=tuple(row.data for row in self.agencies if row.data),
            lead=self.lead.form.person() if somebody_else else None,
            lead_knows=knows,
        )


class AdulthoodForm(DraftForm):
    """Transitional safeguarding as the requester sees it, and adult services that are needed."""

    transitional_view = OneOf(
        "Does transitional safeguarding feature?",
        description="Safeguarding a young person on the way into adulthood. It is not only a matter of age.",
        choices=worded(YesNoUnsure),
        validators=[DataRequired("Select whether transitional safeguarding features.")],
    )
    needed = AnyOf(
        "Which adult services are needed, and not involved yet? (optional)",
        description="If it features, or may: tick all that apply. We can invite them.",
        choices=[],
    )
    another = line("Another adult service (optional)", "the name of the service")

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.needed.choices = offered((name, name) for name in adult_services(current_work()))

    def answers(self) -> IntoAdulthood:
        """Return what was answered; services count where transitional safeguarding may feature."""
        view = YesNoUnsure(self.transitional_view.data) if self.transitional_view.data else None
        named = (*(self.needed.data or ()), *([self.another.data] if self.another.data else ()))
        return IntoAdulthood(view, () if view is YesNoUnsure.NO else tuple(named))


class LastForm(DraftForm):
    """Dates, what makes contact unsafe, and how the requester heard of JAGS."""

    date_matters = AnyOf(
        "Does a date matter?",
        description="Tick all that apply: it tells us how soon you need the JAGS. Please give no birthday.",
        choices=worded(DateMatters),
        validators=[DataRequired("Select what makes a date matter, or that none does.")],
    )
    date_note = line("What should we know about dates? (optional)", "this")
    unsafe_contact = area(
        "Does anything make it unsafe to contact you or somebody else? (optional)",
        "this",
        hint="For instance a shared mailbox, or a person who must not hear of it.",
    )
    heard_of = OneOf("How did you hear of JAGS? (optional)", choices=[])
    heard_from = line("If something else, how? (optional)", "this", fine=PEOPLE)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.heard_of.choices = offered(partnership(current_work()).heard_of.items())

    def validate_date_matters(self, field: AnyOf) -> None:
        """Refuse "no" beside another answer: one of the two is a slip."""
        chosen = field.data or []
        if DateMatters.NO in chosen and len(chosen) > 1:
            raise ValidationError("Clear “No date matters”, or clear the others: not both can be right.")

    def answers(self) -> LastThings:
        """Return what was answered."""
        return LastThings(
            date_matters=frozenset(DateMatters(v) for v in self.date_matters.data or ()),
            date_note=self.date_note.data or "",
            unsafe_contact=self.unsafe_contact.data or "",
            heard_of=self.heard_of.data or None,
            heard_from=self.heard_from.data or "",
        )
