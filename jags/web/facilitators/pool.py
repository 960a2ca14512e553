"""The pool as the Business Unit sees it: the list, one facilitator, training."""

from datetime import date
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import contact_of
from jags.accounts.rules import Permission
from jags.allocation.queries import taken_on
from jags.facilitators import queries, service
from jags.facilitators.rules import BookingKind, FacilitatorStatus, last_valid_day, refresher_due
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.web.access import requires
from jags.web.facilitators.forms import StandingForm, ThemesForm, TrainingForm
from jags.web.facilitators.halves import offered_count
from jags.web.filters import day
from jags.web.unit_of_work import current_work

blueprint = Blueprint("facilitators", __name__)


@blueprint.get("/facilitators")
@requires(Permission.FACILITATOR_READ)
def index() -> ResponseReturnValue:
    """List the pool: who is asked, who is current, and who has given how much."""
    work = current_work()
    members = queries.pool(work, with_left=True)
    taken = taken_on(work, {m.person_id: m.load for m in members})
    asked = [m for m in members if m.current and m.facilitator.status is FacilitatorStatus.ACTIVE]
    return render_template(
        "facilitators/list.html",
        members=members,
        away_until=_away_until(work),
        lapsing=queries.lapsing_training(work),
        asked=len(asked),
        left=sum(taken[m.person_id].left for m in asked),
        taken=taken,
        agencies=len({m.agency for m in asked}),
        may_plan=work.actor.can(Permission.PAIR_OFFER),
    )


@blueprint.route("/facilitators/<uuid:person_id>", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def show(person_id: UUID) -> ResponseReturnValue:
    """Show a facilitator, and change how they stand in the pool."""
    work = current_work()
    facilitator, terms = queries.get_facilitator(work, person_id), queries.training_terms(work)
    form = StandingForm(obj=facilitator)
    if form.validate_on_submit():
        try:
            service.change_facilitator(
                work,
                person_id,
                status=FacilitatorStatus(form.status.data),
                sessions_per_quarter=form.sessions_per_quarter.data or 0,
                transitional_training=bool(form.transitional_training.data),
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The change is saved.", "success")
            return redirect(url_for("facilitators.show", person_id=person_id), code=303)
    load = queries.load(work, [person_id], work.today)[person_id]
    return render_template(
        "facilitators/show.html",
        form=form,
        facilitator=facilitator,
        contact=contact_of(work, facilitator.person),
        current=facilitator.current_on(work.today, terms),
        last_day=last_valid_day(facilitator.records, terms),
        terms=terms,
        refresher_due=refresher_due,
        rests_until=load.rests_until,
        taken=taken_on(work, {person_id: load})[person_id],
        offered=offered_count(work, person_id),
        away=_away(work, person_id),
        calendar=queries.calendar_state(work, person_id),
        # An administrator looks after the pool, and does not see this.
        may_pause=work.actor.can(Permission.RIGHTS_MANAGE) and work.actor.person_id != person_id,
        themes=service.themes_to_avoid(work, person_id) if work.actor.can(Permission.PAIR_OFFER) else None,
    )


@blueprint.route("/facilitators/<uuid:person_id>/training", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def add_training(person_id: UUID) -> ResponseReturnValue:
    """Note a course that a facilitator has done."""
    work = current_work()
    facilitator = queries.get_facilitator(work, person_id)
    form = TrainingForm()
    if form.validate_on_submit() and form.trained_on.data:
        try:
            service.add_training(
                work,
                person_id,
                course=form.course.data or "",
                trained_on=form.trained_on.data,
                refresher_due_on=form.refresher_due_on.data,
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The training is noted.", "success")
            return redirect(url_for("facilitators.show", person_id=person_id), code=303)
    name = contact_of(work, facilitator.person).name
    return render_template("facilitators/training.html", form=form, name=name, person_id=person_id)


@blueprint.route("/facilitators/<uuid:person_id>/themes", methods=["GET", "POST"])
@requires(Permission.PAIR_OFFER)
def themes(person_id: UUID) -> ResponseReturnValue:
    """Note what a facilitator would rather avoid for now."""
    work = current_work()
    facilitator = queries.get_facilitator(work, person_id)
    noted = service.themes_to_avoid(work, person_id)
    form = ThemesForm(data={"text": noted.text, "version": noted.version})
    if form.validate_on_submit():
        service.note_themes(work, person_id, form.text.data or "", version=form.shown_version)
        flash("It is noted. Only coordinators see it.", "success")
        return redirect(url_for("facilitators.show", person_id=person_id), code=303)
    name = contact_of(work, facilitator.person).name
    return render_template("facilitators/themes.html", form=form, name=name, person_id=person_id)


def _away(work: Work, person_id: UUID) -> list[str]:
    """Return the days away that somebody has noted, as the page lists them."""
    return [
        f"{day(one.from_on)} to {day(one.to_on)}"
        for one in queries.coming_bookings(work, [person_id])[person_id]
        if one.kind is BookingKind.LEAVE
    ]


def _away_until(work: Work) -> dict[UUID, date]:
    """Return who is away today, and until when."""
    return {
        person_id: one.to_on
        for person_id, booked in queries.coming_bookings(work).items()
        for one in booked
        if one.kind is BookingKind.LEAVE and one.from_on <= work.today
    }
