"""The base of the pages of the request form: what a page was shown, and keeping it while it is not finished."""

from typing import Any

from wtforms import HiddenField
from wtforms.validators import DataRequired, InputRequired, Optional

from jags.requests.service import Answers, Shown
from jags.web.fields import tidy
from jags.web.forms import JagsForm

# Validators that ask for something which is missing; everything else speaks of something that is wrong.
_ASKING = (DataRequired, InputRequired, Optional)


class DraftForm(JagsForm):
    """A page of a draft: beside the version of its part it carries a mark of its own, new each time that it is shown."""

    page = HiddenField(filters=[tidy])

    @property
    def shown(self) -> Shown:
        """Return what the page was shown."""
        return Shown(self.shown_version, self.page.data or "")

    def answers(self) -> Answers:
        """Return what was answered, as far as it was."""
        raise TypeError

    def keep_what_is_right(self) -> None:
        """Put back what was kept before in each field that holds something wrong; what is missing may be missing.

        A page that is not finished is kept so: an identifier that was stopped, or half an address, is not.
        """
        for field in self:
            _put_back(field)


def _put_back(field: Any) -> None:
    if hasattr(field, "entries"):
        for entry in field.entries:
            _put_back(entry)
    elif hasattr(field, "form"):
        for inner in field.form:
            _put_back(inner)
    elif _is_wrong(field):
        field.data = field.object_data


def _is_wrong(field: Any) -> bool:
    if not field.data:
        return False
    asked = {str(getattr(one, "message", "")) for one in field.validators if isinstance(one, _ASKING)}
    return any(str(error) not in asked for error in field.errors)
