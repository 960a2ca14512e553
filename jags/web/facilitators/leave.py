"""The days on which a facilitator is away: their own page, and the same for the Business Unit."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import contact_of
from jags.accounts.rules import Permission
from jags.facilitators.queries import coming_bookings, get_facilitator
from jags.facilitators.rules import BookingKind
from jags.facilitators.service import cancel_leave, note_leave
from jags.kernel.errors import Invalid
from jags.web.access import requires
from jags.web.facilitators.forms import LeaveForm
from jags.web.facilitators.me import me
from jags.web.unit_of_work import current_work

blueprint = Blueprint("leave", __name__)


@blueprint.route("/my-availability/leave", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def own() -> ResponseReturnValue:
    """Show and note the days on which the actor is away."""
    return _page(me(current_work()), here=url_for("leave.own"), back=url_for("availability.edit"))


@blueprint.post("/my-availability/leave/<uuid:ref>/cancel")
@requires(Permission.OFFER_ANSWER)
def cancel_own(ref: UUID) -> ResponseReturnValue:
    """Cancel leave of the actor."""
    return _cancel(me(current_work()), ref, url_for("leave.own"))


@blueprint.route("/facilitators/<uuid:person_id>/leave", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def somebodys(person_id: UUID) -> ResponseReturnValue:
    """Show and note the days on which a facilitator is away."""
    here, back = (url_for(name, person_id=person_id) for name in ("leave.somebodys", "facilitators.show"))
    return _page(person_id, here=here, back=back)


@blueprint.post("/facilitators/<uuid:person_id>/leave/<uuid:ref>/cancel")
@requires(Permission.FACILITATOR_MANAGE)
def cancel_somebodys(person_id: UUID, ref: UUID) -> ResponseReturnValue:
    """Cancel leave of a facilitator."""
    return _cancel(person_id, ref, url_for("leave.somebodys", person_id=person_id))


def _page(person_id: UUID, *, here: str, back: str) -> ResponseReturnValue:
    work = current_work()
    facilitator = get_facilitator(work, person_id)
    form = LeaveForm()
    if form.validate_on_submit() and form.from_on.data and form.to_on.data:
        try:
            note_leave(work, person_id, from_on=form.from_on.data, to_on=form.to_on.data)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The days are noted. No session is offered for them.", "success")
            return redirect(here, code=303)
    own = work.actor.person_id == person_id
    return render_template(
        "facilitators/leave.html",
        form=form,
        name="" if own else contact_of(work, facilitator.person).name,
        leave=[one for one in coming_bookings(work, [person_id])[person_id] if one.kind is BookingKind.LEAVE],
        here=here,
        back_url=back,
    )


def _cancel(person_id: UUID, ref: UUID, back: str) -> ResponseReturnValue:
    cancel_leave(current_work(), person_id, ref)
    flash("The leave is cancelled.", "success")
    return redirect(back, code=303)
