"""Take up a postponed date again, let two sessions change places, and decide on who was named to come instead."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import request as sent
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.facilitators.rules import FacilitatorAlreadyBooked
from jags.kernel.errors import Invalid
from jags.scheduling import queries, service
from jags.venues.rules import VenueAlreadyBooked
from jags.web.access import requires
from jags.web.fields import offered
from jags.web.filters import moment
from jags.web.forms import JagsForm
from jags.web.scheduling.forms import SwapForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("exchanging", __name__)

# A reference is shorter; what is longer is cut and not found.
_LONGEST = 60


@blueprint.route("/sessions/<uuid:session_id>/take-up-again", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def reinstate(session_id: UUID) -> ResponseReturnValue:
    """Take up a postponed date again."""
    work = current_work()
    session = queries.get_session(work, session_id)
    form = JagsForm(data={"version": session.version})
    status = 200
    if form.validate_on_submit():
        try:
            service.reinstate_session(work, session_id, version=form.shown_version)
        except Invalid as error:
            form.attach(Invalid(str(error)))
        except (FacilitatorAlreadyBooked, VenueAlreadyBooked) as error:
            form.attach(Invalid(f"{error} You can also set another date, on the page of the request."))
            status = 409
        else:
            flash("The date stands again, and everybody’s calendar entry is coming back.", "success")
            return redirect(url_for("scheduling.show", session_id=session_id), code=303)
    return render_template("scheduling/take_up_again.html", form=form, session=session), status


@blueprint.route("/sessions/<uuid:session_id>/swap", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def swap(session_id: UUID) -> ResponseReturnValue:
    """Let a session change places with another one."""
    work = current_work()
    session = queries.get_session(work, session_id)
    form = SwapForm(data={"version": session.version})
    others = queries.sessions_to_swap_with(work, session)
    named = (sent.args.get("reference") or "").strip()[:_LONGEST]
    further = queries.session_to_swap_with(work, session, reference=named) if named else None
    if further is not None:
        others = [line for line in others if line.session.id != further.session.id] + [further]
        form.other.data = form.other.data or _value_of(further)
    form.other.choices = offered(
        (_value_of(one), f"{one.reference}, {moment(one.session.starts_at)}") for one in others
    )
    status = 200
    if form.validate_on_submit():
        other_id, _, other_version = form.other.data.partition(".")
        try:
            service.swap_sessions(
                work,
                session_id,
                UUID(other_id),
                version=form.shown_version,
                other_version=int(other_version),
            )
        except Invalid as error:
            form.attach(Invalid(str(error), field="other"))
        except (FacilitatorAlreadyBooked, VenueAlreadyBooked) as error:
            form.attach(Invalid(str(error), field="other"))
            status = 409
        else:
            flash("The two have changed places, and everybody’s calendar entry is being updated.", "success")
            return redirect(url_for("scheduling.show", session_id=session_id), code=303)
    return (
        render_template(
            "scheduling/swap.html",
            form=form,
            session=session,
            others=others,
            named=named,
            missing=bool(named) and further is None,
        ),
        status,
    )


@blueprint.post("/sessions/<uuid:session_id>/participants/<uuid:member_id>/instead")
@requires(Permission.SESSION_ARRANGE)
def decide(session_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Invite somebody who was named to come instead, or take them off again."""
    work, form = current_work(), JagsForm()
    invite = sent.form.get("go") == "invite"
    service.decide_on_stand_in(work, session_id, member_id, invite=invite, version=form.shown_version)
    flash(
        "They are being invited." if invite else "They are taken off. Please tell whoever named them.",
        "success",
    )
    return redirect(url_for("scheduling.show", session_id=session_id), code=303)


def _value_of(line: queries.SessionLine) -> str:
    """Return a session as the form sends it: with its version, so that one that has moved since is refused."""
    return f"{line.session.id}.{line.session.version}"
