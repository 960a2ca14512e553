"""The address of a facilitator's own calendar: give it, see how the last readings went, and remove it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.facilitators.queries import calendar_host, calendar_state
from jags.facilitators.rules.calendar import CalendarProblem
from jags.facilitators.service import give_calendar, remove_calendar
from jags.kernel.errors import Invalid
from jags.web.access import requires
from jags.web.facilitators.forms import CalendarForm
from jags.web.facilitators.me import me
from jags.web.unit_of_work import current_work

blueprint = Blueprint("calendar", __name__)

# What the person can do about a problem.
_WHAT_TO_DO = {
    CalendarProblem.CERTIFICATE: "Copy the address again from your calendar, or ask whoever runs it.",
    CalendarProblem.INSIDE: "Give an address that is meant for other programs on the internet, or tick half-days instead.",
    CalendarProblem.NOT_A_CALENDAR: "Copy the address that is called iCal, ICS or “for other programs”, not the one of a web page.",
    CalendarProblem.NOT_ALLOWED: "Copy the secret or private address of your calendar, which needs no password.",
    CalendarProblem.NOT_FOUND: "Your calendar may have a new address: copy it again.",
    CalendarProblem.NO_ANSWER: "We try again every hour. If this goes on, copy the address again, or tick half-days instead.",
    CalendarProblem.TOO_LARGE: "Share a calendar with less in it, or tick half-days instead.",
    CalendarProblem.TOO_SLOW: "We try again every hour. If this goes on, tick half-days instead.",
}


@blueprint.route("/my-availability/calendar", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def edit() -> ResponseReturnValue:
    """Show how it stands with the actor's calendar, and keep another address."""
    work = current_work()
    form = CalendarForm()
    if form.validate_on_submit():
        try:
            give_calendar(work, me(work), form.address.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            flash("The address is kept. Your calendar is read within minutes.", "success")
            return redirect(url_for("calendar.edit"), code=303)
    state = calendar_state(work, me(work))
    return render_template(
        "facilitators/calendar.html",
        form=form,
        state=state,
        host=calendar_host(work, me(work)) if state else "",
        what_to_do=_WHAT_TO_DO[state.problem] if state and state.problem else "",
    )


@blueprint.post("/my-availability/calendar/remove")
@requires(Permission.OFFER_ANSWER)
def remove() -> ResponseReturnValue:
    """Forget the address, and all that was read from it."""
    remove_calendar(current_work(), me(current_work()))
    flash("The address is removed, and every busy time that was read from your calendar with it.", "success")
    return redirect(url_for("calendar.edit"), code=303)
