"""After a session: ask to be rung, and say who takes a concern that came up; and how the Business Unit follows both."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.kernel.time import day_in_words
from jags.kernel.work import Work
from jags.quality.queries.afterwards import open_calls, open_concerns
from jags.quality.rules.afterwards import ConcernRoute
from jags.quality.service.afterwards import (
    Taking,
    confirm_concern,
    note_call_made,
    note_concern,
    take_call,
    wish_call,
)
from jags.quality.service.reflecting import own_held_session
from jags.scheduling.model import JagsSession
from jags.scheduling.queries import attendees, facilitators, get_session
from jags.web.access import requires
from jags.web.fields import DayField, OneOf, offered, worded
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("afterwards", __name__)


class ConcernForm(JagsForm):
    """Who takes a concern, where and by when; there is no field for what it is."""

    who = OneOf("Who takes it?", validators=[InputRequired("Select who takes it.")])
    route = OneOf(
        "Where do they take it?",
        choices=worded(ConcernRoute),
        validators=[InputRequired("Select where they take it.")],
    )
    on = DayField(
        "On which day?",
        description="Today, or the day on which it was taken. For example, 27 3 2027",
        validators=[InputRequired("Enter the day.")],
    )


@blueprint.post("/my-sessions/<uuid:session_id>/ring-me")
@requires(Permission.SESSION_RECORD)
def ring_me(session_id: UUID) -> ResponseReturnValue:
    """Ask for a call on the next working day."""
    call = wish_call(current_work(), session_id)
    flash(f"Somebody rings you by the end of {day_in_words(call.due_on)}.", "success")
    return redirect(url_for("my_sessions.show", session_id=session_id), code=303)


@blueprint.route("/my-sessions/<uuid:session_id>/concern", methods=["GET", "POST"])
@requires(Permission.SESSION_RECORD)
def concern(session_id: UUID) -> ResponseReturnValue:
    """Say who takes a concern that came up, where and when."""
    work = current_work()
    own_held_session(work, session_id)
    session = get_session(work, session_id)
    people, form = _people(work, session), ConcernForm(data={"on": work.today})
    form.who.choices = offered(people.items())
    if form.validate_on_submit():
        taking = Taking(people[form.who.data], ConcernRoute(form.route.data), form.on.data or work.today)
        try:
            note_concern(work, session_id, taking)
        except Invalid as error:
            form.attach(error)
        else:
            flash("It is noted who takes it. Please confirm here once it has been taken.", "success")
            return redirect(url_for("my_sessions.show", session_id=session_id), code=303)
    return render_template("quality/concern.html", form=form, session=session)


@blueprint.post("/my-sessions/<uuid:session_id>/concern/<uuid:concern_id>/confirm")
@requires(Permission.SESSION_RECORD)
def confirm(session_id: UUID, concern_id: UUID) -> ResponseReturnValue:
    """Confirm, as a facilitator, that a concern was taken."""
    confirm_concern(current_work(), concern_id)
    flash("Thank you. It is noted that it was taken.", "success")
    return redirect(url_for("my_sessions.show", session_id=session_id), code=303)


@blueprint.get("/calls")
@requires(Permission.SESSION_ARRANGE)
def calls() -> ResponseReturnValue:
    """List whom to ring, and concerns that nobody has confirmed yet."""
    work = current_work()
    return render_template(
        "quality/calls.html", calls=open_calls(work), concerns=open_concerns(work), me=work.actor.person_id
    )


@blueprint.post("/calls/<uuid:call_id>/take")
@requires(Permission.SESSION_ARRANGE)
def take(call_id: UUID) -> ResponseReturnValue:
    """Take a call over."""
    take_call(current_work(), call_id)
    flash("You make this call.", "success")
    return redirect(url_for("afterwards.calls"), code=303)


@blueprint.post("/calls/<uuid:call_id>/made")
@requires(Permission.SESSION_ARRANGE)
def made(call_id: UUID) -> ResponseReturnValue:
    """Note that somebody was rung."""
    note_call_made(current_work(), call_id)
    flash("It is noted that they were rung.", "success")
    return redirect(url_for("afterwards.calls"), code=303)


@blueprint.post("/calls/concerns/<uuid:concern_id>/confirm")
@requires(Permission.SESSION_ARRANGE)
def confirm_by_unit(concern_id: UUID) -> ResponseReturnValue:
    """Note that a concern was taken, as a facilitator said on the telephone."""
    confirm_concern(current_work(), concern_id)
    flash("It is noted that it was taken.", "success")
    return redirect(url_for("afterwards.calls"), code=303)


def _people(work: Work, session: JagsSession) -> dict[str, str]:
    """Return who can take a concern: the two facilitators, and everybody who was invited."""
    lines = [*facilitators(work, session), *attendees(work, session)]
    return {str(one.id): ", ".join(filter(None, (one.name, one.agency))) for one in lines}
