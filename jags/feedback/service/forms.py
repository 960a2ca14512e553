"""Publish another version of a feedback form; a version is never edited, because people have answered it."""

from collections.abc import Sequence

from jags.accounts.policy import require
from jags.accounts.rules import Permission
from jags.feedback.model import FormVersion
from jags.feedback.queries import FormInForce, form_in_force
from jags.feedback.rules import FormKey
from jags.feedback.rules.forms import STANDARD, Item, Question, edited, items_to_text
from jags.kernel.errors import Invalid, Stale
from jags.kernel.work import Work


def change_form(work: Work, form: FormKey, *, questions: Sequence[Question], version: int) -> FormInForce:
    """Ask these questions behind "two more minutes?" from the next round on; `version` is the number that was shown.

    Rounds that are open keep the version that they began with, and who answered it is counted under it. Raises `Invalid`
    at the field of a question that cannot be asked, and `Stale` when somebody else has changed the form since.
    """
    require(work.actor, Permission.SETTINGS_MANAGE)
    known = form_in_force(work, form)
    return _publish(work, known, edited(known.items, questions), version=version)


def restore_form(work: Work, form: FormKey, *, version: int) -> FormInForce:
    """Ask again what came with the software, from the next round on; raises as above."""
    require(work.actor, Permission.SETTINGS_MANAGE)
    return _publish(work, form_in_force(work, form), STANDARD[form], version=version)


def _publish(work: Work, known: FormInForce, items: tuple[Item, ...], *, version: int) -> FormInForce:
    if version != known.number:
        raise Stale
    if items == known.items:
        raise Invalid("Nothing was changed: the form asks this already.")
    work.session.add(FormVersion(form=known.form, number=known.number + 1, items=items_to_text(items)))
    work.session.flush()
    work.record(
        "feedback_form:changed",
        known.form,
        version=known.number + 1,
        questions=sum(item.more for item in items),
    )
    return form_in_force(work, known.form)
