"""Who has given how much, by person and by agency, in the order of names: a picture of load and no ranking."""

from collections import Counter

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.allocation.choice import outlook_in_words
from jags.allocation.queries import taken_on
from jags.facilitators.queries import pool
from jags.facilitators.rules import FacilitatorStatus
from jags.web.access import requires
from jags.web.unit_of_work import current_work

blueprint = Blueprint("load", __name__)


@blueprint.get("/facilitators/load")
@requires(Permission.FACILITATOR_READ)
def everybody() -> ResponseReturnValue:
    """Show the load of everybody in the pool, and of who has left and gave something in these twelve months."""
    work = current_work()
    everybody_ever = pool(work, with_left=True)
    taken = taken_on(work, {member.person_id: member.load for member in everybody_ever})
    members = [
        member
        for member in everybody_ever
        if member.facilitator.status is not FacilitatorStatus.LEFT or taken[member.person_id].in_twelve_months
    ]
    agencies: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for member in members:
        agencies[member.agency] += taken[member.person_id].in_twelve_months
        people[member.agency] += 1
    return render_template(
        "facilitators/load.html",
        members=members,
        taken=taken,
        outlook=outlook_in_words(work, everybody_ever, taken),
        agencies=[(name, people[name], agencies[name]) for name in sorted(agencies, key=str.casefold)],
    )
