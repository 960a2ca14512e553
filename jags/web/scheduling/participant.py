"""The page of a participant: when, where, who is coming, and what a JAGS is and is not."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Purpose
from jags.scheduling import queries
from jags.scheduling.rules import SessionState
from jags.web.access import current_link, requires_link
from jags.web.unit_of_work import current_work

blueprint = Blueprint("taking_part", __name__)


@blueprint.get("/taking-part/<uuid:link_id>")
@requires_link(Purpose.PARTICIPANT)
def show(link_id: UUID) -> ResponseReturnValue:  # noqa: ARG001 - The access rule reads it.
    """Show a session to somebody who is invited to it; who is no longer expected sees that and nothing else."""
    work = current_work()
    session, expected = queries.session_of_member(work, current_link().subject_id)
    # While everything is paused the page says so, quietly, and nothing of an invitation.
    paused = expected and session.request.paused
    arranged = expected and not paused and session.state is SessionState.SCHEDULED
    return render_template(
        "scheduling/taking_part.html",
        session=session,
        expected=expected,
        arranged=arranged,
        paused=paused,
        where=queries.place_of(work, session) if arranged else None,
        facilitators=queries.facilitators(work, session) if arranged else [],
        people=queries.who_is_coming(work, session) if arranged else [],
    )
