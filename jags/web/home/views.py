"""The public start page, and what the Business Unit sees first on a Monday morning."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation.queries import requests_waiting_for_talk
from jags.feedback.queries import at_a_glance
from jags.kernel.work import Work
from jags.quality.queries.afterwards import open_afterwards
from jags.requests.queries import (
    acting_for,
    colleagues,
    for_the_lead,
    lines_needing_decision,
    overview,
    paused_for_the_lead,
    undelivered,
    waits,
)
from jags.requests.rules import State
from jags.retention.queries import waits_for
from jags.scheduling.queries import agreements_to_look_at, date_tasks, this_weeks_sessions
from jags.web.access import public, requires_sign_in
from jags.web.places import start_of
from jags.web.unit_of_work import current_work

blueprint = Blueprint("home", __name__)

# How many requests the home page names; the queue has the rest.
_FIRST_ONES = 10


@blueprint.get("/")
@public
def welcome() -> ResponseReturnValue:
    """Say in a minute what a JAGS is, and what comes before it."""
    return render_template("home/welcome.html")


@blueprint.get("/home")
@requires_sign_in
def start() -> ResponseReturnValue:
    """Show what needs somebody now, this week's sessions, and how the service is doing; to the lead by reference alone.

    Whoever has none of it, such as a facilitator, is led to where they start.
    """
    work = current_work()
    reads, leads = (work.actor.can(p) for p in (Permission.REQUEST_READ, Permission.REQUEST_TAKE))
    if not (reads or leads):
        return redirect(start_of(work.actor.permissions), code=303)
    return render_template(
        "home/start.html",
        reads=reads,
        leads=leads,
        imports=work.actor.can(Permission.IMPORT_RUN),
        to_approve=waits_for(work),
        for_lead=for_the_lead(work) if leads else [],
        paused_for_lead=paused_for_the_lead(work) if leads else [],
        **(_of_the_unit(work) if reads else {}),
    )


def _of_the_unit(work: Work) -> dict[str, Any]:
    talk = requests_waiting_for_talk()
    counted = overview(work, also=talk)
    me = work.actor.person_id
    calls, concerns = open_afterwards(work)
    return {
        "undelivered": undelivered(work),
        "lines": lines_needing_decision(work, also=talk, length=_FIRST_ONES),
        "stands_in_for": [c.name for c in colleagues(work) if me and c.person_id in acting_for(work, me)],
        "to_look_at": agreements_to_look_at(work),
        "dates": date_tasks(work),
        "sessions": this_weeks_sessions(work),
        "overview": counted,
        "states": [(state, counted.by_state[state]) for state in State if counted.by_state.get(state)],
        "months": [(f"{date(year, month, 1):%B %Y}", number) for (year, month), number in counted.months],
        "waits": waits(work),
        "glance": at_a_glance(work),
        "calls": calls,
        "concerns": concerns,
        "me": me,
        # Who sees only what they have taken over is not told figures of it all.
        "whole": work.actor.only is None,
    }
