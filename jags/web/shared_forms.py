"""Forms that several parts of the site ask for: somebody around the child, and a reason."""

from wtforms import Form, StringField
from wtforms.validators import ValidationError

from jags.requests.rules import NetworkContact
from jags.requests.service import SomebodyInvolved
from jags.web.fields import LongField, area, line, must_be_address
from jags.web.forms import JagsForm


class PersonForm(Form):
    """Somebody around the child; a row that is left empty is nobody. A page draws the fields that it asks for."""

    name = line("Name", "the name")
    role = line("Role", "the role")
    agency = line("Agency", "the name of the agency")
    team = line("Team (optional)", "the name of the team")
    email = line("E-mail address (if they have one)", "the e-mail address")
    phone = line("Telephone number (optional)", "the telephone number", most=40)

    def validate_name(self, field: StringField) -> None:
        """Ask for a name where anything else of the person was entered."""
        if not field.data and (self.agency.data or any(self._contact().values())):
            raise ValidationError("Enter a name for this person, or clear the row.")

    def validate_email(self, field: StringField) -> None:
        """Refuse what cannot be an address."""
        must_be_address(field)

    def person(self) -> SomebodyInvolved | None:
        """Return the person of this row, if there is one."""
        if not self.name.data:
            return None
        return SomebodyInvolved(NetworkContact(**self._contact()), self.agency.data or "")

    def _contact(self) -> dict[str, str]:
        asked = (name for name in ("name", "role", "team", "email", "phone") if name in self)
        return {name: self[name].data or "" for name in asked}


def reason_field() -> LongField:
    """Return the field for a reason that must be given, which is kept sealed."""
    return area("Reason", "the reason", needed="Enter the reason.", hint="Kept for us, never shown outside.")


class ReasonForm(JagsForm):
    """A reason that must be given."""

    reason = reason_field()
