"""What is off the daily screens: a plan of all waiting requests, and what a changed rule would have done."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation import queries, service
from jags.allocation.choice import PlanShown, plan_shown, replay_shown
from jags.allocation.model import Calculation
from jags.allocation.rules.calculation import CalculationKind, CalculationState
from jags.facilitators.service import themes_beside_pairs
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.scheduling.service import free_released
from jags.web.access import requires
from jags.web.allocation.planning_forms import OfferPlannedForm, ReplayForm
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("planning", __name__)

# A page that waits for the jobs process looks again by itself after so many seconds.
_LOOK_AGAIN = "10"
_UNDER_WAY = frozenset({CalculationState.WAITING, CalculationState.RUNNING})
_HALF_A_YEAR = timedelta(days=182)


@blueprint.get("/planning")
@requires(Permission.PAIR_OFFER)
def show() -> ResponseReturnValue:
    """Show the latest plan, or that it is being worked out, or how to ask for one."""
    work = current_work()
    return _page(work, queries.find_calculation(work, CalculationKind.PLAN), OfferPlannedForm())


@blueprint.post("/planning/plan")
@requires(Permission.PAIR_OFFER)
def ask() -> ResponseReturnValue:
    """Ask for a plan of all requests that wait."""
    try:
        service.ask_for_plan(current_work())
    except Invalid as error:
        flash(str(error))
    return redirect(url_for("planning.show"), code=303)


@blueprint.post("/planning/offers")
@requires(Permission.PAIR_OFFER)
def offer() -> ResponseReturnValue:
    """Offer the chosen pairs of the plan, and say which of them do not hold any more."""
    work = current_work()
    plan = queries.find_calculation(work, CalculationKind.PLAN)
    form = OfferPlannedForm()
    if form.validate_on_submit():
        try:
            done = service.offer_planned(work, form.chosen, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            free_released(work)
            _tell(done.references, [(one.reference, one.why) for one in done.refused])
            return redirect(url_for("planning.show"), code=303)
    return _page(work, plan, form)


@blueprint.route("/planning/changed-rule", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def changed_rule() -> ResponseReturnValue:
    """Ask what other rules would have done to a past period, and show what came out; nothing is changed by it."""
    work = current_work()
    found = queries.find_calculation(work, CalculationKind.REPLAY)
    asked = (
        queries.question_of(work, found)
        if found
        else service.question_of_today(work, from_on=work.today - _HALF_A_YEAR, to_on=work.today)
    )
    form = ReplayForm(data=ReplayForm.filled(asked))
    if form.validate_on_submit():
        try:
            service.ask_for_replay(work, form.question)
        except Invalid as error:
            form.attach(error)
        else:
            return redirect(url_for("planning.changed_rule"), code=303)
    now = service.question_of_today(work, from_on=work.today, to_on=work.today)
    form.beside(now)
    done = found is not None and found.state is CalculationState.DONE and not form.is_submitted()
    shown = replay_shown(work, queries.answer_of(work, found)) if found and done else None
    return _looking_again(
        render_template(
            "allocation/changed_rule.html", form=form, asked=asked, now=now, shown=shown, **_state(found)
        ),
        found,
    )


def _page(work: Work, plan: Calculation | None, form: OfferPlannedForm) -> ResponseReturnValue:
    shown = plan_shown(work, plan) if plan and plan.state is CalculationState.DONE else None
    if plan and shown:
        form.offer(shown, version=plan.version)
    page = render_template(
        "allocation/planning.html",
        form=form,
        ask_form=JagsForm(),
        themes=_themes(work, shown),
        shown=shown,
        waiting=queries.count_waiting(work),
        **_state(plan),
    )
    return _looking_again(page, plan)


def _themes(work: Work, shown: PlanShown | None) -> dict[UUID, str]:
    people = [one.person_id for row in shown.rows for one in (row.first, row.second)] if shown else []
    return themes_beside_pairs(work, people) if people else {}


def _state(found: Calculation | None) -> dict[str, Any]:
    return {
        "calculation": found,
        "under_way": found is not None and found.state in _UNDER_WAY,
        "failed": found is not None and found.state is CalculationState.FAILED,
    }


def _looking_again(page: str, found: Calculation | None) -> Response:
    """Let a page that waits for the jobs process look again by itself, with scripts or without."""
    response = make_response(page)
    # Never over what somebody has typed: an answer to a form stays.
    if request.method == "GET" and found is not None and found.state in _UNDER_WAY:
        response.headers["Refresh"] = _LOOK_AGAIN
    return response


def _tell(references: tuple[str, ...], refused: list[tuple[str, str]]) -> None:
    number = len(references)
    if number:
        flash(
            f"{number} {'offer is' if number == 1 else 'offers are'} on the way to the facilitators.",
            "success",
        )
    for reference, why in refused:
        flash(f"{reference} is not offered: {why}.")
