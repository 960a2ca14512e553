"""What a facilitator sees of their own work: sessions, pooled feedback, meetings, and a development log."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired

from jags.accounts.rules import Permission
from jags.kernel.errors import Invalid
from jags.kernel.work import Work
from jags.practice.queries import gatherings_of
from jags.practice.rules import Reply
from jags.quality.queries.observations import shared_with
from jags.quality.queries.own import development_log, get_entry, open_entry, own_feedback
from jags.quality.service.own import add_entry, change_entry, delete_entry
from jags.scheduling.queries import SessionLine, sessions_for_person
from jags.scheduling.rules import SessionState
from jags.themes.queries.frame import shared_drafts
from jags.web.access import requires
from jags.web.facilitators.me import me
from jags.web.fields import DayField, area
from jags.web.forms import JagsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("my_practice", __name__, url_prefix="/my-practice")


class EntryForm(JagsForm):
    """An entry of the development log."""

    on = DayField("Day", description="For example, 27 3 2027", validators=[InputRequired("Enter the day.")])
    text = area(
        "What would you like to remember?",
        "this",
        needed="Write what you would like to remember.",
        hint="What you learnt, tried or would like to try. About your practice, not about a child or a colleague.",
    )


@blueprint.get("")
@requires(Permission.OFFER_ANSWER)
def index() -> ResponseReturnValue:
    """Show the actor's own work."""
    work = current_work()
    return render_template(
        "quality/my_practice.html",
        given=_given(work),
        feedback=own_feedback(work),
        meetings=[line for line, reply in gatherings_of(work, me(work)) if reply is Reply.ATTENDED],
        log=development_log(work),
        observed=shared_with(work, me(work)),
        drafts=len(shared_drafts(work)),
    )


@blueprint.route("/log/new", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def write() -> ResponseReturnValue:
    """Write into the log."""
    work = current_work()
    me(work)
    form = EntryForm(data={"on": work.today})
    if form.validate_on_submit():
        try:
            add_entry(work, on=form.on.data or work.today, text=form.text.data or "")
        except Invalid as error:
            form.attach(error)
        else:
            return _back("It is in your log.")
    return render_template("quality/log_entry.html", form=form, entry=None)


@blueprint.route("/log/<uuid:entry_id>", methods=["GET", "POST"])
@requires(Permission.OFFER_ANSWER)
def change(entry_id: UUID) -> ResponseReturnValue:
    """Change an entry of the log."""
    work = current_work()
    entry = open_entry(work, get_entry(work, entry_id))
    form = EntryForm(data={"on": entry.on, "text": entry.text, "version": entry.version})
    if form.validate_on_submit():
        on, text = form.on.data or entry.on, form.text.data or ""
        try:
            change_entry(work, entry_id, on=on, text=text, version=form.shown_version)
        except Invalid as error:
            form.attach(error)
        else:
            return _back("The entry is changed.")
    return render_template("quality/log_entry.html", form=form, entry=entry)


@blueprint.post("/log/<uuid:entry_id>/delete")
@requires(Permission.OFFER_ANSWER)
def delete(entry_id: UUID) -> ResponseReturnValue:
    """Delete an entry of the log."""
    delete_entry(current_work(), entry_id)
    return _back("The entry is deleted.")


@blueprint.get("/export")
@requires(Permission.OFFER_ANSWER, fresh=True)
def export() -> ResponseReturnValue:
    """Give the actor their own page as a text to keep, for an appraisal or a registration."""
    work = current_work()
    text = render_template(
        "quality/my_practice.txt",
        given=_given(work),
        meetings=[line for line, reply in gatherings_of(work, me(work)) if reply is Reply.ATTENDED],
        log=development_log(work),
        today=work.today,
    )
    answer = Response(text, mimetype="text/plain")
    answer.headers["Content-Disposition"] = 'attachment; filename="my-practice.txt"'
    return answer


def _given(work: Work) -> list[SessionLine]:
    """Return the sessions that the actor has held, the latest first."""
    lines = sessions_for_person(work, me(work))
    return [line for line in reversed(lines) if line.session.state is SessionState.HELD]


def _back(what: str) -> ResponseReturnValue:
    flash(what, "success")
    return redirect(url_for("my_practice.index"), code=303)
