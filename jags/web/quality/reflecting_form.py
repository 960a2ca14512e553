"""The form of a reflection: each question belongs to one circle of people who can open it."""

from typing import Any

from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount, GovCheckboxInput
from wtforms import BooleanField, TextAreaField
from wtforms.validators import Optional

from jags.quality.rules.elements import LineManagers, Principle, ToolboxUse
from jags.quality.rules.reflections import ForBoth, ForTheUnit, Pooled, Reflection, Written
from jags.web.fields import AnyOf, OneOf, tidy, worded
from jags.web.forms import LONG, long_text
from jags.web.guard import PLACES
from jags.web.quality.elements import asks_elements, elements_kept, elements_sent, elements_shown
from jags.web.requests.draft_form import DraftForm

_ONLY_YOU = ("helped", "hindered", "authority", "agencies_missing", "learning", "support")


def _written(label: str, *, fine: Any = frozenset()) -> TextAreaField:
    return TextAreaField(
        label, filters=[tidy], widget=GovCharacterCount(), validators=long_text("this", fine=fine)
    )


@asks_elements
class ReflectionForm(DraftForm):
    """What a facilitator writes after a session."""

    helped = _written("What helped?")
    hindered = _written("What got in the way?")
    authority = _written("Did anybody hold authority over others in the room, and how was that held?")
    agencies_missing = _written("Which agencies were missing?", fine=PLACES)
    learning = _written("What would you do again, or differently?")
    support = _written("What would support you now?")
    together = _written("What would you like your co-facilitator to know?")
    system = _written("What could agencies learn from this session about how they work together?")
    line_managers = OneOf(
        "Was somebody there who manages another person in the room?", choices=worded(LineManagers)
    )
    toolbox = OneOf("Did you use something of the toolbox?", choices=worded(ToolboxUse))
    principles = AnyOf(
        "Which principles of transitional safeguarding showed? (if it featured)", choices=worded(Principle)
    )
    heavy = BooleanField("This session was heavy for me", widget=GovCheckboxInput(), validators=[Optional()])
    most = LONG

    @property
    def only_you(self) -> list[Any]:
        """Return the fields that only their writer opens."""
        return [self[name] for name in _ONLY_YOU]

    @property
    def elements(self) -> list[Any]:
        """Return the fields of the elements of the approach."""
        return elements_shown(self)

    def written(self) -> Written:
        """Return what was written, apart by who can open it."""
        return Written(
            Reflection(**{name: self[name].data or "" for name in _ONLY_YOU}),
            ForBoth(self.together.data or ""),
            ForTheUnit(self.system.data or ""),
            Pooled(
                elements_sent(self),
                self.line_managers.data or "",
                self.toolbox.data or "",
                tuple(self.principles.data or ()),
            ),
        )


def kept_before(written: Written) -> dict[str, Any]:
    """Return what was written before, by the names of the form's fields."""
    return {
        **{name: getattr(written.own, name) for name in _ONLY_YOU},
        "together": written.both.together,
        "system": written.unit.system,
        "line_managers": written.pooled.line_managers or None,
        "toolbox": written.pooled.toolbox or None,
        "principles": list(written.pooled.principles),
        **elements_kept(written.pooled.elements),
    }
