"""What a coordinator does: set the date of a request, change a session, call it off."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask import request as sent
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.facilitators.queries import heavy_marks
from jags.facilitators.rules import FacilitatorAlreadyBooked
from jags.facilitators.service import mark_heavy
from jags.kernel.errors import Invalid, MoveNotPossible
from jags.kernel.time import happens_twice
from jags.quality.queries.reflections import for_the_unit
from jags.requests.model import Request
from jags.requests.queries import before_contact, detail_of, get_request
from jags.requests.rules import State
from jags.requests.service import add_member, note_preparation
from jags.scheduling import queries, service
from jags.scheduling.model import JagsSession
from jags.scheduling.rules import SessionState, size_warning
from jags.settings.queries import partnership
from jags.venues.queries import venues
from jags.venues.rules import VenueAlreadyBooked
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.scheduling.forms import CallOffForm, PeopleForm, PreparationForm, SetDateForm, WhenWhereForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("scheduling", __name__)


@blueprint.route("/requests/<uuid:request_id>/preparation", methods=["GET", "POST"])
@requires(Permission.REQUEST_TRIAGE)
def preparation(request_id: UUID) -> ResponseReturnValue:
    """Note the day on which facilitators and requester prepared."""
    work = current_work()
    request = get_request(work, request_id)
    form = PreparationForm(data={"on": request.prepared_on, "version": request.version})
    if form.validate_on_submit() and form.on.data:
        try:
            note_preparation(work, request_id, on=form.on.data, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The day of the preparation is noted.", "success")
            return redirect(url_for("requests.show", request_id=request_id), code=303)
    return render_template("scheduling/preparation.html", form=form, request=request)


@blueprint.route("/requests/<uuid:request_id>/date", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def set_date(request_id: UUID) -> ResponseReturnValue:
    """Set the date of a request and invite everybody."""
    work = current_work()
    request = get_request(work, request_id)
    panel = queries.panel(work, request)
    form = SetDateForm(data=_first_look(request, panel, sent.args.get("option", type=UUID)))
    form.offer_venues(venues(work))
    _offer_people(form, request)
    status = 200
    if form.validate_on_submit():
        try:
            session = service.schedule_session(
                work,
                request_id,
                form.appointment,
                member_ids=_invited(form, request),
                version=form.shown_version,
            )
        except (Invalid, FacilitatorAlreadyBooked, VenueAlreadyBooked) as error:
            status = _attach(form, error)
        else:
            return _done(session, "The date is set and everybody with an e-mail address is being invited.")
    free = queries.common_half_days(work, request)
    return render_template(
        "scheduling/set_date.html",
        form=form,
        request=request,
        panel=panel,
        free=free,
        blocked=detail_of(work, request).not_these_dates,
        before=before_contact(work, request),
    ), status


@blueprint.get("/sessions/<uuid:session_id>")
@requires(Permission.SESSION_ARRANGE)
def show(session_id: UUID) -> ResponseReturnValue:
    """Show a session to the Business Unit."""
    work = current_work()
    session = queries.get_session(work, session_id)
    people = queries.attendees(work, session)
    return render_template(
        "scheduling/show.html",
        session=session,
        where=queries.place_shown(work, session),
        waiting=queries.stand_ins_waiting(work, session),
        excused=queries.apologies(work, session),
        needs=queries.access_needs(work, session),
        may_take_up_again=session.state is SessionState.POSTPONED
        and session.starts_at > work.now
        and session.request.state is State.FACILITATORS_AGREED,
        facilitators=queries.facilitators(work, session),
        named=queries.named_facilitators(work, session),
        people=people,
        size=_size_warning(len(people)),
        answers=queries.calendar_answers(work, session),
        started=session.starts_at <= work.now,
        before=before_contact(work, session.request),
        learning=queries.learning_of(work, session),
        for_the_unit=for_the_unit(work, session) if session.starts_at <= work.now else [],
        heavy=heavy_marks(work, session_id) if session.starts_at <= work.now else {},
    )


@blueprint.post("/sessions/<uuid:session_id>/facilitators/<uuid:person_id>/heavy")
@requires(Permission.SESSION_ARRANGE)
def heavy(session_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Mark a session as heavy for one of its facilitators, or take that back."""
    work = current_work()
    session = queries.get_session(work, session_id)
    if session.starts_at > work.now:
        raise MoveNotPossible("The session has not begun, so nobody can know yet how heavy it was.")
    mark_heavy(work, person_id, session.id, heavy=sent.form.get("heavy") == "yes")
    flash("It is noted.", "success")
    return redirect(url_for("scheduling.show", session_id=session_id), code=303)


