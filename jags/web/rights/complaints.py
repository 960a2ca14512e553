"""How to complain, for everybody; and for the Business Unit the complaints themselves and concerns about a facilitator."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import contact_of
from jags.accounts.rules import Permission
from jags.facilitators.queries import get_facilitator, pool
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.rights import queries, service
from jags.rights.rules import ComplaintOutcome, ComplaintText
from jags.web.access import public, requires
from jags.web.rights.forms import (
    OUTCOME_WORDS,
    STILL_OPEN,
    CloseConcernForm,
    ComplaintAnswerForm,
    ComplaintForm,
    ConcernForm,
)
from jags.web.unit_of_work import current_work

blueprint = Blueprint("complaints", __name__)


@blueprint.get("/complaints")
@public
def how() -> ResponseReturnValue:
    """Say how to complain, who answers and by when."""
    return render_template("rights/how_to_complain.html")


@blueprint.get("/records/complaints")
@requires(Permission.RIGHTS_MANAGE)
def index() -> ResponseReturnValue:
    """List the complaints, open ones first."""
    return render_template(
        "rights/complaints.html", lines=queries.complaints(current_work()), outcomes=OUTCOME_WORDS
    )


@blueprint.route("/records/complaints/new", methods=["GET", "POST"])
@requires(Permission.RIGHTS_MANAGE)
def add() -> ResponseReturnValue:
    """Take a complaint in."""
    work = current_work()
    form = ComplaintForm()
    form.offer(queries.possible_owners(work), _pool(work))
    if form.validate_on_submit() and form.received_on.data:
        try:
            taken = service.take_complaint(
                work,
                service.NewComplaint(
                    form.received_on.data,
                    ComplaintText(form.who.data or "", form.reach.data or "", form.what.data or ""),
                    UUID(form.owner.data),
                    form.reference.data or "",
                    UUID(form.person.data) if form.person.data else None,
                ),
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The complaint is kept. Acknowledge it, and answer it by the day that is shown.", "success")
            return redirect(url_for("complaints.show", complaint_id=taken.id), code=303)
    return render_template("rights/complaint_new.html", form=form)


@blueprint.route("/records/complaints/<uuid:complaint_id>", methods=["GET", "POST"])
@requires(Permission.RIGHTS_MANAGE)
def show(complaint_id: UUID) -> ResponseReturnValue:
    """Show a complaint, and keep how it is answered."""
    work = current_work()
    line = queries.get_complaint(work, complaint_id)
    row, text = line.complaint, queries.text_of(work, line.complaint)
    form = ComplaintAnswerForm(
        data={
            "version": row.version,
            "owner": str(row.owner_id),
            "acknowledged_on": row.acknowledged_on,
            "outcome": STILL_OPEN,
            "answer": text.answer,
        }
    )
    form.offer(queries.possible_owners(work))
    if form.validate_on_submit():
        chosen = form.outcome.data
        try:
            service.change_complaint(
                work,
                complaint_id,
                owner_id=UUID(form.owner.data),
                acknowledged_on=form.acknowledged_on.data,
                outcome=None if chosen == STILL_OPEN else ComplaintOutcome(chosen),
                answer=form.answer.data or "",
                version=form.shown_version,
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("It is saved.", "success")
            return redirect(url_for("complaints.show", complaint_id=complaint_id), code=303)
    return render_template(
        "rights/complaint.html", form=form, line=line, row=row, text=text, outcomes=OUTCOME_WORDS
    )


@blueprint.route("/facilitators/<uuid:person_id>/concern", methods=["GET", "POST"])
@requires(Permission.RIGHTS_MANAGE)
def concern(person_id: UUID) -> ResponseReturnValue:
    """Pause a facilitator because of a concern; nobody else sees why."""
    work = current_work()
    facilitator = get_facilitator(work, person_id)
    form = ConcernForm()
    if form.validate_on_submit():
        try:
            service.pause_for_concern(work, person_id, why=form.why.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            flash("They are paused. Everybody else sees “Paused by coordinator”, and no reason.", "success")
            return redirect(url_for("complaints.concern", person_id=person_id), code=303)
    closing = CloseConcernForm()
    closing.offer()
    return render_template(
        "rights/concern.html",
        form=form,
        closing=closing,
        person_id=person_id,
        name=contact_of(work, facilitator.person).name,
        concerns=queries.concerns(work, person_id),
    )


@blueprint.post("/facilitators/<uuid:person_id>/concern/close")
@requires(Permission.RIGHTS_MANAGE)
def close_concern(person_id: UUID) -> ResponseReturnValue:
    """Close the concerns about a facilitator; they are asked again, or stay paused."""
    work = current_work()
    form = CloseConcernForm()
    form.offer()
    if not form.validate_on_submit():
        return render_template(
            "rights/concern.html",
            form=form,
            closing=form,
            person_id=person_id,
            name=contact_of(work, get_facilitator(work, person_id).person).name,
            concerns=queries.concerns(work, person_id),
        )
    service.close_concern(work, person_id, lift=form.lift.data == "yes")
    flash("The concern is closed.", "success")
    return redirect(url_for("facilitators.show", person_id=person_id), code=303)


def _pool(work: Work) -> list[tuple[UUID, str]]:
    return sorted(((one.person_id, one.name) for one in pool(work, with_left=True)), key=lambda one: one[1])
