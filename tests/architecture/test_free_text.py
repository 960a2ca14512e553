"""Which free text may identify somebody: free_text.txt lists every field, and the forms do what it says."""

import importlib
import pkgutil
from pathlib import Path

import wtforms
from wtforms.fields.core import UnboundField

import jags.web
from jags.web.fields import ClockField
from jags.web.guard import ANYTHING, NOTHING, PEOPLE, PLACES, IdentifierGuard

LIST = Path(__file__).with_name("free_text.txt")
FINE = {"nothing": NOTHING, "people": PEOPLE, "places": PLACES, "anything": ANYTHING}
# Fields of text in which nobody writes: what a page carries hidden, and passwords.
NOT_FREE = (wtforms.HiddenField, wtforms.PasswordField, wtforms.SubmitField, ClockField)


def forms(kind=wtforms.Form):
    for form in kind.__subclasses__():
        if form.__module__.startswith("jags.web"):
            yield form
        yield from forms(form)


def texts(field):
    """Return a field of text, or that of which a list is made."""
    if issubclass(field.field_class, wtforms.FieldList):
        inner = field.args[0] if field.args else field.kwargs["unbound_field"]
        return texts(inner)
    free = issubclass(field.field_class, wtforms.StringField) and not issubclass(field.field_class, NOT_FREE)
    return field if free else None


def guards(field):
    """Return for each guard of a field what is fine there; none when the field has no guard."""
    found = [one for one in field.kwargs.get("validators", ()) if isinstance(one, IdentifierGuard)]
    return [next(name for name, kinds in FINE.items() if kinds == one.fine) for one in found]


def fields_of_forms():
    for module in pkgutil.walk_packages(jags.web.__path__, "jags.web."):
        importlib.import_module(module.name)
    return {
        f"{form.__module__.removeprefix('jags.web.')}.{form.__name__}.{name}": guards(free)
        for form in set(forms())
        # What is put together for the items of one feedback form is guarded by its service.
        if hasattr(importlib.import_module(form.__module__), form.__name__)
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and (free := texts(field)) is not None
    }


def listed():
    rows = [line.split("|") for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    return {row[0].strip(): (row[1].strip(), row[2].strip()) for row in rows}


def test_every_free_text_is_listed_and_guarded_as_the_list_says():
    assert {name: [fine] for name, (fine, _why) in listed().items()} == fields_of_forms()


def test_whatever_is_fine_in_a_free_text_has_a_reason():
    assert [name for name, (fine, why) in listed().items() if fine != "nothing" and not why] == []


def test_the_list_is_in_order():
    assert list(listed()) == sorted(listed())
