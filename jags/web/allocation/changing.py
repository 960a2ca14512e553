"""Change of facilitator: who could take the place of somebody who has stepped back, with the fewest people moved."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from jags.accounts.rules import Permission
from jags.allocation import service
from jags.allocation.choice import ChangeShown, change_of
from jags.facilitators.rules import Span
from jags.facilitators.service import themes_beside_pairs
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import get_request
from jags.requests.rules import State
from jags.scheduling.queries import find_open_session
from jags.scheduling.service import free_released, time_together
from jags.web.access import requires
from jags.web.allocation.planning_forms import ChangeForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("changing", __name__)


@blueprint.route("/requests/<uuid:request_id>/change-of-facilitator", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show the proposal, and offer to whoever it asks."""
    work = current_work()
    request = get_request(work, request_id)
    if request.state is not State.ACCEPTED:
        return _to_request(request_id, "Nobody is looked for here now.", "")
    session = find_open_session(work, request.id)
    kept_date = session if session and session.starts_at > work.now else None
    time = time_together(work, kept_date) if kept_date else None
    change = change_of(work, request, time=time)
    shown = " ".join(str(one.person_id) for one in change.pair)
    form = ChangeForm(data={"version": request.version, "pair": shown})
    if form.validate_on_submit():
        try:
            _offer(work, request, change, form, shown, time=time if change.keeps_date else None)
        except Invalid as error:
            form.attach(error)
        else:
            return _to_request(request_id, "The offer is on its way.", "success")
    return render_template(
        "allocation/change.html",
        form=form,
        request_=request,
        change=change,
        date=kept_date,
        themes=themes_beside_pairs(work, [one.person_id for one in (*change.pair, *change.standby)]),
    )


def _offer(
    work: Work, request: Request, change: ChangeShown, form: ChangeForm, shown: str, *, time: Span | None
) -> None:
    if not change.pair or form.pair.data != shown:
        form.pair.data = shown
        raise Invalid("The best pair has changed meanwhile. Look at it again, then offer.")
    service.offer_pair(
        work,
        request.id,
        person_ids=[one.person_id for one in change.pair],
        version=form.shown_version,
        seed=change.seed,
        time=time,
    )
    free_released(work, request.id)


def _to_request(request_id: UUID, message: str, category: str) -> Response:
    flash(message, category or "message")
    return redirect(url_for("requests.show", request_id=request_id), code=303)
