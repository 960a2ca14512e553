"""Make the slips of a session as a sheet for paper, and show the form itself for paper."""

from uuid import UUID

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from jags.accounts.rules import Permission, Sector
from jags.feedback.queries import form_in_force
from jags.feedback.rules import SLIPS_MOST, FormKey
from jags.feedback.service import make_slips, slips_of
from jags.kernel.errors import Invalid
from jags.scheduling.queries import present_attendees
from jags.web.access import requires
from jags.web.codes import dark_squares
from jags.web.feedback.forms import SlipsForm
from jags.web.unit_of_work import current_work

blueprint = Blueprint("slips", __name__)


@blueprint.route("/sessions/<uuid:session_id>/slips", methods=["GET", "POST"])
@requires(Permission.SESSION_ARRANGE, Permission.SESSION_RECORD)
def make(session_id: UUID) -> ResponseReturnValue:
    """Ask how many people come, and show the sheet of their slips this once."""
    work = current_work()
    slips = slips_of(work, session_id)
    form = SlipsForm(data={"number": len(present_attendees(slips.session)) or None})
    if form.validate_on_submit():
        try:
            sheet = make_slips(work, session_id, number=form.number.data or 0, again=bool(form.again.data))
        except Invalid as error:
            form.attach(error)
        else:
            base = current_app.config["JAGS"].base_url.rstrip("/")
            codes = [(code, dark_squares(f"{base}/feedback/{code.replace('-', '')}")) for code in sheet.codes]
            return render_template(
                "feedback/sheet.html",
                codes=codes,
                closes_on=sheet.closes_on,
                session=slips.session,
                address=f"{base.partition('://')[2]}/feedback",
            )
    return render_template(
        "feedback/slips.html", form=form, slips=slips, session=slips.session, most=SLIPS_MOST
    )


@blueprint.get("/feedback-on-paper")
@requires(Permission.SESSION_ARRANGE, Permission.SESSION_RECORD)
def paper() -> ResponseReturnValue:
    """Show the form in force as a sheet for those who would rather write on paper."""
    return render_template(
        "feedback/paper.html",
        items=form_in_force(current_work(), FormKey.PARTICIPANT).items,
        sectors=list(Sector),
    )
