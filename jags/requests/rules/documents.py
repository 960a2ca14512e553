"""What is written about a request, sealed: who asks, the work, the people around the child, a move, a note."""

from dataclasses import dataclass
from typing import ClassVar

# Which questions were asked: 2 since the questions before the form are kept, and there are two halves.
FORM_VERSION = 2


@dataclass(frozen=True)
class RequesterContact:
    """Who asks, and how to reach them; sealed."""

    name: str = ""
    role: str = ""
    team: str = ""
    email: str = ""
    phone: str = ""
    best_time: str = ""


@dataclass(frozen=True)
class CaseDetail:
    """What is written about the child and the work; sealed. Never a name, date of birth, address or NHS number."""

    # Each page that opens it records who has read it (`jags.web.unit_of_work`).
    is_case_text: ClassVar[bool] = True
    pseudonym: str = ""
    hopes: str = ""
    reason_other: str = ""
    # Why somebody went on where a question before the form pointed elsewhere.
    gate_danger: str = ""
    gate_disagreement: str = ""
    gate_tasks: str = ""
    unsafe_contact: str = ""
    date_note: str = ""
    own_reference: str = ""
    tried: str = ""
    # Second half: whether child and family know, and what the young person would want us to hold in mind.
    family_knows: str = ""
    young_person_wish: str = ""
    # Court, criminal or review activity, as the requester tells it.
    legal_activity: str = ""
    format_wish: str = ""
    access_needs: str = ""
    not_these_dates: str = ""
    who_should_not: str = ""
    heard_from: str = ""
    anything_else: str = ""
    line_manager_aware: str = ""
    agencies_as_typed: str = ""
    # Why transitional safeguarding was or was not confirmed, and why the priority was set.
    transitional_reason: str = ""
    priority_reason: str = ""
    sibling_note: str = ""
    age_as_typed: str = ""
    locality_as_typed: str = ""


@dataclass(frozen=True)
class NetworkContact:
    """Somebody around the child, with or without an address; sealed."""

    name: str = ""
    role: str = ""
    team: str = ""
    email: str = ""
    phone: str = ""

    @property
    def called(self) -> str:
        """Return the name; empty where none was given, or an address stands in its place, as it once did."""
        return "" if self.name.casefold() == self.email.casefold() else self.name

    def shown(self, agency: str) -> str:
        """Return what a page calls somebody of an agency, whether or not a name was given."""
        return self.called or (f"Somebody of {agency}" if agency else "Name not given")


@dataclass(frozen=True)
class MoveNote:
    """What was typed when a request moved; sealed. `told` is what the requester was told.

    `internal` is for us alone where `reason` is shown to the requester. `lead` and `legal` say how it stood with the lead
    professional and with live court, police or review work; `by_telephone` says when somebody told a requester who has no
    e-mail address.
    """

    is_case_text: ClassVar[bool] = True
    reason: str = ""
    told: str = ""
    contact_given: str = ""
    internal: str = ""
    lead: str = ""
    legal: str = ""
    by_telephone: str = ""


@dataclass(frozen=True)
class Note:
    """A note between coordinators, never seen outside the Business Unit; sealed."""

    is_case_text: ClassVar[bool] = True
    text: str = ""


@dataclass(frozen=True)
class LegalConversation:
    """Who was spoken to about live court, police or review work, and what they said; sealed."""

    is_case_text: ClassVar[bool] = True
    spoke_to: str = ""
    note: str = ""
