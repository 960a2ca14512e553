"""Observation of practice: planned by the Business Unit, agreed by both facilitators, written and shared by the observer."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from jags.accounts.queries import contact_of, get_person, names_of
from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.quality.queries.observations import (
    find_observation,
    may_be_written,
    notes_of,
    observers_for,
    own_observations,
)
from jags.quality.rules.elements import Element
from jags.quality.rules.observation import Notes, ObservationState
from jags.quality.service.observing import (
    agree_to_observation,
    call_off_observation,
    note_told,
    own_observation,
    plan_observation,
    read_shared,
    share_observation,
    write_notes,
)
from jags.scheduling.queries import attendees, get_session, place_shown
from jags.web.access import requires
from jags.web.fields import OneOf, area, offered
from jags.web.forms import JagsForm
from jags.web.quality.elements import asks_elements, elements_kept, elements_sent, elements_shown
from jags.web.unit_of_work import current_work

blueprint = Blueprint("observations", __name__)


class PlanForm(JagsForm):
    """Who observes."""

    observer = OneOf("Who observes?", validators=[InputRequired("Select who observes.")])


@asks_elements
class NotesForm(JagsForm):
    """What an observer saw: what worked first."""

    worked = area(
        "What worked?", "this", hint="First, and as much as you like. About how the session was held."
    )
    wondered = area(
        "What would you wonder about with the two of them? (optional)",
        "this",
        hint="A question to think with, not a fault. Nothing about the child, the family or what was said.",
    )

    @property
    def notes(self) -> Notes:
        """Return what was written."""
        return Notes(self.worked.data or "", elements_sent(self), self.wondered.data or "")


@blueprint.route("/sessions/<uuid:session_id>/observation", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def plan(session_id: UUID) -> ResponseReturnValue:
    """Plan an observation, or see how it stands with the one that is planned."""
    work = current_work()
    session = get_session(work, session_id)
    found = find_observation(work, session_id)
    candidates = observers_for(work, session) if found is None else []
    form = PlanForm()
    form.observer.choices = offered(
        (str(one.person_id), ", ".join(filter(None, (one.name, one.agency)))) for one in candidates
    )
    if found is None and form.validate_on_submit():
        try:
            plan_observation(work, session_id, observer_id=UUID(form.observer.data))
        except Invalid as error:
            form.attach(error)
        else:
            flash("Both facilitators are being asked. Nobody else is told before both agree.", "success")
            return redirect(url_for("observations.plan", session_id=session_id), code=303)
    return render_template(
        "quality/plan_observation.html",
        form=form,
        session=session,
        candidates=candidates,
        found=found,
        observer=contact_of(work, get_person(work, found.observer_id)).name if found else "",
        waits_for=sorted(names_of(work, found.waits_for).values()) if found else [],
        by_telephone=[one for one in attendees(work, session) if not one.email],
        told={one.member_id: one.told_on for one in found.told} if found else {},
    )


@blueprint.post("/sessions/<uuid:session_id>/observation/<uuid:observation_id>/call-off")
@requires(Permission.SESSION_ARRANGE)
def call_off(session_id: UUID, observation_id: UUID) -> ResponseReturnValue:
    """Call an observation off."""
    call_off_observation(current_work(), observation_id)
    flash("The observation is called off. Ring whoever has been told of it.", "success")
    return redirect(url_for("observations.plan", session_id=session_id), code=303)


@blueprint.post("/sessions/<uuid:session_id>/observation/<uuid:observation_id>/told/<uuid:member_id>")
@requires(Permission.SESSION_ARRANGE)
def tell(session_id: UUID, observation_id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Note that somebody without an e-mail address was told by telephone."""
    note_told(current_work(), observation_id, member_id=member_id)
    flash("It is noted that they were told.", "success")
    return redirect(url_for("observations.plan", session_id=session_id), code=303)


@blueprint.post("/my-sessions/<uuid:session_id>/observation/<uuid:observation_id>")
@requires(Permission.SESSION_RECORD)
def answer(session_id: UUID, observation_id: UUID) -> ResponseReturnValue:
    """Agree to be observed, or rather not."""
    agreed = request.form.get("agreed") == "yes"
    agree_to_observation(current_work(), observation_id, agreed=agreed)
    flash("Thank you. You agree." if agreed else "Thank you. There is no observation.", "success")
    return redirect(url_for("my_sessions.show", session_id=session_id), code=303)


@blueprint.get("/my-sessions/<uuid:session_id>/observed")
@requires(Permission.SESSION_RECORD)
def read(session_id: UUID) -> ResponseReturnValue:
    """Show the two who were observed what was seen."""
    observation, notes = read_shared(current_work(), session_id)
    seen = [(element, notes.elements.get(element.value, "")) for element in Element]
    return render_template("quality/observed.html", observation=observation, notes=notes, seen=seen)


@blueprint.get("/my-observations")
@requires(Permission.OBSERVATION_WRITE)
def index() -> ResponseReturnValue:
    """List what the actor observes."""
    return render_template("quality/my_observations.html", found=own_observations(current_work()))


@blueprint.route("/my-observations/<uuid:observation_id>", methods=["GET", "POST"])
@requires(Permission.OBSERVATION_WRITE)
def write(observation_id: UUID) -> ResponseReturnValue:
    """Show when and where, and keep what the actor saw; shared, it belongs to the two who were observed."""
    work = current_work()
    observation = own_observation(work, observation_id)
    notes = notes_of(work, observation)
    kept = {"worked": notes.worked, "wondered": notes.wondered, **elements_kept(notes.elements)}
    form = NotesForm(data={**kept, "version": observation.version})
    if form.validate_on_submit():
        share = request.form.get("go") == "share"
        try:
            (share_observation if share else write_notes)(
                work, observation_id, form.notes, version=form.shown_version
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash(
                "It is shared with the two of them." if share else "It is kept. Only you can open it.",
                "success",
            )
            return redirect(url_for("observations.write", observation_id=observation_id), code=303)
    return render_template(
        "quality/write_observation.html",
        form=form,
        elements=elements_shown(form),
        observation=observation,
        session=observation.session,
        where=place_shown(work, observation.session),
        may_write=observation.state is ObservationState.PLANNED and may_be_written(work, observation),
    )
