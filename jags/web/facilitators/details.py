"""Take somebody into the pool by hand, and change what is recorded of them."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from jags.accounts.queries import agency_names, contact_of
from jags.accounts.rules import Permission
from jags.facilitators import queries, service
from jags.facilitators.model import Facilitator
from jags.facilitators.service import PersonDetails
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.settings.queries import partnership
from jags.web.access import requires
from jags.web.facilitators.detail_forms import ChangeDetailsForm, DetailsForm, NewFacilitatorForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("pool_details", __name__)


@blueprint.route("/facilitators/new", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def new() -> ResponseReturnValue:
    """Take somebody into the pool."""
    work = current_work()
    form = NewFacilitatorForm(data={"sessions_per_quarter": 1})
    _offer(work, form)
    if form.validate_on_submit():
        try:
            added = service.take_in(
                work,
                form.details(keeps_manager=False),
                email=form.email.data or "",
                sessions_per_quarter=form.sessions_per_quarter.data or 0,
                transitional_training=bool(form.transitional_training.data),
                trained_on=form.trained_on.data,
                course=form.course.data or "",
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash(
                "They are in the pool. They get an invitation to an account with their first offer.",
                "success",
            )
            return redirect(url_for("facilitators.show", person_id=added.person_id), code=303)
    return render_template("facilitators/new.html", form=form)


@blueprint.route("/facilitators/<uuid:person_id>/details", methods=["GET", "POST"])
@requires(Permission.FACILITATOR_MANAGE)
def change(person_id: UUID) -> ResponseReturnValue:
    """Change where somebody works and what is recorded of them."""
    work = current_work()
    facilitator = queries.get_facilitator(work, person_id)
    form = ChangeDetailsForm(data=_recorded(work, facilitator))
    _offer(work, form, also=facilitator)
    if form.validate_on_submit():
        try:
            service.change_details(work, person_id, _entered(form), version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The change is saved. What they have agreed to is looked at again with it.", "success")
            return redirect(url_for("facilitators.show", person_id=person_id), code=303)
    return render_template(
        "facilitators/details.html",
        form=form,
        name=contact_of(work, facilitator.person).name,
        person_id=person_id,
        has_manager=facilitator.person.line_manager_email_index is not None,
    )


def _entered(form: ChangeDetailsForm) -> PersonDetails:
    return form.details(keeps_manager=not form.no_manager.data)


def _recorded(work: Work, facilitator: Facilitator) -> dict[str, object]:
    person, contact = facilitator.person, contact_of(work, facilitator.person)
    return {
        "version": person.version,
        "name": contact.name,
        "phone": contact.phone,
        "access_needs": contact.access_needs,
        "agency": person.agency.name if person.agency else "",
        "team": person.team,
        "job_title": person.job_title,
        "localities": [one.locality for one in facilitator.localities],
    }


def _offer(work: Work, form: DetailsForm, *, also: Facilitator | None = None) -> None:
    """Offer the agencies and localities of today, and those that are recorded."""
    agencies, localities = list(agency_names(work)), list(partnership(work).localities)
    if also is not None and also.person.agency is not None and also.person.agency.name not in agencies:
        agencies.append(also.person.agency.name)
    if also is not None:
        localities += [one.locality for one in also.localities if one.locality not in localities]
    form.offer(agencies, localities)
