"""Show the internal figures of a period: numbers, agencies and bands, never a case."""

from dataclasses import replace
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from jags.accounts.rules import Permission
from jags.evaluation.queries import figures
from jags.evaluation.queries.periods import check_outside, last_ended
from jags.evaluation.render import STAGE_WORDS, counted_text, hidden_text, pair_rows, wait_text
from jags.evaluation.rules import By
from jags.evaluation.rules.definitions import CATALOGUE
from jags.feedback.queries import sectors_by_year
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.evaluation.forms import FiguresForm, PeriodForm, asked_of, asked_outside, asked_period
from jags.web.evaluation.records import record_links
from jags.web.unit_of_work import current_work

blueprint = Blueprint("evaluation", __name__)


@blueprint.get("/evaluation")
@requires(Permission.EVALUATION_READ)
def show() -> ResponseReturnValue:
    """Show the figures of the period in the address, or of this year so far; outside the Business Unit, those of whole periods."""
    work = current_work()
    if not work.actor.can(Permission.EVALUATION_READ_INSIDE):
        return _outside(work)
    form = FiguresForm(_asked(work.today), partnership(work).localities)
    found = None
    if form.validate() and form.from_on.data and form.to_on.data:
        try:
            found = figures(
                work,
                from_on=form.from_on.data,
                to_on=form.to_on.data,
                by=By(form.by.data),
                transitional=form.which.transitional,
                locality=form.which.locality,
            )
        except Invalid as error:
            form.attach(error)
    return render_template(
        "evaluation/figures.html",
        form=form,
        figures=found,
        stage_words=STAGE_WORDS,
        wait_text=wait_text,
        counted_text=counted_text,
        hidden_text=hidden_text,
        pair_rows=pair_rows,
        sectors=sectors_by_year(work) if found else [],
        definitions={one.key: one for one in CATALOGUE},
        records=record_links(work, found.period, form.which, by=found.by) if found else {},
        # Both cohorts are of all requests, whichever are chosen.
        cohort_records=record_links(work, found.period, replace(form.which, transitional=False), by=found.by)
        if found
        else {},
        asked=asked_of(form.which),
    )


def _outside(work: Work) -> ResponseReturnValue:
    """Show headlines and opinions of a period of which a report could be released: what is finer is told by reports alone."""
    form = PeriodForm(asked_outside(last_ended(work)))
    found = None
    if form.validate():
        try:
            check_outside(work, form.period)
            found = figures(work, from_on=form.period.from_on, to_on=form.period.to_on)
        except Invalid as error:
            form.attach(error)
    return render_template(
        "evaluation/figures_outside.html",
        form=form,
        figures=found,
        stage_words=STAGE_WORDS,
        wait_text=wait_text,
        hidden_text=hidden_text,
        sectors=sectors_by_year(work) if found else [],
        definitions={one.key: one for one in CATALOGUE},
        records={},
    )


def _asked(today: date) -> MultiDict[str, str]:
    """Return what the address asks; without a choice, requests received."""
    asked = asked_period(today)
    if "by" not in asked:
        asked["by"] = By.RECEIVED.value
    return asked
