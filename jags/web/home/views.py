"""The public start page, and what the Business Unit sees first on a Monday morning."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation.queries import requests_waiting_for_talk
from jags.requests.queries import count_by_state, undelivered, work_queue
from jags.requests.rules import State
from jags.scheduling.queries import this_weeks_sessions
from jags.web.access import public, requires
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
@requires(Permission.REQUEST_READ)
def start() -> ResponseReturnValue:
    """Show what needs a decision now, this week's sessions, and how many requests stand where."""
    work = current_work()
    counted = count_by_state(work)
    to_talk = requests_waiting_for_talk(work)
    return render_template(
        "home/start.html",
        undelivered=undelivered(work),
        queue=work_queue(work, also=to_talk, length=_FIRST_ONES),
        to_talk=to_talk,
        sessions=this_weeks_sessions(work),
        counted=[(state, counted[state]) for state in State if counted.get(state)],
    )
