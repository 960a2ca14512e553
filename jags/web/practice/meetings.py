"""Network meetings and training events as the Business Unit arranges them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission
from jags.facilitators.rules import FacilitatorStatus
from jags.kernel.errors import Invalid
from jags.practice import queries, service
from jags.practice.model import Gathering
from jags.practice.queries import Candidate
from jags.practice.rules import GatheringKind, GatheringState, NoPlaceLeft, Reply
from jags.venues.queries import venues
from jags.venues.rules import VenueAlreadyBooked
from jags.web.access import requires
from jags.web.forms import JagsForm
from jags.web.practice.forms import (
    AgendaForm,
    AttendanceForm,
    InviteForm,
    MeetingForm,
    TrainingEventForm,
    first_look,
)
from jags.web.scheduling.forms import ids_of
from jags.web.unit_of_work import current_work
from jags.web.wording import words

blueprint = Blueprint("meetings", __name__, url_prefix="/facilitators/meetings")


@blueprint.get("")
@requires(Permission.FACILITATOR_MANAGE)
def index() -> ResponseReturnValue:
    """List what is planned and what is over."""
    return render_template("practice/meetings.html", lines=queries.gatherings(current_work()))


@blueprint.route("/new/<any(network_meeting, training):kind>", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def plan(kind: str) -> ResponseReturnValue:
    """Plan a meeting or a training event."""
    what = GatheringKind(kind)
    form, status = _form(what), 200
    if form.validate_on_submit():
        try:
            gathering = service.plan_gathering(current_work(), what, form.plan)
        except (Invalid, VenueAlreadyBooked) as error:
            status = _attach(form, error)
        else:
            flash("It is planned. Nobody has been written to yet: invite people next.", "success")
            return redirect(url_for("meetings.invite", gathering_id=gathering.id), code=303)
    return render_template("practice/plan.html", form=form, kind=what, gathering=None), status


@blueprint.get("/<uuid:gathering_id>")
@requires(Permission.FACILITATOR_MANAGE)
def show(gathering_id: UUID) -> ResponseReturnValue:
    """Show a meeting or a training event, and who comes."""
    work = current_work()
    gathering = queries.get_gathering(work, gathering_id)
    people = queries.invitees_of(work, gathering)
    return render_template(
        "practice/meeting.html",
        gathering=gathering,
        about=queries.about_of(work, gathering),
        where=queries.place_shown(work, gathering),
        topics=queries.agenda_of(work, gathering),
        people=people,
        attended=sum(one.reply is Reply.ATTENDED for one in people),
        begun=gathering.starts_at <= work.now,
        open=gathering.state is not GatheringState.CALLED_OFF,
    )


@blueprint.route("/<uuid:gathering_id>/change", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def change(gathering_id: UUID) -> ResponseReturnValue:
    """Change date, time, place and the rest."""
    work = current_work()
    gathering = queries.get_gathering(work, gathering_id)
    form, status = _form(gathering.kind, gathering), 200
    if form.validate_on_submit():
        try:
            service.change_gathering(work, gathering_id, form.plan, version=form.shown_version)
        except (Invalid, VenueAlreadyBooked) as error:
            status = _attach(form, error)
        else:
            return _done(
                gathering_id,
                "The change is saved. Whoever is invited is told of another date, time or place.",
            )
    return render_template("practice/plan.html", form=form, kind=gathering.kind, gathering=gathering), status


@blueprint.route("/<uuid:gathering_id>/invite", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def invite(gathering_id: UUID) -> ResponseReturnValue:
    """Invite people of the pool."""
    work = current_work()
    gathering = queries.get_gathering(work, gathering_id)
    form = InviteForm(data={"version": gathering.version})
    form.offer((one.person_id, _in_words(one)) for one in queries.not_invited(work, gathering))
    if form.validate_on_submit():
        try:
            service.invite_to_gathering(work, gathering_id, form.chosen, version=form.shown_version)
        except (Invalid, NoPlaceLeft) as error:
            form.attach(Invalid(str(error), field="people"))
        else:
            return _done(
                gathering_id, "They are invited. Each gets an e-mail with an entry for their calendar."
            )
    return render_template("practice/invite.html", form=form, gathering=gathering)


@blueprint.route("/<uuid:gathering_id>/agenda", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def agenda(gathering_id: UUID) -> ResponseReturnValue:
    """Set what a meeting is about."""
    work = current_work()
    gathering = queries.get_gathering(work, gathering_id)
    found = queries.themes_of_sessions(work)
    topics = queries.agenda_of(work, gathering)
    form = AgendaForm(data={"topics": "\n".join(topics), "version": gathering.version})
    form.offer(found)
    if form.validate_on_submit():
        try:
            service.set_agenda(work, gathering_id, form.agenda, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            return _done(
                gathering_id, "The agenda is saved. Facilitators see it on their page of the meeting."
            )
    return render_template("practice/agenda.html", form=form, gathering=gathering, found=found)


@blueprint.route("/<uuid:gathering_id>/attendance", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def attendance(gathering_id: UUID) -> ResponseReturnValue:
    """Record who was there; before it begins, only who sends apologies by telephone."""
    work = current_work()
    gathering = queries.get_gathering(work, gathering_id)
    people = queries.invitees_of(work, gathering)
    form = AttendanceForm(data=_replies(gathering))
    form.offer(people)
    if form.validate_on_submit():
        try:
            service.record_attendance(
                work,
                gathering_id,
                attended=ids_of(form.attended.data or [], field="attended"),
                apologies=ids_of(form.apologies.data or [], field="apologies"),
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            return _done(gathering_id, "It is recorded who was there.")
    return render_template("practice/attendance.html", form=form, gathering=gathering)


@blueprint.post("/<uuid:gathering_id>/people/<uuid:person_id>/apologies")
@requires(Permission.FACILITATOR_MANAGE)
def apologies(gathering_id: UUID, person_id: UUID) -> ResponseReturnValue:
    """Note apologies that somebody sent by telephone."""
    service.answer_invitation(current_work(), gathering_id, person_id, coming=False)
    return _done(gathering_id, "The apologies are noted, and their time is free again.")


@blueprint.route("/<uuid:gathering_id>/call-off", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def call_off(gathering_id: UUID) -> ResponseReturnValue:
    """Ask once, then call it off."""
    work = current_work()
    gathering = queries.get_gathering(work, gathering_id)
    form = JagsForm(data={"version": gathering.version})
    if form.validate_on_submit():
        service.call_off_gathering(work, gathering_id, version=form.shown_version)
        return _done(gathering_id, "It is called off. Everybody who was told of it is told.")
    return render_template("practice/call_off.html", form=form, gathering=gathering)


def _form(kind: GatheringKind, gathering: Gathering | None = None) -> MeetingForm:
    work = current_work()
    kind_of_form = TrainingEventForm if kind is GatheringKind.TRAINING else MeetingForm
    shown = (
        first_look(gathering, queries.about_of(work, gathering), queries.place_of(work, gathering))
        if gathering
        else {}
    )
    form = kind_of_form(data=shown)
    form.offer_venues(venues(work, with_retired=bool(gathering and gathering.venue_id)))
    return form


def _attach(form: MeetingForm, error: Invalid | VenueAlreadyBooked) -> int:
    """Say at its field what has to change, and return the status of the page."""
    if isinstance(error, Invalid):
        form.attach(error)
        return 200
    form.attach(Invalid(str(error), field="venue_id"))
    return 409


def _in_words(one: Candidate) -> str:
    """Return somebody who can be invited, with what is worth knowing before."""
    notes = [
        "" if one.status is FacilitatorStatus.ACTIVE else words(one.status).lower(),
        "" if one.current else "not current on that day",
        "away or booked then" if one.taken else "",
    ]
    about = "; ".join(note for note in notes if note)
    who = ", ".join(part for part in (one.name or "Name not recorded", one.agency) if part)
    return f"{who} – {about}" if about else who


def _replies(gathering: Gathering) -> dict[str, object]:
    def of(*replies: Reply) -> list[str]:
        return [str(one.person_id) for one in gathering.invitees if one.reply in replies]

    return {
        "version": gathering.version,
        "attended": of(Reply.ATTENDED, Reply.COMING),
        "apologies": of(Reply.APOLOGIES),
    }


def _done(gathering_id: UUID, what: str) -> ResponseReturnValue:
    flash(what, "success")
    return redirect(url_for("meetings.show", gathering_id=gathering_id), code=303)
