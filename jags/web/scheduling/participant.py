"""The pages of a participant: when, where, who is coming; what they say of themselves, and that they cannot come."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission, Purpose
from jags.kernel.errors import Invalid, NotFound
from jags.kernel.work import Work
from jags.quality.queries.session_page import is_observed
from jags.scheduling import queries, service
from jags.scheduling.model import Attendee, JagsSession
from jags.scheduling.rules import ApologyReason, SessionState
from jags.web.access import current_link, requires, requires_link
from jags.web.scheduling.forms import AboutMeForm, CannotComeForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("taking_part", __name__)


@blueprint.get("/taking-part/<uuid:link_id>")
@requires_link(Purpose.PARTICIPANT)
def show(link_id: UUID) -> ResponseReturnValue:
    """Show a session to somebody who is invited to it; who is no longer expected sees that and nothing else."""
    work = current_work()
    session, attendee = queries.session_of_member(work, current_link().subject_id)
    # While everything is paused the page says so, quietly, and nothing of an invitation.
    paused = attendee.expected and session.request.paused
    arranged = attendee.expected and not paused and session.state is SessionState.SCHEDULED
    return render_template(
        "scheduling/taking_part.html",
        session=session,
        link_id=link_id,
        attendee=attendee,
        arranged=arranged,
        coming=arranged and session.starts_at > work.now,
        paused=paused,
        where=queries.place_shown(work, session) if arranged else None,
        facilitators=queries.facilitators(work, session) if arranged else [],
        people=queries.who_is_coming(work, session) if arranged else [],
        observed=arranged and is_observed(work, session),
    )


@blueprint.route("/taking-part/<uuid:link_id>/cannot-come", methods=["GET", "POST"])
@requires_link(Purpose.PARTICIPANT)
def cannot_come(link_id: UUID) -> ResponseReturnValue:
    """Let somebody say that they cannot come, and who comes instead."""
    page = url_for("taking_part.show", link_id=link_id)
    session, attendee = queries.session_of_member(current_work(), current_link().subject_id)
    if attendee.apologised_at is not None:
        # Sent twice, or gone back to: it is noted already, and the page says so.
        return redirect(page, code=303)
    session, attendee = _expected(current_work(), attendee.member_id)
    return _send_apologies(session, attendee, page=page, layout="layouts/link.html", name="")


@blueprint.route(
    "/sessions/<uuid:session_id>/participants/<uuid:member_id>/cannot-come", methods=["GET", "POST"]
)
@requires(Permission.SESSION_ARRANGE)
def told_by_telephone(session_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Note that somebody has told us that they cannot come."""
    work = current_work()
    session = queries.get_session(work, session_id)
    attendee = next((a for a in queries.present_attendees(session) if a.member_id == member_id), None)
    if attendee is None:
        raise NotFound("There is nobody of this session whom this address names.")
    name = next(p.name for p in queries.attendees(work, session) if p.id == member_id)
    page = url_for("scheduling.show", session_id=session_id)
    return _send_apologies(session, attendee, page=page, layout="layouts/office.html", name=name)


@blueprint.route("/taking-part/<uuid:link_id>/about-you", methods=["GET", "POST"])
@requires_link(Purpose.PARTICIPANT)
def about_you(link_id: UUID) -> ResponseReturnValue:
    """Let somebody say whether their name is shown before the day, and what they need."""
    work, member_id = current_work(), current_link().subject_id
    session, attendee = _expected(work, member_id)
    page = url_for("taking_part.show", link_id=link_id)
    form = AboutMeForm(
        data={
            "show_name": "yes" if attendee.member.show_name else "no",
            "needs": queries.own_access_need(work, member_id),
        }
    )
    if form.validate_on_submit():
        shown, needs = form.show_name.data != "no", form.needs.data or ""
        service.say_about_me(work, member_id, show_name=shown, needs=needs)
        flash(
            "Thank you. Your wish about your name is saved, and what you need. You can change both until the day.",
            "success",
        )
        return redirect(page, code=303)
    return render_template("scheduling/about_you.html", form=form, session=session, back_url=page)


def _send_apologies(
    session: JagsSession, attendee: Attendee, *, page: str, layout: str, name: str
) -> ResponseReturnValue:
    form = CannotComeForm()
    if form.validate_on_submit():
        try:
            service.send_apologies(
                current_work(),
                attendee.member_id,
                reason=ApologyReason(form.reason.data),
                instead=form.instead.form.person(),
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("Thank you for telling us." if not name else "It is noted.", "success")
            return redirect(page, code=303)
    return render_template(
        "scheduling/cannot_come.html", form=form, session=session, back_url=page, layout=layout, name=name
    )


def _expected(work: Work, member_id: UUID) -> tuple[JagsSession, Attendee]:
    session, attendee = queries.session_of_member(work, member_id)
    if not attendee.expected:
        raise NotFound("You are not expected at this session.")
    return session, attendee
