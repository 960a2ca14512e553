"""Change of facilitator: who could take the place of somebody who has stepped back, with the fewest people moved."""

from collections.abc import Collection, Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import request as http
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from jags.accounts.rules import Permission
from jags.allocation import service
from jags.allocation.choice import ChangeShown, change_of
from jags.allocation.rules import Rule
from jags.facilitators.rules import Span
from jags.facilitators.service import themes_beside_pairs
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.requests.model import Request
from jags.requests.queries import get_request, typed_agencies
from jags.requests.rules import State
from jags.scheduling.queries import find_kept_date
from jags.scheduling.service import free_released, time_together
from jags.web.access import requires
from jags.web.allocation.forms import STANDS, ChangeByHandForm, ChangeForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("changing", __name__)

NO_EXCEPTIONS: Mapping[Rule, str] = {}


@blueprint.route("/requests/<uuid:request_id>/change-of-facilitator", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show the proposal, and offer to whoever it asks, or to two others by hand."""
    work = current_work()
    request = get_request(work, request_id)
    if request.state is not State.ACCEPTED:
        return _to_request(request_id, "Nobody is looked for here now.", "")
    date = find_kept_date(work, request.id)
    time = time_together(work, date) if date else None
    change = change_of(work, request, time=time)
    shown = " ".join(str(one.person_id) for one in change.pair)
    form = ChangeForm(data={"version": request.version, "pair": shown})
    by_hand = _by_hand(request, change, has_date=time is not None)
    chosen = form if "pair" in http.form else by_hand
    if chosen.validate_on_submit():
        try:
            if chosen is form:
                _offer_proposal(work, request, change, form, shown, time)
            else:
                _offer(
                    work,
                    request,
                    by_hand.people,
                    seed=change.seed,
                    version=by_hand.shown_version,
                    time=time if by_hand.date_stands else None,
                    exceptions=by_hand.exceptions,
                )
        except Invalid as error:
            chosen.attach(error)
        else:
            return _to_request(request_id, "The offer is on its way.", "success")
    return render_template(
        "allocation/change.html",
        form=chosen if chosen.is_submitted() else form,
        proposal=form,
        by_hand=by_hand,
        request_=request,
        change=change,
        date=date,
        unsettled=typed_agencies(request),
        themes=themes_beside_pairs(work, [one.person_id for one in (*change.pair, *change.standby)]),
    )


def _by_hand(request: Request, change: ChangeShown, *, has_date: bool) -> ChangeByHandForm:
    """Return the form for two others, with who has accepted selected and, where there is one, the question about the date."""
    first = str(change.kept.person_id) if change.kept else ""
    form = ChangeByHandForm(data={"version": request.version, "first": first, "date": STANDS})
    form.put_up(change.pool)
    if not has_date:
        del form.date
    return form


def _offer_proposal(
    work: Work, request: Request, change: ChangeShown, form: ChangeForm, shown: str, time: Span | None
) -> None:
    if not change.pair or form.pair.data != shown:
        form.pair.data = shown
        raise Invalid("The best pair has changed meanwhile. Look at it again, then offer.")
    _offer(
        work,
        request,
        [one.person_id for one in change.pair],
        seed=change.seed,
        version=form.shown_version,
        time=time if change.keeps_date else None,
    )


def _offer(
    work: Work,
    request: Request,
    people: Collection[UUID],
    *,
    seed: int,
    version: int,
    time: Span | None,
    exceptions: Mapping[Rule, str] = NO_EXCEPTIONS,
) -> None:
    service.offer_pair(
        work, request.id, person_ids=people, version=version, seed=seed, exceptions=exceptions, time=time
    )
    free_released(work, request.id)


def _to_request(request_id: UUID, message: str, category: str) -> Response:
    flash(message, category or "message")
    return redirect(url_for("requests.show", request_id=request_id), code=303)
