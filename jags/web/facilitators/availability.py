"""A facilitator's own half-days."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.facilitators.queries import calendar_state
from jags.facilitators.rules import WEEKS_AHEAD
from jags.facilitators.service import give_availability
from jags.kernel.work import Work
from jags.web.access import requires
from jags.web.facilitators.forms import AvailabilityForm
from jags.web.facilitators.halves import coming_weeks, offered_values, window
from jags.web.facilitators.me import me
from jags.web.fields import offered
from jags.web.unit_of_work import current_work

blueprint = Blueprint("availability", __name__)


@blueprint.route("/my-availability", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def edit() -> ResponseReturnValue:
    """Show the half-days of the coming weeks, and keep those that are ticked."""
    work = current_work()
    person_id = me(work)
    weeks = coming_weeks(work, person_id)
    halves = {half.value: half.span for week in weeks for day in week.days for half in day.halves}
    form = AvailabilityForm(data={"slots": offered_values(work, person_id, weeks)})
    form.slots.choices = offered((value, value) for value in halves)
    if form.validate_on_submit():
        ticked = [halves[value] for value in form.slots.data or []]
        give_availability(work, person_id, ticked, replacing=window(work))
        flash(_thanks(len(ticked), has_calendar=_has_calendar(work, person_id)), "success")
        return redirect(url_for("availability.edit"), code=303)
    return render_template(
        "facilitators/availability.html",
        form=form,
        weeks=weeks,
        number_of_weeks=WEEKS_AHEAD,
    )


def _has_calendar(work: Work, person_id: UUID) -> bool:
    """Tell whether a calendar of theirs has been read, which then says when they are free."""
    state = calendar_state(work, person_id)
    return state is not None and state.read_at is not None


def _thanks(number: int, *, has_calendar: bool) -> str:
    if not number and has_calendar:
        return "Saved. You have ticked no half-days, so your calendar alone says when you could."
    if not number:
        return "Saved. You offer no half-days at the moment, so we ring you before we offer you anything."
    return f"Saved. You offer {number} half-day{'' if number == 1 else 's'}. Thank you."
