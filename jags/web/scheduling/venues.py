"""The places in which people meet: the list, adding and changing one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect, GovTextArea
from wtforms import BooleanField, RadioField, SelectField, TextAreaField

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.settings.queries import partnership
from jags.venues.queries import coming_venue_bookings, details_of, get_venue, venues
from jags.venues.rules import VenueDetails
from jags.venues.service import add_venue, change_venue
from jags.web.access import requires
from jags.web.fields import WholeNumberField, line, offered, tidy
from jags.web.forms import JagsForm, long_text
from jags.web.guard import PLACES
from jags.web.unit_of_work import current_work

blueprint = Blueprint("venues", __name__)


class VenueForm(JagsForm):
    """What is known of a place."""

    name = line(
        "Name of the place",
        "the name of the place",
        needed="Enter the name of the place.",
        hint="The building and the room: each room is booked for itself.",
        fine=PLACES,
    )
    address = line("Address (optional)", "the address", hint="For whoever has to find it.", fine=PLACES)
    locality = SelectField("Locality", widget=GovSelect(), validate_choice=False)
    seats = WholeNumberField(
        "How many people does it hold? (optional)", message="Enter the seats as a whole number."
    )
    step_free = RadioField(
        "Can it be reached without steps?",
        widget=GovRadioInput(),
        choices=offered([("yes", "Yes"), ("no", "No"), ("", "Not known")]),
        validate_choice=False,
        default="",
    )
    notes = TextAreaField(
        "Good to know (optional)",
        description="Parking, hearing loop, whom to ask for at the desk. Everybody who is invited sees it.",
        widget=GovTextArea(),
        validators=long_text("the notes", fine=PLACES),
    )
    retired = BooleanField("Offer this place no longer", widget=GovCheckboxInput())

    @property
    def described(self) -> dict[str, Any]:
        """Return what was entered, as the service takes it."""
        return {
            "details": VenueDetails(tidy(self.name.data), tidy(self.address.data), tidy(self.notes.data)),
            "locality": self.locality.data or None,
            "seats": self.seats.data,
            "step_free": {"yes": True, "no": False}.get(self.step_free.data or ""),
        }


@blueprint.get("/venues")
@requires(Permission.SESSION_ARRANGE)
def index() -> ResponseReturnValue:
    """List the places, and when each is taken next."""
    work = current_work()
    lines = venues(work, with_retired=True)
    coming: dict[UUID, list[Any]] = {}
    for _ref, time in coming_venue_bookings(work, [one.venue.id for one in lines]):
        coming.setdefault(time.venue_id, []).append(time)
    return render_template("venues/list.html", lines=lines, coming=coming)


@blueprint.route("/venues/new", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def add() -> ResponseReturnValue:
    """Add a place."""
    work, form = current_work(), _form()
    if form.validate_on_submit():
        try:
            add_venue(work, **form.described)
        except Invalid as error:
            form.attach(error)
        else:
            flash("The place is added, and can be selected for a date.", "success")
            return redirect(url_for("venues.index"), code=303)
    return render_template("venues/edit.html", form=form, venue=None)


@blueprint.route("/venues/<uuid:venue_id>", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE)
def edit(venue_id: UUID) -> ResponseReturnValue:
    """Change what is known of a place."""
    work = current_work()
    venue = get_venue(work, venue_id)
    known = details_of(work, venue)
    form = _form(
        data={
            "name": known.name,
            "address": known.address,
            "notes": known.notes,
            "locality": venue.locality or "",
            "seats": venue.seats,
            "step_free": {True: "yes", False: "no", None: ""}[venue.step_free],
            "retired": venue.retired_at is not None,
            "version": venue.version,
        }
    )
    if form.validate_on_submit():
        try:
            change_venue(
                work, venue_id, **form.described, retired=bool(form.retired.data), version=form.shown_version
            )
        except Invalid as error:
            form.attach(error)
        else:
            flash("The place is changed. What is booked there stays.", "success")
            return redirect(url_for("venues.index"), code=303)
    return render_template("venues/edit.html", form=form, venue=venue)


def _form(**values: Any) -> VenueForm:
    form = VenueForm(**values)
    names = partnership(current_work()).localities
    form.locality.choices = offered([("", "Not recorded"), *((name, name) for name in names)])
    return form
