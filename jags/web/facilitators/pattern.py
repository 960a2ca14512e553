"""The pattern by which a facilitator offers half-days: every week, or every so many days for shifts."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from jags.accounts.rules import Permission
from jags.facilitators.model import AvailabilityPattern
from jags.facilitators.queries import find_pattern
from jags.facilitators.rules import HALF_DAYS, WEEKS_AHEAD, Pattern
from jags.facilitators.service import forget_pattern, save_pattern
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.rules import is_working_day
from jags.web.access import requires
from jags.web.facilitators.forms import CycleForm, PatternForm
from jags.web.facilitators.me import me
from jags.web.fields import offered
from jags.web.filters import day
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("pattern", __name__)

_WEEK = 7
_SATURDAY = 5


@blueprint.route("/my-availability/pattern", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def edit() -> ResponseReturnValue:
    """Show the days of the cycle in the address, and keep the half-days that are ticked as the pattern."""
    work = current_work()
    row = find_pattern(work, me(work))
    cycle = CycleForm(_asked(work, row))
    if not cycle.validate() or cycle.days.data is None or cycle.begins_on.data is None:
        return _page(cycle, cycle, row)
    days, begins_on = cycle.days.data, cycle.begins_on.data
    form = PatternForm(data=_first_look(row, days))
    form.halves.choices = offered((str(n), str(n)) for n in range(days * len(HALF_DAYS)))
    if form.validate_on_submit():
        halves = frozenset(int(number) for number in form.halves.data or ())
        wanted = Pattern(days, begins_on, halves, bool(form.term_time_only.data))
        try:
            save_pattern(work, me(work), wanted, version=form.shown_version, is_working_day=is_working_day)
        except Invalid as error:
            form.attach(error)
        else:
            flash("Saved. The coming weeks are filled; change single half-days below.", "success")
            return redirect(url_for("availability.edit"), code=303)
    return _page(form, cycle, row, rows=_rows(days, begins_on))


@blueprint.post("/my-availability/pattern/forget")
@requires(Permission.OFFER_ANSWER)
def forget() -> ResponseReturnValue:
    """Stop filling further weeks."""
    work = current_work()
    form = JagsForm()
    if form.validate_on_submit():
        forget_pattern(work, me(work), version=form.shown_version)
        flash("Your pattern has ended. What you offer already stays.", "success")
    return redirect(url_for("availability.edit"), code=303)


def _page(
    form: CycleForm | PatternForm,
    cycle: CycleForm,
    row: AvailabilityPattern | None,
    *,
    rows: Sequence[tuple[str, int]] = (),
) -> str:
    here: dict[str, Any] = {"days": cycle.days.data}
    if cycle.begins_on.data:
        here["from"] = cycle.begins_on.data.isoformat()
    return render_template(
        "facilitators/pattern.html",
        form=form,
        cycle=cycle,
        rows=rows,
        row=row,
        here=url_for("pattern.edit", **here),
        weeks=WEEKS_AHEAD,
    )


def _asked(work: Work, row: AvailabilityPattern | None) -> MultiDict[str, str]:
    """Return the cycle in the address; without one that of the pattern, or the week of today."""
    asked = MultiDict(request.args)
    if "days" not in asked and "from" not in asked:
        monday = work.today - timedelta(days=work.today.weekday())
        asked["days"] = str(row.cycle_days if row else _WEEK)
        asked["from"] = (row.begins_on if row else monday).isoformat()
    return asked


def _first_look(row: AvailabilityPattern | None, days: int) -> dict[str, object]:
    if row is None:
        return {"version": 0}
    same = row.cycle_days == days
    return {
        "version": row.version,
        "halves": [str(number) for number in sorted(row.pattern.halves)] if same else [],
        "term_time_only": row.term_time_only,
    }


def _rows(days: int, begins_on: date) -> list[tuple[str, int]]:
    """Return the days of a cycle as the page calls them, each with the number of its morning."""
    found = []
    for number in range(days):
        on = begins_on + timedelta(days=number)
        # A cycle of whole weeks never offers anything at its weekends.
        if days % _WEEK == 0 and on.weekday() >= _SATURDAY:
            continue
        name = f"{on:%A}" if days == _WEEK else f"Day {number + 1}, like {on:%A} {day(on)}"
        found.append((name, number * len(HALF_DAYS)))
    return found
