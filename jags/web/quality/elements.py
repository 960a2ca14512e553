"""The elements of the approach as fields of a form, for those who facilitate and those who observe."""

from collections.abc import Mapping
from typing import Any, TypeVar

from wtforms import Form

from jags.quality.rules.elements import Element, Seen
from jags.web.fields import OneOf, worded
from jags.web.wording import words

Asks = TypeVar("Asks", bound=type[Form])


def asks_elements(form: Asks) -> Asks:
    """Give a form one question for each element."""
    for element in Element:
        setattr(form, _name(element), OneOf(words(element), choices=worded(Seen)))
    return form


def elements_shown(form: Any) -> list[Any]:
    """Return the fields of the elements, in their order."""
    return [form[_name(element)] for element in Element]


def elements_sent(form: Any) -> dict[str, str]:
    """Return what was chosen, by element."""
    return {element.value: value for element in Element if (value := form[_name(element)].data)}


def elements_kept(kept: Mapping[str, str]) -> dict[str, str]:
    """Return what was chosen before, by the name of its field."""
    return {_name(element): kept[element.value] for element in Element if element.value in kept}


def _name(element: Element) -> str:
    return f"element_{element.value}"