@blueprint.route("/sessions/<uuid:session_id>/move", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def move(session_id: UUID) -> ResponseReturnValue:
    """Change date, time or place."""
    work = current_work()
    session = queries.get_session(work, session_id)
    form = WhenWhereForm(data=_of_session(session) | {"version": session.version})
    form.offer_venues(venues(work, with_retired=session.venue_id is not None))
    status = 200
    if form.validate_on_submit():
        try:
            service.move_session(work, session_id, form.appointment, version=form.shown_version)
        except (Invalid, FacilitatorAlreadyBooked, VenueAlreadyBooked) as error:
            status = _attach(form, error)
        else:
            return _done(session, "The change is saved and everybody's calendar entry is being updated.")
    return render_template("scheduling/move.html", form=form, session=session), status


@blueprint.route("/sessions/<uuid:session_id>/participants", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def participants(session_id: UUID) -> ResponseReturnValue:
    """Change who is invited."""
    work = current_work()
    session = queries.get_session(work, session_id)
    invited = [str(a.member_id) for a in queries.present_attendees(session)]
    form = PeopleForm(data={"member_ids": invited, "version": session.version})
    _offer_people(form, session.request)
    if form.validate_on_submit():
        try:
            wanted = _invited(form, session.request, version=session.request.version)
            service.change_participants(work, session_id, member_ids=wanted, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            return _done(session, "The list is saved. Invitations and cancellations are on their way.")
    return render_template("scheduling/participants.html", form=form, session=session)


@blueprint.route("/sessions/<uuid:session_id>/postpone", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def postpone(session_id: UUID) -> ResponseReturnValue:
    """Postpone a session."""
    work = current_work()
    session = queries.get_session(work, session_id)
    form = CallOffForm(data={"version": session.version})
    if form.validate_on_submit():
        service.postpone_session(work, session_id, version=form.shown_version, reason=form.reason.data or "")
        flash("The session is postponed. Everybody is being told, and a new date can be set.", "success")
        return redirect(url_for("requests.show", request_id=session.request_id), code=303)
    return render_template("scheduling/postpone.html", form=form, session=session)


@blueprint.route("/sessions/<uuid:session_id>/let-go", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def let_go(session_id: UUID) -> ResponseReturnValue:
    """Let a date go that was kept through a change of facilitator."""
    work = current_work()
    session = queries.get_session(work, session_id)
    form = JagsForm(data={"version": session.version})
    if form.validate_on_submit():
        service.let_date_go(work, session_id, version=form.shown_version)
        flash("The date is let go. Everybody who had it in their calendar is being told.", "success")
        return redirect(url_for("requests.show", request_id=session.request_id), code=303)
    return render_template("scheduling/let_go.html", form=form, session=session)


@blueprint.route("/sessions/<uuid:session_id>/did-not-take-place", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def did_not_take_place(session_id: UUID) -> ResponseReturnValue:
    """Note that a session did not take place."""
    work = current_work()
    session = queries.get_session(work, session_id)
    form = CallOffForm(data={"version": session.version})
    if form.validate_on_submit():
        try:
            service.note_did_not_take_place(
                work, session_id, version=form.shown_version, reason=form.reason.data or ""
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("It is noted that the session did not take place. A new date can be set.", "success")
            return redirect(url_for("requests.show", request_id=session.request_id), code=303)
    return render_template("scheduling/did_not_take_place.html", form=form, session=session)


def _of_session(session: JagsSession) -> dict[str, Any]:
    place = queries.place_of(current_work(), session)
    return {
        "day": session.wall_start.date(),
        "start_time": f"{session.wall_start:%H:%M}",
        "minutes": session.minutes,
        "format": session.format,
        "venue": "" if session.venue_id else place.venue,
        "venue_id": str(session.venue_id or ""),
        "second_hour": ("second" if session.second_hour else "first")
        if happens_twice(session.wall_start)
        else None,
        "online_link": place.online_link,
        "arrangements": place.arrangements,
    }


def _first_look(request: Request, panel: queries.Panel, option_id: UUID | None) -> dict[str, Any]:
    work = current_work()
    option = queries.find_option(work, request.id, option_id) if option_id else None
    if option is not None:
        ticked = [str(key) for key in queries.member_ids_for(option)]
        question = option.question
        shown: dict[str, Any] = {
            "day": option.wall_start.date(),
            "start_time": f"{option.wall_start:%H:%M}",
            "minutes": question.minutes,
            "format": question.format,
        }
    elif panel.kept and panel.session is not None:
        ticked = [str(a.member_id) for a in queries.present_attendees(panel.session)]
        shown = _of_session(panel.session)
    else:
        ticked = ["requester", *(str(p.id) for p in queries.invitable(work, request))]
        shown = {"minutes": partnership(work).session_minutes}
    return shown | {"member_ids": ticked, "version": request.version}


def _offer_people(form: PeopleForm, request: Request) -> None:
    work = current_work()
    form.offer(queries.invitable(work, request), requester=queries.requester_to_add(work, request))


def _invited(form: PeopleForm, request: Request, *, version: int = 0) -> list[UUID]:
    """Return who is to be invited, with people added to the network first."""
    work, shown = current_work(), version or form.shown_version
    chosen = form.ticked
    if form.wants_requester:
        chosen.insert(0, service.member_of_requester(work, request.id, version=shown))
    chosen += [add_member(work, request.id, person=p, version=shown).id for p in form.added]
    return chosen


def _attach(form: WhenWhereForm, error: Invalid | FacilitatorAlreadyBooked | VenueAlreadyBooked) -> int:
    if isinstance(error, Invalid):
        form.attach(error)
        return 200
    form.attach(Invalid(str(error), field="venue_id" if isinstance(error, VenueAlreadyBooked) else "day"))
    return 409


def _size_warning(people: int) -> str:
    house = partnership(current_work())
    return size_warning(people, least=house.comfortable_least, most=house.comfortable_most)


def _done(session: JagsSession, message: str) -> ResponseReturnValue:
    work = current_work()
    people = queries.attendees(work, session)
    flash(message, "success")
    against = service.against_facilitators(work, session)
    if against:
        flash(f"Look at this once more: {'; '.join(against)}.", "important")
    if any(not p.email for p in people):
        flash("Somebody in the list below has no e-mail address: please tell them yourself.", "important")
    return redirect(url_for("scheduling.show", session_id=session.id), code=303)
