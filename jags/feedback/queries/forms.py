"""Read the feedback forms: which version is in force, and how many have answered each."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from jags.feedback.model import FormVersion, Round
from jags.feedback.rules import FormKey
from jags.feedback.rules.forms import STANDARD, Item, ItemKind, items_from_text
from jags.feedback.rules.worry import worrying_words
from jags.kernel.work import Work
from jags.settings.queries import partnership


@dataclass(frozen=True)
class FormInForce:
    """The questions that are asked now; number 0 is the form that came with the software, which nobody has answered yet."""

    form: FormKey
    number: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class VersionLine:
    """A version of a form: its questions beyond the core, and how many rounds have asked it."""

    number: int
    more: int
    rounds: int


def form_in_force(work: Work, form: FormKey) -> FormInForce:
    """Return the form as the next round asks it."""
    found = find_form_version(work, form)
    if found is None:
        return FormInForce(form, 0, STANDARD[form])
    return FormInForce(form, found.number, items_from_text(found.items))


def form_versions(work: Work, form: FormKey) -> list[VersionLine]:
    """Return the versions of a form, newest first."""
    rows = work.session.execute(
        select(FormVersion.number, FormVersion.items, func.count(Round.id))
        .outerjoin(Round, Round.form_version_id == FormVersion.id)
        .where(FormVersion.form == form)
        .group_by(FormVersion.id, FormVersion.number, FormVersion.items)
        .order_by(FormVersion.number.desc())
    )
    return [
        VersionLine(number, sum(item.more for item in items_from_text(items)), rounds)
        for number, items, rounds in rows
    ]


def statements(work: Work) -> tuple[Item, ...]:
    """Return the statements of the participants' form in force, in their order."""
    items = form_in_force(work, FormKey.PARTICIPANT).items
    return tuple(item for item in items if item.kind is ItemKind.AGREEMENT)


def text_items(work: Work) -> tuple[Item, ...]:
    """Return every item of any form and version that is answered in words, each key once."""
    stored = work.session.scalars(select(FormVersion.items).order_by(FormVersion.form, FormVersion.number))
    items = {i.key: i for text in stored for i in items_from_text(text) if i.kind is ItemKind.TEXT}
    return tuple(items.values())


def find_form_version(work: Work, form: FormKey) -> FormVersion | None:
    """Return the version of a form that is in force."""
    return work.session.scalar(
        select(FormVersion).where(FormVersion.form == form).order_by(FormVersion.number.desc()).limit(1)
    )


def worries(work: Work, texts: Iterable[str]) -> tuple[str, ...]:
    """Return the words in somebody's texts that may be a worry about a child or an adult, as the settings list them."""
    return worrying_words(texts, partnership(work).worry_words)
