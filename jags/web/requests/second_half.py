"""The pages of what is asked "now, or after we have spoken": their fields, and the answers that they give."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

from wtforms import FormField, HiddenField, StringField

from jags.kernel.addresses import addresses_in
from jags.requests.rules import YesNoUnsure
from jags.requests.service import (
    Arrangements,
    ChildAndFamily,
    Contacts,
    SomebodyInvolved,
    TheWork,
)
from jags.web.fields import OneOf, Rows, area, line, offered, tidy, worded
from jags.web.forms import LONG
from jags.web.guard import ANYTHING, PEOPLE
from jags.web.requests.draft_form import DraftForm
from jags.web.shared_forms import PersonForm

MOST_PEOPLE = 30
FAMILY_KNOWS = {
    "both": "Yes",
    "young_person": "The child or young person does, the family does not",
    "family": "The family does, the child or young person does not",
    "neither": "No, not yet",
    "not_appropriate": "It would not be right to tell them",
}
FORMATS = {"in_person": "In person", "online": "Online", "both": "Either way, or some of us online"}
MANAGER_KNOWS = {"yes": "Yes", "no": "Not yet", "not_needed": "That is not needed"}


class ContactForm(PersonForm):
    """Somebody who could take part: a row of the list, which names who is in the network already."""

    member = HiddenField(filters=[tidy])
    agreed = OneOf("Have they agreed to take part?", choices=worded(YesNoUnsure))

    def validate_name(self, field: StringField) -> None:
        """Ask for a name where there is nothing else to tell somebody by: it may follow an address."""
        if not self.email.data:
            super().validate_name(field)

    def validate_member(self, field: HiddenField) -> None:
        """Take a forged mark for a new row."""
        try:
            field.data = str(UUID(field.data)) if field.data else ""
        except ValueError:
            field.data = ""

    def person(self) -> SomebodyInvolved | None:
        """Return the person of this row, if there is one."""
        found = super().person()
        if found is None:
            return None
        return replace(
            found,
            agreed=YesNoUnsure(self.agreed.data) if self.agreed.data else None,
            member_id=UUID(self.member.data) if self.member.data else None,
        )


class ContactsForm(DraftForm):
    """The people in each agency, and whether they agreed to take part."""

    pasted = area(
        "Paste a list of e-mail addresses (optional)",
        "the list",
        hint="From your mail program, for instance: Jo Archer <jo.archer@example.org>; team@example.org. "
        "Then press “Make rows”.",
        fine=ANYTHING,
    )
    people = Rows(FormField(ContactForm), min_entries=2, max_entries=MOST_PEOPLE)

    def add_row(self, what: str) -> None:
        """Give another empty row, or a row for each address that was pasted, as far as the form goes."""
        if what == "person" and len(self.people) < MOST_PEOPLE:
            self.people.append_entry()
        elif what == "pasted":
            self._make_rows()

    def answers(self) -> Contacts:
        """Return who was named; a row that was left empty is nobody."""
        people: Iterable[SomebodyInvolved | None] = (row.form.person() for row in self.people)
        return Contacts(tuple(person for person in people if person is not None))

    def validate(self, *args: Any, **values: Any) -> bool:
        """Keep a list that was pasted and not yet made into rows from being lost."""
        valid = super().validate(*args, **values)
        if self.pasted.data and not self.pasted.errors:
            self.pasted.errors = ["Press “Make rows” to take these addresses over, or clear this box."]
            return False
        return valid

    def _make_rows(self) -> None:
        if len(self.pasted.data or "") > LONG:
            self.pasted.errors = [
                f"Paste fewer at once: {LONG:,} characters at most. Then press “Make rows”."
            ]
            return
        found, left = addresses_in(self.pasted.data or "")
        rows = [row.data for row in self.people if any(row.data.values())]
        known = {row["email"].casefold() for row in rows if row["email"]}
        new = [one for one in found if one.address.casefold() not in known]
        room = MOST_PEOPLE - len(rows)
        rows += [{"name": one.name, "email": one.address} for one in new[:room]]
        too_many = [one.address for one in new[room:]]
        self.people.process(None, data=rows)
        self.pasted.data = "\n".join([*left, *too_many])
        if left:
            self.pasted.errors = ["These are not e-mail addresses. Correct them, or clear this box."]
        elif too_many:
            self.pasted.errors = [
                f"The form has room for {MOST_PEOPLE} people. Tell us of the others when we ring."
            ]


class FamilyForm(DraftForm):
    """Whether child and family know, and what the young person would want us to hold in mind."""

    family_knows = OneOf(
        "Do the child or young person and the family know that you are asking? (optional)",
        choices=offered(FAMILY_KNOWS.items()),
    )
    young_person_wish = area(
        "What would the young person want us to hold in mind? (optional)",
        "this",
        hint="In their words, if you know them. Initials only, please.",
    )

    def answers(self) -> ChildAndFamily:
        """Return what was answered."""
        return ChildAndFamily(self.family_knows.data or "", self.young_person_wish.data or "")


class WorkForm(DraftForm):
    """Court, criminal or review activity, what has been tried, and an own reference."""

    legal_live = OneOf(
        "Is there court, police or review work going on? (optional)",
        description="A JAGS can still be right. We speak to those who lead on it first.",
        choices=worded(YesNoUnsure),
    )
    legal_activity = area(
        "What is going on? (optional)",
        "this",
        hint="What kind, and who leads on it: a role is enough. Initials only, please.",
    )
    tried = area("What has been tried? (optional)", "this", hint="Initials only, please.")
    own_reference = line(
        "Your own reference (optional)",
        "your reference",
        hint="A number of your system that means nothing to others.",
        most=60,
    )

    def answers(self) -> TheWork:
        """Return what was answered."""
        return TheWork(
            legal_live=YesNoUnsure(self.legal_live.data) if self.legal_live.data else None,
            legal_activity=self.legal_activity.data or "",
            tried=self.tried.data or "",
            own_reference=self.own_reference.data or "",
        )


class ArrangementsForm(DraftForm):
    """What has to be thought of when the JAGS is arranged."""

    format_wish = OneOf(
        "How would you like to meet? (optional)",
        choices=offered(FORMATS.items()),
    )
    access_needs = area(
        "Does anybody need something to take part well? (optional)",
        "this",
        hint="For instance a room without steps, captions, a break.",
        fine=PEOPLE,
    )
    not_these_dates = area("Dates that do not work (optional)", "this")
    who_should_not = line(
        "Who should not facilitate? (optional)", "this", hint="You need not say why.", fine=PEOPLE
    )
    line_manager_aware = OneOf(
        "Does your line manager know that you are asking? (optional)",
        choices=offered(MANAGER_KNOWS.items()),
    )

    def answers(self) -> Arrangements:
        """Return what was answered."""
        return Arrangements(
            format_wish=self.format_wish.data or "",
            access_needs=self.access_needs.data or "",
            not_these_dates=self.not_these_dates.data or "",
            who_should_not=self.who_should_not.data or "",
            line_manager_aware=self.line_manager_aware.data or "",
        )
