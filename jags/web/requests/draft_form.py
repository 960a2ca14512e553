"""The base of the pages of the request form: what a page was shown, and keeping it while it is not finished."""

import re
from typing import Any

from wtforms import HiddenField
from wtforms.validators import DataRequired, InputRequired, Optional

from jags.requests.service import Answers, Shown
from jags.web.fields import tidy
from jags.web.forms import JagsForm
from jags.web.guard import inputs

# Validators that ask for something which is missing; everything else speaks of something that is wrong.
_ASKING = (DataRequired, InputRequired, Optional)
# The mark of a page, and how often it has been sent: more often than this no page is.
_PAGE = re.compile(r"(?P<mark>[0-9a-f-]{36})(?::(?P<step>[0-9]{1,6}))?")


class DraftForm(JagsForm):
    """A page of a draft: beside the version of its part it carries a mark of its own, new each time that it is shown."""

    page = HiddenField(filters=[tidy])

    @property
    def shown(self) -> Shown:
        """Return what the page was shown, and how often it has been sent since: the script that keeps it counts.

        A mark of any other form than ours is none.
        """
        found = _PAGE.fullmatch(self.page.data or "")
        if not found:
            return Shown(self.shown_version, "")
        return Shown(self.shown_version, found["mark"], int(found["step"] or 0))

    def answers(self) -> Answers:
        """Return what was answered, as far as it was."""
        raise TypeError

    def wrong(self) -> list[Any]:
        """Return the fields that hold something wrong, once the form has been validated; what is missing is not wrong.

        A likely name is wrong as long as nobody has answered the hint about it.
        """
        return [field for field in inputs(self) if field.data and _is_wrong(field)]

    def ask_only_for_what_is_wrong(self) -> None:
        """Take back the messages about what is missing, for somebody who has not finished the page and says so."""
        for field in inputs(self):
            if not field.data or not _is_wrong(field):
                field.errors = []

    def keep_what_is_right(self) -> None:
        """Put back what was kept before in each field that holds something wrong; what is missing may be missing.

        A page that is not finished is kept so: an identifier that was stopped, or half an address, is not.
        """
        for field in self.wrong():
            field.data = field.object_data


def _is_wrong(field: Any) -> bool:
    if getattr(field, "hint", None):
        return True
    asked = {str(getattr(one, "message", "")) for one in field.validators if isinstance(one, _ASKING)}
    return any(str(error) not in asked for error in field.errors)
