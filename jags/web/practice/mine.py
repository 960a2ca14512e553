"""Network meetings and training events as a facilitator sees them: their own invitations, and whether they come."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.facilitators.rules import FacilitatorAlreadyBooked
from jags.kernel.errors import Invalid, NotFound
from jags.practice import queries, service
from jags.practice.rules import GatheringState, NoPlaceLeft, Reply
from jags.web.access import requires
from jags.web.facilitators.me import me
from jags.web.practice.forms import AnswerForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("my_meetings", __name__, url_prefix="/my-meetings")

_GIVEN = {Reply.COMING: "yes", Reply.APOLOGIES: "no"}


@blueprint.get("")
@requires(Permission.OFFER_ANSWER)
def index() -> ResponseReturnValue:
    """List what the actor is and was invited to."""
    work = current_work()
    lines = queries.gatherings_of(work, me(work))
    return render_template(
        "practice/my_meetings.html",
        coming=[one for one in lines if not one[0].ended],
        past=[one for one in lines if one[0].ended],
    )


@blueprint.route("/<uuid:gathering_id>", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def show(gathering_id: UUID) -> ResponseReturnValue:
    """Show a meeting or a training event to somebody who is invited, and keep whether they come."""
    work = current_work()
    invitee = queries.find_invitee(work, gathering_id, me(work))
    if invitee is None:
        raise NotFound("There is no such meeting.")
    gathering = invitee.gathering
    form = AnswerForm(data={"coming": _GIVEN.get(invitee.reply, "")})
    if form.validate_on_submit():
        try:
            service.answer_invitation(work, gathering_id, me(work), coming=form.coming.data == "yes")
        except (FacilitatorAlreadyBooked, NoPlaceLeft) as error:
            form.attach(Invalid(str(error), field="coming"))
        else:
            flash(_thanks(coming=form.coming.data == "yes"), "success")
            return redirect(url_for("my_meetings.index"), code=303)
    return render_template(
        "practice/my_meeting.html",
        form=form,
        gathering=gathering,
        invitee=invitee,
        about=queries.about_of(work, gathering),
        where=queries.place_shown(work, gathering),
        topics=queries.agenda_of(work, gathering),
        people=[
            one for one in queries.invitees_of(work, gathering) if one.reply in {Reply.COMING, Reply.ATTENDED}
        ],
        open=gathering.state is GatheringState.PLANNED and gathering.starts_at > work.now,
    )


def _thanks(*, coming: bool) -> str:
    if coming:
        return "Thank you. Your time is kept free for it."
    return "Thank you for telling us. Your time is free again, and you need not explain anything."
