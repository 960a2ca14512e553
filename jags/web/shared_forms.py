"""Forms that several parts of the site ask for: somebody around the child, and a reason."""

from collections.abc import Collection

from wtforms import Form, StringField
from wtforms.validators import ValidationError

from jags.kernel.identifiers import Kind
from jags.requests.rules import NetworkContact
from jags.requests.service import SomebodyInvolved
from jags.web.fields import LongField, area, line, must_be_address, telephone
from jags.web.forms import JagsForm
from jags.web.guard import ANYTHING, NOTHING, PEOPLE, PLACES


class PersonForm(Form):
    """Somebody around the child; a row that is left empty is nobody. A page draws the fields that it asks for."""

    name = line("Name", "the name", fine=PEOPLE)
    role = line("Role", "the role", fine=PEOPLE)
    agency = line("Agency", "the name of the agency")
    team = line("Team (optional)", "the name of the team", fine=PLACES)
    email = line("E-mail address (if they have one)", "the e-mail address", fine=ANYTHING)
    phone = telephone("Telephone number (optional)")

    def validate_name(self, field: StringField) -> None:
        """Ask for a name where anything else of the person was entered."""
        if not field.data and (self.agency.data or any(self._contact().values())):
            raise ValidationError("Enter a name for this person, or clear the row.")

    def validate_email(self, field: StringField) -> None:
        """Refuse what cannot be an address."""
        must_be_address(field)

    def person(self) -> SomebodyInvolved | None:
        """Return the person of this row, if there is one; in a form that is not finished the name may still be missing."""
        if not (self.agency.data or any(self._contact().values())):
            return None
        return SomebodyInvolved(NetworkContact(**self._contact()), self.agency.data or "")

    def _contact(self) -> dict[str, str]:
        asked = (name for name in ("name", "role", "team", "email", "phone") if name in self)
        return {name: self[name].data or "" for name in asked}


def reason_field(*, fine: Collection[Kind] = NOTHING) -> LongField:
    """Return the field for a reason that must be given, which is kept sealed; `fine` is as in `jags.web.fields`."""
    return area(
        "Reason",
        "the reason",
        needed="Enter the reason.",
        hint="Kept for us, never shown outside.",
        fine=fine,
    )


class ReasonForm(JagsForm):
    """A reason that must be given."""

    reason = reason_field()


class ReasonAboutColleaguesForm(JagsForm):
    """A reason that speaks of facilitators, whose names are fine."""

    reason = reason_field(fine=PEOPLE)
